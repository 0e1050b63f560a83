package vectorgrad.nn;

import java.util.OptionalInt;
import vectorgrad.autograd.Variable;
import vectorgrad.tensor.DType;
import vectorgrad.tensor.DTypeException;
import vectorgrad.tensor.Message;
import vectorgrad.tensor.Shape;
import vectorgrad.tensor.ShapeException;
import vectorgrad.tensor.Tensor;

/// Cross-entropy of class labels under the softmax of logits: for an example with label `k`,
/// `−log(e^zₖ / Σ e^zⱼ) = log Σ e^zⱼ − zₖ`.
///
/// | name | shape | meaning |
/// |------|-------|---------|
/// | logits z | (N, C) | any real numbers; no softmax before |
/// | labels | (N), I32 | from 0 to C − 1 |
/// | loss | () | the mean over the examples, by default |
///
/// With label smoothing ε the target is `1 − ε` on the label and `ε / C` on every class: `(1 −
/// ε)·loss + ε·mean over the classes of −log softmax`.
///
/// Numerics: the logarithm of the softmax is computed with the largest logit subtracted, so no
/// logit overflows. The naive form `−log(softmax(z))` is infinite from a distance of 104 on in f32.
/// Cost: a few passes over the logits; backward keeps the log-softmax.
///
/// @param reduction mean, sum, or one loss for each example (N)
/// @param labelSmoothing ε, from 0 to 1. Szegedy et al. 2016
/// @param ignoreIndex a label whose examples do not count, such as padding
public record CrossEntropy(Reduction reduction, double labelSmoothing, OptionalInt ignoreIndex)
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
    this(Reduction.MEAN, 0, OptionalInt.empty());
  }

  /// A copy with this reduction.
  public CrossEntropy reduction(Reduction other) {
    return new CrossEntropy(other, labelSmoothing, ignoreIndex);
  }

  /// A copy with this much smoothing.
  public CrossEntropy labelSmoothing(double epsilon) {
    return new CrossEntropy(reduction, epsilon, ignoreIndex);
  }

  /// A copy that leaves out the examples with this label.
  public CrossEntropy ignoreIndex(int label) {
    return new CrossEntropy(reduction, labelSmoothing, OptionalInt.of(label));
  }

  @Override
  public Variable of(Variable logits, Tensor labels) {
    check(logits.shape(), labels);
    Variable logProbabilities = logits.logSoftmax(1);
    Tensor counted = labels;
    if (ignoreIndex.isPresent()) { // any valid label serves where the loss is thrown away
      Tensor ignored = labels.eq(ignoreIndex.getAsInt());
      counted = Tensor.where(ignored, labels.sub(labels), labels);
      return masked(losses(logProbabilities, counted), ignored);
    }
    return reduction.of(losses(logProbabilities, counted));
  }

  private Variable losses(Variable logProbabilities, Tensor labels) {
    Variable ofLabel = logProbabilities.gather(1, labels.unsqueeze(1)).squeeze(1).neg();
    if (labelSmoothing == 0) {
      return ofLabel;
    }
    Variable ofAll = logProbabilities.mean(1).neg();
    return ofLabel.mul(1 - labelSmoothing).add(ofAll.mul(labelSmoothing));
  }

  private Variable masked(Variable losses, Tensor ignored) {
    Tensor weights =
        ignored
            .eq(Tensor.zeros(ignored.shape(), ignored.dtype(), ignored.device()))
            .to(losses.dtype());
    Variable kept = losses.mul(Variable.constant(weights));
    return reduction == Reduction.MEAN
        ? kept.sum().div(Variable.constant(weights.sum()))
        : reduction.of(kept);
  }

  private static void check(Shape logits, Tensor labels) {
    if (labels.dtype() != DType.I32) {
      throw new DTypeException(
          Message.of("crossEntropy", "labels are i32, found " + labels.dtype())
              .row("help", "labels.to(DType.I32)"));
    }
    if (logits.rank() != 2 || labels.rank() != 1 || logits.get(0) != labels.size()) {
      throw new ShapeException(
          Message.of("crossEntropy", "the labels do not fit the logits")
              .row("logits", Location.column(logits, labels.shape()) + "N C")
              .row("labels", Location.column(labels.shape(), logits) + "N")
              .row("rule", "one row of logits and one label for each example"),
          logits,
          labels.shape());
    }
  }
}
