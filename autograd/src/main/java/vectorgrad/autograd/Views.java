package vectorgrad.autograd;

import java.util.function.UnaryOperator;
import vectorgrad.tensor.Shape;
import vectorgrad.tensor.Tensor;

/// Operations of a [Variable] that see the same elements with their axes in another order or
/// grouping. Gradients are seen the other way round: see [ViewOps].
sealed interface Views permits Variable {

  private Variable self() {
    return (Variable) this;
  }

  // ---- the order of the axes ------------------------------------------------------------------

  /// The last two axes exchanged.
  ///
  /// @throws vectorgrad.tensor.ShapeException if there are fewer than two
  default Variable transpose() {
    return Variable.apply(new ViewOps.Transpose(), self());
  }

  /// The axes in another order: axis `i` of the result is axis `order[i]`; negative axes count from
  /// the end.
  ///
  /// @throws vectorgrad.tensor.ShapeException if not every axis is named exactly once
  default Variable permute(int... order) {
    return Variable.apply(new ViewOps.Permute(ViewOps.list(order)), self());
  }

  /// Two axes exchanged.
  default Variable swapaxes(int axis1, int axis2) {
    UnaryOperator<Tensor> swap = x -> x.swapaxes(axis1, axis2);
    return Variable.apply(Adjoints.of("Swapaxes", swap, swap), self());
  }

  /// The axis `from` at place `to`; the others keep their order.
  default Variable movedim(int from, int to) {
    return movedim(new int[] {from}, new int[] {to});
  }

  /// The axes `from` at the places `to`, one for each; the others keep their order in the places
  /// that are left.
  ///
  /// @throws vectorgrad.tensor.ShapeException if there are not as many places as axes, or one is
  ///   named twice
  default Variable movedim(int[] from, int[] to) {
    int[] old = from.clone();
    int[] young = to.clone();
    return Variable.apply(
        Adjoints.of("Movedim", x -> x.movedim(old, young), y -> y.movedim(young, old)), self());
  }

  // ---- the grouping of the elements -----------------------------------------------------------

  /// The same elements in another shape; one size may be −1 and is found from the others.
  ///
  /// @throws vectorgrad.tensor.ShapeException if the sizes do not multiply to the elements
  default Variable reshape(int... sizes) {
    return regrouped(self().value().reshape(sizes));
  }

  /// The same elements in another shape.
  ///
  /// @throws vectorgrad.tensor.ShapeException if it has not as many elements
  default Variable reshape(Shape shape) {
    return self().shape().equals(shape)
        ? self()
        : Variable.apply(new ViewOps.Reshape(shape), self());
  }

  /// The axes from `startAxis` on as one; a scalar becomes a vector.
  default Variable flatten(int startAxis) {
    return flatten(startAxis, -1);
  }

  /// The axes from `startAxis` to `endAxis`, both included, as one; a scalar becomes a vector.
  ///
  /// @throws vectorgrad.tensor.ShapeException if `endAxis` is before `startAxis`
  default Variable flatten(int startAxis, int endAxis) {
    return regrouped(self().value().flatten(startAxis, endAxis));
  }

  /// One axis as several, whose sizes multiply to its size; one of them may be −1.
  ///
  /// @throws vectorgrad.tensor.ShapeException if they do not
  default Variable unflatten(int axis, int... sizes) {
    return regrouped(self().value().unflatten(axis, sizes));
  }

  /// Without any of the axes of size 1.
  default Variable squeeze() {
    return regrouped(self().value().squeeze());
  }

  /// Without `axis`, whose size must be 1.
  ///
  /// @throws vectorgrad.tensor.ShapeException if it is not
  default Variable squeeze(int axis) {
    return regrouped(self().value().squeeze(axis));
  }

  /// With a new axis of size 1 before `axis`; negative places count from the end of the result.
  ///
  /// @throws vectorgrad.tensor.ShapeException if there is no such place
  default Variable unsqueeze(int axis) {
    return regrouped(self().value().unsqueeze(axis));
  }

  /// `y`, which has this variable's elements in the same order.
  private Variable regrouped(Tensor y) {
    return y.shape().equals(self().shape())
        ? self()
        : Variable.known(new ViewOps.Reshape(y.shape()), y, self());
  }

  // ---- repetition -----------------------------------------------------------------------------

  /// Seen in a larger shape: axes of size 1, and new ones on the left, are repeated. The gradients
  /// of what was repeated add up.
  ///
  /// @throws vectorgrad.tensor.ShapeException if another axis would have to grow
  default Variable expand(Shape shape) {
    return self().shape().equals(shape)
        ? self()
        : Variable.apply(new ViewOps.Expand(shape), self());
  }

  /// Seen in a larger shape, as [#expand(Shape)]; −1 keeps the size of an axis.
  default Variable expand(int... sizes) {
    return expand(self().value().expand(sizes).shape());
  }

  /// [#expand(Shape)], by the name it has in NumPy.
  default Variable broadcastTo(Shape shape) {
    return expand(shape);
  }

  /// The sum over what [#expand(Shape)] repeated: its adjoint.
  default Variable sumTo(Shape shape) {
    return self().shape().equals(shape) ? self() : Variable.apply(new ViewOps.SumTo(shape), self());
  }
}
