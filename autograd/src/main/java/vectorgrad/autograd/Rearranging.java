package vectorgrad.autograd;

/// Operations of a [Variable] that move its elements.
sealed interface Rearranging permits Variable {

  private Variable self() {
    return (Variable) this;
  }

  /// With zeros added along `axis`.
  default Variable pad(int axis, int before, int after) {
    return Variable.apply(new ViewOps.Pad(self().shape().axis(axis), before, after), self());
  }
}
