package vectorgrad.numerics;

import static vectorgrad.numerics.Formula.HALF;
import static vectorgrad.numerics.Formula.ONE;
import static vectorgrad.numerics.Formula.TWO;
import static vectorgrad.numerics.Formula.ZERO;
import static vectorgrad.numerics.Formula.constant;
import static vectorgrad.numerics.UnaryFunction.EXPONENT;
import static vectorgrad.numerics.UnaryFunction.POWER_OF_TWO;
import static vectorgrad.numerics.UnaryFunction.SIGNIFICAND;

import vectorgrad.numerics.Formula.Unary;

/// Elementary functions as formulas of primitives, so that a kernel needs no library, works on
/// vectors of any width, and gives the same bits everywhere.
///
/// Each reduces its argument to a small interval, where a polynomial is exact enough, and undoes
/// the reduction. Coefficients are those of the Cephes library (Moshier, 1992) and of fdlibm (Sun,
/// 1993). There are no tables and no branches: what a branch would skip is computed and not
/// selected.
@SuppressWarnings("FloatingPointLiteralPrecision") // coefficients stand as their sources print them
final class Elementary {
  private static final double LOG2_E = 1.4426950408889634;

  private Elementary() {}

  /// The function in terms of primitives; what is primitive stays.
  static Formula lower(Unary y, Precision precision) {
    boolean single = precision == Precision.SINGLE;
    Formula x = y.x();
    return switch (y.function()) {
      case EXP -> exp(x, single);
      case LOG -> log(x, single);
      case TANH -> tanh(x, single);
      case SIN -> sine(x, single, 0);
      case COS -> sine(x, single, 1);
      case SIGN -> x.lessThan(ZERO).then(constant(-1), x.greaterThan(ZERO).then(ONE, x));
      case NEGATE, ABS, SQRT, FLOOR, RINT, NOT, POWER_OF_TWO, EXPONENT, SIGNIFICAND -> y;
    };
  }

  /// `eˣ = 2ⁿ·eʳ` with `n = round(x / ln 2)`, so `|r| ≤ ln 2 / 2`.
  ///
  /// ln 2 is subtracted in two parts, the first with so few bits that `n` times it is exact. `2ⁿ`
  /// is multiplied in two halves, since `n` may be too small or too large for one: so results run
  /// evenly into the subnormal numbers and to ∞. Arguments beyond that are cut before; NaN is not,
  /// since it compares with nothing.
  private static Formula exp(Formula x, boolean single) {
    Formula most = constant(single ? 89 : 710);
    Formula least = constant(single ? -104 : -746);
    Formula below = x.greaterThan(most).then(most, x);
    Formula cut = below.lessThan(least).then(least, below);
    Formula n = nearest(cut, constant(LOG2_E), single);
    Formula r = n.fma(constant(single ? -0.693359375 : -0x1.62e42fee00000p-1), cut);
    r = n.fma(constant(single ? 2.12194440e-4 : -0x1.a39ef35793c76p-33), r);
    Formula p =
        single
            ? polynomial(
                r,
                1.9875691500E-4,
                1.3981999507E-3,
                8.3334519073E-3,
                4.1665795894E-2,
                1.6666665459E-1,
                5.0000001201E-1)
            : polynomial(
                r,
                1 / 6227020800.0,
                1 / 479001600.0,
                1 / 39916800.0,
                1 / 3628800.0,
                1 / 362880.0,
                1 / 40320.0,
                1 / 5040.0,
                1 / 720.0,
                1 / 120.0,
                1 / 24.0,
                1 / 6.0,
                1 / 2.0);
    Formula power = p.fma(r.square(), r).plus(ONE);
    Formula half = nearest(n, HALF, single);
    return power.times(primitive(POWER_OF_TWO, half)).times(primitive(POWER_OF_TWO, n.minus(half)));
  }

  /// `ln x = k·ln 2 + ln(1 + f)` with `√½ < 1 + f ≤ √2`, and `ln(1 + f)` by the series of
  /// `2·artanh(f / (2 + f))`, whose even powers are `R`.
  private static Formula log(Formula x, boolean single) {
    Formula tiny = x.lessThan(constant(single ? Float.MIN_NORMAL : Double.MIN_NORMAL));
    int lift = single ? 24 : 54; // subnormal arguments are made normal first
    Formula normal = tiny.then(x.times(Math.scalb(1.0, lift)), x);
    Formula significand = primitive(SIGNIFICAND, normal);
    Formula large = significand.greaterThan(constant(Math.sqrt(2)));
    Formula k =
        primitive(EXPONENT, normal)
            .minus(tiny.then(constant(lift), ZERO))
            .plus(large.then(ONE, ZERO));
    Formula f = large.then(significand.times(HALF), significand).minus(ONE);
    Formula s = f.over(f.plus(TWO));
    Formula z = s.square();
    Formula series =
        single
            ? polynomial(z, 0.24279078841, 0.28498786688, 0.40000972152, 0.66666662693)
            : polynomial(
                z,
                1.479819860511658591e-01,
                1.531383769920937332e-01,
                1.818357216161805012e-01,
                2.222219843214978396e-01,
                2.857142874366239149e-01,
                3.999999999940941908e-01,
                6.666666666666735130e-01);
    Formula halfSquare = f.square().times(HALF);
    Formula rest = s.times(halfSquare.plus(z.times(series)));
    Formula low = k.fma(constant(single ? 9.0580006145e-06 : 1.90821492927058770002e-10), rest);
    Formula high = constant(single ? 6.9313812256e-01 : 6.93147180369123816490e-01);
    Formula y = k.fma(high, low.minus(halfSquare).plus(f));
    Formula finite = x.equalTo(constant(Double.POSITIVE_INFINITY)).then(x, y);
    Formula notZero = x.equalTo(ZERO).then(constant(Double.NEGATIVE_INFINITY), finite);
    Formula undefined = x.lessThan(ZERO).or(x.equalTo(x).not());
    return undefined.then(constant(Double.NaN), notZero);
  }

  /// For large arguments `1 − 2 / (e²ˣ + 1)`; for small ones, where that cancels, an odd polynomial
  /// (float64: a quotient of polynomials).
  private static Formula tanh(Formula x, boolean single) {
    Formula size = x.abs();
    Formula z = x.square();
    Formula series =
        single
            ? polynomial(
                z,
                -5.70498872745E-3,
                2.06390887954E-2,
                -5.37397155531E-2,
                1.33314422036E-1,
                -3.33332819422E-1)
            : polynomial(
                    z,
                    -9.64399179425052238628E-1,
                    -9.92877231001918586564E1,
                    -1.61468768441708447952E3)
                .over(
                    polynomial(
                        z,
                        1,
                        1.12811678491632931402E2,
                        2.23548839060100448583E3,
                        4.84406305325125486048E3));
    Formula small = series.times(z).fma(x, x);
    Formula large = ONE.minus(TWO.over(exp(size.plus(size), single).plus(ONE)));
    Formula signed = x.lessThan(ZERO).then(large.negate(), large);
    Formula y = size.lessThan(constant(0.625)).then(small, signed);
    return x.equalTo(ZERO).then(x, y);
  }

  /// `x = q·π/2 + r` with `|r| ≤ π/4`; `q mod 4` says which of ±sin r, ±cos r it is. A cosine is a
  /// sine a `quarter` turn on. π/2 is subtracted in two or three parts by fused operations (Cody &
  /// Waite, 1980).
  private static Formula sine(Formula x, boolean single, int quarter) {
    Formula q = x.times(2 / Math.PI).rint();
    Formula r;
    if (single) {
      r = q.fma(constant(-1.57079625f), x);
      r = q.fma(constant(-7.54978942e-08f), r);
      r = q.fma(constant(-5.39030253e-15f), r);
    } else {
      r = q.fma(constant(-0x1.921fb54442d18p0), x);
      r = q.fma(constant(-0x1.1a62633145c07p-54), r);
    }
    Formula turned = q.plus(constant(quarter));
    Formula turn = turned.minus(turned.times(0.25).floor().times(4)); // 0, 1, 2 or 3
    Formula z = r.square();
    Formula sineSeries =
        single
            ? polynomial(z, -1.9515295891E-4, 8.3321608736E-3, -1.6666654611E-1)
            : polynomial(
                z,
                1.58962301576546568060E-10,
                -2.50507477628578072866E-8,
                2.75573136213857245213E-6,
                -1.98412698295895385996E-4,
                8.33333333332211858878E-3,
                -1.66666666666666307295E-1);
    Formula cosineSeries =
        single
            ? polynomial(z, 2.443315711809948E-5, -1.388731625493765E-3, 4.166664568298827E-2)
            : polynomial(
                z,
                -1.13585365213876817300E-11,
                2.08757008419747316778E-9,
                -2.75573141792967388112E-7,
                2.48015872888517045348E-5,
                -1.38888888888730564116E-3,
                4.16666666666665929218E-2);
    Formula sine = sineSeries.times(z).fma(r, r);
    Formula cosine = cosineSeries.fma(z.square(), z.fma(constant(-0.5), ONE));
    Formula odd = turn.equalTo(ONE).or(turn.equalTo(constant(3)));
    Formula y = odd.then(cosine, sine);
    Formula signed = turn.greaterThan(constant(1.5)).then(y.negate(), y);
    return quarter == 0 ? x.equalTo(ZERO).then(x, signed) : signed;
  }

  /// The whole number nearest to `x·factor`, if that is below 2²² (float64: 2⁵¹): added to one and
  /// a half times the power of two from which on all numbers are whole, it is rounded to one.
  /// Vectors have no operation for rounding, and what stands for it takes eight.
  private static Formula nearest(Formula x, Formula factor, boolean single) {
    Formula whole = constant(single ? 0x1.8p23 : 0x1.8p52);
    return x.fma(factor, whole).minus(whole);
  }

  /// A polynomial by Horner's rule, the coefficient of the highest power first.
  private static Formula polynomial(Formula x, double... coefficients) {
    Formula p = constant(coefficients[0]);
    for (int i = 1; i < coefficients.length; i++) {
      p = p.fma(x, constant(coefficients[i]));
    }
    return p;
  }

  private static Formula primitive(UnaryFunction function, Formula x) {
    return new Unary(function, x);
  }
}
