package vectorgrad.numerics;

/// IEEE 754 binary16, as 16 bits in a `short`: 1 of sign, 5 of exponent, 10 of fraction. From
/// 6·10⁻⁸ to 65504, with 3.3 digits; what is larger is ∞.
///
/// @param bits sign, exponent and fraction
public record Half(short bits) implements SmallFloat<Half> {
  /// The half nearest to `x`, ties to even, as its bits.
  public static short floatToBits(float x) {
    return Float.floatToFloat16(x);
  }

  /// The half nearest to `x`, ties to even, as its bits: rounded once, not to a float first.
  public static short doubleToBits(double x) {
    return floatToBits(RoundToOdd.floatOf(x));
  }

  /// The number with the given bits, exactly.
  public static float bitsToFloat(short bits) {
    return Float.float16ToFloat(bits);
  }

  /// The number nearest to `x`, ties to even.
  public static Half of(double x) {
    return new Half(doubleToBits(x));
  }

  @Override
  public FloatFormat format() {
    return FloatFormat.FP16;
  }

  @Override
  public double toDouble() {
    return bitsToFloat(bits);
  }

  @Override
  public Half withBits(long code) {
    return new Half((short) code);
  }

  /// The shortest decimal that no other number of this format is nearer to.
  @Override
  public String toString() {
    return FloatFormat.FP16.shortest(toDouble());
  }
}
