package vectorgrad.autograd;

/// Matrix products of a [Variable]: see [ProductOps].
sealed interface Products permits Variable {

  private Variable self() {
    return (Variable) this;
  }

  /// The matrix product of (…, M, K) and (…, K, N), batch axes broadcast: (…, M, N).
  default Variable matmul(Variable b) {
    return ProductOps.matmul(self(), b);
  }
}
