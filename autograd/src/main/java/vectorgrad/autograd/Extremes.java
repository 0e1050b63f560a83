package vectorgrad.autograd;

import vectorgrad.tensor.ShapeException;

/// Extreme elements of a [Variable], with their places. Unlike [Reductions#max], where equal
/// elements share the gradient, here it is the one that is picked that has it: the first of equals,
/// the first NaN if there is one.
sealed interface Extremes permits Variable {

  private Variable self() {
    return (Variable) this;
  }

  /// The largest elements along `axis`, which stays with size 1 if `keepDim`, and their indices.
  /// The first of equals has the gradient.
  ///
  /// @throws ShapeException if there is nothing to choose from
  default Picked maxWithIndices(int axis, boolean keepDim) {
    Variable x = self();
    return SelectionOps.picked("max", x, axis, keepDim, x.value().maxWithIndices(axis, keepDim));
  }

  /// The smallest elements along `axis`, which stays with size 1 if `keepDim`, and their indices.
  /// The first of equals has the gradient.
  ///
  /// @throws ShapeException if there is nothing to choose from
  default Picked minWithIndices(int axis, boolean keepDim) {
    Variable x = self();
    return SelectionOps.picked("min", x, axis, keepDim, x.value().minWithIndices(axis, keepDim));
  }
}
