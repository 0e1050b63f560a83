package vectorgrad.tensor.spi;

/// What becomes of an element that another one is scattered onto. Where several meet at one place,
/// they come in row-major order.
public enum Scatter {
  /// The other one replaces it, so the last one stays.
  WRITE,
  /// Their product.
  PROD,
  /// The larger; NaN if there is one.
  MAX,
  /// The smaller; NaN if there is one.
  MIN;

  /// The element after `x` came onto `y`.
  public double onto(double y, double x) {
    return switch (this) {
      case WRITE -> x;
      case PROD -> y * x;
      case MAX -> Math.max(y, x);
      case MIN -> Math.min(y, x);
    };
  }

  /// The element after `x` came onto `y`, in whole numbers, which wrap around.
  public long onto(long y, long x) {
    return switch (this) {
      case WRITE -> x;
      case PROD -> y * x;
      case MAX -> Math.max(y, x);
      case MIN -> Math.min(y, x);
    };
  }
}
