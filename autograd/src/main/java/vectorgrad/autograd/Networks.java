package vectorgrad.autograd;

/// Operations of a [Variable] along an axis that networks end with.
sealed interface Networks permits Variable {

  private Variable self() {
    return (Variable) this;
  }

  /// `exp(xᵢ) / Σ exp(xⱼ)` along `axis`, of numbers of any size. The graph keeps the result: `dx =
  /// y·(dy − Σ dy·y)`.
  default Variable softmax(int axis) {
    return Variable.apply(new ReductionOps.Softmax(self().shape().axis(axis)), self());
  }

  /// The logarithm of [#softmax], `xᵢ − log Σ exp(xⱼ)`, without a detour through numbers near zero.
  /// The graph keeps the result: `dx = dy − exp(y)·Σ dy`.
  default Variable logSoftmax(int axis) {
    return Variable.apply(new ReductionOps.LogSoftmax(self().shape().axis(axis)), self());
  }
}
