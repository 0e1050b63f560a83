package vectorgrad.nn;

import vectorgrad.numerics.Formula;

/// The Kullback–Leibler divergence of a target distribution `t` from a predicted one, given as
/// log-probabilities `l`: `Σ t·(log t − l)`, 0 where `t` is.
///
/// How much longer messages from `t` become in the best code for the prediction. Against a fixed
/// target it is the cross-entropy minus the entropy of the target, with the same gradient `−t`.
///
/// By default the sum over all elements is divided by the size of the first axis, so that it is the
/// mean of the divergences. PyTorch's default divides by the number of elements, which is the mean
/// of nothing; its own documentation recommends ours.
///
/// @param logTarget whether targets are log-probabilities too, which loses nothing of small ones:
///   `e^t·(t − l)`
/// @param reduction what the terms are joined by
public record KLDivergence(boolean logTarget, Reduction reduction) implements ElementwiseLoss {
  /// Against probabilities; the mean over the first axis.
  public KLDivergence() {
    this(false, Reduction.BATCH_MEAN);
  }

  /// A copy whose targets are log-probabilities if `is`.
  public KLDivergence logTarget(boolean is) {
    return new KLDivergence(is, reduction);
  }

  /// A copy with this reduction.
  public KLDivergence reduction(Reduction other) {
    return new KLDivergence(logTarget, other);
  }

  @Override
  public Formula value(Formula l, Formula t) {
    return logTarget ? t.exp().times(t.minus(l)) : t.xlogy(t).minus(t.times(l));
  }
}
