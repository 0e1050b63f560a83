package vectorgrad.numerics;

import static vectorgrad.numerics.Formula.constant;

import java.math.BigDecimal;
import vectorgrad.numerics.Formula.Binary;
import vectorgrad.numerics.Formula.Constant;
import vectorgrad.numerics.Formula.Fma;
import vectorgrad.numerics.Formula.Select;
import vectorgrad.numerics.Formula.Unary;

/// Rules that make a formula shorter and change no bit of its value in float32 or float64, whatever
/// the inputs are (but which NaN it is, where it is NaN).
///
/// What is done:
///
/// | from | to |
/// |---|---|
/// | `x·1`, `x/1`, `x + (−0)`, `x − 0`, `−(−x)`, `min(x, x)` | `x` |
/// | `x·(−1)`, `−0 − x` | `−x` |
/// | `a + (−b)`, `a − (−b)`, `(−a)·(−b)` | `a − b`, `a + b`, `a·b` |
/// | `a·b + (−0)`, `1·b + c` | `a·b`, `b + c`, where they are fused |
/// | `x / 2ⁿ` | `x·2⁻ⁿ` |
/// | `\|−x\|`, `\|\|x\|\|` | `\|x\|` |
/// | `t ? x : x`, `not not t`, `t and t` | `x`, `t`, `t` |
/// | an operation on constants, if nothing is rounded in float32 | its value |
///
/// What is not, although schools teach it:
///
/// | | because |
/// |---|---|
/// | `x + 0 = x` | `−0 + 0` is 0 |
/// | `x·0 = 0` | it is −0 for negative numbers, NaN for ∞ and NaN |
/// | `x − x = 0`, `x / x = 1` | both are NaN for ∞ and NaN |
/// | `0 − x = −x` | `0 − 0` is 0 and not −0 |
/// | `(a + b) + c = a + (b + c)` | each sum is rounded |
/// | `x/3 = x·⅓` | ⅓ is rounded before |
/// | `x = x` is true | not for NaN |
final class Simplification {
  private Simplification() {}

  /// The shorter form of a formula whose arguments are simplified already; itself if there is none.
  static Formula of(Formula f) {
    return switch (f) {
      case Unary u -> of(u);
      case Binary b -> of(b);
      case Fma m -> of(m);
      case Select s -> of(s);
      default -> f;
    };
  }

  private static Formula of(Unary u) {
    Formula x = u.x();
    return switch (u.function()) {
      case NEGATE ->
          x instanceof Unary(var inner, var y) && inner == UnaryFunction.NEGATE
              ? y
              : x instanceof Constant(double c) && !Double.isNaN(c) ? constant(-c) : u;
      case ABS ->
          x instanceof Unary(var inner, var _) && inner == UnaryFunction.ABS
              ? x
              : x instanceof Unary(var inner, var y) && inner == UnaryFunction.NEGATE ? y.abs() : u;
      case NOT -> x instanceof Unary(var inner, var y) && inner == UnaryFunction.NOT ? y : u;
      default -> u;
    };
  }

  private static Formula of(Binary f) {
    Formula a = f.a();
    Formula b = f.b();
    if (a instanceof Constant(double x) && b instanceof Constant(double y)) {
      return folded(f, x, y);
    }
    return switch (f.function()) {
      case ADD ->
          isNegativeZero(b)
              ? a
              : isNegativeZero(a)
                  ? b
                  : isNegated(b) ? a.minus(negated(b)) : isNegated(a) ? b.minus(negated(a)) : f;
      case SUBTRACT ->
          is(b, 0.0)
              ? a
              : isNegativeZero(a)
                  ? of(new Unary(UnaryFunction.NEGATE, b))
                  : isNegated(b) ? a.plus(negated(b)) : f;
      case MULTIPLY ->
          is(b, 1)
              ? a
              : is(a, 1)
                  ? b
                  : is(b, -1)
                      ? of(new Unary(UnaryFunction.NEGATE, a))
                      : is(a, -1)
                          ? of(new Unary(UnaryFunction.NEGATE, b))
                          : isNegated(a) && isNegated(b) ? negated(a).times(negated(b)) : f;
      case DIVIDE ->
          is(b, 1)
              ? a
              : b instanceof Constant(double c) && isPowerOfTwo(c)
                  ? a.times(1 / c)
                  : isNegated(a) && isNegated(b) ? negated(a).over(negated(b)) : f;
      case MIN, MAX, AND, OR -> a == b ? a : f;
      default -> f;
    };
  }

  private static Formula of(Fma f) {
    return isNegativeZero(f.c())
        ? of(new Binary(BinaryFunction.MULTIPLY, f.a(), f.b()))
        : is(f.a(), 1)
            ? of(new Binary(BinaryFunction.ADD, f.b(), f.c()))
            : is(f.b(), 1) ? of(new Binary(BinaryFunction.ADD, f.a(), f.c())) : f;
  }

  private static Formula of(Select f) {
    if (f.then() == f.otherwise()) {
      return f.then();
    }
    return f.condition() instanceof Unary(var function, var t) && function == UnaryFunction.NOT
        ? t.then(/* then= */ f.otherwise(), /* otherwise= */ f.then())
        : f;
  }

  /// An operation on two numbers that float32 has, if it has the exact result too: then every
  /// reading computes that.
  private static Formula folded(Binary f, double x, double y) {
    double value = f.function().apply(x, y);
    if (!isFloat(x) || !isFloat(y) || !isFloat(value)) {
      return f;
    }
    BigDecimal a = new BigDecimal(x);
    BigDecimal b = new BigDecimal(y);
    BigDecimal c = new BigDecimal(value);
    boolean exact =
        switch (f.function()) {
          case ADD -> a.add(b).compareTo(c) == 0;
          case SUBTRACT -> a.subtract(b).compareTo(c) == 0;
          case MULTIPLY -> a.multiply(b).compareTo(c) == 0;
          case DIVIDE -> c.multiply(b).compareTo(a) == 0;
          default -> false;
        };
    return exact ? constant(value) : f;
  }

  private static boolean isFloat(double x) {
    float size = Math.abs((float) x);
    return (float) x == x && size <= Float.MAX_VALUE && (size == 0 || size >= Float.MIN_NORMAL);
  }

  /// Whether `c` and `1/c` are powers of two that are normal in float32.
  private static boolean isPowerOfTwo(double c) {
    return Math.abs(c) == Math.scalb(1.0, Math.getExponent(c))
        && Math.abs(Math.getExponent(c)) <= 126;
  }

  private static boolean is(Formula f, double value) {
    return f instanceof Constant(double c)
        && Double.doubleToRawLongBits(c) == Double.doubleToRawLongBits(value);
  }

  private static boolean isNegativeZero(Formula f) {
    return is(f, -0.0);
  }

  private static boolean isNegated(Formula f) {
    return f instanceof Unary(var function, var _) && function == UnaryFunction.NEGATE;
  }

  private static Formula negated(Formula f) {
    return ((Unary) f).x();
  }
}
