package vectorgrad.numerics;

import static vectorgrad.numerics.Elementary.isNegative;
import static vectorgrad.numerics.Elementary.nearest;
import static vectorgrad.numerics.Elementary.polynomial;
import static vectorgrad.numerics.Elementary.powerOfTwo;
import static vectorgrad.numerics.Formula.HALF;
import static vectorgrad.numerics.Formula.ONE;
import static vectorgrad.numerics.Formula.TWO;
import static vectorgrad.numerics.Formula.ZERO;
import static vectorgrad.numerics.Formula.constant;
import static vectorgrad.numerics.UnaryFunction.EXPONENT;
import static vectorgrad.numerics.UnaryFunction.SIGNIFICAND;

/// Powers and roots.
final class Powers {
  private Powers() {}

  /// `|x|ʸ = e^(y·ln |x|)`, the logarithm and the product to twice their digits; negative where `x`
  /// is and `y` is odd. The exceptions are those of IEEE 754: `x⁰` and `1ʸ` are 1 even for NaN, and
  /// a negative number has powers for whole `y` only.
  static Formula pow(Formula x, Formula y, boolean single) {
    Formula infinity = constant(Double.POSITIVE_INFINITY);
    Formula size = x.abs();
    Formula whole = y.floor().equalTo(y);
    Formula half = y.times(HALF);
    Formula odd = whole.and(half.floor().equalTo(half).not());

    DoubleWord ln = Logarithms.of(size, single).natural(single);
    Formula product = ln.high().times(y);
    Formula cut = Exponentials.cut(product, single ? -105 : -747, single ? 90 : 711);
    Formula rest = ln.low().fma(y, ln.high().fma(y, product.negate()));
    Formula exact = cut.equalTo(product).then(rest, ZERO);
    Formula power = Exponentials.of(new DoubleWord(cut, exact), single).rounded(single);

    Formula bottom = y.lessThan(ZERO).then(infinity, ZERO); // powers of 0
    Formula top = y.lessThan(ZERO).then(ZERO, infinity); // powers of ∞
    Formula finite = size.equalTo(ZERO).then(bottom, size.equalTo(infinity).then(top, power));
    Formula signed = isNegative(x).and(odd).then(finite.negate(), finite);
    Formula real = x.lessThan(ZERO).and(whole.not()).and(size.lessThan(infinity)).not();
    Formula number = real.and(x.equalTo(x)).and(y.equalTo(y));
    Formula defined = number.then(signed, constant(Double.NaN));
    Formula still = size.equalTo(ONE).and(y.abs().equalTo(infinity)); // (−1)^∞
    return y.equalTo(ZERO).or(x.equalTo(ONE)).or(still).then(ONE, defined);
  }

  /// `x = m·2³ᵏ` with `m` in [1, 8): a polynomial guesses the root of `m`, a step of Halley makes
  /// three times as many digits right, and a step of Newton all of them.
  static Formula cbrt(Formula x, boolean single) {
    Formula size = x.abs();
    Formula tiny = size.lessThan(constant(single ? Float.MIN_NORMAL : Double.MIN_NORMAL));
    int thirds = single ? 8 : 18; // a lift by 2³, so often
    Formula normal = tiny.then(size.times(Math.scalb(1.0, 3 * thirds)), size);
    Formula exponent = new Formula.Unary(EXPONENT, normal);
    Formula k = nearest(exponent.minus(ONE), constant(1.0 / 3), single);
    Formula rest = exponent.minus(k.times(3)); // 0, 1 or 2
    Formula one = rest.equalTo(ONE);
    Formula two = rest.equalTo(TWO);
    Formula significand = new Formula.Unary(SIGNIFICAND, normal);
    Formula m = significand.times(two.then(constant(4), one.then(TWO, ONE)));
    Formula guess =
        polynomial(
                significand,
                -0.010102212336338642,
                0.08307903547963541,
                -0.2939541180848237,
                0.7117423866025924,
                0.5092481335492415)
            .times(
                two.then(
                    constant(1.5874010519681994), one.then(constant(1.2599210498948732), ONE)));
    Formula cube = guess.square().times(guess);
    Formula t = guess.times(m.fma(TWO, cube).over(cube.fma(TWO, m)));
    DoubleWord square = DoubleWord.product(t, t);
    Formula error = square.low().fma(t, square.high().fma(t, m.negate()));
    Formula root = t.minus(error.over(square.high().times(3)));
    Formula scaled = root.times(powerOfTwo(k.minus(tiny.then(constant(thirds), ZERO))));
    Formula signed = x.lessThan(ZERO).then(scaled.negate(), scaled);
    Formula same = size.equalTo(constant(Double.POSITIVE_INFINITY)).or(x.equalTo(ZERO));
    return same.or(x.equalTo(x).not()).then(x, signed);
  }

  /// `√(a² + b²)`, both made neither too large nor too small to be squared; ∞ if one is, even if
  /// the other is NaN.
  static Formula hypot(Formula a, Formula b, boolean single) {
    Formula width = a.abs();
    Formula height = b.abs();
    Formula larger = height.greaterThan(width).then(height, width);
    Formula large = larger.greaterThan(constant(single ? 0x1p60 : 0x1p500));
    Formula small = larger.lessThan(constant(single ? 0x1p-40 : 0x1p-400));
    int up = single ? 90 : 600;
    int down = single ? 70 : 600;
    Formula factor = factor(large, -down, small, up);
    Formula x = width.times(factor);
    Formula y = height.times(factor);
    Formula root = x.fma(x, y.square()).sqrt().times(factor(large, down, small, -up));
    Formula infinity = constant(Double.POSITIVE_INFINITY);
    Formula infinite = width.equalTo(infinity).or(height.equalTo(infinity));
    return infinite.then(infinity, root);
  }

  private static Formula factor(Formula large, int ofLarge, Formula small, int ofSmall) {
    return large.then(
        constant(Math.scalb(1.0, ofLarge)), small.then(constant(Math.scalb(1.0, ofSmall)), ONE));
  }
}
