package vectorgrad.tensor;

/// The window of a 2-d pooling and how it moves. What the padding counts as is the operation's to
/// say: −∞ for a maximum, so that it is never chosen, 0 for a mean.
///
/// There are `⌊(H + 2·padding − dilation·(kernel − 1) − 1) / stride⌋ + 1` rows of windows, and
/// columns alike. In ceil mode the division is rounded up instead, and windows may overhang the
/// end; but each of them begins within the picture or the padding before it.
///
/// ```java
/// PoolGeometry.square(3).stride(2).padding(1)
/// ```
///
/// @param kernelH rows of the window
/// @param kernelW columns of the window
/// @param strideH rows from one window to the next
/// @param strideW columns from one window to the next
/// @param paddingH rows added above and below, at most half of what the window spans
/// @param paddingW columns added left and right, at most half of what the window spans
/// @param dilationH rows between neighbours in the window, 1 for a dense window
/// @param dilationW columns between neighbours in the window, 1 for a dense window
/// @param ceilMode whether windows may overhang the end
public record PoolGeometry(
    int kernelH,
    int kernelW,
    int strideH,
    int strideW,
    int paddingH,
    int paddingW,
    int dilationH,
    int dilationW,
    boolean ceilMode) {

  /// Checks that window, strides and dilations are at least 1 and the padding at most half of what
  /// the window spans.
  public PoolGeometry {
    Pool1dGeometry.check(kernelH, strideH, paddingH, dilationH);
    Pool1dGeometry.check(kernelW, strideW, paddingW, dilationW);
  }

  /// A dense window; those that would overhang are dropped.
  public PoolGeometry(
      int kernelH, int kernelW, int strideH, int strideW, int paddingH, int paddingW) {
    this(kernelH, kernelW, strideH, strideW, paddingH, paddingW, 1, 1, false);
  }

  /// A square window that moves by its own size.
  public static PoolGeometry square(int kernel) {
    return new PoolGeometry(kernel, kernel, kernel, kernel, 0, 0);
  }

  /// A copy with another stride, the same in both directions.
  public PoolGeometry stride(int stride) {
    return both(height().stride(stride), width().stride(stride));
  }

  /// A copy with another padding, the same in both directions.
  public PoolGeometry padding(int padding) {
    return both(height().padding(padding), width().padding(padding));
  }

  /// A copy with another dilation, the same in both directions.
  public PoolGeometry dilation(int dilation) {
    return both(height().dilation(dilation), width().dilation(dilation));
  }

  /// A copy whose windows may overhang the end, or may not.
  public PoolGeometry ceilMode(boolean ceilMode) {
    return both(height().ceilMode(ceilMode), width().ceilMode(ceilMode));
  }

  /// The window's rows.
  public Pool1dGeometry height() {
    return new Pool1dGeometry(kernelH, strideH, paddingH, dilationH, ceilMode);
  }

  /// The window's columns.
  public Pool1dGeometry width() {
    return new Pool1dGeometry(kernelW, strideW, paddingW, dilationW, ceilMode);
  }

  /// The rows of the output for an input of `height` rows.
  public int outputHeight(int height) {
    return height().outputSize(height);
  }

  /// The columns of the output for an input of `width` columns.
  public int outputWidth(int width) {
    return width().outputSize(width);
  }

  /// Of rows and columns, which agree in their ceil mode.
  public static PoolGeometry both(Pool1dGeometry h, Pool1dGeometry w) {
    return new PoolGeometry(
        h.kernel(),
        w.kernel(),
        h.stride(),
        w.stride(),
        h.padding(),
        w.padding(),
        h.dilation(),
        w.dilation(),
        h.ceilMode());
  }
}
