package vectorgrad.train;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// What happened in a run, epoch by epoch.
///
/// @param epochs the finished epochs
/// @param stepLosses the loss of every step, of all epochs
public record History(List<Epoch> epochs, List<Double> stepLosses) {
  /// Nothing yet.
  public static final History EMPTY = new History(List.of(), List.of());

  /// Keeps copies of its own.
  public History {
    epochs = List.copyOf(epochs);
    stepLosses = List.copyOf(stepLosses);
  }

  /// One epoch.
  ///
  /// @param epoch its number, from 1
  /// @param loss the mean training loss, as it was while the parameters moved
  /// @param accuracy the share of training samples that were classified correctly meanwhile
  /// @param validationLoss the mean loss on the validation samples afterwards, NaN without any
  /// @param validationAccuracy the share classified correctly, NaN without any
  /// @param learningRate the learning rate at the end of the epoch
  /// @param seconds the time of the training steps
  public record Epoch(
      int epoch,
      double loss,
      double accuracy,
      double validationLoss,
      double validationAccuracy,
      double learningRate,
      double seconds) {}

  /// The sums of an epoch in progress.
  ///
  /// @param samples how many were seen
  /// @param loss the sum of their losses
  /// @param correct how many were classified correctly
  /// @param seconds the time of the steps
  /// @param stepLosses the loss of every step
  public record Running(
      long samples, double loss, long correct, double seconds, List<Double> stepLosses) {
    /// The start of an epoch.
    public static final Running NONE = new Running(0, 0, 0, 0, List.of());

    /// Keeps a copy of its own.
    public Running {
      stepLosses = List.copyOf(stepLosses);
    }

    /// The mean loss so far.
    public double meanLoss() {
      return loss / Math.max(1, samples);
    }

    /// The share classified correctly so far.
    public double accuracy() {
      return (double) correct / Math.max(1, samples);
    }
  }

  /// This history with one more epoch.
  public History plus(Epoch epoch, List<Double> losses) {
    List<Epoch> more = new ArrayList<>(epochs);
    more.add(epoch);
    List<Double> steps = new ArrayList<>(stepLosses);
    steps.addAll(losses);
    return new History(more, steps);
  }

  /// The epochs as comma-separated values with a header line; empty fields where there is no
  /// number.
  public String toCsv() {
    StringBuilder csv =
        new StringBuilder(
            "epoch,loss,accuracy,validation_loss,validation_accuracy,learning_rate,seconds\n");
    for (Epoch e : epochs) {
      csv.append(e.epoch())
          .append(field(e.loss()))
          .append(field(e.accuracy()))
          .append(field(e.validationLoss()))
          .append(field(e.validationAccuracy()))
          .append(field(e.learningRate()))
          .append(String.format(Locale.ROOT, ",%.3f%n", e.seconds()).replace("\r", ""));
    }
    return csv.toString();
  }

  private static String field(double value) {
    return "," + (Double.isNaN(value) ? "" : Double.toString(value));
  }
}
