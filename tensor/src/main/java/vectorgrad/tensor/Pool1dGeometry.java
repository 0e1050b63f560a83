package vectorgrad.tensor;

/// The window of a 1-d pooling and how it moves. What the padding counts as is the operation's to
/// say: −∞ for a maximum, so that it is never chosen, 0 for a mean.
///
/// There are `⌊(L + 2·padding − dilation·(kernel − 1) − 1) / stride⌋ + 1` windows. In ceil mode the
/// division is rounded up instead, and windows may overhang the end; but each of them begins within
/// the signal or the padding before it.
///
/// ```java
/// Pool1dGeometry.of(3).stride(2).padding(1)
/// ```
///
/// @param kernel elements of the window
/// @param stride elements from one window to the next
/// @param padding elements added on either side, at most half of what the window spans
/// @param dilation elements between neighbours in the window, 1 for a dense window
/// @param ceilMode whether windows may overhang the end
public record Pool1dGeometry(int kernel, int stride, int padding, int dilation, boolean ceilMode) {

  /// Checks that window, stride and dilation are at least 1 and the padding at most half of what
  /// the window spans.
  public Pool1dGeometry {
    check(kernel, stride, padding, dilation);
  }

  /// A dense window that moves by its own size.
  public static Pool1dGeometry of(int kernel) {
    return new Pool1dGeometry(kernel, kernel, 0, 1, false);
  }

  /// A copy with another stride.
  public Pool1dGeometry stride(int stride) {
    return new Pool1dGeometry(kernel, stride, padding, dilation, ceilMode);
  }

  /// A copy with another padding.
  public Pool1dGeometry padding(int padding) {
    return new Pool1dGeometry(kernel, stride, padding, dilation, ceilMode);
  }

  /// A copy with another dilation.
  public Pool1dGeometry dilation(int dilation) {
    return new Pool1dGeometry(kernel, stride, padding, dilation, ceilMode);
  }

  /// A copy whose windows may overhang the end, or may not.
  public Pool1dGeometry ceilMode(boolean ceilMode) {
    return new Pool1dGeometry(kernel, stride, padding, dilation, ceilMode);
  }

  /// The number of windows on an axis of `size` elements.
  public int outputSize(int size) {
    int free = size + 2 * padding - span();
    int count = Math.floorDiv(free + (ceilMode ? stride - 1 : 0), stride) + 1;
    if (ceilMode && (count - 1) * stride >= size + padding) {
      count--; // it would begin in the padding behind the end
    }
    return Math.max(0, count);
  }

  /// The elements from the first to the last of a window, both counted.
  int span() {
    return dilation * (kernel - 1) + 1;
  }

  /// The elements to add behind an axis of `size` so that its last window fits: padding, and what
  /// it overhangs.
  public int after(int size) {
    return Math.max(0, start(outputSize(size) - 1) + span() - size);
  }

  /// Where window `i` begins; in the padding if negative.
  int start(int i) {
    return i * stride - padding;
  }

  /// Whether some window of an axis of `size` elements has none of them, which needs a dilation
  /// that steps over them all.
  boolean seesNothing(int size) {
    for (int i = 0; dilation > size && i < outputSize(size); i++) {
      int first = start(i) < 0 ? Math.floorMod(start(i), dilation) : start(i);
      if (first >= size) {
        return true;
      }
    }
    return false;
  }

  /// The elements that window `i` of a mean is divided by: all within the padded axis, or only
  /// those within the axis. What overhangs the padding is never counted.
  int counted(int i, int size, boolean withPadding) {
    int from = start(i);
    int to = Math.min(from + kernel, size + padding);
    return withPadding ? to - from : Math.min(to, size) - Math.max(from, 0);
  }

  /// As for convolutions, without the overhang.
  Sliding sliding() {
    return new Sliding(stride, padding, dilation);
  }

  static void check(int kernel, int stride, int padding, int dilation) {
    if (Math.min(Math.min(kernel, stride), dilation) < 1) {
      throw new ShapeException(
          Message.of("pool", "window, stride and dilation must be at least 1")
              .row("found", kernel + ", " + stride + " and " + dilation));
    }
    int span = dilation * (kernel - 1) + 1;
    if (padding < 0 || 2 * padding > span) {
      throw new ShapeException(
          Message.of("pool", "padding must be between 0 and half the window")
              .row("window", span + (dilation == 1 ? "" : " (" + kernel + " dilated)"))
              .row("found", padding));
    }
  }
}
