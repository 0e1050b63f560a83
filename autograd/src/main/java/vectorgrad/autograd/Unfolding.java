package vectorgrad.autograd;

import vectorgrad.tensor.Conv2dGeometry;
import vectorgrad.tensor.Shape;

/// What a filter sees at every place of a [Variable], as columns of a matrix, and the adjoint. Each
/// is the gradient of the other, and a graph keeps no numbers for them.
sealed interface Unfolding permits Variable {

  private Variable self() {
    return (Variable) this;
  }

  /// The patches of pictures (N, C, H, W) that a filter of kH × kW sees, one behind the other: (N,
  /// C·kH·kW, oH·oW), in which a convolution is a matrix product (*im2col*). Its gradient is
  /// [#fold].
  ///
  /// @throws vectorgrad.tensor.ShapeException if this is no (N, C, H, W), the patch is larger than
  ///   the padded picture, or the geometry has groups
  default Variable unfold(int kernelH, int kernelW, Conv2dGeometry geometry) {
    Shape picture = self().shape();
    return Variable.apply(
        new Adjoints(
            "Unfold",
            x -> x.unfold(kernelH, kernelW, geometry),
            "Fold",
            y -> y.fold(picture.get(2), picture.get(3), kernelH, kernelW, geometry)),
        self());
  }

  /// Pictures of height × width from the patches of [#unfold], which are added where they overlap
  /// (*col2im*): (N, C, height, width). Its gradient is [#unfold].
  ///
  /// @throws vectorgrad.tensor.ShapeException if these are not the patches of such a picture
  default Variable fold(int height, int width, int kernelH, int kernelW, Conv2dGeometry geometry) {
    return Variable.apply(
        new Adjoints(
            "Fold",
            y -> y.fold(height, width, kernelH, kernelW, geometry),
            "Unfold",
            x -> x.unfold(kernelH, kernelW, geometry)),
        self());
  }
}
