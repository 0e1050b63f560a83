package vectorgrad.train;

import java.util.function.DoubleConsumer;
import vectorgrad.tensor.Message;

/// Which number of an epoch tells how good a model is, and when one is better than another.
///
/// ```java
/// Watch.loss()                            // of the validation, falling
/// Watch.accuracy().by(0.001)              // rising by more than a thousandth
/// Watch.of("f1").rising().inTraining()    // a metric of one's own, on what is learnt from
/// ```
///
/// @param metric its name; `loss` for the loss
/// @param upwards whether more is better
/// @param least by more than how much a number must be better to count
/// @param training whether it is measured in training instead of validation
public record Watch(String metric, boolean upwards, double least, boolean training) {
  private static final String LOSS = "loss";

  /// Checks the least difference.
  ///
  /// @throws IllegalArgumentException if it is negative or not a number
  public Watch {
    if (!(least >= 0)) {
      throw new IllegalArgumentException(
          Message.of("Watch", "the least difference must be at least 0, found " + least)
              .toString());
    }
  }

  /// The validation loss, falling.
  public static Watch loss() {
    return of(LOSS);
  }

  /// The validation accuracy, rising.
  public static Watch accuracy() {
    return of(Metric.ACCURACY.name()).rising();
  }

  /// The metric of the given name in validation, falling.
  public static Watch of(String metric) {
    return new Watch(metric, false, 0, false);
  }

  /// The same, where more is better.
  public Watch rising() {
    return new Watch(metric, true, least, training);
  }

  /// The same, where a number must be better by more than `least`.
  public Watch by(double least) {
    return new Watch(metric, upwards, least, training);
  }

  /// The same number of the training itself, as it is while the parameters move.
  public Watch inTraining() {
    return new Watch(metric, upwards, least, true);
  }

  /// A listener that tells the number of every epoch: `Watch.loss().tell(plateau::observe)`.
  public Trainer.Listener tell(DoubleConsumer listener) {
    return new Trainer.Listener() {
      @Override
      public void onEpoch(History.Epoch epoch) {
        listener.accept(of(epoch));
      }
    };
  }

  /// The number of `epoch`.
  ///
  /// @throws TrainingException if it was not measured
  public double of(History.Epoch epoch) {
    Averages averages = training ? epoch.training() : epoch.validation();
    if (averages.samples() == 0) {
      throw new TrainingException(
          Message.of("training", "nobody measures the validation " + metric)
              .row("help", "trainer.validateOn(samples), or watch it inTraining()"));
    }
    if (metric.equals(LOSS)) {
      return averages.loss();
    }
    if (!averages.sums().containsKey(metric)) {
      throw new TrainingException(
          Message.of("training", "there is no metric \"" + metric + "\"")
              .row(
                  "known",
                  "loss"
                      + String.join(
                          "", averages.sums().keySet().stream().map(m -> ", " + m).toList()))
              .row("help", "trainer.metrics(…) measures others"));
    }
    return averages.metric(metric);
  }

  /// Whether `value` is better than `best`, which is NaN as long as there is none. NaN is better
  /// than nothing else.
  boolean better(double value, double best) {
    if (Double.isNaN(value) || Double.isNaN(best)) {
      return !Double.isNaN(value);
    }
    return upwards ? value > best + least : value < best - least;
  }
}
