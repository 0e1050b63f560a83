package vectorgrad.tensor;

import java.util.List;

/// The mean of every window that slides over signals, pictures or volumes, and its adjoint.
///
/// | | 1-d | 2-d | 3-d |
/// |---|---|---|---|
/// | x | (N, C, L) | (N, C, H, W) | (N, C, D, H, W) |
/// | y | (N, C, oL) | (N, C, oH, oW) | (N, C, oD, oH, oW) |
///
/// Padding adds 0. It counts among the elements of a window that are divided by if
/// `countIncludePad`, as PyTorch's default; what overhangs the padding in ceil mode never counts.
/// For floating dtypes; halves are summed in F32 and rounded once. Windows are summed along one
/// axis after the other, so an element costs kD + kH + kW additions.
sealed interface AveragePooling permits Tensor {

  private Tensor self() {
    return (Tensor) this;
  }

  /// The mean of every window of signals (N, C, L), padding included.
  ///
  /// @throws ShapeException if this is no floating (N, C, L), the window is larger than the padded
  ///   signal, or dilated
  default Tensor avgPool1d(Pool1dGeometry geometry) {
    return avgPool1d(geometry, true);
  }

  /// The mean of every window of signals (N, C, L); `countIncludePad` says whether padding counts.
  ///
  /// @throws ShapeException if this is no floating (N, C, L), the window is larger than the padded
  ///   signal, or dilated
  default Tensor avgPool1d(Pool1dGeometry geometry, boolean countIncludePad) {
    return Pools.average("avgPool1d", self(), List.of(geometry), countIncludePad);
  }

  /// The gradient of [#avgPool1d] with respect to its input of the given shape; this is the
  /// gradient of its output.
  ///
  /// @throws ShapeException if the shapes are not those of one pooling
  default Tensor avgPool1dInputGradient(
      Shape input, Pool1dGeometry geometry, boolean countIncludePad) {
    return Pools.averageGradient(
        "avgPool1dInputGradient", self(), input, List.of(geometry), countIncludePad);
  }

  /// The mean of every window of pictures (N, C, H, W), padding included.
  ///
  /// @throws ShapeException if this is no floating (N, C, H, W), the window is larger than the
  ///   padded picture, or dilated
  default Tensor avgPool2d(PoolGeometry geometry) {
    return avgPool2d(geometry, true);
  }

  /// The mean of every window of pictures (N, C, H, W); `countIncludePad` says whether padding
  /// counts.
  ///
  /// @throws ShapeException if this is no floating (N, C, H, W), the window is larger than the
  ///   padded picture, or dilated
  default Tensor avgPool2d(PoolGeometry geometry, boolean countIncludePad) {
    return Pools.average("avgPool2d", self(), axes(geometry), countIncludePad);
  }

  /// The gradient of [#avgPool2d] with respect to its input of the given shape; this is the
  /// gradient of its output.
  ///
  /// @throws ShapeException if the shapes are not those of one pooling
  default Tensor avgPool2dInputGradient(
      Shape input, PoolGeometry geometry, boolean countIncludePad) {
    return Pools.averageGradient(
        "avgPool2dInputGradient", self(), input, axes(geometry), countIncludePad);
  }

  /// The mean of every window of volumes (N, C, D, H, W), padding included.
  ///
  /// @throws ShapeException if this is no floating (N, C, D, H, W), the window is larger than the
  ///   padded volume, or dilated
  default Tensor avgPool3d(Pool3dGeometry geometry) {
    return avgPool3d(geometry, true);
  }

  /// The mean of every window of volumes (N, C, D, H, W); `countIncludePad` says whether padding
  /// counts.
  ///
  /// @throws ShapeException if this is no floating (N, C, D, H, W), the window is larger than the
  ///   padded volume, or dilated
  default Tensor avgPool3d(Pool3dGeometry geometry, boolean countIncludePad) {
    return Pools.average("avgPool3d", self(), axes(geometry), countIncludePad);
  }

  /// The gradient of [#avgPool3d] with respect to its input of the given shape; this is the
  /// gradient of its output.
  ///
  /// @throws ShapeException if the shapes are not those of one pooling
  default Tensor avgPool3dInputGradient(
      Shape input, Pool3dGeometry geometry, boolean countIncludePad) {
    return Pools.averageGradient(
        "avgPool3dInputGradient", self(), input, axes(geometry), countIncludePad);
  }

  private static List<Pool1dGeometry> axes(PoolGeometry g) {
    return List.of(g.height(), g.width());
  }

  private static List<Pool1dGeometry> axes(Pool3dGeometry g) {
    return List.of(g.depth(), g.height(), g.width());
  }
}
