package vectorgrad.numerics;

import java.util.IdentityHashMap;

/// A number and how fast it changes: `a + a′ε` with `ε² = 0`. Calculating with dual numbers
/// differentiates on the way: `f(x + ε) = f(x) + f′(x)·ε`.
///
/// It is the reading of a formula in which the value and the derivative are computed together, in
/// one pass from the inputs on: what is called forward mode.
///
/// ```java
/// Formula f = Formula.parse("x^3*sin(x)");
/// Dual y = f.evaluate(Dual.variable(2));
/// y.value();  // 7.274379414605454
/// y.slope();  // 7.582394429531041, as f.derivative(0).evaluate(2.0)
/// ```
///
/// The slope at kinks is that of [Formula#derivative]. Source: W. K. Clifford, 1873; R. E. Wengert,
/// *A simple automatic derivative evaluation program*, 1964.
///
/// @param value the number
/// @param slope its derivative
public record Dual(double value, double slope) {

  /// A number that does not change.
  public static Dual constant(double value) {
    return new Dual(value, 0);
  }

  /// The number with respect to which is differentiated.
  public static Dual variable(double value) {
    return new Dual(value, 1);
  }

  /// `a + b`
  public Dual plus(Dual b) {
    return new Dual(value + b.value, slope + b.slope);
  }

  /// `a − b`
  public Dual minus(Dual b) {
    return new Dual(value - b.value, slope - b.slope);
  }

  /// `a·b`, whose slope is `a′·b + a·b′`
  public Dual times(Dual b) {
    return new Dual(value * b.value, slope * b.value + value * b.slope);
  }

  /// `a / b`, whose slope is `(a′ − (a/b)·b′) / b`
  public Dual over(Dual b) {
    double quotient = value / b.value;
    return new Dual(quotient, (slope - quotient * b.slope) / b.value);
  }

  /// `a·b + c`, its value rounded once
  public Dual fma(Dual b, Dual c) {
    return new Dual(Math.fma(value, b.value, c.value), slope * b.value + value * b.slope + c.slope);
  }

  static Dual evaluate(Formula formula, Dual... inputs) {
    Program program = Program.of(formula);
    var values = new IdentityHashMap<Formula, Dual>();
    for (Formula node : program.nodes()) {
      values.put(
          node,
          switch (node) {
            case Formula.Input i -> inputs[i.index()];
            case Formula.Constant c -> constant(c.value());
            case Formula.Unary u -> values.get(u.x()).apply(u.function());
            case Formula.Binary b -> values.get(b.a()).apply(b.function(), values.get(b.b()));
            case Formula.Fma m -> values.get(m.a()).fma(values.get(m.b()), values.get(m.c()));
            case Formula.Select s ->
                values.get(values.get(s.condition()).value != 0 ? s.then() : s.otherwise());
          });
    }
    return values.get(program.outputs().get(0));
  }

  /// The chain rule: `f(a + a′ε) = f(a) + f′(a)·a′·ε`. What does not change, does not change its
  /// function either, even where that is infinitely steep.
  private Dual apply(UnaryFunction function) {
    double x = value;
    double y = function.apply(x);
    return slope == 0 ? constant(y) : new Dual(y, slope(function, x, y) * slope);
  }

  private static double slope(UnaryFunction function, double x, double y) {
    return switch (function) {
      case NEGATE -> -1;
      case ABS -> Math.signum(x);
      case SIGN, FLOOR, RINT, NOT -> 0;
      case SQRT -> 0.5 / y;
      case EXP -> y;
      case EXP2 -> y * Math.log(2);
      case EXPM1 -> Math.exp(x);
      case LOG -> 1 / x;
      case LOG2 -> 1 / (x * Math.log(2));
      case LOG10 -> 1 / (x * Math.log(10));
      case LOG1P -> 1 / (1 + x);
      case SIN -> Math.cos(x);
      case COS -> -Math.sin(x);
      case TAN -> 1 + y * y;
      case ASIN -> 1 / Math.sqrt((1 - x) * (1 + x));
      case ACOS -> -1 / Math.sqrt((1 - x) * (1 + x));
      case ATAN -> 1 / (1 + x * x);
      case SINH -> Math.cosh(x);
      case COSH -> Math.sinh(x);
      case TANH -> 1 - y * y;
      case ASINH -> 1 / Math.sqrt(x * x + 1);
      case ACOSH -> 1 / (Math.sqrt(x - 1) * Math.sqrt(x + 1));
      case ATANH -> 1 / ((1 - x) * (1 + x));
      case CBRT -> 1 / (3 * y * y);
      case ERF -> 2 / Math.sqrt(Math.PI) * Math.exp(-x * x);
      case ERFC -> -2 / Math.sqrt(Math.PI) * Math.exp(-x * x);
      case POWER_OF_TWO, EXPONENT, SIGNIFICAND ->
          throw new IllegalArgumentException(
              "dual: "
                  + function
                  + " works on bits and has no derivative\n"
                  + "  help   evaluate a formula before it is lowered");
    };
  }

  private Dual apply(BinaryFunction function, Dual b) {
    double y = function.apply(value, b.value);
    return switch (function) {
      case ADD -> plus(b);
      case SUBTRACT -> minus(b);
      case MULTIPLY -> times(b);
      case DIVIDE -> over(b);
      case MIN, MAX ->
          new Dual(y, value == b.value ? (slope + b.slope) / 2 : y == value ? slope : b.slope);
      case FMOD -> new Dual(y, slope - term(Math.rint((value - y) / b.value), b.slope));
      case POW ->
          new Dual(
              y,
              term(b.value == 0 ? 0 : b.value * pow(value, b.value - 1), slope)
                  + term(value == 0 && b.value >= 0 ? 0 : y * Math.log(value), b.slope));
      case HYPOT -> new Dual(y, term(value / y, slope) + term(b.value / y, b.slope));
      case ATAN2 -> {
        double square = value * value + b.value * b.value;
        yield new Dual(y, term(b.value / square, slope) - term(value / square, b.slope));
      }
      case LESS, LESS_EQUAL, EQUAL, AND, OR -> constant(y);
    };
  }

  private static double pow(double a, double b) {
    return BinaryFunction.POW.apply(a, b);
  }

  private static double term(double factor, double slope) {
    return slope == 0 ? 0 : factor * slope;
  }
}
