package vectorgrad.train;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import vectorgrad.data.Loader;
import vectorgrad.tensor.Message;
import vectorgrad.tensor.Tensor;

/// Keeps the parameters and buffers of a run's best epoch, as they were evaluated: the averages,
/// where the run [averages][Trainer#average] them.
///
/// ```java
/// var best = new Best(trainer, Watch.accuracy());
/// trainer.listen(best).run(20);
/// best.write(Path.of("best.safetensors"), Map.of());
/// ```
///
/// Of equally good epochs the first one is the best. Memory for one copy of the model; checkpoints
/// carry it. A [checkpoint][Trainer#checkpoint] itself is of the last step, from which the run goes
/// on.
public final class Best implements Companion {
  private static final String SEEN = "seen";
  private static final String WEIGHTS = "weights.";

  private final Trainer trainer;
  private final Watch watch;
  private Map<String, Tensor> weights = Map.of();
  private double value = Double.NaN;
  private int epoch;

  /// Keeps the best of the epochs of `trainer`, to whose listeners it must be added.
  public Best(Trainer trainer, Watch watch) {
    this.trainer = trainer;
    this.watch = watch;
  }

  @Override
  public void onEpoch(History.Epoch ended) {
    double now = watch.of(ended);
    if (watch.better(now, value)) {
      value = now;
      epoch = ended.epoch();
      weights = trainer.inUse(() -> Weights.copyOf(trainer.model()));
    }
  }

  /// The number of the best epoch, from 1; 0 before the first one.
  public int epoch() {
    return epoch;
  }

  /// What was watched, at its best; NaN before the first epoch.
  public double value() {
    return value;
  }

  /// Gives the model the best parameters and buffers, for good.
  ///
  /// @throws TrainingException if no epoch has ended
  public void apply() {
    Weights.set(trainer.model(), kept());
  }

  /// Evaluates the best parameters as the run does, and puts the present ones back, to the bit.
  ///
  /// @return empty if it was told to stop meanwhile
  /// @throws TrainingException if no epoch has ended
  public Optional<Evaluation> evaluate(Loader samples) {
    Map<String, Tensor> present = Weights.copyOf(trainer.model());
    apply();
    try {
      return trainer.evaluatePresent(samples);
    } finally {
      Weights.set(trainer.model(), present);
    }
  }

  /// Writes the best parameters and buffers, as [Weights#write] does.
  ///
  /// @throws TrainingException if no epoch has ended
  public void write(Path file, Map<String, String> metadata) throws IOException {
    new Safetensors(kept(), metadata).write(file);
  }

  private Map<String, Tensor> kept() {
    if (weights.isEmpty()) {
      throw new TrainingException(
          Message.of("Best", "no epoch has ended with a number for its " + watch.metric())
              .row("help", "trainer.listen(best) before trainer.run(…)"));
    }
    return weights;
  }

  @Override
  public String name() {
    return "best";
  }

  @Override
  public String recipe() {
    return watch.toString();
  }

  @Override
  public Map<String, Tensor> state() {
    return state(weights);
  }

  private Map<String, Tensor> state(Map<String, Tensor> kept) {
    Map<String, Tensor> state = new LinkedHashMap<>();
    state.put(SEEN, Tensor.of(value, epoch));
    kept.forEach((name, tensor) -> state.put(WEIGHTS + name, tensor));
    return state;
  }

  @Override
  public Map<String, Tensor> expected(Map<String, Tensor> saved) {
    boolean some = saved.keySet().stream().anyMatch(name -> name.startsWith(WEIGHTS));
    return state(some ? Weights.of(trainer.model()) : Map.of());
  }

  @Override
  public void restore(Map<String, Tensor> saved) {
    double[] seen = saved.get(SEEN).toDoubles();
    value = seen[0];
    epoch = (int) seen[1];
    weights = Checkpoint.part(WEIGHTS, saved);
  }
}
