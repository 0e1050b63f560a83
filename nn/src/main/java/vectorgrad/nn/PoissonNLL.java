package vectorgrad.nn;

import static vectorgrad.numerics.Formula.HALF;
import static vectorgrad.numerics.Formula.ONE;
import static vectorgrad.numerics.Formula.ZERO;

import vectorgrad.numerics.Formula;

/// Negative log-likelihood of counts `t` under Poisson distributions of rate `λ`: `λ − t·log λ`,
/// without `log t!`, which does not depend on the prediction.
///
/// Predictions are `x = log λ`, so that the loss is `eˣ − t·x` and its gradient `eˣ − t`; or the
/// rates themselves, `x − t·log(x + ε)`. PyTorch's `PoissonNLLLoss`.
///
/// @param logInput whether predictions are logarithms of rates
/// @param full whether Stirling's approximation of `log t!`, `t·log t − t + ½·log(2π·t)`, is added
///   where `t > 1`
/// @param eps ε, which keeps rates of 0 from the logarithm's pole
/// @param reduction mean, sum, none, or the sum over an example
public record PoissonNLL(boolean logInput, boolean full, double eps, Reduction reduction)
    implements ElementwiseLoss {
  /// Checks ε.
  ///
  /// @throws IllegalArgumentException if it is negative
  public PoissonNLL {
    Agreement.atLeast("PoissonNLL", "eps", eps, 0);
  }

  /// Predictions are logarithms; not full; the mean over all elements.
  public PoissonNLL() {
    this(true, false, 1e-8, Reduction.MEAN);
  }

  /// A copy whose predictions are logarithms of rates if `is`.
  public PoissonNLL logInput(boolean is) {
    return new PoissonNLL(is, full, eps, reduction);
  }

  /// A copy with Stirling's term if `is`.
  public PoissonNLL full(boolean is) {
    return new PoissonNLL(logInput, is, eps, reduction);
  }

  /// A copy with this ε.
  public PoissonNLL eps(double other) {
    return new PoissonNLL(logInput, full, other, reduction);
  }

  /// A copy with this reduction.
  public PoissonNLL reduction(Reduction other) {
    return new PoissonNLL(logInput, full, eps, other);
  }

  @Override
  public Formula value(Formula x, Formula t) {
    Formula loss = logInput ? x.exp().minus(t.times(x)) : x.minus(t.times(x.plus(eps).log()));
    if (!full) {
      return loss;
    }
    Formula stirling = t.times(t.log()).minus(t).plus(HALF.times(t.times(2 * Math.PI).log()));
    return loss.plus(t.greaterThan(ONE).then(stirling, ZERO));
  }
}
