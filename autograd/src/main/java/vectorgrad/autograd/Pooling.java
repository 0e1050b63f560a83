package vectorgrad.autograd;

import vectorgrad.tensor.Pool1dGeometry;
import vectorgrad.tensor.Pool3dGeometry;
import vectorgrad.tensor.PoolGeometry;
import vectorgrad.tensor.Shape;
import vectorgrad.tensor.Tensor;

/// The largest element of every window of a [Variable], and the way back.
///
/// The gradient of a maximum flows to the element that was chosen, the first of equals in row-major
/// order, as in PyTorch; elements that several windows chose get the sum. The places are constants
/// of the backward pass, which costs one pass over the gradient.
sealed interface Pooling permits Variable {

  private Variable self() {
    return (Variable) this;
  }

  /// The largest element of every window of signals (N, C, L); the first of equals takes the
  /// gradient.
  ///
  /// @throws vectorgrad.tensor.ShapeException if this is no floating (N, C, L), or the window is
  ///   larger than the padded signal, or sees nothing but padding
  default Variable maxPool1d(Pool1dGeometry geometry) {
    return maxPool1dWithIndices(geometry).values();
  }

  /// As [#maxPool1d], with the places of the elements in their channel: for [#maxUnpool].
  ///
  /// @throws vectorgrad.tensor.ShapeException if this is no floating (N, C, L), or the window is
  ///   larger than the padded signal, or sees nothing but padding
  default Picked maxPool1dWithIndices(Pool1dGeometry geometry) {
    return PoolOps.picked("MaxPool1d", self(), self().value().maxPool1d(geometry));
  }

  /// The largest element of every window of pictures (N, C, H, W); the first of equals takes the
  /// gradient.
  ///
  /// @throws vectorgrad.tensor.ShapeException if this is no floating (N, C, H, W), or the window is
  ///   larger than the padded picture, or sees nothing but padding
  default Variable maxPool2d(PoolGeometry geometry) {
    return maxPool2dWithIndices(geometry).values();
  }

  /// As [#maxPool2d], with the places of the elements in their channel: for [#maxUnpool].
  ///
  /// @throws vectorgrad.tensor.ShapeException if this is no floating (N, C, H, W), or the window is
  ///   larger than the padded picture, or sees nothing but padding
  default Picked maxPool2dWithIndices(PoolGeometry geometry) {
    return PoolOps.picked("MaxPool2d", self(), self().value().maxPool2d(geometry));
  }

  /// The largest element of every window of volumes (N, C, D, H, W); the first of equals takes the
  /// gradient.
  ///
  /// @throws vectorgrad.tensor.ShapeException if this is no floating (N, C, D, H, W), or the window
  ///   is larger than the padded volume, or sees nothing but padding
  default Variable maxPool3d(Pool3dGeometry geometry) {
    return maxPool3dWithIndices(geometry).values();
  }

  /// As [#maxPool3d], with the places of the elements in their channel: for [#maxUnpool].
  ///
  /// @throws vectorgrad.tensor.ShapeException if this is no floating (N, C, D, H, W), or the window
  ///   is larger than the padded volume, or sees nothing but padding
  default Picked maxPool3dWithIndices(Pool3dGeometry geometry) {
    return PoolOps.picked("MaxPool3d", self(), self().value().maxPool3d(geometry));
  }

  /// The gradient of any max pooling with respect to its input of the given shape (N, C, …): this,
  /// the gradient of its values, is added to the elements that were chosen. Linear; its own
  /// gradient is read from the places.
  ///
  /// @throws vectorgrad.tensor.ShapeException if the shapes are not those of one pooling
  /// @throws vectorgrad.tensor.IndexException if an index lies outside its channel
  default Variable maxPoolInputGradient(Tensor indices, Shape input) {
    return Variable.apply(
        PoolOps.places("MaxPool", "MaxPoolInputGradient", indices, input).turned(), self());
  }

  /// The way back from a max pooling: zeros of the given shape (N, C, …), with each of these values
  /// at the place in its channel that its index names. Where indices meet, the last one in
  /// row-major order stays, and takes the gradient; the others get none. (PyTorch, where any of
  /// them may stay, gives the gradient to all.)
  ///
  /// ```java
  /// Picked pool = x.maxPool2dWithIndices(geometry);
  /// pool.values().maxUnpool(pool.indices(), x.shape()); // x where it was the largest, 0 elsewhere
  /// ```
  ///
  /// @throws vectorgrad.tensor.ShapeException if the shapes are not those of one pooling
  /// @throws vectorgrad.tensor.IndexException if an index lies outside its channel
  default Variable maxUnpool(Tensor indices, Shape output) {
    return PoolOps.unpool(self(), indices, output);
  }

  /// This, the gradient of the output of [#maxUnpool], read from the places of its values: their
  /// gradient, if no two indices meet. Linear; its adjoint is [#maxPoolInputGradient].
  ///
  /// @throws vectorgrad.tensor.ShapeException if the shapes are not those of one pooling
  /// @throws vectorgrad.tensor.IndexException if an index lies outside its channel
  default Variable maxUnpoolInputGradient(Tensor indices) {
    return Variable.apply(
        PoolOps.places("MaxUnpoolInputGradient", "MaxPoolInputGradient", indices, self().shape()),
        self());
  }
}
