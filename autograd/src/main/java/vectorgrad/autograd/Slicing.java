package vectorgrad.autograd;

import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import vectorgrad.tensor.Tensor;

/// Operations of a [Variable] that see a part of the elements, or see them in another direction.
/// Gradients go back to where the elements came from, among zeros.
sealed interface Slicing permits Variable {

  private Variable self() {
    return (Variable) this;
  }

  private Variable shown(String name, UnaryOperator<Tensor> view) {
    return Variable.apply(Adjoints.show(name, self().shape(), view), self());
  }

  /// What stands between NumPy's brackets, as text, `"1:, ::-1, ..., 3, None"`: see
  /// [Tensor#slice(String)].
  ///
  /// @throws vectorgrad.tensor.ShapeException if the text cannot be read, or names more axes than
  ///   there are
  /// @throws vectorgrad.tensor.IndexException if an index lies outside its axis
  default Variable slice(String text) {
    return shown("Slice", x -> x.slice(text));
  }

  /// Every `step`-th element along `axis`, from `from` up to but without `to`, by the rules of
  /// [vectorgrad.tensor.Slice]: negative places count from the end, what lies outside is cut off.
  ///
  /// @throws vectorgrad.tensor.ShapeException if `step` is 0
  default Variable slice(int axis, int from, int to, int step) {
    return shown("Slice", x -> x.slice(axis, from, to, step));
  }

  /// The elements along `axis` from `from` up to but without `to`.
  default Variable slice(int axis, int from, int to) {
    return slice(axis, from, to, 1);
  }

  /// The `length` elements along `axis` from `start` on; a negative start counts from the end.
  ///
  /// @throws vectorgrad.tensor.ShapeException if there are not as many
  default Variable narrow(int axis, int start, int length) {
    return shown("Narrow", x -> x.narrow(axis, start, length));
  }

  /// The part at `index` of `axis`, without that axis; negative indices count from the end.
  ///
  /// @throws vectorgrad.tensor.IndexException if the axis has no such part
  default Variable select(int axis, int index) {
    return shown("Select", x -> x.select(axis, index));
  }

  /// All parts along `axis`, each without that axis. The gradients of `k` parts are put together as
  /// those of [#split(int, int)].
  default List<Variable> unbind(int axis) {
    Variable x = self();
    int a = x.shape().axis(axis);
    List<Variable> parts = x.size(a) == 0 ? List.of() : split(1, a);
    return parts.stream().map(part -> part.squeeze(a)).toList();
  }

  /// Parts of `size` along `axis`; the last one is smaller if the size does not divide the axis. An
  /// axis of size 0 is one part.
  ///
  /// The whole is cut in two, and each half again: so the gradients of all `k` parts are put
  /// together in log₂ k rounds, where `k` slices of the whole would be `k` sums as large as it.
  ///
  /// @throws vectorgrad.tensor.ShapeException if `size` is not positive
  default List<Variable> split(int size, int axis) {
    return cut(self().value().split(size, axis), axis);
  }

  /// Parts of the given `sizes` along `axis`.
  ///
  /// @throws vectorgrad.tensor.ShapeException if the sizes do not add to that of the axis
  default List<Variable> split(int[] sizes, int axis) {
    return cut(self().value().split(sizes, axis), axis);
  }

  /// At most `chunks` parts of equal size along `axis`, the last one smaller: parts of the size
  /// divided by `chunks`, rounded up, so that there may be fewer of them.
  ///
  /// @throws vectorgrad.tensor.ShapeException if `chunks` is not positive
  default List<Variable> chunk(int chunks, int axis) {
    return cut(self().value().chunk(chunks, axis), axis);
  }

  private List<Variable> cut(List<Tensor> sizes, int axis) {
    List<Variable> parts = new ArrayList<>();
    cut(self(), axis, sizes, parts);
    return List.copyOf(parts);
  }

  private static void cut(Variable x, int axis, List<Tensor> sizes, List<Variable> parts) {
    if (sizes.size() <= 1) {
      sizes.forEach(only -> parts.add(x));
      return;
    }
    List<Tensor> before = sizes.subList(0, sizes.size() / 2);
    int place = before.stream().mapToInt(part -> part.size(axis)).sum();
    cut(x.slice(axis, 0, place), axis, before, parts);
    cut(
        x.slice(axis, place, x.size(axis)),
        axis,
        sizes.subList(before.size(), sizes.size()),
        parts);
  }

  /// The elements along `axes` in reverse, along all axes without any. Its own adjoint.
  ///
  /// @throws vectorgrad.tensor.ShapeException if an axis is named twice
  default Variable flip(int... axes) {
    int[] reversed = axes.clone();
    UnaryOperator<Tensor> flip = x -> x.flip(reversed);
    return Variable.apply(Adjoints.of("Flip", flip, flip), self());
  }

  /// The plane of `axis1` and `axis2` turned by `quarters` of a full turn, from `axis1` towards
  /// `axis2`; negative ones turn back, as gradients do.
  ///
  /// @throws vectorgrad.tensor.ShapeException if both axes are the same
  default Variable rot90(int quarters, int axis1, int axis2) {
    return Variable.apply(
        Adjoints.of(
            "Rot90", x -> x.rot90(quarters, axis1, axis2), x -> x.rot90(-quarters, axis1, axis2)),
        self());
  }

  /// The main diagonal of the first two axes, as a new last axis.
  default Variable diagonal() {
    return diagonal(0, 0, 1);
  }

  /// The elements `(i, i + offset)` of the plane of `axis1` and `axis2`, as a new last axis; a
  /// negative offset names a diagonal below the main one. Empty where it leaves the plane.
  ///
  /// @throws vectorgrad.tensor.ShapeException if both axes are the same
  default Variable diagonal(int offset, int axis1, int axis2) {
    return shown("Diagonal", x -> x.diagonal(offset, axis1, axis2));
  }

  /// Sliding windows along `axis`: the axis counts windows, a new last axis holds each one's
  /// `kernel` elements, `dilation` apart; neighbouring windows are `stride` apart. Gradients add
  /// where windows overlap: its adjoint is [Variable#overlapAdd].
  ///
  /// @throws vectorgrad.tensor.ShapeException if `kernel`, `stride` or `dilation` is not positive
  default Variable window(int axis, int kernel, int stride, int dilation) {
    int size = self().size(axis);
    int a = self().shape().axis(axis);
    return Variable.apply(
        Adjoints.of(
            "Window",
            x -> x.window(a, kernel, stride, dilation),
            y -> y.overlapAdd(a, size, stride, dilation)),
        self());
  }
}
