package vectorgrad.numerics;

/// Eight bits for weights and activations: 1 of sign, 4 of exponent, 3 of fraction. From 2⁻⁹ to
/// 448; what rounds beyond is NaN, since there is no ∞, unless it is [#saturated].
///
/// @param bits sign, exponent and fraction
public record E4M3(byte bits) implements SmallFloat<E4M3> {
  /// The number nearest to `x`, ties to even, as its bits.
  public static byte floatToBits(float x) {
    return (byte) FloatFormat.E4M3.encode(x);
  }

  /// The number nearest to `x`, ties to even, as its bits.
  public static byte doubleToBits(double x) {
    return (byte) FloatFormat.E4M3.encode(x);
  }

  /// The number with the given bits, exactly.
  public static float bitsToFloat(byte bits) {
    return (float) FloatFormat.E4M3.decode(bits);
  }

  /// The number nearest to `x`, and the largest for all that is larger.
  public static E4M3 saturated(double x) {
    return new E4M3((byte) FloatFormat.E4M3.saturated().encode(x));
  }

  /// The number nearest to `x`, ties to even.
  public static E4M3 of(double x) {
    return new E4M3(doubleToBits(x));
  }

  @Override
  public FloatFormat format() {
    return FloatFormat.E4M3;
  }

  @Override
  public double toDouble() {
    return bitsToFloat(bits);
  }

  @Override
  public E4M3 withBits(long code) {
    return new E4M3((byte) code);
  }

  /// The shortest decimal that no other number of this format is nearer to.
  @Override
  public String toString() {
    return FloatFormat.E4M3.shortest(toDouble());
  }
}
