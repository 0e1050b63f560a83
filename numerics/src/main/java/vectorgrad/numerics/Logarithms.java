package vectorgrad.numerics;

import static vectorgrad.numerics.Elementary.polynomial;
import static vectorgrad.numerics.Elementary.powerOfTwo;
import static vectorgrad.numerics.Formula.HALF;
import static vectorgrad.numerics.Formula.ONE;
import static vectorgrad.numerics.Formula.TWO;
import static vectorgrad.numerics.Formula.ZERO;
import static vectorgrad.numerics.Formula.constant;
import static vectorgrad.numerics.UnaryFunction.EXPONENT;
import static vectorgrad.numerics.UnaryFunction.SIGNIFICAND;

/// The logarithm and what is made of it: `ln x = k·ln 2 + rest`.
///
/// @param k a whole number
/// @param rest the logarithm of a number between √½ and √2, to about 14 digits more than it has
@SuppressWarnings("FloatingPointLiteralPrecision") // coefficients stand as their sources print them
record Logarithms(Formula k, DoubleWord rest) {

  /// `ln x = k·ln 2 + ln(1 + f)` with `√½ < 1 + f ≤ √2`, and `ln(1 + f)` by the series of
  /// `2·artanh(f / (2 + f))`, whose even powers are `R`.
  static Formula log(Formula x, boolean single) {
    Formula tiny = x.lessThan(constant(single ? Float.MIN_NORMAL : Double.MIN_NORMAL));
    int lift = single ? 24 : 54; // subnormal arguments are made normal first
    Formula normal = tiny.then(x.times(Math.scalb(1.0, lift)), x);
    Formula significand = new Formula.Unary(SIGNIFICAND, normal);
    Formula large = significand.greaterThan(constant(Math.sqrt(2)));
    Formula k =
        new Formula.Unary(EXPONENT, normal)
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
    return defined(x, k.fma(high, low.minus(halfSquare).plus(f)));
  }

  /// −∞ at 0, ∞ at ∞, NaN below and for NaN, else `y`.
  private static Formula defined(Formula x, Formula y) {
    Formula finite = x.equalTo(constant(Double.POSITIVE_INFINITY)).then(x, y);
    Formula notZero = x.equalTo(ZERO).then(constant(Double.NEGATIVE_INFINITY), finite);
    Formula undefined = x.lessThan(ZERO).or(x.equalTo(x).not());
    return undefined.then(constant(Double.NaN), notZero);
  }

  /// The logarithm of a positive number, which may be subnormal.
  static Logarithms of(Formula x, boolean single) {
    Formula tiny = x.lessThan(constant(single ? Float.MIN_NORMAL : Double.MIN_NORMAL));
    int lift = single ? 24 : 54;
    Formula normal = tiny.then(x.times(Math.scalb(1.0, lift)), x);
    Logarithms lifted = of(new DoubleWord(normal, ZERO), single);
    return new Logarithms(lifted.k.minus(tiny.then(constant(lift), ZERO)), lifted.rest);
  }

  /// The logarithm of a positive normal number that is known to twice its digits.
  static Logarithms of(DoubleWord x, boolean single) {
    Formula significand = new Formula.Unary(SIGNIFICAND, x.high());
    Formula large = significand.greaterThan(constant(Math.sqrt(2)));
    Formula k = new Formula.Unary(EXPONENT, x.high()).plus(large.then(ONE, ZERO));
    Formula f1 = large.then(significand.times(HALF), significand).minus(ONE);
    DoubleWord f =
        x.low().equals(ZERO)
            ? new DoubleWord(f1, ZERO)
            : DoubleWord.sum(
                f1,
                x.low().times(powerOfTwo(Exponentials.cut(k.negate(), single ? -126 : -1022, 99))));
    DoubleWord s = DoubleWord.quotient(f, DoubleWord.orderedSum(TWO, f.high()).plusSmall(f.low()));
    DoubleWord z = s.times(s);
    Formula series =
        single
            ? polynomial(
                z.high(),
                0.19121329486370087,
                0.22204729914665222,
                0.2857153117656708,
                0.4000000059604645)
            : polynomial(
                z.high(),
                0.11724327060846747,
                0.11706126464563398,
                0.1333480879881234,
                0.1538459488700718,
                0.18181818336099848,
                0.22222222221652765,
                0.2857142857142937,
                0.4);
    DoubleWord twoThirds = DoubleWord.of(2.0 / 3, 0x1.5555555555555p-55, single);
    DoubleWord tail = z.times(twoThirds).plusSmall(z.high().square().times(series)).times(s);
    DoubleWord rest =
        DoubleWord.orderedSum(s.high().times(TWO), tail.high())
            .plusSmall(s.low().fma(TWO, tail.low()));
    return new Logarithms(k, rest);
  }

  /// `k·factor + rest`, where `k` times the high word of the factor must be exact.
  private DoubleWord with(Formula high, Formula low, DoubleWord scaled) {
    DoubleWord sum = DoubleWord.orderedSum(k.times(high), scaled.high());
    return DoubleWord.orderedSum(sum.high(), sum.low().plus(k.fma(low, scaled.low())));
  }

  /// The natural logarithm, to about 12 bits more than it has.
  DoubleWord natural(boolean single) {
    return with(
        constant(single ? 6.9313812256e-01 : 6.93147180369123816490e-01),
        constant(single ? 9.0580006145e-06 : 1.90821492927058770002e-10),
        rest);
  }

  /// The logarithm to the base 2: `k + rest·log₂ e`; exact for powers of two.
  static Formula log2(Formula x, boolean single) {
    Logarithms ln = of(x, single);
    DoubleWord scaled =
        ln.rest.times(DoubleWord.of(0x1.71547652b82fep0, 0x1.777d0ffda0d24p-56, single));
    return defined(x, ln.with(ONE, ZERO, scaled).rounded());
  }

  /// The logarithm to the base 10: `k·log₁₀ 2 + rest·log₁₀ e`.
  static Formula log10(Formula x, boolean single) {
    Logarithms ln = of(x, single);
    DoubleWord scaled =
        ln.rest.times(DoubleWord.of(0x1.bcb7b1526e50ep-2, 0x1.95355baaafad3p-57, single));
    double high = single ? 0x1.344p-2 : 0x1.34413509f7800p-2; // leaves room for 11 bits of k
    double low = single ? 0x1.3509f79fef312p-18 : 0x1.fef311f12b358p-46;
    return defined(x, ln.with(constant(high), constant(low), scaled).rounded());
  }

  /// `ln(1 + x)`; what is tiny stays as it is.
  static Formula log1p(Formula x, boolean single) {
    Formula u = x.plus(ONE);
    Formula y = of(DoubleWord.sum(ONE, x), single).natural(single).rounded();
    return x.abs().lessThan(constant(single ? 0x1p-30 : 0x1p-60)).then(x, defined(u, y));
  }

  /// `±ln(1 + w + w²/(1 + √(1 + w²)))` with `w = |x|`; `ln 2w` where `w²` is too large.
  static Formula asinh(Formula x, boolean single) {
    Formula w = x.abs();
    DoubleWord square = DoubleWord.product(w, w);
    DoubleWord half = DoubleWord.quotient(square, square.plusOne().sqrt().plusOne());
    DoubleWord sum = DoubleWord.sum(w, half.high()).plusSmall(half.low());
    Formula y = large(w, sum.plusOne(), single);
    Formula signed = x.lessThan(ZERO).then(y.negate(), y);
    return w.lessThan(constant(single ? 0x1p-13 : 0x1p-28)).then(x, signed);
  }

  /// `ln(x + √(x² − 1))`; `ln 2x` where `x²` is too large; NaN below 1.
  static Formula acosh(Formula x, boolean single) {
    DoubleWord square = DoubleWord.product(x, x);
    DoubleWord less = DoubleWord.sum(square.high(), constant(-1));
    DoubleWord root = DoubleWord.orderedSum(less.high(), less.low().plus(square.low())).sqrt();
    DoubleWord sum = DoubleWord.sum(x, root.high()).plusSmall(root.low());
    Formula y = large(x, sum, single);
    Formula one = x.equalTo(ONE).then(ZERO, y); // where the root's rest is 0/0
    return x.lessThan(ONE).then(constant(Double.NaN), one);
  }

  /// `ln sum`, where `sum` is nearly `2w`, which stands for it where `w²` is too large.
  private static Formula large(Formula w, DoubleWord sum, boolean single) {
    Formula large = w.greaterThan(constant(single ? 0x1p14 : 0x1p28));
    Logarithms ln = of(new DoubleWord(w, constant(-0.0)).where(large, sum), single);
    Formula y = new Logarithms(ln.k.plus(large.then(ONE, ZERO)), ln.rest).natural(single).rounded();
    return defined(w, y);
  }

  /// `±½·ln(1 + 2w/(1 − w))` with `w = |x|`
  static Formula atanh(Formula x, boolean single) {
    Formula w = x.abs();
    DoubleWord quotient =
        DoubleWord.quotient(new DoubleWord(w.times(TWO), ZERO), DoubleWord.sum(ONE, w.negate()));
    Formula y = of(quotient.plusOne(), single).natural(single).rounded().times(HALF);
    Formula signed = x.lessThan(ZERO).then(y.negate(), y);
    Formula inside = w.equalTo(ONE).then(x.times(Double.POSITIVE_INFINITY), signed);
    Formula defined = w.greaterThan(ONE).or(x.equalTo(x).not()).then(constant(Double.NaN), inside);
    return w.lessThan(constant(single ? 0x1p-13 : 0x1p-28)).then(x, defined);
  }
}
