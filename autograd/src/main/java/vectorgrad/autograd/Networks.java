package vectorgrad.autograd;

/// Operations of a [Variable] along an axis that networks end with.
sealed interface Networks permits Variable {

  private Variable self() {
    return (Variable) this;
  }

  /// `exp(xᵢ) / Σ exp(xⱼ)` along `axis`.
  default Variable softmax(int axis) {
    return Variable.apply(new ReductionOps.Softmax(self().shape().axis(axis)), self());
  }

  /// `xᵢ − log Σ exp(xⱼ)` along `axis`.
  default Variable logSoftmax(int axis) {
    return Variable.apply(new ReductionOps.LogSoftmax(self().shape().axis(axis)), self());
  }
}
