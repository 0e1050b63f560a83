package vectorgrad.train;

import java.util.Arrays;
import java.util.List;
import vectorgrad.tensor.Tensor;

/// How many samples of each class were taken for which: a row for each true class, a column for
/// each predicted one.
public final class ConfusionMatrix {
  private final List<String> classes;
  private final int[][] counts;

  /// Nothing counted yet.
  public ConfusionMatrix(List<String> classes) {
    this.classes = List.copyOf(classes);
    this.counts = new int[classes.size()][classes.size()];
  }

  /// Counts a batch.
  ///
  /// @param labels the true classes, I32 (N)
  /// @param predictions the predicted ones, I32 (N)
  public void count(Tensor labels, Tensor predictions) {
    int[] actual = labels.toInts();
    int[] predicted = predictions.toInts();
    for (int i = 0; i < actual.length; i++) {
      counts[actual[i]][predicted[i]]++;
    }
  }

  /// The names of the classes.
  public List<String> classes() {
    return classes;
  }

  /// How many samples of class `actual` were taken for class `predicted`.
  public int at(int actual, int predicted) {
    return counts[actual][predicted];
  }

  /// How many samples of class `actual` there were.
  public int samples(int actual) {
    return Arrays.stream(counts[actual]).sum();
  }

  /// The share of the samples of class `actual` that was recognised; NaN if there were none.
  public double recall(int actual) {
    return (double) counts[actual][actual] / samples(actual);
  }

  /// The share of all samples that was recognised; NaN if there were none.
  public double accuracy() {
    long correct = 0;
    long samples = 0;
    for (int i = 0; i < counts.length; i++) {
      correct += counts[i][i];
      samples += samples(i);
    }
    return (double) correct / samples;
  }
}
