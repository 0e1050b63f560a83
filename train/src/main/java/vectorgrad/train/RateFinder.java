package vectorgrad.train;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import vectorgrad.autograd.Mode;
import vectorgrad.autograd.Variable;
import vectorgrad.data.Batch;
import vectorgrad.data.Loader;
import vectorgrad.data.Pass;
import vectorgrad.nn.Layer;
import vectorgrad.nn.Loss;
import vectorgrad.optim.FormulaOptimizer;
import vectorgrad.optim.Schedule;
import vectorgrad.tensor.Device;
import vectorgrad.tensor.Message;
import vectorgrad.tensor.Scope;
import vectorgrad.tensor.Tensor;

/// Finds a learning rate by a short training in which the rate grows at a steady ratio: too small
/// ones leave the loss as it is, good ones let it fall, and too large ones let it rise.
///
/// ```java
/// var adam = new Adam(model.parameters());
/// var tried = new RateFinder(1e-6, 1, 100).run(model, new CrossEntropy(), adam, train.batches(64));
/// adam.learningRate(tried.steepest());
/// tried.write("Adam on Fashion-MNIST", Path.of("rates.png"));
/// ```
///
/// Model and optimizer are afterwards as before, to the bit. Smith 2017, section 3.3 (first in
/// 2015).
///
/// @param from the first rate
/// @param to the last rate
/// @param steps how many are tried
public record RateFinder(double from, double to, int steps) {
  /// How much of the smoothed loss stays from step to step.
  private static final double SMOOTHING = 0.9;

  /// A smoothed loss so many times the lowest ends the search.
  private static final double DIVERGED = 4;

  /// Checks the rates.
  ///
  /// @throws IllegalArgumentException unless `0 < from < to` and there are at least ten steps
  public RateFinder {
    if (!(from > 0 && from < to && Double.isFinite(to)) || steps < 10) {
      throw new IllegalArgumentException(
          Message.of("RateFinder", "cannot try " + steps + " rates from " + from + " to " + to)
              .row("rule", "0 < from < to, and at least 10 steps")
              .toString());
    }
  }

  /// One step of the search.
  ///
  /// @param rate the rate of the step
  /// @param loss the loss before the step
  /// @param smoothed the running mean of the losses, corrected for its beginning at 0
  public record Trial(double rate, double loss, double smoothed) {}

  /// What a search showed.
  ///
  /// @param trials from the smallest rate on; they end before a loss that is not finite
  public record Result(List<Trial> trials) {
    /// Keeps a list of its own.
    public Result {
      trials = List.copyOf(trials);
    }

    /// The rate at which the smoothed loss is lowest: already too large to train with.
    public double lowest() {
      return trials.get(lowestTrial()).rate();
    }

    private int lowestTrial() {
      int lowest = 0;
      for (int i = 1; i < trials.size(); i++) {
        lowest = trials.get(i).smoothed() < trials.get(lowest).smoothed() ? i : lowest;
      }
      return lowest;
    }

    /// The rate before the lowest at which the smoothed loss falls fastest, over the logarithm of
    /// the rate: a good one to begin with. The mean comes some ten steps late, so smaller ones are
    /// worth a try.
    public double steepest() {
      int steepest = 0;
      double fastest = 0;
      for (int i = 1; i < lowestTrial(); i++) {
        double fall = trials.get(i + 1).smoothed() - trials.get(i - 1).smoothed();
        if (fall < fastest) {
          fastest = fall;
          steepest = i;
        }
      }
      return trials.get(steepest).rate();
    }

    /// Draws the losses over the rates, with [#steepest()] and [#lowest()], as a PNG file.
    ///
    /// @throws IOException if it cannot be written
    public void write(String title, Path file) throws IOException {
      RatePlot.write(this, title, file);
    }
  }

  /// Trains `model` with rising rates, and puts everything back.
  ///
  /// @param loss a mean over the samples of a batch
  /// @param training read from its first epoch on, as often as the steps need
  /// @throws TrainingException if the very first loss is not finite
  public Result run(Layer model, Loss loss, FormulaOptimizer optimizer, Loader training) {
    Map<String, Tensor> weights = copies(Weights.of(model));
    Map<String, Tensor> state = new LinkedHashMap<>();
    optimizer.state().forEach((name, cell) -> state.put(name, cell.value().copy()));
    Schedule rate = optimizer.schedule();
    long before = optimizer.steps();
    double ratio = Math.pow(to / from, 1.0 / (steps - 1));
    try {
      optimizer.learningRate(step -> from * Math.pow(ratio, (double) (step - before)));
      return Mode.TRAINING.call(() -> new Result(trials(model, loss, optimizer, training)));
    } finally {
      optimizer.learningRate(rate);
      optimizer.restore(state, before);
      Weights.set(model, weights);
    }
  }

  private static Map<String, Tensor> copies(Map<String, Tensor> tensors) {
    Map<String, Tensor> copies = new LinkedHashMap<>();
    tensors.forEach((name, tensor) -> copies.put(name, tensor.copy()));
    return copies;
  }

  private List<Trial> trials(Layer model, Loss loss, FormulaOptimizer optimizer, Loader training) {
    Device device = Evaluation.device(model);
    List<Trial> trials = new ArrayList<>();
    double sum = 0;
    double lowest = Double.POSITIVE_INFINITY;
    for (long epoch = 0; trials.size() < steps; epoch++) {
      try (Pass pass = training.to(device).epoch(epoch)) {
        while (pass.hasNext() && trials.size() < steps) {
          double rate = optimizer.learningRate();
          double found = step(model, loss, optimizer, pass.next());
          if (!Double.isFinite(found)) {
            return seen(trials, found);
          }
          sum = SMOOTHING * sum + (1 - SMOOTHING) * found;
          double smoothed = sum / (1 - Math.pow(SMOOTHING, trials.size() + 1.0));
          trials.add(new Trial(rate, found, smoothed));
          lowest = Math.min(lowest, smoothed);
          if (smoothed > DIVERGED * lowest) {
            return trials;
          }
        }
      }
    }
    return trials;
  }

  private static List<Trial> seen(List<Trial> trials, double loss) {
    if (trials.isEmpty()) {
      throw new TrainingException(
          Message.of("RateFinder", "the very first loss is " + loss)
              .row("why", "no rate was tried yet: the model or its inputs are not finite"));
    }
    return trials;
  }

  private static double step(Layer model, Loss loss, FormulaOptimizer optimizer, Batch batch) {
    try (var _ = Scope.open()) {
      Variable value = loss.of(model.forward(batch.images()), batch.labels());
      double found = value.item();
      if (Double.isFinite(found)) {
        optimizer.step(value.backward());
      }
      return found;
    }
  }
}
