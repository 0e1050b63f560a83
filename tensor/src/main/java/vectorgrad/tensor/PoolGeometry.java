package vectorgrad.tensor;

/// The window of a 2-d pooling and how it moves. Padding counts as −∞, never as a value; windows
/// that would overhang are dropped.
///
/// @param kernelH rows of the window
/// @param kernelW columns of the window
/// @param strideH rows from one window to the next
/// @param strideW columns from one window to the next
/// @param paddingH rows added above and below, at most half the window
/// @param paddingW columns added left and right, at most half the window
public record PoolGeometry(
    int kernelH, int kernelW, int strideH, int strideW, int paddingH, int paddingW) {

  /// Checks that window and strides are at least 1 and the padding at most half the window.
  public PoolGeometry {
    if (Math.min(Math.min(kernelH, kernelW), Math.min(strideH, strideW)) < 1) {
      throw new ShapeException("maxPool2d", "window and stride must be at least 1");
    }
    if (paddingH < 0 || paddingW < 0 || 2 * paddingH > kernelH || 2 * paddingW > kernelW) {
      throw new ShapeException(
          Message.of("maxPool2d", "padding must be between 0 and half the window")
              .row("window", Shape.of(kernelH, kernelW))
              .row("found", paddingH + " and " + paddingW));
    }
  }

  /// A square window that moves by its own size.
  public static PoolGeometry square(int kernel) {
    return new PoolGeometry(kernel, kernel, kernel, kernel, 0, 0);
  }

  /// The rows of the output for an input of `height` rows.
  public int outputHeight(int height) {
    return Math.max(0, Math.floorDiv(height + 2 * paddingH - kernelH, strideH) + 1);
  }

  /// The columns of the output for an input of `width` columns.
  public int outputWidth(int width) {
    return Math.max(0, Math.floorDiv(width + 2 * paddingW - kernelW, strideW) + 1);
  }
}
