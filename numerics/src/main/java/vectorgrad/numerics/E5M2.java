package vectorgrad.numerics;

/// Eight bits for gradients, the upper half of a [Half]: 1 of sign, 5 of exponent, 2 of fraction.
/// From 2⁻¹⁶ to 57344; what rounds beyond is ∞, unless it is [#saturated].
///
/// @param bits sign, exponent and fraction
public record E5M2(byte bits) implements SmallFloat<E5M2> {
  /// The number nearest to `x`, ties to even, as its bits.
  public static byte floatToBits(float x) {
    return (byte) FloatFormat.E5M2.encode(x);
  }

  /// The number nearest to `x`, ties to even, as its bits.
  public static byte doubleToBits(double x) {
    return (byte) FloatFormat.E5M2.encode(x);
  }

  /// The number with the given bits, exactly.
  public static float bitsToFloat(byte bits) {
    return (float) FloatFormat.E5M2.decode(bits);
  }

  /// The number nearest to `x`, and the largest for all that is larger.
  public static E5M2 saturated(double x) {
    return new E5M2((byte) FloatFormat.E5M2.saturated().encode(x));
  }

  /// The number nearest to `x`, ties to even.
  public static E5M2 of(double x) {
    return new E5M2(doubleToBits(x));
  }

  @Override
  public FloatFormat format() {
    return FloatFormat.E5M2;
  }

  @Override
  public double toDouble() {
    return bitsToFloat(bits);
  }

  @Override
  public E5M2 withBits(long code) {
    return new E5M2((byte) code);
  }

  /// The shortest decimal that no other number of this format is nearer to.
  @Override
  public String toString() {
    return FloatFormat.E5M2.shortest(toDouble());
  }
}
