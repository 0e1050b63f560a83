package vectorgrad.train;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import vectorgrad.nn.Ensemble;
import vectorgrad.nn.Layer;
import vectorgrad.tensor.Message;
import vectorgrad.tensor.Tensor;

/// Several networks for the price of one training: the learning rate goes down and up again, and
/// every time it is at the bottom, in another good place, a copy of the model is taken. Together
/// they are an [Ensemble], which is right more often than each of them.
///
/// ```java
/// adam.learningRate(Schedule.warmRestarts(10 * loader.batches(), 1, 0).times(1e-2));
/// var snapshots = new Snapshots(trainer);
/// trainer.listen(snapshots).run(50);
/// Ensemble ensemble = snapshots.ensemble();      // of five
/// ```
///
/// The bottom is where the rate of the next step is higher than that of the step just made, after
/// it had been falling: so every schedule that goes down and up will do, and a run must go to the
/// very end of its last cycle. A copy has the parameters that are evaluated: the averages, where
/// the run [averages][Trainer#average] them. Memory for as many copies; checkpoints carry them.
///
/// Source: Huang et al., "Snapshot ensembles: train 1, get M for free" (2017).
public final class Snapshots implements Companion {
  private static final String SEEN = "seen";

  private final Trainer trainer;
  private final int most;
  private final List<Layer> taken = new ArrayList<>();
  private double rate = Double.NaN;
  private boolean falling;

  /// Takes all snapshots of the run of `trainer`, to whose listeners it must be added.
  public Snapshots(Trainer trainer) {
    this(trainer, Integer.MAX_VALUE);
  }

  /// Keeps the last `most` snapshots.
  ///
  /// @throws IllegalArgumentException if `most` is not at least 1
  public Snapshots(Trainer trainer, int most) {
    if (most < 1) {
      throw new IllegalArgumentException(
          Message.of("Snapshots", "at least 1 is kept, found " + most).toString());
    }
    this.trainer = trainer;
    this.most = most;
  }

  @Override
  public void onStep(Trainer.Step step) {
    double next = trainer.learningRate();
    if (falling && next > rate) {
      take();
      falling = false;
    } else if (next < rate) {
      falling = true;
    }
    rate = next;
  }

  private void take() {
    taken.add(trainer.inUse(() -> trainer.model().copy()));
    if (taken.size() > most) {
      taken.removeFirst();
    }
  }

  /// The snapshots, the oldest first.
  public List<Layer> taken() {
    return List.copyOf(taken);
  }

  /// The snapshots as one network, which averages their probabilities.
  ///
  /// @throws TrainingException if there is none
  public Ensemble ensemble() {
    if (taken.isEmpty()) {
      throw new TrainingException(
          Message.of("Snapshots", "none was taken")
              .row("rule", "one is taken where the learning rate begins to rise after a fall")
              .row("rate", trainer.learningRate())
              .row("help", "train by Schedule.warmRestarts(…), to the end of a cycle"));
    }
    return new Ensemble(taken);
  }

  @Override
  public String name() {
    return "snapshots";
  }

  @Override
  public String recipe() {
    return most == Integer.MAX_VALUE ? "all" : "the last " + most;
  }

  @Override
  public Map<String, Tensor> state() {
    return state(taken);
  }

  private Map<String, Tensor> state(List<Layer> kept) {
    Map<String, Tensor> state = new LinkedHashMap<>();
    state.put(SEEN, Tensor.of(rate, falling ? 1 : 0, kept.size()));
    for (int i = 0; i < kept.size(); i++) {
      String prefix = i + ".";
      Weights.of(kept.get(i)).forEach((name, tensor) -> state.put(prefix + name, tensor));
    }
    return state;
  }

  /// As many copies as there are in `saved`.
  @Override
  public Map<String, Tensor> expected(Map<String, Tensor> saved) {
    return state(Collections.nCopies(count(saved), trainer.model()));
  }

  private static int count(Map<String, Tensor> saved) {
    Tensor seen = saved.get(SEEN);
    return seen == null || seen.size() != 3 ? 0 : (int) seen.toDoubles()[2];
  }

  @Override
  public void restore(Map<String, Tensor> saved) {
    double[] seen = saved.get(SEEN).toDoubles();
    rate = seen[0];
    falling = seen[1] > 0;
    taken.clear();
    for (int i = 0; i < count(saved); i++) {
      Layer copy = trainer.model().copy();
      Weights.set(copy, Checkpoint.part(i + ".", saved));
      taken.add(copy);
    }
  }
}
