package vectorgrad.numerics;

/// The upper half of a `float`, as 16 bits in a `short`: 1 of sign, 8 of exponent, 7 of fraction.
/// The range of `float`, with 2.4 digits.
///
/// @param bits sign, exponent and fraction
public record BFloat16(short bits) implements SmallFloat<BFloat16> {
  /// The bfloat16 nearest to `x`, ties to even, as its bits. What remains of a NaN's payload stays,
  /// and a NaN stays quiet.
  public static short floatToBits(float x) {
    int bits = Float.floatToRawIntBits(x);
    if (Float.isNaN(x)) {
      return (short) ((bits >>> 16) | 0x40);
    }
    return (short) ((bits + 0x7fff + ((bits >>> 16) & 1)) >>> 16);
  }

  /// The bfloat16 nearest to `x`, ties to even, as its bits: rounded once, not to a float first.
  public static short doubleToBits(double x) {
    return floatToBits(RoundToOdd.floatOf(x));
  }

  /// The bfloat16 nearest to `x`, ties to even, as its bits: rounded once, not to a double first.
  public static short longToBits(long x) {
    return doubleToBits(RoundToOdd.doubleOf(x));
  }

  /// The number with the given bits, exactly.
  public static float bitsToFloat(short bits) {
    return Float.intBitsToFloat(bits << 16);
  }

  /// The number nearest to `x`, ties to even.
  public static BFloat16 of(double x) {
    return new BFloat16(doubleToBits(x));
  }

  @Override
  public FloatFormat format() {
    return FloatFormat.BF16;
  }

  @Override
  public double toDouble() {
    return bitsToFloat(bits);
  }

  @Override
  public BFloat16 withBits(long code) {
    return new BFloat16((short) code);
  }

  /// The shortest decimal that no other number of this format is nearer to.
  @Override
  public String toString() {
    return FloatFormat.BF16.shortest(toDouble());
  }
}
