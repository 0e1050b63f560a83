package vectorgrad.nn;

import java.util.Optional;
import java.util.OptionalInt;
import vectorgrad.autograd.Autocast;
import vectorgrad.autograd.Variable;
import vectorgrad.tensor.DType;
import vectorgrad.tensor.DTypeException;
import vectorgrad.tensor.Message;
import vectorgrad.tensor.Tensor;

/// Cross-entropy of class labels under the softmax of logits: for an example with label `k`,
/// `−log(e^zₖ / Σ e^zⱼ) = log Σ e^zⱼ − zₖ`.
///
/// | name | shape | meaning |
/// |------|-------|---------|
/// | logits z | (N, C, …) | any real numbers; no softmax before; classes along axis 1 |
/// | labels | (N, …), I32 or I64 | from 0 to C − 1 |
/// | or probabilities p | (N, C, …), floating | the loss is `−Σ wⱼ·pⱼ·log softmax(z)ⱼ` |
/// | loss | () | the mean over the examples, by default |
///
/// With label smoothing ε the target is `1 − ε` on the label and `ε / C` on every class: `(1 −
/// ε)·loss + ε·mean over the classes of −log softmax`. Probabilities are smoothed alike. The
/// gradient is `softmax(z)` minus the target.
///
/// With class weights `w` a mean over labels divides by the sum of their weights; one over
/// probabilities divides by the number of examples, as PyTorch's does. Ignored examples count
/// nowhere, in the smoothed part neither.
///
/// Numerics: the logarithm of the softmax is computed with the largest logit subtracted, so no
/// logit overflows. The naive form `−log(softmax(z))` is infinite from a distance of 88 on in f32,
/// and NaN from a logit of 89 on. Cost: a few passes over the logits; backward keeps the
/// log-softmax.
///
/// @param reduction mean, sum, one loss for each example (N), or the sum divided by N
/// @param labelSmoothing ε, from 0 to 1. Szegedy et al. 2016
/// @param ignoreIndex a label whose examples do not count, such as padding; none by default, where
///   PyTorch's is −100, so that a label outside of the classes is refused
/// @param weight a factor for each class (C), 1 by default
public record CrossEntropy(
    Reduction reduction, double labelSmoothing, OptionalInt ignoreIndex, Optional<Tensor> weight)
    implements Loss {

  /// Checks the smoothing.
  ///
  /// @throws IllegalArgumentException if it is not between 0 and 1
  public CrossEntropy {
    if (!(labelSmoothing >= 0 && labelSmoothing <= 1)) {
      throw new IllegalArgumentException(
          "CrossEntropy: the label smoothing must be between 0 and 1, found " + labelSmoothing);
    }
  }

  /// The mean over all examples, no smoothing.
  public CrossEntropy() {
    this(Reduction.MEAN, 0, OptionalInt.empty(), Optional.empty());
  }

  /// A copy with this reduction.
  public CrossEntropy reduction(Reduction other) {
    return new CrossEntropy(other, labelSmoothing, ignoreIndex, weight);
  }

  /// A copy with this much smoothing.
  public CrossEntropy labelSmoothing(double epsilon) {
    return new CrossEntropy(reduction, epsilon, ignoreIndex, weight);
  }

  /// A copy that leaves out the examples with this label.
  public CrossEntropy ignoreIndex(int label) {
    return new CrossEntropy(reduction, labelSmoothing, OptionalInt.of(label), weight);
  }

  /// A copy with a weight for each class, such as the inverse of how often it occurs.
  public CrossEntropy weight(Tensor weights) {
    return new CrossEntropy(reduction, labelSmoothing, ignoreIndex, Optional.of(weights));
  }

  /// @throws vectorgrad.tensor.ShapeException if there is not one label, or one row of
  ///   probabilities, for each row of logits, or not one weight for each class
  /// @throws DTypeException if the target is neither I32 or I64 labels nor floating probabilities
  /// @throws vectorgrad.tensor.IndexException if there is no such class
  @Override
  public Variable of(Variable logits, Tensor target) {
    if (target.dtype().isFloating()) {
      return of(logits, Variable.constant(target));
    }
    Agreement.ofLabels("CrossEntropy", "logits", logits.shape(), target);
    return new NLL(weight, ignoreIndex, reduction)
        .smoothed("CrossEntropy", logits.logSoftmax(1), target, labelSmoothing);
  }

  /// The loss against probabilities that may want a gradient too, as those of a teacher.
  ///
  /// @throws vectorgrad.tensor.ShapeException if their shape is not that of the logits
  public Variable of(Variable logits, Variable probabilities) {
    if (probabilities.rank() == logits.rank() - 1) {
      throw new DTypeException(
          Message.of("CrossEntropy", "labels are i32, found " + probabilities.dtype())
              .row("help", "labels.to(DType.I32)")
              .row("rule", "floating targets are probabilities, of the shape of the logits"));
    }
    Agreement.ofShapes("CrossEntropy", "logits", logits, "probabilities", probabilities);
    Variable target = probabilities;
    if (labelSmoothing > 0) {
      target = target.mul(1 - labelSmoothing).add(labelSmoothing / logits.size(1));
    }
    Variable logarithms = logits.logSoftmax(1);
    Variable terms = logarithms.mul(Autocast.widen(target));
    Optional<Tensor> weights = Agreement.classWeights("CrossEntropy", weight, logarithms);
    if (weights.isPresent()) {
      terms = terms.mul(NLL.alongClasses(weights.get(), logits));
    }
    return reduction.of(terms.sum(1).neg());
  }

  /// The definition, to be read and to be tested against: right for small logits. In f32 `e^z` is
  /// infinite from 89 on, and the quotient of two infinities NaN.
  static Variable naive(Variable logits, Tensor labels) {
    Variable powers = logits.exp();
    Variable softmax = powers.div(powers.sum(true, 1));
    return softmax.gather(1, labels.to(DType.I32).unsqueeze(1)).squeeze(1).log().neg().mean();
  }
}
