package vectorgrad.tensor;

/// How a window moves along one spatial axis: a filter of a convolution, or the window of a
/// pooling.
///
/// @param stride from one window to the next
/// @param padding added on both sides
/// @param dilation between neighbouring elements of a window
public record Sliding(int stride, int padding, int dilation) {

  /// The elements from the first to the last of a window of `kernel`, both counted.
  public int reach(int kernel) {
    return dilation * (kernel - 1) + 1;
  }

  /// How many windows of `kernel` fit an axis: `⌊(size + 2·padding − reach) / stride⌋ + 1`.
  public int outputSize(int size, int kernel) {
    int free = size + 2 * padding - reach(kernel);
    return free < 0 ? 0 : free / stride + 1;
  }

  /// The smallest axis that `count` windows of `kernel` fit, without its padding: the size of a
  /// transposed convolution's result.
  public int inputSize(int count, int kernel) {
    return (count - 1) * stride - 2 * padding + reach(kernel);
  }

  /// The padding on both sides that keeps the size of an axis, for stride 1.
  ///
  /// @throws ShapeException if one side would need more than the other
  static int same(String operation, int kernel, int dilation) {
    int added = dilation * (kernel - 1);
    if (added % 2 != 0) {
      throw new ShapeException(
          Message.of(
                  operation,
                  "no equal padding on both sides keeps the size under a filter of " + kernel)
              .row("rule", "dilation · (kernel − 1) must be even, found " + added)
              .row("help", "pad(axis, " + added / 2 + ", " + (added + 1) / 2 + ") before"));
    }
    return added / 2;
  }

  /// Checks that strides, dilations and groups are at least 1 and paddings at least 0.
  static void check(String operation, int groups, Sliding... axes) {
    for (Sliding axis : axes) {
      atLeast(operation, "stride", 1, axis.stride());
      atLeast(operation, "padding", 0, axis.padding());
      atLeast(operation, "dilation", 1, axis.dilation());
    }
    atLeast(operation, "groups", 1, groups);
  }

  private static void atLeast(String operation, String name, int least, int found) {
    if (found < least) {
      throw new ShapeException(operation, name + " must be at least " + least + ", found " + found);
    }
  }
}
