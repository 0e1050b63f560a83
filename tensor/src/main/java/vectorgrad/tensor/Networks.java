package vectorgrad.tensor;

/// Operations that networks are made of: softmax, gather and scatter.
sealed interface Networks permits Tensor {

  private Tensor self() {
    return (Tensor) this;
  }

  /// `exp(xᵢ) / Σ exp(xⱼ)` along `axis`, computed from `x − max x` so that nothing overflows.
  default Tensor softmax(int axis) {
    return rowwise("softmax", self(), axis, false);
  }

  /// The logarithm of [#softmax], `xᵢ − log Σ exp(xⱼ)`, without a detour through numbers near zero.
  default Tensor logSoftmax(int axis) {
    return rowwise("logSoftmax", self(), axis, true);
  }

  private static Tensor rowwise(String operation, Tensor x, int axis, boolean logarithm) {
    if (!x.dtype().isFloating()) {
      throw new DTypeException(operation, "needs f32 or f64, found " + x.dtype(), x.shape());
    }
    if (x.dtype().isHalf()) {
      return rowwise(operation, x.to(DType.F32), axis, logarithm).to(x.dtype());
    }
    int a = x.shape().axis(axis);
    if (a != x.rank() - 1) {
      int[] order = swapWithLast(x.rank(), a);
      return rowwise(operation, x.permute(order), -1, logarithm).permute(order);
    }
    Tensor result = Tensor.uninitialized(x.shape(), x.dtype(), x.device());
    if (x.size() > 0) {
      x.device().backend().softmax(x, logarithm, result);
    }
    return result;
  }

  /// `result[…, i, …] = this[…, index[…, i, …], …]` along `axis`. `index` is I32 and has this
  /// tensor's shape but for `axis`.
  ///
  /// @throws IndexOutOfBoundsException if an index lies outside the axis
  default Tensor gather(int axis, Tensor index) {
    Tensor x = self();
    int a = x.shape().axis(axis);
    checkIndex("gather", x, a, index);
    Tensor result = Tensor.uninitialized(index.shape(), x.dtype(), x.device());
    if (index.size() > 0) {
      x.device().backend().gather(x, a, index, result);
    }
    return result;
  }

  /// Zeros with this tensor's elements added at the places `index` (I32, of this shape) names along
  /// `axis`, whose size becomes `size`: the adjoint of [#gather]. Elements that meet are added in
  /// row-major order.
  ///
  /// @throws IndexOutOfBoundsException if an index lies outside the axis
  default Tensor scatterAdd(int axis, Tensor index, int size) {
    Tensor x = self();
    int a = x.shape().axis(axis);
    checkIndex("scatterAdd", x, a, index);
    if (!index.shape().equals(x.shape())) {
      throw new ShapeException(
          Message.of("scatterAdd", "the index has another shape than the values")
              .row("values", x.shape())
              .row("index", index.shape()),
          x.shape(),
          index.shape());
    }
    Tensor result = Tensor.zeros(x.shape().with(a, size), x.dtype(), x.device());
    if (x.size() > 0) {
      x.device().backend().scatterAdd(x, a, index, result);
    }
    return result;
  }

  /// The parts of this tensor that the vector `indices` (I32) names along `axis`, in that order, in
  /// a copy.
  default Tensor indexSelect(int axis, Tensor indices) {
    Tensor x = self();
    return x.gather(axis, alongAxis("indexSelect", x.shape(), axis, indices));
  }

  /// Zeros with the parts of this tensor added at the places the vector `indices` names along
  /// `axis`, whose size becomes `size`: the adjoint of [#indexSelect].
  default Tensor indexAdd(int axis, Tensor indices, int size) {
    Tensor x = self();
    return x.scatterAdd(axis, alongAxis("indexAdd", x.shape(), axis, indices), size);
  }

  private static Tensor alongAxis(String operation, Shape shape, int axis, Tensor indices) {
    if (indices.rank() != 1) {
      throw new ShapeException(
          operation, "needs a vector of indices, found " + indices.shape(), shape, indices.shape());
    }
    int a = shape.axis(axis);
    Tensor wide = indices;
    for (int i = a + 1; i < shape.rank(); i++) {
      wide = wide.unsqueeze(wide.rank());
    }
    return wide.expand(shape.with(a, indices.size()));
  }

  private static void checkIndex(String operation, Tensor x, int axis, Tensor index) {
    Tensor.expectDType(operation, DType.I32, index);
    Tensor.commonDevice(operation, x, index);
    if (index.rank() != x.rank() || !index.shape().with(axis, 0).equals(x.shape().with(axis, 0))) {
      throw new ShapeException(
          Message.of(operation, "the index differs from the values outside axis " + axis)
              .row("values", x.shape())
              .row("index", index.shape()),
          x.shape(),
          index.shape());
    }
  }

  private static int[] swapWithLast(int rank, int axis) {
    int[] order = new int[rank];
    for (int i = 0; i < rank; i++) {
      order[i] = i;
    }
    order[axis] = rank - 1;
    order[rank - 1] = axis;
    return order;
  }
}
