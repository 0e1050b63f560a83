package vectorgrad.tensor;

import java.util.List;

/// The largest element of every window that slides over signals, pictures or volumes, where it was,
/// and the way back.
///
/// | | 1-d | 2-d | 3-d |
/// |---|---|---|---|
/// | x | (N, C, L) | (N, C, H, W) | (N, C, D, H, W) |
/// | values, indices | (N, C, oL) | (N, C, oH, oW) | (N, C, oD, oH, oW) |
///
/// Of equals the first takes all, in row-major order; the first NaN wins over numbers. Padding
/// counts as −∞ and is never chosen. An index counts the elements of one channel in row-major
/// order, `(d·H + h)·W + w`. For floating dtypes; costs a comparison for every element of every
/// window.
sealed interface Pooling permits Tensor {

  private Tensor self() {
    return (Tensor) this;
  }

  /// The largest element of every window of signals (N, C, L), and where it was.
  ///
  /// @throws ShapeException if this is no floating (N, C, L), or the window is larger than the
  ///   padded signal, or sees nothing but padding
  default MaxPool maxPool1d(Pool1dGeometry geometry) {
    Pools.maxOutput("maxPool1d", self(), List.of(geometry));
    Pool1dGeometry one = Pool1dGeometry.of(1).ceilMode(geometry.ceilMode());
    MaxPool pool = self().unsqueeze(2).maxPool2d(PoolGeometry.both(one, geometry));
    return new MaxPool(pool.values().squeeze(2), pool.indices().squeeze(2));
  }

  /// The largest element of every window of pictures (N, C, H, W), and where it was.
  ///
  /// @throws ShapeException if this is no floating (N, C, H, W), or the window is larger than the
  ///   padded picture, or sees nothing but padding
  default MaxPool maxPool2d(PoolGeometry geometry) {
    Tensor x = self();
    List<Pool1dGeometry> axes = List.of(geometry.height(), geometry.width());
    Shape shape = Pools.maxOutput("maxPool2d", x, axes);
    if (x.dtype().isHalf()) { // of which the largest is one in F32 too
      MaxPool wide = x.to(x.dtype().widened()).maxPool2d(geometry);
      return new MaxPool(wide.values().to(x.dtype()), wide.indices());
    }
    Tensor values = Tensor.uninitialized(shape, x.dtype(), x.device());
    Tensor indices = Tensor.uninitialized(shape, DType.I32, x.device());
    if (shape.size() > 0) {
      x.device().backend().maxPool2d(x, geometry, values, indices);
    }
    return new MaxPool(values, indices);
  }

  /// The largest element of every window of volumes (N, C, D, H, W), and where it was: the largest
  /// of every plane's largest.
  ///
  /// @throws ShapeException if this is no floating (N, C, D, H, W), or the window is larger than
  ///   the padded volume, or sees nothing but padding
  default MaxPool maxPool3d(Pool3dGeometry geometry) {
    Tensor x = self();
    Pool1dGeometry depth = geometry.depth();
    List<Pool1dGeometry> axes = List.of(depth, geometry.height(), geometry.width());
    Shape shape = Pools.maxOutput("maxPool3d", x, axes);
    if (shape.size() == 0) {
      Tensor nothing = Tensor.zeros(shape, x.dtype(), x.device());
      return new MaxPool(nothing, nothing.to(DType.I32));
    }
    int planes = x.size(2);
    int places = shape.get(3) * shape.get(4);
    MaxPool flat =
        x.flatten(1, 2).maxPool2d(PoolGeometry.both(geometry.height(), geometry.width()));
    Tensor values = flat.values().reshape(shape.get(0), shape.get(1), planes, places);
    Tensor ofPlane =
        Tensor.arange(planes, DType.I32).to(x.device()).mul(x.size(3) * x.size(4)).unsqueeze(1);
    Tensor indices = flat.indices().reshape(values.shape()).add(ofPlane);
    Pool1dGeometry one = Pool1dGeometry.of(1).ceilMode(depth.ceilMode());
    MaxPool deep = values.maxPool2d(PoolGeometry.both(depth, one));
    Tensor chosen = indices.flatten(2).gather(2, deep.indices().flatten(2));
    return new MaxPool(deep.values().reshape(shape), chosen.reshape(shape));
  }

  /// The gradient of any max pooling with respect to its input of the given shape (N, C, …): this,
  /// the gradient of its values, is added to the elements that were chosen, whose `indices` the
  /// pooling returned.
  ///
  /// @throws ShapeException if the shapes are not those of one pooling
  /// @throws IndexException if an index lies outside its channel
  default Tensor maxPoolInputGradient(Tensor indices, Shape input) {
    Tensor dy = self();
    checkPlaces("maxPoolInputGradient", dy, indices, input);
    if (dy.size() == 0) {
      return Tensor.zeros(input, dy.dtype(), dy.device());
    }
    int plane = input.size() / (input.get(0) * input.get(1));
    return dy.to(dy.dtype().widened())
        .flatten(2)
        .scatterAdd(2, indices.flatten(2), plane)
        .reshape(input)
        .to(dy.dtype());
  }

  /// The way back from a max pooling: zeros of the given shape (N, C, …), with each of these values
  /// at the place in its channel that its index names, of any dtype. Where indices meet, which they
  /// do if windows overlap, the last one in row-major order stays: after a pooling they are equal.
  ///
  /// ```java
  /// MaxPool pool = x.maxPool2d(geometry);
  /// pool.values().maxUnpool(pool.indices(), x.shape()); // x where it was the largest, 0 elsewhere
  /// ```
  ///
  /// @throws ShapeException if the shapes are not those of one pooling
  /// @throws IndexException if an index lies outside its channel
  default Tensor maxUnpool(Tensor indices, Shape output) {
    Tensor x = self();
    checkPlaces("maxUnpool", x, indices, output);
    Tensor zeros = Tensor.zeros(output, x.dtype(), x.device());
    return x.size() == 0
        ? zeros
        : zeros.flatten(2).scatter(2, indices.flatten(2), x.flatten(2)).reshape(output);
  }

  /// The gradient of [#maxUnpool] with respect to its values, one for each index; this is the
  /// gradient of its output. It is read from the place that the index names. (Where indices meet,
  /// all of them read it, as in PyTorch, though only the value that stays has a gradient.)
  ///
  /// @throws ShapeException if the shapes are not those of one pooling
  /// @throws IndexException if an index lies outside its channel
  default Tensor maxUnpoolInputGradient(Tensor indices) {
    Tensor dy = self();
    checkPlaces("maxUnpoolInputGradient", indices, indices, dy.shape());
    return indices.size() == 0
        ? Tensor.zeros(indices.shape(), dy.dtype(), dy.device())
        : dy.flatten(2).gather(2, indices.flatten(2)).reshape(indices.shape());
  }

  private static void checkPlaces(String operation, Tensor x, Tensor indices, Shape output) {
    boolean fits =
        x.rank() > 2
            && output.rank() == x.rank()
            && output.get(0) == x.size(0)
            && output.get(1) == x.size(1)
            && indices.shape().equals(x.shape());
    if (!fits) {
      throw new ShapeException(
          Message.of(operation, "these are not the shapes of one pooling")
              .row("values", x.shape())
              .row("index", indices.shape())
              .row("input", output)
              .row("rule", "(N, C, …), an index for every value, the same N and C"),
          x.shape(),
          indices.shape(),
          output);
    }
  }
}
