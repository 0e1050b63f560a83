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
    int strideH, int strideW, int paddingH, int paddingW, int dilationH, int dilationW, int groups)
    implements ConvGeometry {

  /// Stride 1, no padding, dense filters, one group.
  public static final Conv2dGeometry DEFAULT = new Conv2dGeometry(1, 1, 0, 0, 1, 1, 1);

  /// Checks that strides, dilations and groups are at least 1 and paddings at least 0.
  public Conv2dGeometry {
    Sliding.check(
        "conv2d",
        groups,
        new Sliding(strideH, paddingH, dilationH),
        new Sliding(strideW, paddingW, dilationW));
  }

  /// The rows of the output for an input of `height` rows and filters of `kernelH`.
  public int outputHeight(int height, int kernelH) {
    return along(0).outputSize(height, kernelH);
  }

  /// The columns of the output for an input of `width` columns and filters of `kernelW`.
  public int outputWidth(int width, int kernelW) {
    return along(1).outputSize(width, kernelW);
  }

  /// A copy with another stride, the same in both directions.
  public Conv2dGeometry stride(int stride) {
    return stride(stride, stride);
  }

  /// A copy with another stride.
  public Conv2dGeometry stride(int height, int width) {
    return new Conv2dGeometry(height, width, paddingH, paddingW, dilationH, dilationW, groups);
  }

  /// A copy with another padding, the same in both directions.
  public Conv2dGeometry padding(int padding) {
    return padding(padding, padding);
  }

  /// A copy with another padding.
  public Conv2dGeometry padding(int height, int width) {
    return new Conv2dGeometry(strideH, strideW, height, width, dilationH, dilationW, groups);
  }

  /// A copy with another dilation, the same in both directions.
  public Conv2dGeometry dilation(int dilation) {
    return dilation(dilation, dilation);
  }

  /// A copy with another dilation.
  public Conv2dGeometry dilation(int height, int width) {
    return new Conv2dGeometry(strideH, strideW, paddingH, paddingW, height, width, groups);
  }

  /// A copy with another number of groups.
  public Conv2dGeometry groups(int groups) {
    return new Conv2dGeometry(strideH, strideW, paddingH, paddingW, dilationH, dilationW, groups);
  }

  /// A copy with the padding that keeps the size under filters of these sizes with stride 1.
  ///
  /// @throws ShapeException if that would need more on one side than on the other
  public Conv2dGeometry same(int kernelH, int kernelW) {
    return padding(
        Sliding.same("conv2d", kernelH, dilationH), Sliding.same("conv2d", kernelW, dilationW));
  }

  @Override
  public int axes() {
    return 2;
  }

  @Override
  public Sliding along(int axis) {
    return axis == 0
        ? new Sliding(strideH, paddingH, dilationH)
        : new Sliding(strideW, paddingW, dilationW);
  }
}
