package vectorgrad.autograd;

import vectorgrad.tensor.Conv2dGeometry;

/// Convolutions of a [Variable]: see [ProductOps].
sealed interface Convolutions permits Variable {

  private Variable self() {
    return (Variable) this;
  }

  /// The cross-correlation of pictures (N, C, H, W) with filters (O, C / groups, kH, kW).
  default Variable conv2d(Variable weight, Conv2dGeometry geometry) {
    return Variable.apply(new ProductOps.Conv2d(geometry), self(), weight);
  }
}
