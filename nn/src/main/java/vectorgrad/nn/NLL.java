package vectorgrad.nn;

import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalInt;
import vectorgrad.autograd.Variable;
import vectorgrad.tensor.Tensor;

/// Negative log-likelihood of labels under log-probabilities `l`: for an example with label `k`,
/// `−wₖ·lₖ`. After [Variable#logSoftmax]; both in one are [CrossEntropy].
///
/// | name | shape | meaning |
/// |---|---|---|
/// | log-probabilities | (N, C, …) | classes along axis 1 |
/// | labels | (N, …), I32 or I64 | from 0 to C − 1 |
/// | loss | (), or (N, …) without a reduction | the mean divides by the sum of the weights |
///
/// Cost: one element of each row is read; its gradient is a scatter.
///
/// @param weight a factor for each class (C), 1 by default
/// @param ignoreIndex a label whose examples do not count, such as padding; none by default, where
///   PyTorch's is −100, so that a label outside of the classes is refused
/// @param reduction mean, sum, none, or the sum divided by the size of the first axis
public record NLL(Optional<Tensor> weight, OptionalInt ignoreIndex, Reduction reduction)
    implements Loss {
  /// The mean over all examples.
  public NLL() {
    this(Optional.empty(), OptionalInt.empty(), Reduction.MEAN);
  }

  /// A copy with a weight for each class.
  public NLL weight(Tensor weights) {
    return new NLL(Optional.of(weights), ignoreIndex, reduction);
  }

  /// A copy that leaves out the examples with this label.
  public NLL ignoreIndex(int label) {
    return new NLL(weight, OptionalInt.of(label), reduction);
  }

  /// A copy with this reduction.
  public NLL reduction(Reduction other) {
    return new NLL(weight, ignoreIndex, other);
  }

  /// @throws vectorgrad.tensor.ShapeException if there is not one label for each row, or one weight
  ///   for each class
  /// @throws vectorgrad.tensor.DTypeException if the labels are not I32 or I64
  /// @throws vectorgrad.tensor.IndexException if there is no such class
  @Override
  public Variable of(Variable logProbabilities, Tensor labels) {
    Agreement.ofLabels("NLL", "log-probabilities", logProbabilities.shape(), labels);
    return smoothed("NLL", logProbabilities, labels, 0);
  }

  /// The loss, a share `epsilon` of which comes from all classes alike.
  Variable smoothed(String name, Variable logProbabilities, Tensor labels, double epsilon) {
    Optional<Tensor> weights = Agreement.classWeights(name, weight, logProbabilities);
    Optional<Tensor> ignored = ignoreIndex.stream().mapToObj(labels::eq).findFirst();
    // any valid label serves where the loss is thrown away
    Tensor valid = ignored.map(i -> Tensor.where(i, labels.sub(labels), labels)).orElse(labels);

    Variable losses =
        Agreement.byLabels(
            name,
            valid,
            logProbabilities.size(1),
            () -> logProbabilities.gather(1, valid.unsqueeze(1)).squeeze(1).neg());
    Optional<Tensor> ofLabels = weights.map(w -> w.take(valid));
    if (ofLabels.isPresent()) {
      losses = losses.mul(Variable.constant(ofLabels.get()));
    }
    if (epsilon > 0) {
      losses = losses.mul(1 - epsilon).add(ofAll(logProbabilities, weights).mul(epsilon));
    }
    if (ignored.isPresent()) {
      losses = losses.maskedFill(ignored.get(), 0);
    }
    if (reduction != Reduction.MEAN || (ofLabels.isEmpty() && ignored.isEmpty())) {
      return reduction.of(losses);
    }
    Tensor counts = ofLabels.orElseGet(() -> Tensor.ones(valid.shape(), logProbabilities.dtype()));
    Tensor counted = ignored.map(i -> counts.maskedFill(i, 0)).orElse(counts);
    return losses.sum().div(Variable.constant(counted.sum()));
  }

  /// `−Σ wⱼ·lⱼ / C` of each example.
  private static Variable ofAll(Variable logProbabilities, Optional<Tensor> weights) {
    return weights
        .map(w -> logProbabilities.mul(alongClasses(w, logProbabilities)))
        .orElse(logProbabilities)
        .mean(1)
        .neg();
  }

  /// A number for each class, (C), that broadcasts to (N, C, …).
  static Variable alongClasses(Tensor weights, Variable rows) {
    int[] sizes = new int[rows.rank() - 1];
    Arrays.fill(sizes, 1);
    sizes[0] = weights.size();
    return Variable.constant(weights.reshape(sizes));
  }
}
