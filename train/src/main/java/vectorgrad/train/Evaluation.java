package vectorgrad.train;

import vectorgrad.autograd.Mode;
import vectorgrad.autograd.Variable;
import vectorgrad.data.Batch;
import vectorgrad.data.Loader;
import vectorgrad.data.Pass;
import vectorgrad.nn.Layer;
import vectorgrad.nn.Losses;
import vectorgrad.tensor.Scope;
import vectorgrad.tensor.Tensor;

/// How well a classifier does on samples it does not learn from.
///
/// @param samples how many there were
/// @param loss the mean cross-entropy
/// @param accuracy the share classified correctly
/// @param confusion how many samples of class `i` were taken for class `j`
public record Evaluation(int samples, double loss, double accuracy, Confusion confusion) {

  /// Runs `model` over the samples of `loader`, in inference mode.
  ///
  /// @param classes the number of classes
  public static Evaluation of(Layer model, Loader loader, int classes) {
    return Mode.inference(() -> {
      Confusion confusion = new Confusion(classes);
      double loss = 0;
      int samples = 0;
      try (Pass pass = loader.epoch(0)) {
        while (pass.hasNext()) {
          Batch batch = pass.next();
          try (var _ = Scope.open()) {
            Variable logits = model.forward(batch.images());
            loss += Losses.crossEntropy(logits, batch.labels()).item() * batch.size();
            samples += batch.size();
            confusion.count(batch.labels(), logits.value().argmax(-1));
          }
        }
      }
      return new Evaluation(samples, loss / Math.max(1, samples), confusion.accuracy(), confusion);
    });
  }

  /// How many samples of each class were taken for which.
  public static final class Confusion {
    private final int[][] counts;

    /// Nothing counted yet.
    public Confusion(int classes) {
      counts = new int[classes][classes];
    }

    /// Counts a batch: `labels` and `predictions` are I32 vectors of one length.
    public void count(Tensor labels, Tensor predictions) {
      int[] actual = labels.toInts();
      int[] predicted = predictions.toInts();
      for (int i = 0; i < actual.length; i++) {
        counts[actual[i]][predicted[i]]++;
      }
    }

    /// The number of classes.
    public int classes() {
      return counts.length;
    }

    /// How many samples of class `actual` were taken for class `predicted`.
    public int at(int actual, int predicted) {
      return counts[actual][predicted];
    }

    /// How many samples of class `actual` there were.
    public int total(int actual) {
      int total = 0;
      for (int count : counts[actual]) {
        total += count;
      }
      return total;
    }

    /// The share on the diagonal.
    public double accuracy() {
      long correct = 0;
      long all = 0;
      for (int i = 0; i < counts.length; i++) {
        correct += counts[i][i];
        all += total(i);
      }
      return (double) correct / Math.max(1, all);
    }
  }
}
