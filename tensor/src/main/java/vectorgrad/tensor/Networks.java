package vectorgrad.tensor;

/// Operations that networks are made of, and that are no family of their own: softmax.
sealed interface Networks permits Tensor {

  private Tensor self() {
    return (Tensor) this;
  }

  /// `exp(xᵢ) / Σ exp(xⱼ)` along `axis`, computed from `x − max x` so that nothing overflows. What
  /// is less than the smallest normal number times the largest may be 0.
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
