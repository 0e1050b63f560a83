package vectorgrad.numerics;

import static vectorgrad.numerics.Formula.ONE;
import static vectorgrad.numerics.Formula.TWO;
import static vectorgrad.numerics.Formula.constant;

/// A number as the unevaluated sum of two, the second about as large as the rounding error of the
/// first: twice the digits, out of operations that round.
///
/// That it works rests on two exact facts of IEEE 754: the rounding error of a sum is a number of
/// the same format, and so is that of a product. Sources: T. J. Dekker, *A floating-point technique
/// for extending the available precision*, 1971; D. E. Knuth, *The Art of Computer Programming* 2,
/// 4.2.2; J.-M. Muller and others, *Handbook of Floating-Point Arithmetic*, 2018, chapters 4 and
/// 14.
///
/// @param high the number, rounded
/// @param low what is missing
record DoubleWord(Formula high, Formula low) {

  /// A constant to twice the digits.
  ///
  /// @param high the constant as a double
  /// @param low what is missing, as a double
  static DoubleWord of(double high, double low, boolean single) {
    return single
        ? new DoubleWord(constant((float) high), constant((float) (high - (float) high)))
        : new DoubleWord(constant(high), constant(low));
  }

  /// `a + b`, exactly.
  static DoubleWord sum(Formula a, Formula b) {
    Formula sum = a.plus(b);
    Formula ofB = sum.minus(a);
    return new DoubleWord(sum, a.minus(sum.minus(ofB)).plus(b.minus(ofB)));
  }

  /// `a + b`, exactly, where `|a| ≥ |b|` or `a` is 0.
  static DoubleWord orderedSum(Formula a, Formula b) {
    Formula sum = a.plus(b);
    return new DoubleWord(sum, b.minus(sum.minus(a)));
  }

  /// `a·b`, exactly unless it underflows.
  static DoubleWord product(Formula a, Formula b) {
    Formula product = a.times(b);
    return new DoubleWord(product, a.fma(b, product.negate()));
  }

  /// `a / b`
  static DoubleWord quotient(DoubleWord a, DoubleWord b) {
    Formula quotient = a.high.over(b.high);
    Formula rest = quotient.negate().fma(b.high, a.high).plus(a.low.minus(quotient.times(b.low)));
    return new DoubleWord(quotient, rest.over(b.high));
  }

  /// `x + b`, where `|x| ≥ |b|` or `x` is 0, and `b` so small that its rounding does not matter.
  DoubleWord plusSmall(Formula b) {
    return new DoubleWord(high, low.plus(b));
  }

  /// `x + 1`
  DoubleWord plusOne() {
    DoubleWord sum = sum(ONE, high);
    return orderedSum(sum.high, sum.low.plus(low));
  }

  /// `x·b`
  DoubleWord times(DoubleWord b) {
    DoubleWord product = product(high, b.high);
    return product.plusSmall(high.fma(b.low, low.times(b.high)));
  }

  /// `x·b`
  DoubleWord times(Formula b) {
    DoubleWord product = product(high, b);
    return new DoubleWord(product.high, low.fma(b, product.low));
  }

  /// `√x`
  DoubleWord sqrt() {
    Formula root = high.sqrt();
    Formula rest = root.negate().fma(root, high).plus(low);
    return new DoubleWord(root, rest.over(root.times(TWO)));
  }

  /// This number where the condition is true, else the other one.
  DoubleWord where(Formula condition, DoubleWord otherwise) {
    return new DoubleWord(condition.then(high, otherwise.high), condition.then(low, otherwise.low));
  }

  /// The same number, the first word being all of it rounded.
  DoubleWord normalized() {
    return orderedSum(high, low);
  }

  /// The number, rounded once.
  Formula rounded() {
    return high.plus(low);
  }
}
