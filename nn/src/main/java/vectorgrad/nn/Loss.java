package vectorgrad.nn;

import vectorgrad.autograd.Variable;
import vectorgrad.tensor.Tensor;

/// How far a prediction is from its target, as a number to be made small. Losses are records; their
/// settings are changed on copies: `new CrossEntropy().labelSmoothing(0.1).reduction(SUM)`. The
/// usual forms are static methods of [Losses].
///
/// Losses of more than two things, as of a triplet or of a distribution with its own variance, are
/// records of the same manner with an `of` of their own.
public interface Loss {

  /// How the losses of the examples become one.
  enum Reduction {
    /// The mean; the gradient does not depend on the size of the batch.
    MEAN,
    /// The sum.
    SUM,
    /// Left as they are.
    NONE,
    /// The sum divided by the size of the first axis: what one example costs, all its elements
    /// added up. PyTorch's `batchmean`, which it has for the Kullback–Leibler divergence only.
    BATCH_MEAN;

    Variable of(Variable losses) {
      return switch (this) {
        case MEAN -> losses.mean();
        case SUM -> losses.sum();
        case NONE -> losses;
        case BATCH_MEAN -> losses.sum().div(losses.rank() == 0 ? 1 : losses.size(0));
      };
    }
  }

  /// The loss of `prediction` against `target`.
  Variable of(Variable prediction, Tensor target);
}
