package vectorgrad.data;

import java.util.List;
import vectorgrad.tensor.Message;

/// What a model shall say about each sample: a class, or numbers.
sealed interface Targets {
  /// The number of samples.
  int count();

  /// Numbers of classes.
  final class Classes implements Targets {
    private final int[] labels;
    private final List<String> names;

    /// Labels that are checked against the `names` they stand for.
    Classes(int[] labels, List<String> names) {
      for (int i = 0; i < labels.length; i++) {
        if (labels[i] < 0 || labels[i] >= names.size()) {
          throw new IllegalArgumentException(
              Message.of("Dataset", "label " + labels[i] + " of sample " + i + " has no class")
                  .row(
                      "rule", "labels are 0 to " + (names.size() - 1) + ", one for each class name")
                  .toString());
        }
      }
      this.labels = labels;
      this.names = List.copyOf(names);
    }

    @Override
    public int count() {
      return labels.length;
    }

    int label(int index) {
      return labels[index];
    }

    List<String> names() {
      return names;
    }
  }

  /// Numbers to be predicted.
  record Numbers(Samples values) implements Targets {
    @Override
    public int count() {
      return values.count();
    }
  }
}
