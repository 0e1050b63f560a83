package vectorgrad.numerics;

/// A number of 16 or 8 bits. Each operation is that of real numbers, rounded once to the nearest
/// number of the format.
///
/// ```java
/// Half third = Half.of(1).over(Half.of(3));
/// third.toDouble();               // 0.333251953125
/// third.times(Half.of(3));        // 1.0
/// ```
///
/// Numbers are equal if their bits are; `compareTo` orders them as `Double` does.
///
/// @param <F> the format's own type
public sealed interface SmallFloat<F extends SmallFloat<F>> extends Comparable<F>
    permits Half, BFloat16, E4M3, E5M2 {

  /// What the bits mean.
  FloatFormat format();

  /// The number, exactly.
  double toDouble();

  /// The number of this format with these bits.
  F withBits(long bits);

  /// The number of this format nearest to `x`.
  default F nearest(double x) {
    return withBits(format().encode(x));
  }

  /// `x + y`
  default F plus(F y) {
    return nearest(toDouble() + y.toDouble());
  }

  /// `x − y`
  default F minus(F y) {
    return nearest(toDouble() - y.toDouble());
  }

  /// `x·y`
  default F times(F y) {
    return nearest(toDouble() * y.toDouble());
  }

  /// `x / y`
  default F over(F y) {
    return nearest(toDouble() / y.toDouble());
  }

  /// `x·y + z`, rounded once.
  default F fma(F y, F z) {
    return nearest(
        Formula.input(0)
            .fma(Formula.input(1), Formula.input(2))
            .evaluate(format(), toDouble(), y.toDouble(), z.toDouble()));
  }

  /// `√x`
  default F sqrt() {
    return nearest(Math.sqrt(toDouble()));
  }

  /// `−x`
  default F negate() {
    return nearest(-toDouble());
  }

  /// `|x|`
  default F abs() {
    return nearest(Math.abs(toDouble()));
  }

  /// The smallest number above this one.
  default F next() {
    return nearest(format().next(toDouble()));
  }

  /// The largest number below this one.
  default F previous() {
    return nearest(format().previous(toDouble()));
  }

  /// Whether this is NaN.
  default boolean isNaN() {
    return Double.isNaN(toDouble());
  }

  /// Whether this is neither infinite nor NaN.
  default boolean isFinite() {
    return Double.isFinite(toDouble());
  }

  @Override
  default int compareTo(F y) {
    return Double.compare(toDouble(), y.toDouble());
  }
}
