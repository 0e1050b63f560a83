package vectorgrad.nn;

import vectorgrad.autograd.Variable;
import vectorgrad.numerics.Formula;

/// Logistic loss for scores `x` and targets `t` of −1 or 1: `log(1 + e^(−t·x)) = softplus(−t·x)`,
/// which no score makes overflow. [BinaryCrossEntropyWithLogits] with targets 0 and 1 is the same.
/// PyTorch's `SoftMarginLoss`; Cox 1958.
///
/// @param reduction mean, sum, none, or the sum over an example
public record SoftMargin(Reduction reduction) implements ElementwiseLoss {
  /// The mean over all elements.
  public SoftMargin() {
    this(Reduction.MEAN);
  }

  /// A copy with this reduction.
  public SoftMargin reduction(Reduction other) {
    return new SoftMargin(other);
  }

  @Override
  public Formula value(Formula x, Formula t) {
    return t.times(x).negate().softplus();
  }

  /// `−t·σ(−t·x)`
  @Override
  public Formula slopeA(Formula x, Formula t, Formula y) {
    return t.negate().times(t.times(x).negate().sigmoid());
  }

  /// `−x·σ(−t·x)`
  @Override
  public Formula slopeB(Formula x, Formula t, Formula y) {
    return x.negate().times(t.times(x).negate().sigmoid());
  }

  /// The definition, to be read and to be tested against: infinite in f32 from `t·x = −89` on, with
  /// a gradient of NaN.
  static Variable naive(Variable x, Variable t) {
    return x.mul(t).neg().exp().add(1).log().mean();
  }
}
