package vectorgrad.numerics;

import static vectorgrad.numerics.Elementary.nearest;
import static vectorgrad.numerics.Elementary.polynomial;
import static vectorgrad.numerics.Elementary.powerOfTwo;
import static vectorgrad.numerics.Formula.HALF;
import static vectorgrad.numerics.Formula.ONE;
import static vectorgrad.numerics.Formula.TWO;
import static vectorgrad.numerics.Formula.ZERO;
import static vectorgrad.numerics.Formula.constant;

/// The exponential function and what is made of it.
///
/// @param power a number in [½, 2], to twice the digits
/// @param n a whole number: the result is `power·2ⁿ`
@SuppressWarnings("FloatingPointLiteralPrecision") // coefficients stand as their sources print them
record Exponentials(DoubleWord power, Formula n) {
  private static final double LOG2_E = 1.4426950408889634;
  private static final double LN_2 = 0.6931471805599453;
  private static final double LN_2_REST = 2.3190468138462996e-17;

  /// `eˣ = 2ⁿ·eʳ` with `n = round(x / ln 2)`, so `|r| ≤ ln 2 / 2`.
  ///
  /// ln 2 is subtracted in two parts, the first with so few bits that `n` times it is exact. `2ⁿ`
  /// is multiplied in two halves, since `n` may be too small or too large for one: so results run
  /// evenly into the subnormal numbers and to ∞. Arguments beyond that are cut before; NaN is not,
  /// since it compares with nothing.
  static Formula exp(Formula x, boolean single) {
    Formula cut = cut(x, single);
    Formula n = nearest(cut, constant(LOG2_E), single);
    return scaled(power(cut, n, single), n, single);
  }

  /// [#exp] of arguments so moderate that `2ⁿ` is a normal number: the same bits, for less.
  private static Formula moderate(Formula x, boolean single) {
    Formula n = nearest(x, constant(LOG2_E), single);
    return power(x, n, single).times(powerOfTwo(n));
  }

  /// [#exp] of what is not positive, and 0 where that is subnormal.
  static Formula decay(Formula x, boolean single) {
    return x.lessThan(constant(single ? -87.33 : -708.39)).then(ZERO, moderate(x, single));
  }

  /// `e^(x − n·ln 2)`
  private static Formula power(Formula x, Formula n, boolean single) {
    Formula r = n.fma(constant(single ? -0.693359375 : -0x1.62e42fee00000p-1), x);
    r = n.fma(constant(single ? 2.12194440e-4 : -0x1.a39ef35793c76p-33), r);
    return series(r, single).fma(r.square(), r).plus(ONE);
  }

  /// `(eʳ − 1 − r) / r²`: for float32 the polynomial of degree 4 whose error in `eʳ` is least, by
  /// Lawson's reweighting, one coefficient after the other rounded. It is 2⁻²⁸, an eighteenth of a
  /// unit in the last place.
  private static Formula series(Formula r, boolean single) {
    return single
        ? polynomial(r, 1.3820963E-3, 8.368671E-3, 4.1668262E-2, 1.6666521E-1, 4.9999994E-1)
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
  }

  private static Formula cut(Formula x, boolean single) {
    return cut(x, single ? -104 : -746, single ? 89 : 710);
  }

  static Formula cut(Formula x, double least, double most) {
    Formula below = x.greaterThan(constant(most)).then(constant(most), x);
    return below.lessThan(constant(least)).then(constant(least), below);
  }

  /// `y·2ⁿ`, in two halves.
  static Formula scaled(Formula y, Formula n, boolean single) {
    Formula half = nearest(n, HALF, single);
    return y.times(powerOfTwo(half)).times(powerOfTwo(n.minus(half)));
  }

  /// `eˣ` to twice the digits, as [#exp], for arguments that are already cut.
  static Exponentials of(DoubleWord x, boolean single) {
    Formula n = nearest(x.high(), constant(LOG2_E), single);
    Formula r = n.fma(constant(single ? -0.693359375 : -0x1.62e42fee00000p-1), x.high());
    Formula rest = n.fma(constant(single ? 2.12194440e-4 : -0x1.a39ef35793c76p-33), x.low());
    return new Exponentials(power(DoubleWord.sum(r, rest), single), n);
  }

  static DoubleWord power(DoubleWord r, boolean single) {
    Formula tail = r.high().square().fma(series(r.high(), single), r.low());
    return DoubleWord.orderedSum(ONE, r.high()).plusSmall(tail);
  }

  /// The number, rounded once where it is normal.
  Formula rounded(boolean single) {
    return scaled(power.rounded(), n, single);
  }

  /// `2ˣ = 2ⁿ·e^(r·ln 2)` with `n = round(x)`; exact for whole numbers.
  static Formula exp2(Formula x, boolean single) {
    Formula cut = single ? cut(x, -151, 129) : cut(x, -1076, 1025);
    Formula n = nearest(cut, ONE, single);
    DoubleWord r = DoubleWord.of(LN_2, LN_2_REST, single).times(cut.minus(n));
    return new Exponentials(power(r, single), n).rounded(single);
  }

  /// `eˣ − 1 = 2ⁿ·(eʳ − 2⁻ⁿ)`; what is tiny stays as it is.
  static Formula expm1(Formula x, boolean single) {
    Formula cut = single ? cut(x, -30, 89) : cut(x, -60, 710);
    Exponentials e = of(new DoubleWord(cut, ZERO), single);
    Formula unit = powerOfTwo(cut(e.n.negate(), -100, 100));
    DoubleWord less = DoubleWord.sum(e.power.high(), unit.negate());
    Formula y = scaled(less.plusSmall(e.power.low()).rounded(), e.n, single);
    return x.abs().lessThan(constant(single ? 0x1p-30 : 0x1p-60)).then(x, y);
  }

  /// `(eˣ − e⁻ˣ) / 2` from 1 on; an odd polynomial below, where that cancels.
  static Formula sinh(Formula x, boolean single) {
    Formula z = x.square();
    Formula series =
        single
            ? polynomial(
                z,
                2.806280235745362e-06,
                0.00019838102161884308,
                0.008333339355885983,
                0.1666666716337204)
            : polynomial(
                z,
                7.746178593018827e-13,
                1.6057679623801638e-10,
                2.5052117695907823e-08,
                2.7557319191381816e-06,
                0.00019841269841324198,
                0.008333333333333299,
                0.16666666666666666);
    Formula small = series.times(z).fma(x, x);
    Formula size = x.abs();
    Formula large = halfSum(size, -1, single);
    Formula signed = x.lessThan(ZERO).then(large.negate(), large);
    return x.equalTo(ZERO).then(x, size.lessThan(ONE).then(small, signed));
  }

  /// `(eˣ + e⁻ˣ) / 2`
  static Formula cosh(Formula x, boolean single) {
    return halfSum(x.abs(), 1, single);
  }

  /// `(eˣ ± e⁻ˣ) / 2 = 2ⁿ⁻¹·(power ± 2⁻²ⁿ/power)`
  private static Formula halfSum(Formula size, int sign, boolean single) {
    Formula cut = single ? cut(size, 0, 91) : cut(size, 0, 712);
    Exponentials e = of(new DoubleWord(cut, ZERO), single);
    Formula unit = powerOfTwo(cut(e.n.times(-2), -120, 0)).times(sign);
    Formula y = e.power.high().plus(e.power.low().plus(unit.over(e.power.rounded())));
    return scaled(y, e.n.minus(ONE), single);
  }

  /// For large arguments `1 − 2 / (e²ˣ + 1)`; for small ones, where that cancels, an odd polynomial
  /// (float64: a quotient of polynomials).
  static Formula tanh(Formula x, boolean single) {
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
    Formula ends = constant(single ? 10 : 20); // from there on tanh is 1
    Formula cut = size.greaterThan(ends).then(ends, size);
    Formula large = ONE.minus(TWO.over(moderate(cut.plus(cut), single).plus(ONE)));
    Formula signed = x.lessThan(ZERO).then(large.negate(), large);
    Formula y = size.lessThan(constant(0.625)).then(small, signed);
    return x.equalTo(ZERO).then(x, y);
  }
}
