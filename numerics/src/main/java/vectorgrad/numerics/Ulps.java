package vectorgrad.numerics;

/// Distances between floating-point numbers, counted in numbers: neighbours are 1 apart.
public final class Ulps {
  private Ulps() {}

  /// How many steps from one float to the next lead from `a` to `b`; 0 for equal numbers, zeros of
  /// both signs and two NaNs; `Long.MAX_VALUE` if only one is NaN.
  public static long distance(float a, float b) {
    if (Float.isNaN(a) || Float.isNaN(b)) {
      return Float.isNaN(a) && Float.isNaN(b) ? 0 : Long.MAX_VALUE;
    }
    return Math.abs((long) ordered(a) - ordered(b));
  }

  /// How many steps from one double to the next lead from `a` to `b`, as for floats;
  /// `Long.MAX_VALUE` if there are more.
  public static long distance(double a, double b) {
    if (Double.isNaN(a) || Double.isNaN(b)) {
      return Double.isNaN(a) && Double.isNaN(b) ? 0 : Long.MAX_VALUE;
    }
    long distance = ordered(a) - ordered(b);
    boolean overflowed = (ordered(a) ^ ordered(b)) < 0 && (ordered(a) ^ distance) < 0;
    return overflowed ? Long.MAX_VALUE : Math.abs(distance);
  }

  /// A number that grows with `x`, by one from each float to the next.
  private static int ordered(float x) {
    int bits = Float.floatToIntBits(x);
    return bits >= 0 ? bits : Integer.MIN_VALUE - bits;
  }

  private static long ordered(double x) {
    long bits = Double.doubleToLongBits(x);
    return bits >= 0 ? bits : Long.MIN_VALUE - bits;
  }
}
