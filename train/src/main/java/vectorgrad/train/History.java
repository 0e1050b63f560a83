package vectorgrad.train;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import vectorgrad.data.SafeFile;

/// What happened in a run: the loss of every step, and a summary of every epoch.
public final class History {
  private final List<Epoch> epochs = new ArrayList<>();
  private float[] losses = new float[1024];
  private int steps;

  /// One epoch.
  ///
  /// @param epoch its number, from 1
  /// @param step how many steps had been made at its end, over all epochs
  /// @param learningRate the learning rate at its end
  /// @param seconds the time of its steps, validation apart
  /// @param training the means over its steps, as they were while the parameters moved
  /// @param validation the means over the validation samples afterwards; [Averages#NONE] without
  ///   any
  public record Epoch(
      int epoch,
      long step,
      double learningRate,
      double seconds,
      Averages training,
      Averages validation) {
    /// Checks that nothing is missing, as it may come from a file.
    public Epoch {
      Objects.requireNonNull(training);
      Objects.requireNonNull(validation);
    }
  }

  /// Nothing has happened.
  public History() {}

  /// What happened before.
  History(Collection<Epoch> epochs, float[] losses) {
    this.epochs.addAll(epochs);
    this.losses = losses.clone();
    this.steps = losses.length;
  }

  void step(double loss) {
    if (steps == losses.length) {
      losses = Arrays.copyOf(losses, Math.max(1024, 2 * steps));
    }
    losses[steps++] = (float) loss;
  }

  void epoch(Epoch epoch) {
    epochs.add(epoch);
  }

  /// The finished epochs.
  public List<Epoch> epochs() {
    return List.copyOf(epochs);
  }

  /// The loss of every step.
  public float[] losses() {
    return Arrays.copyOf(losses, steps);
  }

  /// How many steps were made.
  public int steps() {
    return steps;
  }

  /// Writes a line of comma-separated values for each epoch, under a line of names. A field is
  /// empty where there is no number.
  public void write(Path file) throws IOException {
    SafeFile.write(file, toCsv());
  }

  /// What [#write] writes.
  String toCsv() {
    Set<String> metrics = new LinkedHashSet<>();
    for (Epoch epoch : epochs) {
      metrics.addAll(epoch.training().sums().keySet());
    }
    StringBuilder csv = new StringBuilder("epoch,step,learning_rate,seconds");
    for (String part : List.of("training", "validation")) {
      csv.append(',').append(part).append("_loss");
      metrics.forEach(metric -> csv.append(',').append(part).append('_').append(metric));
    }
    csv.append('\n');
    for (Epoch epoch : epochs) {
      csv.append(epoch.epoch()).append(',').append(epoch.step());
      csv.append(',').append(epoch.learningRate());
      csv.append(String.format(Locale.ROOT, ",%.3f", epoch.seconds()));
      for (Averages averages : List.of(epoch.training(), epoch.validation())) {
        field(csv, averages.loss());
        metrics.forEach(metric -> field(csv, averages.metric(metric)));
      }
      csv.append('\n');
    }
    return csv.toString();
  }

  private static void field(StringBuilder csv, double value) {
    csv.append(',');
    if (!Double.isNaN(value)) {
      csv.append(value);
    }
  }
}
