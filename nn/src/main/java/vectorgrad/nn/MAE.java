package vectorgrad.nn;

import vectorgrad.numerics.Formula;

/// Absolute error: `|x − t|`, the mean over all elements by default. PyTorch's `L1Loss`.
///
/// Every error pulls with the same force, so outliers do not matter more than others. Minimised by
/// the median of the targets. At the kink `x = t` the slope is 0.
///
/// @param reduction mean, sum, none, or the sum over an example
public record MAE(Reduction reduction) implements ElementwiseLoss {
  /// The mean over all elements.
  public MAE() {
    this(Reduction.MEAN);
  }

  /// A copy with this reduction.
  public MAE reduction(Reduction other) {
    return new MAE(other);
  }

  @Override
  public Formula value(Formula x, Formula t) {
    return x.minus(t).abs();
  }
}
