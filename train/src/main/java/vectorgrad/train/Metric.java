package vectorgrad.train;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import vectorgrad.tensor.Tensor;

/// A number that tells how good a model's outputs are, sample by sample, and that nobody
/// differentiates. It reads numbers and keeps none.
public interface Metric {
  /// The share of samples whose largest logit, the first of equals, is that of their class. Where
  /// targets are probabilities, as those of [mixed samples][vectorgrad.data.Mixup], it is their
  /// likeliest class, so that the accuracy of a training on such samples says little.
  Metric ACCURACY = new Accuracy();

  /// The name, as it heads a column of the history.
  String name();

  /// The sum over the samples of a batch.
  ///
  /// @param outputs what the model says, its first axis the samples
  /// @param targets what it should say
  double total(Tensor outputs, Tensor targets);

  /// The sums of several metrics by their names.
  static Map<String, Double> totals(List<Metric> metrics, Tensor outputs, Tensor targets) {
    Map<String, Double> totals = new LinkedHashMap<>();
    for (Metric metric : metrics) {
      totals.put(metric.name(), metric.total(outputs, targets));
    }
    return totals;
  }

  /// [#ACCURACY]: outputs are logits (N, C), targets I32 (N), or probabilities (N, C).
  record Accuracy() implements Metric {
    @Override
    public String name() {
      return "accuracy";
    }

    @Override
    public double total(Tensor outputs, Tensor targets) {
      boolean labels = targets.rank() < outputs.rank();
      Tensor actual = labels ? targets : targets.argmax(-1);
      return outputs.argmax(-1).eq(actual).sum().item();
    }
  }
}
