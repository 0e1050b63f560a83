package vectorgrad.autograd;

import vectorgrad.tensor.Tensor;

/// Operations of a [Variable] that pick or place elements by index: see [SelectionOps].
sealed interface Indexing permits Variable {

  private Variable self() {
    return (Variable) this;
  }

  /// `result[…, i, …] = this[…, index[…, i, …], …]` along `axis`; `index` is I32.
  default Variable gather(int axis, Tensor index) {
    return Variable.apply(new SelectionOps.Gather(self().shape().axis(axis), index), self());
  }

  /// Zeros with this variable's elements added at the places `index` names along `axis`, whose size
  /// becomes `size`.
  default Variable scatterAdd(int axis, Tensor index, int size) {
    return Variable.apply(
        new SelectionOps.ScatterAdd(self().shape().axis(axis), index, size), self());
  }

  /// The parts that the vector `indices` names along `axis`, in that order.
  default Variable indexSelect(int axis, Tensor indices) {
    return Variable.apply(new SelectionOps.IndexSelect(self().shape().axis(axis), indices), self());
  }

  /// Zeros with this variable's parts added at the places that the vector `indices` names along
  /// `axis`, whose size becomes `size`.
  default Variable indexAdd(int axis, Tensor indices, int size) {
    return Variable.apply(
        new SelectionOps.IndexAdd(self().shape().axis(axis), indices, size), self());
  }
}
