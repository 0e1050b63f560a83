package vectorgrad.numerics;

/// IEEE 754 binary16, as 16 bits in a `short`: 1 of sign, 5 of exponent, 10 of fraction.
public final class Half {
  private Half() {}

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
}
