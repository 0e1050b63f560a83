package vectorgrad.numerics;

/// Rounding that may be followed by another: of the two neighbours of a number that does not fit,
/// the one whose last bit is 1.
///
/// A number rounded to nearest twice may end up beside the nearest: what is just above a tie may
/// first become the tie, and then go the other way. An odd last bit keeps the memory of what was
/// cut off, if the second format is shorter by two bits or more (Boldo & Melquiond, 2005).
final class RoundToOdd {
  private RoundToOdd() {}

  static float floatOf(double x) {
    float nearest = (float) x;
    int bits = Float.floatToRawIntBits(nearest);
    if (nearest == x || Double.isNaN(x) || (bits & 1) == 1) {
      return nearest;
    }
    // away from zero or towards it, to the neighbour on the other side of x
    return Float.intBitsToFloat(Math.abs(nearest) < Math.abs(x) ? bits + 1 : bits - 1);
  }

  static double doubleOf(long x) {
    double nearest = (double) x;
    boolean fits = nearest < 0x1p63 && (long) nearest == x;
    // 11 bits are at most cut off; the lowest of the others takes what they held
    return fits ? nearest : (double) (x >> 11 << 11 | ((x & 0x7ff) != 0 ? 0x800 : 0));
  }
}
