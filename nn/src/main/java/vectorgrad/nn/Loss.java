package vectorgrad.nn;

import vectorgrad.autograd.Variable;
import vectorgrad.tensor.Tensor;

/// How far a prediction is from its target, as a number to be made small. Losses are records; their
/// settings are changed on copies: `new CrossEntropy().labelSmoothing(0.1).reduction(SUM)`. The
/// usual forms are static methods of [Losses].
public interface Loss {

  /// How the losses of the examples become one.
  enum Reduction {
    /// The mean; the gradient does not depend on the size of the batch.
    MEAN,
    /// The sum.
    SUM,
    /// Left as they are.
    NONE;

    Variable of(Variable losses) {
      return switch (this) {
        case MEAN -> losses.mean();
        case SUM -> losses.sum();
        case NONE -> losses;
      };
    }
  }

  /// The loss of `prediction` against `target`.
  Variable of(Variable prediction, Tensor target);
}
