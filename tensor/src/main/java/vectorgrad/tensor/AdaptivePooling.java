package vectorgrad.tensor;

/// Pooling to a size that is given, by regions that are chosen to make it.
///
/// Adaptive regions are as equal as can be, and overlap by one element where they must: region i of
/// m on an axis of n elements is from `⌊i·n / m⌋` up to but without `⌈(i + 1)·n / m⌉`. With one
/// region, `adaptiveAvgPool2d(1, 1)`, it is global pooling. Fractional regions are random:
/// [FractionalRegions].
///
/// A region of pictures is one of rows and one of columns, and is pooled along one axis after the
/// other; a mean is the sum over the number of its elements, a maximum as for [Pooling] the first
/// of equals, the first NaN if there is one. For floating dtypes; halves are summed in F32 and
/// rounded once. Costs about two passes over the input for each axis.
sealed interface AdaptivePooling permits Tensor {

  private Tensor self() {
    return (Tensor) this;
  }

  // ---- means ----------------------------------------------------------------------------------

  /// The means of regions of signals (N, C, L), as many on each axis as are given.
  ///
  /// @throws ShapeException if this is no floating (N, C, L), is empty, or a number is not positive
  default Tensor adaptiveAvgPool1d(int outputL) {
    return AdaptivePools.average("adaptiveAvgPool1d", self(), outputL);
  }

  /// The means of regions of pictures (N, C, H, W), as many on each axis as are given.
  ///
  /// @throws ShapeException if this is no floating (N, C, H, W), is empty, or a number is not
  ///   positive
  default Tensor adaptiveAvgPool2d(int outputH, int outputW) {
    return AdaptivePools.average("adaptiveAvgPool2d", self(), outputH, outputW);
  }

  /// The means of regions of volumes (N, C, D, H, W), as many on each axis as are given.
  ///
  /// @throws ShapeException if this is no floating (N, C, D, H, W), is empty, or a number is not
  ///   positive
  default Tensor adaptiveAvgPool3d(int outputD, int outputH, int outputW) {
    return AdaptivePools.average("adaptiveAvgPool3d", self(), outputD, outputH, outputW);
  }

  /// The gradient of an adaptive mean with respect to its input of the given shape (N, C, …); this
  /// is the gradient of its output, whose shape says how many regions there are.
  ///
  /// @throws ShapeException if the shapes are not those of one pooling
  default Tensor adaptiveAvgPoolInputGradient(Shape input) {
    return AdaptivePools.averageGradient("adaptiveAvgPoolInputGradient", self(), input);
  }

  // ---- maxima ---------------------------------------------------------------------------------

  /// The largest elements of regions of signals (N, C, L), as many on each axis as are given, and
  /// where they were. The gradient is [Pooling#maxPoolInputGradient].
  ///
  /// @throws ShapeException if this is no floating (N, C, L), is empty, or a number is not positive
  default MaxPool adaptiveMaxPool1d(int outputL) {
    return AdaptivePools.largest("adaptiveMaxPool1d", self(), outputL);
  }

  /// The largest elements of regions of pictures (N, C, H, W), as many on each axis as are given,
  /// and where they were. The gradient is [Pooling#maxPoolInputGradient].
  ///
  /// @throws ShapeException if this is no floating (N, C, H, W), is empty, or a number is not
  ///   positive
  default MaxPool adaptiveMaxPool2d(int outputH, int outputW) {
    return AdaptivePools.largest("adaptiveMaxPool2d", self(), outputH, outputW);
  }

  /// The largest elements of regions of volumes (N, C, D, H, W), as many on each axis as are given,
  /// and where they were. The gradient is [Pooling#maxPoolInputGradient].
  ///
  /// @throws ShapeException if this is no floating (N, C, D, H, W), is empty, or a number is not
  ///   positive
  default MaxPool adaptiveMaxPool3d(int outputD, int outputH, int outputW) {
    return AdaptivePools.largest("adaptiveMaxPool3d", self(), outputD, outputH, outputW);
  }

  // ---- fractional maxima ----------------------------------------------------------------------

  /// The largest elements of random regions of pictures (N, C, H, W), as many on each axis as are
  /// given, and where they were. The regions are drawn once, from `seed`, for all pictures and
  /// channels. The gradient is [Pooling#maxPoolInputGradient].
  ///
  /// @throws ShapeException if this is no floating (N, C, H, W), or an axis has fewer elements than
  ///   regions, one more if they overlap
  default MaxPool fractionalMaxPool2d(
      int outputH, int outputW, FractionalRegions regions, Seed seed) {
    return AdaptivePools.fractional("fractionalMaxPool2d", self(), regions, seed, outputH, outputW);
  }

  /// The largest elements of random regions of volumes (N, C, D, H, W), as many on each axis as are
  /// given, and where they were. The regions are drawn once, from `seed`, for all volumes and
  /// channels. The gradient is [Pooling#maxPoolInputGradient].
  ///
  /// @throws ShapeException if this is no floating (N, C, D, H, W), or an axis has fewer elements
  ///   than regions, one more if they overlap
  default MaxPool fractionalMaxPool3d(
      int outputD, int outputH, int outputW, FractionalRegions regions, Seed seed) {
    return AdaptivePools.fractional(
        "fractionalMaxPool3d", self(), regions, seed, outputD, outputH, outputW);
  }
}
