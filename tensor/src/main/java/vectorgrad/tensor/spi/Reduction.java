package vectorgrad.tensor.spi;

/// How a reduction joins elements. The order in which it joins them is fixed by shape alone, so the
/// same operands always give the same bits.
public enum Reduction {
  /// `a + b`; an empty sum is 0.
  SUM(0),
  /// `a · b`; an empty product is 1.
  PROD(1),
  /// The larger; NaN if there is one; −∞ for nothing.
  MAX(Double.NEGATIVE_INFINITY),
  /// The smaller; NaN if there is one; +∞ for nothing.
  MIN(Double.POSITIVE_INFINITY);

  private final double identity;

  Reduction(double identity) {
    this.identity = identity;
  }

  /// The value that changes nothing, and the result of reducing nothing.
  public double identity() {
    return identity;
  }

  /// As [#identity()], among whole numbers: the smallest and the largest stand for −∞ and ∞.
  public long wholeIdentity() {
    return (long) identity;
  }

  /// Two partial results joined, in int64, which wraps around.
  public long join(long a, long b) {
    return switch (this) {
      case SUM -> a + b;
      case PROD -> a * b;
      case MAX -> Math.max(a, b);
      case MIN -> Math.min(a, b);
    };
  }

  /// Two partial results joined, in float64.
  public double join(double a, double b) {
    return switch (this) {
      case SUM -> a + b;
      case PROD -> a * b;
      case MAX -> Math.max(a, b);
      case MIN -> Math.min(a, b);
    };
  }
}
