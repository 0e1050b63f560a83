package vectorgrad.autograd;

/// Operations of a [Variable] that see a part of it: see [ViewOps].
sealed interface Slicing permits Variable {

  private Variable self() {
    return (Variable) this;
  }

  /// Every `step`-th element along `axis`, from `from` up to but without `to`, by the rules of
  /// [vectorgrad.tensor.Slice]: negative places count from the end, what lies outside is cut off.
  default Variable slice(int axis, int from, int to, int step) {
    var places = new vectorgrad.tensor.Slice(from, to, step).within(self().size(axis));
    return Variable.apply(
        new ViewOps.Slice(self().shape().axis(axis), places.from(), places.to(), places.step()),
        self());
  }

  /// The elements along `axis` from `from` up to but without `to`.
  default Variable slice(int axis, int from, int to) {
    return slice(axis, from, to, 1);
  }

  /// The part at `index` of `axis`, without that axis; negative indices count from the end.
  default Variable select(int axis, int index) {
    self().value().select(axis, index); // throws where there is none
    int from = index < 0 ? index + self().size(axis) : index;
    return slice(axis, from, from + 1).squeeze(axis);
  }

  /// The elements along `axis` in reverse.
  default Variable flip(int axis) {
    return Variable.apply(new ViewOps.Flip(self().shape().axis(axis)), self());
  }
}
