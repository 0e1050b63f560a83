package vectorgrad.autograd;

import vectorgrad.tensor.Shape;

/// Operations of a [Variable] that see the same elements in another shape: see [ViewOps].
sealed interface Views permits Variable {

  private Variable self() {
    return (Variable) this;
  }

  /// Seen in a larger shape: axes of size 1, and new ones on the left, are repeated.
  default Variable expand(Shape shape) {
    return self().shape().equals(shape)
        ? self()
        : Variable.apply(new ViewOps.Expand(shape), self());
  }

  /// The sum over what [#expand] repeated: its adjoint.
  default Variable sumTo(Shape shape) {
    return self().shape().equals(shape) ? self() : Variable.apply(new ViewOps.SumTo(shape), self());
  }

  /// The same elements in another shape; one size may be −1 and is found from the others.
  default Variable reshape(int... sizes) {
    return reshape(self().value().reshape(sizes).shape());
  }

  /// The same elements in another shape.
  default Variable reshape(Shape shape) {
    return self().shape().equals(shape)
        ? self()
        : Variable.apply(new ViewOps.Reshape(shape), self());
  }

  /// The axes from `startAxis` on as one.
  default Variable flatten(int startAxis) {
    return reshape(self().value().flatten(startAxis).shape());
  }

  /// Without `axis`, whose size must be 1.
  default Variable squeeze(int axis) {
    return reshape(self().value().squeeze(axis).shape());
  }

  /// With a new axis of size 1 before `axis`.
  default Variable unsqueeze(int axis) {
    return reshape(self().value().unsqueeze(axis).shape());
  }

  /// The axes in another order.
  default Variable permute(int... order) {
    return Variable.apply(new ViewOps.Permute(ViewOps.list(order)), self());
  }

  /// The last two axes exchanged.
  default Variable transpose() {
    return Variable.apply(new ViewOps.Transpose(), self());
  }
}
