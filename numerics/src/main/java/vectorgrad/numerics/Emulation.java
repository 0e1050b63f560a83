package vectorgrad.numerics;

import static vectorgrad.numerics.Formula.ONE;
import static vectorgrad.numerics.Formula.ZERO;
import static vectorgrad.numerics.Formula.constant;

import java.util.function.UnaryOperator;
import vectorgrad.numerics.Formula.Binary;
import vectorgrad.numerics.Formula.Constant;
import vectorgrad.numerics.Formula.Fma;
import vectorgrad.numerics.Formula.Input;
import vectorgrad.numerics.Formula.Select;
import vectorgrad.numerics.Formula.Unary;

/// Computing in a [FloatFormat] by computing in a larger one and rounding after each operation.
///
/// Two roundings, first to the larger format and then to this one, are as good as one for `+ − × ÷
/// √` if the larger has at least `2p + 2` bits for `p` bits here (Figueroa, 1995): `float` is large
/// enough for up to 11 bits, `double` for up to 25. For `a·b + c` it is not, so what the first
/// rounding cut off decides the ties of the second. Elementary functions are those of the larger
/// format, rounded.
final class Emulation {
  private Emulation() {}

  // ---- as a formula ---------------------------------------------------------------------------

  /// `x` scaled so that the last place is 1, rounded to a whole number, and scaled back. Powers are
  /// split in two factors, because 2^−e and the last place of a small number may not be normal.
  static Formula nearest(FloatFormat format, Formula x) {
    return rounded(format, x, units -> units.rint());
  }

  /// The number nearest to `x + rest`, where `rest` matters for ties only.
  private static Formula nearest(FloatFormat format, Formula x, Formula rest) {
    return rounded(
        format,
        x,
        units -> {
          Formula whole = units.rint();
          Formula tie = units.minus(whole).abs().equalTo(Formula.HALF);
          Formula up = tie.and(rest.greaterThan(ZERO));
          Formula down = tie.and(rest.lessThan(ZERO));
          return up.then(units.ceil(), down.then(units.floor(), whole));
        });
  }

  static Formula stochastic(FloatFormat format, Formula x, Formula uniform) {
    Formula magnitude =
        rounded(
            format,
            x.abs(),
            units -> {
              Formula below = units.floor();
              return uniform.lessThan(units.minus(below)).then(below.plus(1), below);
            });
    return magnitude.copysign(x);
  }

  private static Formula rounded(FloatFormat format, Formula x, UnaryOperator<Formula> whole) {
    int f = format.fractionBits();
    Formula size = x.abs().max(constant(format.minNormal())).min(constant(format.max()));
    Formula exponent = new Unary(UnaryFunction.EXPONENT, size);
    Formula units = x.times(power(ONE.minus(exponent))).times(constant(Math.scalb(1.0, f - 1)));
    Formula result = whole.apply(units).times(constant(Math.scalb(1.0, -f))).times(power(exponent));
    if (format.saturating()) {
      return result.max(constant(-format.max())).min(constant(format.max()));
    }
    Formula beyond =
        constant(format.infinities() ? Double.POSITIVE_INFINITY : Double.NaN).times(result);
    return result.abs().greaterThan(constant(format.max())).then(beyond, result);
  }

  private static Formula power(Formula exponent) {
    return new Unary(UnaryFunction.POWER_OF_TWO, exponent);
  }

  /// A node of a program whose arguments are rounded already, rounded itself.
  static Formula rounded(FloatFormat format, Formula node) {
    return switch (node) {
      case Constant c -> constant(format.round(c.value()));
      case Fma m -> {
        Formula product = m.a().times(m.b());
        yield nearest(format, m, rest(product, m.c(), m));
      }
      default -> isExact(node) ? node : nearest(format, node);
    };
  }

  /// What `sum`, the rounded `a + b`, has lost, exactly. NaN where something is infinite, which
  /// compares with nothing.
  ///
  /// Source: Knuth, "The Art of Computer Programming", volume 2, 4.2.2, Theorem B.
  private static Formula rest(Formula a, Formula b, Formula sum) {
    Formula ofB = sum.minus(a);
    return a.minus(sum.minus(ofB)).plus(b.minus(ofB));
  }

  private static double rest(double a, double b, double sum) {
    double ofB = sum - a;
    return (a - (sum - ofB)) + (b - ofB);
  }

  /// Whether an operation on numbers of a format gives a number of that format, or a truth value.
  static boolean isExact(Formula node) {
    return switch (node) {
      case Input _, Fma _, Constant _ -> false;
      case Select _ -> true;
      case Unary u ->
          switch (u.function()) {
            case NEGATE, ABS, SIGN, FLOOR, RINT, NOT, SIGNIFICAND -> true;
            default -> false;
          };
      case Binary b ->
          b.function().isTruth()
              || switch (b.function()) {
                case MIN, MAX, FMOD -> true;
                default -> false;
              };
    };
  }

  // ---- as numbers -----------------------------------------------------------------------------

  /// An operation in float64, not yet rounded. Its arguments are `v[a[0]], v[a[1]], …`.
  static double apply(Formula node, double[] v, int[] a, double[] in) {
    return switch (node) {
      case Input n -> in[n.index()];
      case Constant c -> c.value();
      case Unary u -> u.function().apply(v[a[0]]);
      case Binary b -> b.function().apply(v[a[0]], v[a[1]]);
      case Fma _ -> Math.fma(v[a[0]], v[a[1]], v[a[2]]);
      case Select _ -> v[a[0]] != 0 ? v[a[1]] : v[a[2]];
    };
  }

  /// The result `y` of an operation, rounded.
  static double round(FloatFormat format, Formula node, double y, double[] v, int[] a) {
    if (isExact(node)) {
      return y;
    }
    if (node instanceof Fma) {
      double rest = rest(v[a[0]] * v[a[1]], v[a[2]], y);
      return format.round(y, Double.isNaN(rest) ? 0 : rest);
    }
    return format.round(y);
  }
}
