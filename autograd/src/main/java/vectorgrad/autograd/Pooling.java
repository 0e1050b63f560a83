package vectorgrad.autograd;

import vectorgrad.tensor.MaxPool;
import vectorgrad.tensor.PoolGeometry;

/// Pooling of a [Variable]: the largest or the mean of every window.
sealed interface Pooling permits Variable {

  private Variable self() {
    return (Variable) this;
  }

  /// The largest element of every window of pictures (N, C, H, W); the first of equals takes the
  /// gradient.
  default Variable maxPool2d(PoolGeometry geometry) {
    MaxPool pool = self().value().maxPool2d(geometry);
    return Variable.known(new SelectionOps.MaxPool2d(pool.indices()), pool.values(), self());
  }
}
