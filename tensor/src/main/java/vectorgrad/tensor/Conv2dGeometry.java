package vectorgrad.tensor;

/// How a 2-d convolution's filters move over the picture, one number for each direction.
///
/// The output has `(H + 2·padding − dilation·(kernel − 1) − 1) / stride + 1` rows, rounded down,
/// and columns alike.
///
/// @param strideH rows from one output row to the next, at least 1
/// @param strideW columns from one output column to the next, at least 1
/// @param paddingH rows of zeros added above and below
/// @param paddingW columns of zeros added left and right
/// @param dilationH rows between neighbouring filter rows, 1 for a dense filter
/// @param dilationW columns between neighbouring filter columns, 1 for a dense filter
/// @param groups channels are split into this many groups that do not see each other
public record Conv2dGeometry(
    int strideH,
    int strideW,
    int paddingH,
    int paddingW,
    int dilationH,
    int dilationW,
    int groups) {

  /// Stride 1, no padding, dense filters, one group.
  public static final Conv2dGeometry DEFAULT = new Conv2dGeometry(1, 1, 0, 0, 1, 1, 1);

  /// Checks that strides, dilations and groups are at least 1 and paddings at least 0.
  public Conv2dGeometry {
    atLeast("stride", 1, strideH, strideW);
    atLeast("padding", 0, paddingH, paddingW);
    atLeast("dilation", 1, dilationH, dilationW);
    atLeast("groups", 1, groups, groups);
  }

  /// The rows of the output for an input of `height` rows and filters of `kernelH`.
  public int outputHeight(int height, int kernelH) {
    return outputSize(height, kernelH, strideH, paddingH, dilationH);
  }

  /// The columns of the output for an input of `width` columns and filters of `kernelW`.
  public int outputWidth(int width, int kernelW) {
    return outputSize(width, kernelW, strideW, paddingW, dilationW);
  }

  private static int outputSize(int size, int kernel, int stride, int padding, int dilation) {
    int free = size + 2 * padding - dilation * (kernel - 1) - 1;
    return free < 0 ? 0 : free / stride + 1;
  }

  private static void atLeast(String name, int least, int height, int width) {
    if (height < least || width < least) {
      throw new ShapeException(
          Message.of(
              "conv2d",
              name + " must be at least " + least + ", found " + Math.min(height, width)));
    }
  }
}
