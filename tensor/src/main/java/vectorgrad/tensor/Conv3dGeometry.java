package vectorgrad.tensor;

/// How a 3-d convolution's filters move over the volume, one number for each direction.
///
/// The output has `⌊(D + 2·padding − dilation·(kernel − 1) − 1) / stride⌋ + 1` planes, and rows and
/// columns alike.
///
/// ```java
/// Conv3dGeometry.DEFAULT.stride(2).padding(1)
/// ```
///
/// @param strideD planes from one output to the next, at least 1
/// @param strideH rows from one output to the next, at least 1
/// @param strideW columns from one output to the next, at least 1
/// @param paddingD planes of zeros added on either side
/// @param paddingH rows of zeros added on either side
/// @param paddingW columns of zeros added on either side
/// @param dilationD planes between neighbours in the filter, 1 for a dense filter
/// @param dilationH rows between neighbours in the filter, 1 for a dense filter
/// @param dilationW columns between neighbours in the filter, 1 for a dense filter
/// @param groups channels are split into this many groups that do not see each other
public record Conv3dGeometry(
    int strideD,
    int strideH,
    int strideW,
    int paddingD,
    int paddingH,
    int paddingW,
    int dilationD,
    int dilationH,
    int dilationW,
    int groups)
    implements ConvGeometry {

  /// Stride 1, no padding, dense filters, one group.
  public static final Conv3dGeometry DEFAULT = new Conv3dGeometry(1, 1, 1, 0, 0, 0, 1, 1, 1, 1);

  /// Checks that strides, dilations and groups are at least 1 and paddings at least 0.
  public Conv3dGeometry {
    Sliding.check(
        "conv3d",
        groups,
        new Sliding(strideD, paddingD, dilationD),
        new Sliding(strideH, paddingH, dilationH),
        new Sliding(strideW, paddingW, dilationW));
  }

  /// A copy with another stride, the same in all directions.
  public Conv3dGeometry stride(int stride) {
    return stride(stride, stride, stride);
  }

  /// A copy with another stride.
  public Conv3dGeometry stride(int depth, int height, int width) {
    return new Conv3dGeometry(
        depth, height, width, paddingD, paddingH, paddingW, dilationD, dilationH, dilationW,
        groups);
  }

  /// A copy with another padding, the same in all directions.
  public Conv3dGeometry padding(int padding) {
    return padding(padding, padding, padding);
  }

  /// A copy with another padding.
  public Conv3dGeometry padding(int depth, int height, int width) {
    return new Conv3dGeometry(
        strideD, strideH, strideW, depth, height, width, dilationD, dilationH, dilationW, groups);
  }

  /// A copy with another dilation, the same in all directions.
  public Conv3dGeometry dilation(int dilation) {
    return dilation(dilation, dilation, dilation);
  }

  /// A copy with another dilation.
  public Conv3dGeometry dilation(int depth, int height, int width) {
    return new Conv3dGeometry(
        strideD, strideH, strideW, paddingD, paddingH, paddingW, depth, height, width, groups);
  }

  /// A copy with another number of groups.
  public Conv3dGeometry groups(int groups) {
    return new Conv3dGeometry(
        strideD, strideH, strideW, paddingD, paddingH, paddingW, dilationD, dilationH, dilationW,
        groups);
  }

  /// A copy with the padding that keeps the size under filters of these sizes with stride 1.
  ///
  /// @throws ShapeException if that would need more on one side than on the other
  public Conv3dGeometry same(int kernelD, int kernelH, int kernelW) {
    return padding(
        Sliding.same("conv3d", kernelD, dilationD),
        Sliding.same("conv3d", kernelH, dilationH),
        Sliding.same("conv3d", kernelW, dilationW));
  }

  @Override
  public int axes() {
    return 3;
  }

  @Override
  public Sliding along(int axis) {
    return switch (axis) {
      case 0 -> new Sliding(strideD, paddingD, dilationD);
      case 1 -> new Sliding(strideH, paddingH, dilationH);
      default -> new Sliding(strideW, paddingW, dilationW);
    };
  }

  /// How the filters move within a plane.
  Conv2dGeometry inPlane() {
    return new Conv2dGeometry(strideH, strideW, paddingH, paddingW, dilationH, dilationW, groups);
  }
}
