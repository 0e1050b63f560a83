package vectorgrad.numerics;

import static java.math.BigDecimal.ONE;
import static java.math.BigDecimal.ZERO;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;

/// Elementary functions to 45 digits, by the plainest series there are: the oracle of float64.
final class Exact {
  static final MathContext MC = new MathContext(50);
  private static final BigDecimal TWO = BigDecimal.valueOf(2);
  private static final BigDecimal HALF = new BigDecimal("0.5");
  private static final BigDecimal SMALL = new BigDecimal("0.3");
  private static final BigDecimal LN_2 =
      artanh(ONE.divide(BigDecimal.valueOf(3), MC)).multiply(TWO);
  static final BigDecimal LN_10 = log(BigDecimal.TEN);

  /// π by Machin's formula, to as many digits as arguments up to 2⁴⁵ need.
  static final BigDecimal PI = machin(new MathContext(90));

  private Exact() {}

  private static BigDecimal machin(MathContext mc) {
    BigDecimal sum = ZERO;
    for (int[] term : new int[][] {{16, 5}, {-4, 239}}) {
      BigDecimal x = ONE.divide(BigDecimal.valueOf(term[1]), mc);
      BigDecimal power = x;
      for (int k = 1; power.precision() - power.scale() > -mc.getPrecision(); k += 2) {
        BigDecimal part =
            power.divide(BigDecimal.valueOf(k), mc).multiply(BigDecimal.valueOf(term[0]));
        sum = k % 4 == 1 ? sum.add(part, mc) : sum.subtract(part, mc);
        power = power.multiply(x, mc).multiply(x, mc);
      }
    }
    return sum;
  }

  /// The term after the one before.
  private interface Ratio {
    BigDecimal next(BigDecimal term, int k);
  }

  /// Adds terms until they are too small to matter.
  private static BigDecimal series(BigDecimal first, Ratio ratio) {
    BigDecimal sum = first;
    BigDecimal term = first;
    for (int k = 1; term.signum() != 0; k++) {
      term = ratio.next(term, k).round(MC);
      if (term.signum() == 0 || exponent(term) < exponent(sum) - MC.getPrecision() - 2) {
        break;
      }
      sum = sum.add(term, MC);
    }
    return sum;
  }

  private static int exponent(BigDecimal x) {
    return x.precision() - x.scale();
  }

  static BigDecimal exp(BigDecimal x) {
    int n = x.divide(LN_2, MC).setScale(0, RoundingMode.HALF_EVEN).intValueExact();
    BigDecimal r = x.subtract(LN_2.multiply(BigDecimal.valueOf(n)), MC);
    BigDecimal scaled = r.divide(BigDecimal.valueOf(64), MC);
    BigDecimal power = smallExpm1(scaled).add(ONE, MC).pow(64, MC);
    BigDecimal two = TWO.pow(Math.abs(n), MC);
    return n < 0 ? power.divide(two, MC) : power.multiply(two, MC);
  }

  static BigDecimal expm1(BigDecimal x) {
    return x.abs().compareTo(SMALL) < 0 ? smallExpm1(x) : exp(x).subtract(ONE, MC);
  }

  private static BigDecimal smallExpm1(BigDecimal x) {
    return series(x, (t, k) -> t.multiply(x, MC).divide(BigDecimal.valueOf(k + 1), MC));
  }

  private static BigDecimal artanh(BigDecimal s) {
    BigDecimal z = s.multiply(s, MC);
    BigDecimal[] power = {s};
    return series(
        s,
        (t, k) -> {
          power[0] = power[0].multiply(z, MC);
          return power[0].divide(BigDecimal.valueOf(2L * k + 1), MC);
        });
  }

  static BigDecimal log(BigDecimal x) {
    BigDecimal shorter = x.round(MathContext.DECIMAL64);
    double digits = shorter.unscaledValue().doubleValue();
    double estimate = Math.log(digits) - shorter.scale() * Math.log(10);
    int k = (int) Math.rint(estimate / Math.log(2));
    BigDecimal two = TWO.pow(Math.abs(k), MC);
    BigDecimal m = k > 0 ? x.divide(two, MC) : k < 0 ? x.multiply(two, MC) : x;
    return logNear(m).add(LN_2.multiply(BigDecimal.valueOf(k)), MC);
  }

  private static BigDecimal logNear(BigDecimal m) {
    BigDecimal s = m.subtract(ONE).divide(m.add(ONE), MC);
    return artanh(s).multiply(TWO);
  }

  static BigDecimal log1p(BigDecimal x) {
    return x.abs().compareTo(SMALL) < 0
        ? artanh(x.divide(x.add(TWO, MC), MC)).multiply(TWO)
        : log(x.add(ONE, MC));
  }

  static BigDecimal sqrt(BigDecimal x) {
    return x.signum() == 0 ? ZERO : x.sqrt(MC);
  }

  static BigDecimal sinh(BigDecimal x) {
    BigDecimal e = expm1(x.abs());
    BigDecimal y = e.add(e.divide(e.add(ONE, MC), MC), MC).multiply(HALF);
    return x.signum() < 0 ? y.negate() : y;
  }

  static BigDecimal cosh(BigDecimal x) {
    BigDecimal e = exp(x);
    return e.add(ONE.divide(e, MC), MC).multiply(HALF);
  }

  static BigDecimal tanh(BigDecimal x) {
    BigDecimal e = expm1(x.multiply(TWO));
    return e.divide(e.add(TWO, MC), MC);
  }

  static BigDecimal asinh(BigDecimal x) {
    BigDecimal w = x.abs();
    BigDecimal square = w.multiply(w, MC);
    BigDecimal y = log1p(w.add(square.divide(sqrt(square.add(ONE, MC)).add(ONE, MC), MC), MC));
    return x.signum() < 0 ? y.negate() : y;
  }

  static BigDecimal acosh(BigDecimal x) {
    BigDecimal t = x.subtract(ONE);
    return log1p(t.add(sqrt(t.multiply(t.add(TWO, MC), MC)), MC));
  }

  static BigDecimal atanh(BigDecimal x) {
    return x.abs().compareTo(SMALL) < 0
        ? artanh(x)
        : log(ONE.add(x).divide(ONE.subtract(x), MC)).multiply(HALF);
  }

  static BigDecimal sin(BigDecimal x) {
    return turned(x, 0);
  }

  static BigDecimal cos(BigDecimal x) {
    return turned(x, 1);
  }

  static BigDecimal tan(BigDecimal x) {
    return sin(x).divide(cos(x), MC);
  }

  private static BigDecimal turned(BigDecimal x, int quarters) {
    BigDecimal half = PI.multiply(HALF);
    long q =
        x.divide(half, new MathContext(70)).setScale(0, RoundingMode.HALF_EVEN).longValueExact();
    BigDecimal r = x.subtract(half.multiply(BigDecimal.valueOf(q)));
    BigDecimal z = r.multiply(r, MC).negate();
    long turn = Math.floorMod(q + quarters, 4L);
    int odd = (int) (turn % 2);
    BigDecimal y =
        series(
            odd == 1 ? ONE : r.round(MC),
            (t, k) ->
                t.multiply(z, MC)
                    .divide(BigDecimal.valueOf((2L * k - odd) * (2L * k + 1 - odd)), MC));
    return turn >= 2 ? y.negate() : y;
  }

  static BigDecimal atan(BigDecimal x) {
    if (x.abs().compareTo(new BigDecimal("0.1")) > 0) {
      return atan(x.divide(ONE.add(sqrt(ONE.add(x.multiply(x, MC), MC)), MC), MC)).multiply(TWO);
    }
    BigDecimal z = x.multiply(x, MC).negate();
    BigDecimal[] power = {x};
    return series(
        x,
        (t, k) -> {
          power[0] = power[0].multiply(z, MC);
          return power[0].divide(BigDecimal.valueOf(2L * k + 1), MC);
        });
  }

  static BigDecimal asin(BigDecimal x) {
    BigDecimal rest = ONE.subtract(x).multiply(ONE.add(x), MC);
    return rest.signum() == 0 ? PI.multiply(HALF).multiply(x) : atan(x.divide(sqrt(rest), MC));
  }

  static BigDecimal acos(BigDecimal x) {
    return x.compareTo(ONE.negate()) == 0
        ? PI
        : atan(sqrt(ONE.subtract(x).divide(ONE.add(x), MC))).multiply(TWO);
  }

  static BigDecimal atan2(BigDecimal y, BigDecimal x) {
    if (x.signum() == 0) {
      return PI.multiply(HALF).multiply(BigDecimal.valueOf(y.signum()));
    }
    BigDecimal angle = atan(y.divide(x, MC));
    return x.signum() > 0 ? angle : y.signum() < 0 ? angle.subtract(PI) : angle.add(PI);
  }

  static BigDecimal hypot(BigDecimal x, BigDecimal y) {
    return sqrt(x.multiply(x).add(y.multiply(y)));
  }

  static BigDecimal pow(BigDecimal x, BigDecimal y) {
    return exp(log(x).multiply(y, MC));
  }

  static BigDecimal cbrt(BigDecimal x) {
    BigDecimal y = exp(log(x.abs()).divide(BigDecimal.valueOf(3), MC));
    return x.signum() < 0 ? y.negate() : y;
  }

  static BigDecimal erf(BigDecimal x) {
    if (x.abs().compareTo(BigDecimal.valueOf(3)) > 0) {
      BigDecimal y = ONE.subtract(erfc(x.abs()), MC);
      return x.signum() < 0 ? y.negate() : y;
    }
    BigDecimal square = x.multiply(x, MC);
    BigDecimal sum =
        series(
            x,
            (t, k) ->
                t.multiply(square, MC).multiply(TWO).divide(BigDecimal.valueOf(2L * k + 1), MC));
    return sum.multiply(exp(square.negate()), MC).multiply(TWO).divide(sqrt(PI), MC);
  }

  static BigDecimal erfc(BigDecimal x) {
    if (x.compareTo(BigDecimal.valueOf(3)) < 0) {
      return ONE.subtract(erf(x), MC);
    }
    // x + (1/2)/(x + (2/2)/(x + (3/2)/(x + …
    BigDecimal fraction = x;
    for (int k = 400; k > 0; k--) {
      fraction = x.add(BigDecimal.valueOf(k).multiply(HALF).divide(fraction, MC), MC);
    }
    return exp(x.multiply(x).negate()).divide(fraction.multiply(sqrt(PI)), MC);
  }
}
