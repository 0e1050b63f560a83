package vectorgrad.tensor;

/// How a 1-d convolution's filters move over the signal.
///
/// The output has `⌊(L + 2·padding − dilation·(kernel − 1) − 1) / stride⌋ + 1` elements.
///
/// ```java
/// Conv1dGeometry.DEFAULT.stride(2).padding(1)
/// ```
///
/// @param stride elements from one output to the next, at least 1
/// @param padding zeros added on either side
/// @param dilation elements between neighbours in the filter, 1 for a dense filter
/// @param groups channels are split into this many groups that do not see each other
public record Conv1dGeometry(int stride, int padding, int dilation, int groups)
    implements ConvGeometry {

  /// Stride 1, no padding, dense filters, one group.
  public static final Conv1dGeometry DEFAULT = new Conv1dGeometry(1, 0, 1, 1);

  /// Checks that stride, dilation and groups are at least 1 and the padding at least 0.
  public Conv1dGeometry {
    Sliding.check("conv1d", groups, new Sliding(stride, padding, dilation));
  }

  /// A copy with another stride.
  public Conv1dGeometry stride(int stride) {
    return new Conv1dGeometry(stride, padding, dilation, groups);
  }

  /// A copy with another padding.
  public Conv1dGeometry padding(int padding) {
    return new Conv1dGeometry(stride, padding, dilation, groups);
  }

  /// A copy with another dilation.
  public Conv1dGeometry dilation(int dilation) {
    return new Conv1dGeometry(stride, padding, dilation, groups);
  }

  /// A copy with another number of groups.
  public Conv1dGeometry groups(int groups) {
    return new Conv1dGeometry(stride, padding, dilation, groups);
  }

  /// A copy with the padding that keeps the length under a filter of `kernel` with stride 1.
  ///
  /// @throws ShapeException if that would need more on one side than on the other
  public Conv1dGeometry same(int kernel) {
    return padding(Sliding.same("conv1d", kernel, dilation));
  }

  /// The length of the output for an input of `length` and filters of `kernel`.
  public int outputLength(int length, int kernel) {
    return along(0).outputSize(length, kernel);
  }

  @Override
  public int axes() {
    return 1;
  }

  @Override
  public Sliding along(int axis) {
    return new Sliding(stride, padding, dilation);
  }

  /// The same on pictures of one row.
  Conv2dGeometry onOneRow() {
    return new Conv2dGeometry(1, stride, 0, padding, 1, dilation, groups);
  }
}
