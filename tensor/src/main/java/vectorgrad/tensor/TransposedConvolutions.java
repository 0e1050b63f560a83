package vectorgrad.tensor;

/// Transposed convolutions: each places a scaled copy of its filter for every element of the input,
/// and adds where they overlap. They are the adjoints of [Convolutions], which lead from the large
/// to the small: a transposed convolution computes what the input gradient of a convolution with
/// the same filters and geometry computes, and that is how it is computed.
///
/// | | 1-d | 2-d | 3-d |
/// |---|---|---|---|
/// | x | (N, C, L) | (N, C, H, W) | (N, C, D, H, W) |
/// | weight | (C, O / groups, k) | (C, O / groups, kH, kW) | (C, O / groups, kD, kH, kW) |
/// | y | (N, O, oL) | (N, O, oH, oW) | (N, O, oD, oH, oW) |
///
/// `oL = (L − 1)·stride − 2·padding + dilation·(k − 1) + outputPadding + 1`. The padding is taken
/// away from the result, as it would be added to the input of the convolution. Where a stride
/// rounds down, several sizes lead to the same L; the output padding, at the end of an axis and
/// smaller than the stride or the dilation, says which of them is meant.
///
/// For every x and y `⟨convTranspose(x, w), y⟩ = ⟨x, conv(y, w)⟩`. Costs as [Convolutions] do.
///
/// Source: Dumoulin and Visin, *A guide to convolution arithmetic for deep learning*, 2016, chapter
/// 4.
sealed interface TransposedConvolutions permits Tensor {

  private Tensor self() {
    return (Tensor) this;
  }

  // ---- signals -----------------------------------------------------------------------------

  /// The transposed convolution of signals (N, C, L) with filters (C, O / groups, k): (N, O, oL),
  /// without output padding.
  ///
  /// @throws ShapeException if the channels do not fit the filters, or the padding leaves nothing
  default Tensor convTranspose1d(Tensor weight, Conv1dGeometry geometry) {
    return convTranspose1d(weight, geometry, 0);
  }

  /// The transposed convolution of signals (N, C, L) with filters (C, O / groups, k): (N, O, oL).
  ///
  /// @throws ShapeException if the channels do not fit the filters, the padding leaves nothing, or
  ///   the output padding is as large as stride and dilation
  default Tensor convTranspose1d(Tensor weight, Conv1dGeometry geometry, int outputPadding) {
    return Transposed.forward("convTranspose1d", self(), weight, geometry, outputPadding);
  }

  /// The gradient of [#convTranspose1d] with respect to its input of the given shape; this is the
  /// gradient of its output, (N, O, oL). It is a convolution.
  ///
  /// @throws ShapeException if the shapes are not those of one transposed convolution
  default Tensor convTranspose1dInputGradient(Tensor weight, Shape input, Conv1dGeometry geometry) {
    return Transposed.inputGradient(
        "convTranspose1dInputGradient", self(), weight, input, geometry);
  }

  /// The gradient of [#convTranspose1d] with respect to its filters of the given shape; this is the
  /// gradient of its output, (N, O, oL), and `x` was its input.
  ///
  /// @throws ShapeException if the shapes are not those of one transposed convolution
  default Tensor convTranspose1dWeightGradient(Tensor x, Shape weight, Conv1dGeometry geometry) {
    return Transposed.weightGradient("convTranspose1dWeightGradient", self(), x, weight, geometry);
  }

  // ---- pictures ----------------------------------------------------------------------------

  /// The transposed convolution of pictures (N, C, H, W) with filters (C, O / groups, kH, kW): (N,
  /// O, oH, oW), without output padding.
  ///
  /// @throws ShapeException if the channels do not fit the filters, or the padding leaves nothing
  default Tensor convTranspose2d(Tensor weight, Conv2dGeometry geometry) {
    return convTranspose2d(weight, geometry, 0, 0);
  }

  /// The transposed convolution of pictures (N, C, H, W) with filters (C, O / groups, kH, kW): (N,
  /// O, oH, oW).
  ///
  /// @throws ShapeException if the channels do not fit the filters, the padding leaves nothing, or
  ///   the output padding is as large as stride and dilation
  default Tensor convTranspose2d(
      Tensor weight, Conv2dGeometry geometry, int outputPaddingH, int outputPaddingW) {
    return Transposed.forward(
        "convTranspose2d", self(), weight, geometry, outputPaddingH, outputPaddingW);
  }

  /// The gradient of [#convTranspose2d] with respect to its input of the given shape; this is the
  /// gradient of its output, (N, O, oH, oW). It is a convolution.
  ///
  /// @throws ShapeException if the shapes are not those of one transposed convolution
  default Tensor convTranspose2dInputGradient(Tensor weight, Shape input, Conv2dGeometry geometry) {
    return Transposed.inputGradient(
        "convTranspose2dInputGradient", self(), weight, input, geometry);
  }

  /// The gradient of [#convTranspose2d] with respect to its filters of the given shape; this is the
  /// gradient of its output, (N, O, oH, oW), and `x` was its input.
  ///
  /// @throws ShapeException if the shapes are not those of one transposed convolution
  default Tensor convTranspose2dWeightGradient(Tensor x, Shape weight, Conv2dGeometry geometry) {
    return Transposed.weightGradient("convTranspose2dWeightGradient", self(), x, weight, geometry);
  }

  // ---- volumes -----------------------------------------------------------------------------

  /// The transposed convolution of volumes (N, C, D, H, W) with filters (C, O / groups, kD, kH,
  /// kW): (N, O, oD, oH, oW), without output padding.
  ///
  /// @throws ShapeException if the channels do not fit the filters, or the padding leaves nothing
  default Tensor convTranspose3d(Tensor weight, Conv3dGeometry geometry) {
    return convTranspose3d(weight, geometry, 0, 0, 0);
  }

  /// The transposed convolution of volumes (N, C, D, H, W) with filters (C, O / groups, kD, kH,
  /// kW): (N, O, oD, oH, oW).
  ///
  /// @throws ShapeException if the channels do not fit the filters, the padding leaves nothing, or
  ///   the output padding is as large as stride and dilation
  default Tensor convTranspose3d(
      Tensor weight,
      Conv3dGeometry geometry,
      int outputPaddingD,
      int outputPaddingH,
      int outputPaddingW) {
    return Transposed.forward(
        "convTranspose3d",
        self(),
        weight,
        geometry,
        outputPaddingD,
        outputPaddingH,
        outputPaddingW);
  }

  /// The gradient of [#convTranspose3d] with respect to its input of the given shape; this is the
  /// gradient of its output, (N, O, oD, oH, oW). It is a convolution.
  ///
  /// @throws ShapeException if the shapes are not those of one transposed convolution
  default Tensor convTranspose3dInputGradient(Tensor weight, Shape input, Conv3dGeometry geometry) {
    return Transposed.inputGradient(
        "convTranspose3dInputGradient", self(), weight, input, geometry);
  }

  /// The gradient of [#convTranspose3d] with respect to its filters of the given shape; this is the
  /// gradient of its output, (N, O, oD, oH, oW), and `x` was its input.
  ///
  /// @throws ShapeException if the shapes are not those of one transposed convolution
  default Tensor convTranspose3dWeightGradient(Tensor x, Shape weight, Conv3dGeometry geometry) {
    return Transposed.weightGradient("convTranspose3dWeightGradient", self(), x, weight, geometry);
  }
}
