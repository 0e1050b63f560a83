package vectorgrad.nn;

import vectorgrad.numerics.Formula;

/// Absolute error with a rounded tip: with `d = |x − t|`,
///
/// `½·d² / β` where `d < β`, else `d − ½·β`.
///
/// The slope is never steeper than 1, whatever β; β = 0 is [MAE]. [Huber] is β times this.
///
/// Source: R. Girshick, *Fast R-CNN*, 2015, equation 3.
///
/// @param beta β, where the parabola becomes a line
/// @param reduction mean, sum, none, or the sum over an example
public record SmoothL1(double beta, Reduction reduction) implements ElementwiseLoss {
  /// Checks β.
  ///
  /// @throws IllegalArgumentException if it is negative
  public SmoothL1 {
    Agreement.atLeast("SmoothL1", "beta", beta, 0);
  }

  /// β = 1, the mean over all elements.
  public SmoothL1() {
    this(1, Reduction.MEAN);
  }

  /// A copy with this β.
  public SmoothL1 beta(double other) {
    return new SmoothL1(other, reduction);
  }

  /// A copy with this reduction.
  public SmoothL1 reduction(Reduction other) {
    return new SmoothL1(beta, other);
  }

  @Override
  public Formula value(Formula x, Formula t) {
    Formula d = x.minus(t).abs();
    if (beta == 0) {
      return d;
    }
    return d.lessThan(Formula.constant(beta))
        .then(d.square().times(0.5 / beta), d.minus(0.5 * beta));
  }
}
