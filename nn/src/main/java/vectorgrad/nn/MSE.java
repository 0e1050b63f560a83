package vectorgrad.nn;

import vectorgrad.numerics.Formula;

/// Squared error: `(x − t)²`, the mean over all elements by default.
///
/// Large errors count most: the gradient `2·(x − t)` grows with them, so one outlier can pull a fit
/// far; [Huber] limits it. Minimised by the mean of the targets. Legendre 1805; PyTorch's
/// `MSELoss`.
///
/// @param reduction mean, sum, none, or the sum over an example
public record MSE(Reduction reduction) implements ElementwiseLoss {
  /// The mean over all elements.
  public MSE() {
    this(Reduction.MEAN);
  }

  /// A copy with this reduction.
  public MSE reduction(Reduction other) {
    return new MSE(other);
  }

  @Override
  public Formula value(Formula x, Formula t) {
    return x.minus(t).square();
  }
}
