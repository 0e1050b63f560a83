package vectorgrad.numerics;

import static vectorgrad.numerics.Elementary.isNegative;
import static vectorgrad.numerics.Elementary.nearest;
import static vectorgrad.numerics.Elementary.polynomial;
import static vectorgrad.numerics.Formula.HALF;
import static vectorgrad.numerics.Formula.ONE;
import static vectorgrad.numerics.Formula.TWO;
import static vectorgrad.numerics.Formula.ZERO;
import static vectorgrad.numerics.Formula.constant;

/// Angles: `x = q·π/2 + r` with `|r|` hardly more than `π/4`, and the sine and cosine of `r`.
///
/// π/2 is subtracted in three parts (Cody & Waite, 1980). A fused operation makes the first
/// difference exact, and the second product is kept to twice its digits, so `r` is right for as
/// long as `q` is: for `|x| ≤ 2²⁰`, in float64 `|x| ≤ 2⁴⁵`. Further out, where in float32
/// neighbours soon are more than an angle apart, the result is NaN rather than wrong: more digits
/// of π would cost every argument many times as much.
///
/// @param turn `q`, a whole number
/// @param sine of the rest
/// @param cosine of the rest
@SuppressWarnings("FloatingPointLiteralPrecision") // coefficients stand as their sources print them
record Trigonometry(Formula turn, DoubleWord sine, DoubleWord cosine) {

  static Trigonometry of(Formula x, boolean single) {
    Formula known = x.abs().lessOrEqual(constant(single ? 0x1p20 : 0x1p45));
    Formula angle = known.then(x, constant(Double.NaN));
    Formula q = nearest(angle, constant(2 / Math.PI), single);
    Formula r1 = q.fma(constant(single ? -0x1.921fb6p0 : -0x1.921fb54442d18p0), angle);
    DoubleWord second =
        DoubleWord.product(q, constant(single ? 0x1.777a5cp-25 : -0x1.1a62633145c07p-54));
    DoubleWord sum = DoubleWord.sum(r1, second.high());
    Formula third = constant(single ? 0x1.ee59dap-50 : 0x1.f1976b7ed8fbcp-110);
    DoubleWord r = DoubleWord.orderedSum(sum.high(), sum.low().plus(q.fma(third, second.low())));
    Formula z = r.high().square();
    Formula sineSeries =
        single
            ? polynomial(
                z,
                2.721423925322597e-06,
                -0.0001983979600481689,
                0.008333330973982811,
                -0.1666666716337204)
            : polynomial(
                z,
                -7.579664648715212e-13,
                1.6058405353124218e-10,
                -2.5052105388460922e-08,
                2.755731921676239e-06,
                -0.0001984126984126155,
                0.00833333333333333,
                -0.16666666666666666);
    Formula cosineSeries =
        single
            ? polynomial(z, 2.4518489226466045e-05, -0.0013888159301131964, 0.0416666641831398)
            : polynomial(
                z,
                -1.1372383959221408e-11,
                2.087599571388941e-09,
                -2.755731650639977e-07,
                2.480158729720093e-05,
                -0.0013888888888886298,
                0.041666666666666664);
    // sin(r + s) = r + (r³·S + s), cos(r + s) = 1 − z/2 + (z²·C − r·s)
    Formula cube = z.times(r.high());
    DoubleWord sine = new DoubleWord(r.high(), sineSeries.fma(cube, r.low()));
    DoubleWord cosine =
        DoubleWord.orderedSum(ONE, z.times(-0.5))
            .plusSmall(z.square().fma(cosineSeries, r.high().times(r.low()).negate()));
    return new Trigonometry(q, sine, cosine);
  }

  static Formula sin(Formula x, boolean single) {
    return x.equalTo(ZERO).then(x, of(x, single).turned(0));
  }

  static Formula cos(Formula x, boolean single) {
    return of(x, single).turned(1);
  }

  /// Sine and cosine change places with each quarter of a turn, and signs with each half. A cosine
  /// is a sine a quarter on.
  private Formula turned(int quarters) {
    Formula all = turn.plus(constant(quarters));
    Formula left = all.minus(all.times(0.25).rint().times(4)); // −2, −1, 0, 1 or 2
    Formula odd = left.abs().equalTo(ONE);
    Formula y = odd.then(cosine.rounded(), sine.rounded());
    Formula other = left.equalTo(constant(-1)).or(left.abs().equalTo(TWO));
    return other.then(y.negate(), y);
  }

  /// `sin r / cos r`, or after an odd number of quarters `−cos r / sin r`.
  static Formula tan(Formula x, boolean single) {
    Trigonometry angle = of(x, single);
    DoubleWord sine = angle.sine.normalized();
    DoubleWord cosine = angle.cosine.normalized();
    Formula odd = angle.turn.times(HALF).rint().times(2).equalTo(angle.turn).not();
    DoubleWord minus = new DoubleWord(cosine.high().negate(), cosine.low().negate());
    DoubleWord y = DoubleWord.quotient(minus.where(odd, sine), sine.where(odd, cosine));
    return x.equalTo(ZERO).then(x, y.rounded());
  }

  // ---- inverses -------------------------------------------------------------------------------

  private static DoubleWord pi(double factor, boolean single) {
    return DoubleWord.of(Math.PI * factor, 0x1.1a62633145c07p-53 * factor, single);
  }

  /// The arc sine of `|x|` up to ½, and `π/2 − 2·asin √((1 − |x|)/2)` beyond.
  static Formula asin(Formula x, boolean single) {
    Formula large = x.abs().greaterThan(HALF);
    DoubleWord half = halfAngle(x, large, single);
    DoubleWord quarter = pi(0.5, single);
    DoubleWord less =
        DoubleWord.orderedSum(quarter.high(), half.high().times(-2))
            .plusSmall(half.low().fma(constant(-2), quarter.low()));
    Formula y = large.then(less.rounded(), half.rounded());
    return x.equalTo(ZERO).then(x, x.lessThan(ZERO).then(y.negate(), y));
  }

  /// `π/2 − asin x` up to ½, and twice the [#halfAngle] or what it leaves of π beyond.
  static Formula acos(Formula x, boolean single) {
    Formula large = x.abs().greaterThan(HALF);
    DoubleWord half = halfAngle(x, large, single);
    DoubleWord quarter = pi(0.5, single);
    Formula negative = x.lessThan(ZERO);
    Formula arc = negative.then(half.high(), half.high().negate());
    Formula rest = negative.then(half.low(), half.low().negate());
    DoubleWord small =
        DoubleWord.orderedSum(quarter.high(), arc).plusSmall(quarter.low().plus(rest));
    DoubleWord turn = pi(1, single);
    DoubleWord less =
        DoubleWord.orderedSum(turn.high(), half.high().times(-2))
            .plusSmall(half.low().fma(constant(-2), turn.low()));
    Formula beyond = negative.then(less.rounded(), half.rounded().times(2));
    return large.then(beyond, small.rounded());
  }

  /// `asin |x|`, where that is large `asin √((1 − |x|)/2)`.
  private static DoubleWord halfAngle(Formula x, Formula large, boolean single) {
    Formula size = x.abs();
    Formula rest = ONE.minus(size).times(HALF);
    DoubleWord root = new DoubleWord(rest, ZERO).sqrt();
    Formula exact = rest.equalTo(ZERO).then(ZERO, root.low()); // not 0/0
    DoubleWord s = new DoubleWord(large.then(root.high(), size), large.then(exact, ZERO));
    Formula z = large.then(rest, x.square());
    Formula series =
        single
            ? polynomial(
                z,
                0.03369084745645523,
                0.017149237915873528,
                0.031100662425160408,
                0.04459940269589424,
                0.07500094175338745,
                0.1666666567325592)
            : polynomial(
                z,
                0.028757851367421566,
                -0.014851887071247204,
                0.01740087944269402,
                0.005457506718640358,
                0.01032281435018578,
                0.011479177415184906,
                0.013971212973552933,
                0.017352392720869973,
                0.02237217294214989,
                0.030381944138531247,
                0.04464285714635543,
                0.07499999999998433,
                0.16666666666666669);
    return s.plusSmall(s.high().times(z).times(series));
  }

  static Formula atan(Formula x, boolean single) {
    Formula far = constant(0x1p60); // from where on nothing changes, and ∞ would leave ∞ − ∞
    Formula size = x.abs();
    Formula cut = size.greaterThan(far).then(far, size);
    Formula y = angle(cut, ONE, single).rounded();
    return x.equalTo(ZERO).then(x, x.lessThan(ZERO).then(y.negate(), y));
  }

  /// The angle of the point `(x, y)`, between −π and π.
  static Formula atan2(Formula y, Formula x, boolean single) {
    Formula infinity = constant(Double.POSITIVE_INFINITY);
    Formula height = y.abs();
    Formula width = x.abs();
    Formula both = height.equalTo(infinity).and(width.equalTo(infinity));
    Formula larger = height.greaterThan(width).then(height, width);
    // both are made neither too large nor too small to add and to multiply
    Formula factor =
        larger
            .greaterThan(constant(single ? 0x1p100 : 0x1p900))
            .then(
                constant(single ? 0x1p-60 : 0x1p-200),
                larger
                    .lessThan(constant(single ? 0x1p-60 : 0x1p-800))
                    .then(constant(single ? 0x1p80 : 0x1p250), ONE));
    Formula a = both.then(ONE, height.times(factor));
    Formula b = both.then(ONE, width.times(factor));
    Formula far = constant(single ? 0x1p110 : 0x1p1010);
    DoubleWord angle =
        angle(a.equalTo(infinity).then(far, a), b.equalTo(infinity).then(far, b), single);
    DoubleWord half = pi(1, single);
    DoubleWord mirrored =
        DoubleWord.orderedSum(half.high(), angle.high().negate())
            .plusSmall(half.low().minus(angle.low()));
    Formula left = isNegative(x);
    Formula origin = larger.equalTo(ZERO);
    Formula right = angle.rounded();
    Formula size =
        left.then(origin.then(half.high(), mirrored.rounded()), origin.then(ZERO, right));
    Formula undefined = x.equalTo(x).and(y.equalTo(y)).not();
    Formula signed = isNegative(y).then(size.negate(), size);
    return undefined.then(constant(Double.NaN), signed);
  }

  /// `atan(a / b)` of numbers that are not negative: of the quotient itself up to `tan π/8`, of `(a
  /// − b)/(a + b)` after an eighth of a turn, of `−b/a` after a quarter.
  private static DoubleWord angle(Formula a, Formula b, boolean single) {
    Formula steep = a.greaterThan(b.times(2.414213562373095));
    Formula middle = a.greaterThan(b.times(0.41421356237309503));
    DoubleWord less = DoubleWord.sum(a, b.negate());
    DoubleWord more = DoubleWord.sum(a, b);
    DoubleWord numerator =
        new DoubleWord(b.negate(), ZERO).where(steep, less.where(middle, new DoubleWord(a, ZERO)));
    DoubleWord denominator =
        new DoubleWord(a, ZERO).where(steep, more.where(middle, new DoubleWord(b, ZERO)));
    DoubleWord t = DoubleWord.quotient(numerator, denominator);
    Formula z = t.high().square();
    Formula series =
        single
            ? polynomial(
                z,
                -0.06449835002422333,
                0.10743099451065063,
                -0.14263896644115448,
                0.19999538362026215,
                -0.3333333134651184)
            : polynomial(
                z,
                -0.019162068915902573,
                0.03921955253255129,
                -0.05085030492810941,
                0.058580687568615106,
                -0.06664502215671447,
                0.07692182535116648,
                -0.09090904549884611,
                0.11111111014561013,
                -0.14285714284657894,
                0.1999999999999548,
                -0.3333333333333333);
    Formula tail = t.high().times(z).fma(series, t.low());
    DoubleWord none = new DoubleWord(ZERO, ZERO);
    DoubleWord base = pi(0.5, single).where(steep, pi(0.25, single).where(middle, none));
    return DoubleWord.orderedSum(base.high(), t.high()).plusSmall(base.low().plus(tail));
  }
}
