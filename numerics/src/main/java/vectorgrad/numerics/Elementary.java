package vectorgrad.numerics;

import static vectorgrad.numerics.Formula.ONE;
import static vectorgrad.numerics.Formula.ZERO;
import static vectorgrad.numerics.Formula.constant;
import static vectorgrad.numerics.Formula.input;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import vectorgrad.numerics.Formula.Binary;
import vectorgrad.numerics.Formula.Unary;

/// Elementary functions as formulas of primitives, so that a kernel needs no library, works on
/// vectors of any width, and gives the same bits everywhere.
///
/// Each reduces its argument to a small interval, where a polynomial is exact enough, and undoes
/// the reduction. There are no tables and no branches: what a branch would skip is computed and not
/// selected. Where a rounding would be seen in the result, numbers are carried to twice their
/// digits ([DoubleWord]).
///
/// Coefficients are those of the Cephes library (Moshier, 1992) and of fdlibm (Sun, 1993), and
/// near-minimax ones computed by `src/test/golden/coefficients.py`. How exact the functions are
/// says [UnaryFunction].
final class Elementary {
  /// The lowered functions of those that `Math` has not, each made when first asked for.
  private static final Map<UnaryFunction, Program> READINGS = new ConcurrentHashMap<>();

  private Elementary() {}

  /// The function in terms of primitives; what is primitive stays.
  static Formula lower(Formula y, Precision precision) {
    boolean single = precision == Precision.SINGLE;
    return switch (y) {
      case Unary u -> lower(u, single);
      case Binary b -> lower(b, single);
      default -> y;
    };
  }

  private static Formula lower(Unary y, boolean single) {
    Formula x = y.x();
    return switch (y.function()) {
      case EXP -> Exponentials.exp(x, single);
      case EXP2 -> Exponentials.exp2(x, single);
      case EXPM1 -> Exponentials.expm1(x, single);
      case SINH -> Exponentials.sinh(x, single);
      case COSH -> Exponentials.cosh(x, single);
      case TANH -> Exponentials.tanh(x, single);
      case LOG -> Logarithms.log(x, single);
      case LOG2 -> Logarithms.log2(x, single);
      case LOG10 -> Logarithms.log10(x, single);
      case LOG1P -> Logarithms.log1p(x, single);
      case ASINH -> Logarithms.asinh(x, single);
      case ACOSH -> Logarithms.acosh(x, single);
      case ATANH -> Logarithms.atanh(x, single);
      case SIN -> Trigonometry.sin(x, single);
      case COS -> Trigonometry.cos(x, single);
      case TAN -> Trigonometry.tan(x, single);
      case ASIN -> Trigonometry.asin(x, single);
      case ACOS -> Trigonometry.acos(x, single);
      case ATAN -> Trigonometry.atan(x, single);
      case CBRT -> Powers.cbrt(x, single);
      case ERF -> ErrorFunction.erf(x, single);
      case ERFC -> ErrorFunction.erfc(x, single);
      case SIGN -> x.lessThan(ZERO).then(constant(-1), x.greaterThan(ZERO).then(ONE, x));
      case NEGATE, ABS, SQRT, FLOOR, RINT, NOT, POWER_OF_TWO, EXPONENT, SIGNIFICAND -> y;
    };
  }

  private static Formula lower(Binary y, boolean single) {
    return switch (y.function()) {
      case POW -> Powers.pow(y.a(), y.b(), single);
      case HYPOT -> Powers.hypot(y.a(), y.b(), single);
      case ATAN2 -> Trigonometry.atan2(y.a(), y.b(), single);
      default -> y;
    };
  }

  /// The value of the lowered function in float64.
  static double evaluate(UnaryFunction function, double x) {
    Program program =
        READINGS.computeIfAbsent(
            function, f -> Program.of(new Unary(f, input(0))).lowered(Precision.DOUBLE));
    double[] y = new double[1];
    program.evaluate(new double[] {x}, y);
    return y[0];
  }

  /// The whole number nearest to `x·factor`, if that is below 2²² (float64: 2⁵¹): added to one and
  /// a half times the power of two from which on all numbers are whole, it is rounded to one.
  /// Vectors have no operation for rounding, and what stands for it takes eight.
  static Formula nearest(Formula x, Formula factor, boolean single) {
    Formula whole = constant(single ? 0x1.8p23 : 0x1.8p52);
    return x.fma(factor, whole).minus(whole);
  }

  /// A polynomial by Horner's rule, the coefficient of the highest power first.
  static Formula polynomial(Formula x, double... coefficients) {
    Formula p = constant(coefficients[0]);
    for (int i = 1; i < coefficients.length; i++) {
      p = p.fma(x, constant(coefficients[i]));
    }
    return p;
  }

  /// `2ⁿ`
  static Formula powerOfTwo(Formula n) {
    return new Unary(UnaryFunction.POWER_OF_TWO, n);
  }

  /// Whether a number is below 0 or is −0.
  static Formula isNegative(Formula x) {
    return x.lessThan(ZERO).or(ONE.over(x).lessThan(ZERO));
  }
}
