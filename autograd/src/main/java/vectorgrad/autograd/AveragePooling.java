package vectorgrad.autograd;

import vectorgrad.tensor.Pool1dGeometry;
import vectorgrad.tensor.Pool3dGeometry;
import vectorgrad.tensor.PoolGeometry;
import vectorgrad.tensor.Shape;

/// The mean of every window of a [Variable], and its adjoint, which hands every element of a window
/// its share. Both are linear, each is the gradient of the other, and a graph keeps no numbers for
/// them. Padding adds 0, and counts among the elements unless told otherwise.
sealed interface AveragePooling permits Variable {

  private Variable self() {
    return (Variable) this;
  }

  // ---- signals ----

  /// The mean of every window of signals (N, C, L), padding included.
  ///
  /// @throws vectorgrad.tensor.ShapeException if this is no floating (N, C, L), the window is
  ///   larger than the padded signal, or dilated
  default Variable avgPool1d(Pool1dGeometry geometry) {
    return avgPool1d(geometry, true);
  }

  /// The mean of every window of signals (N, C, L); `countIncludePad` says whether padding counts.
  ///
  /// @throws vectorgrad.tensor.ShapeException if this is no floating (N, C, L), the window is
  ///   larger than the padded signal, or dilated
  default Variable avgPool1d(Pool1dGeometry geometry, boolean countIncludePad) {
    return Variable.apply(means(self().shape(), geometry, countIncludePad), self());
  }

  /// The gradient of [#avgPool1d] with respect to its input of the given shape; this is the
  /// gradient of its output.
  ///
  /// @throws vectorgrad.tensor.ShapeException if the shapes are not those of one pooling
  default Variable avgPool1dInputGradient(
      Shape input, Pool1dGeometry geometry, boolean countIncludePad) {
    return Variable.apply(means(input, geometry, countIncludePad).turned(), self());
  }

  private static Adjoints means(Shape input, Pool1dGeometry g, boolean countIncludePad) {
    return new Adjoints(
        "AvgPool1d",
        x -> x.avgPool1d(g, countIncludePad),
        "AvgPool1dInputGradient",
        dy -> dy.avgPool1dInputGradient(input, g, countIncludePad));
  }

  // ---- pictures ----

  /// The mean of every window of pictures (N, C, H, W), padding included.
  ///
  /// @throws vectorgrad.tensor.ShapeException if this is no floating (N, C, H, W), the window is
  ///   larger than the padded picture, or dilated
  default Variable avgPool2d(PoolGeometry geometry) {
    return avgPool2d(geometry, true);
  }

  /// The mean of every window of pictures (N, C, H, W); `countIncludePad` says whether padding
  /// counts.
  ///
  /// @throws vectorgrad.tensor.ShapeException if this is no floating (N, C, H, W), the window is
  ///   larger than the padded picture, or dilated
  default Variable avgPool2d(PoolGeometry geometry, boolean countIncludePad) {
    return Variable.apply(means(self().shape(), geometry, countIncludePad), self());
  }

  /// The gradient of [#avgPool2d] with respect to its input of the given shape; this is the
  /// gradient of its output.
  ///
  /// @throws vectorgrad.tensor.ShapeException if the shapes are not those of one pooling
  default Variable avgPool2dInputGradient(
      Shape input, PoolGeometry geometry, boolean countIncludePad) {
    return Variable.apply(means(input, geometry, countIncludePad).turned(), self());
  }

  private static Adjoints means(Shape input, PoolGeometry g, boolean countIncludePad) {
    return new Adjoints(
        "AvgPool2d",
        x -> x.avgPool2d(g, countIncludePad),
        "AvgPool2dInputGradient",
        dy -> dy.avgPool2dInputGradient(input, g, countIncludePad));
  }

  // ---- volumes ----

  /// The mean of every window of volumes (N, C, D, H, W), padding included.
  ///
  /// @throws vectorgrad.tensor.ShapeException if this is no floating (N, C, D, H, W), the window is
  ///   larger than the padded volume, or dilated
  default Variable avgPool3d(Pool3dGeometry geometry) {
    return avgPool3d(geometry, true);
  }

  /// The mean of every window of volumes (N, C, D, H, W); `countIncludePad` says whether padding
  /// counts.
  ///
  /// @throws vectorgrad.tensor.ShapeException if this is no floating (N, C, D, H, W), the window is
  ///   larger than the padded volume, or dilated
  default Variable avgPool3d(Pool3dGeometry geometry, boolean countIncludePad) {
    return Variable.apply(means(self().shape(), geometry, countIncludePad), self());
  }

  /// The gradient of [#avgPool3d] with respect to its input of the given shape; this is the
  /// gradient of its output.
  ///
  /// @throws vectorgrad.tensor.ShapeException if the shapes are not those of one pooling
  default Variable avgPool3dInputGradient(
      Shape input, Pool3dGeometry geometry, boolean countIncludePad) {
    return Variable.apply(means(input, geometry, countIncludePad).turned(), self());
  }

  private static Adjoints means(Shape input, Pool3dGeometry g, boolean countIncludePad) {
    return new Adjoints(
        "AvgPool3d",
        x -> x.avgPool3d(g, countIncludePad),
        "AvgPool3dInputGradient",
        dy -> dy.avgPool3dInputGradient(input, g, countIncludePad));
  }
}
