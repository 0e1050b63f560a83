package vectorgrad.train;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import vectorgrad.autograd.Variable;
import vectorgrad.data.Batch;
import vectorgrad.data.Loader;
import vectorgrad.data.Pass;
import vectorgrad.nn.Layer;
import vectorgrad.nn.Losses;
import vectorgrad.optim.Optimizer;
import vectorgrad.tensor.Scope;

/// The training loop of a classifier: forward, loss, backward, step, for every batch of every
/// epoch, in a [Scope] of its own, and an evaluation after each epoch.
///
/// ```java
/// var trainer = new Trainer(model, new Adam(model.parameters()), data.shuffled(Seed.of(2)).batches(64));
/// trainer.epochs(3).validateOn(validation.batches(256), 10).listen(progress);
/// History history = trainer.run();
/// ```
///
/// The same seeds give the same bits. [#stop()] may be called from any thread: the step in progress
/// is finished, and [#progress()] is what a [Checkpoint] needs to go on.
public final class Trainer {
  private final Layer model;
  private final Optimizer optimizer;
  private final Loader loader;
  private int epochs = 1;
  private Optional<Loader> validation = Optional.empty();
  private int classes;
  private Listener listener = new Listener() {};
  private Checkpoint.Progress progress = Checkpoint.Progress.START;
  private volatile boolean stopped;

  /// Hears what happens in a run, on the thread that trains.
  public interface Listener {
    /// A step was made.
    default void onStep(Step step) {}

    /// An epoch has ended; `trainer` is at the beginning of the next.
    default void onEpoch(Trainer trainer, History.Epoch epoch) {}
  }

  /// One step.
  ///
  /// @param epoch the epoch, from 1
  /// @param batch the batch in it, from 1
  /// @param batches how many batches an epoch has
  /// @param samples how many samples of the epoch were seen so far
  /// @param loss the loss of this batch
  /// @param meanLoss the mean loss of the epoch so far
  /// @param accuracy the share of the epoch's samples classified correctly so far
  public record Step(
      int epoch,
      int batch,
      int batches,
      long samples,
      double loss,
      double meanLoss,
      double accuracy) {}

  /// A run of one epoch without validation.
  public Trainer(Layer model, Optimizer optimizer, Loader loader) {
    this.model = model;
    this.optimizer = optimizer;
    this.loader = loader;
  }

  /// How many epochs the run has in all.
  public Trainer epochs(int epochs) {
    this.epochs = epochs;
    return this;
  }

  /// Evaluates on `samples` of the given number of classes after every epoch.
  public Trainer validateOn(Loader samples, int classes) {
    this.validation = Optional.of(samples);
    this.classes = classes;
    return this;
  }

  /// Who hears what happens.
  public Trainer listen(Listener listener) {
    this.listener = listener;
    return this;
  }

  /// Goes on where a checkpoint was saved; model and optimizer are restored by
  /// [Checkpoint#restore].
  public Trainer resume(Checkpoint.Progress saved) {
    this.progress = saved;
    return this;
  }

  /// Ends the run after the step in progress.
  public void stop() {
    stopped = true;
  }

  /// Whether [#stop()] was called.
  public boolean stopped() {
    return stopped;
  }

  /// How far the run is.
  public Checkpoint.Progress progress() {
    return progress;
  }

  /// Trains until all epochs are done or [#stop()] is called.
  ///
  /// @return what happened, earlier epochs of a resumed run included
  public History run() {
    while (progress.epoch() < epochs && !stopped) {
      if (!trainEpoch()) {
        break;
      }
      finishEpoch();
    }
    return progress.history();
  }

  /// Whether the epoch was finished.
  private boolean trainEpoch() {
    Sums sums = new Sums(progress.running());
    try (Pass pass = loader.epoch(progress.epoch(), progress.batch())) {
      while (pass.hasNext() && !stopped) {
        long start = System.nanoTime();
        Batch batch = pass.next();
        double loss;
        try (var _ = Scope.open()) {
          Variable logits = model.forward(batch.images());
          Variable error = Losses.crossEntropy(logits, batch.labels());
          loss = error.item();
          sums.correct += correct(logits, batch);
          optimizer.step(error.backward());
        }
        sums.samples += batch.size();
        sums.loss += loss * batch.size();
        sums.stepLosses.add(loss);
        sums.nanos += System.nanoTime() - start;
        listener.onStep(
            new Step(
                progress.epoch() + 1,
                pass.position(),
                loader.batches(),
                sums.samples,
                loss,
                sums.loss / sums.samples,
                (double) sums.correct / sums.samples));
      }
      progress =
          new Checkpoint.Progress(
              progress.epoch(),
              pass.position(),
              optimizer.steps(),
              sums.running(),
              progress.history());
      return !pass.hasNext();
    }
  }

  private void finishEpoch() {
    Optional<Evaluation> evaluation = validation.map(v -> Evaluation.of(model, v, classes));
    History.Running running = progress.running();
    History.Epoch epoch =
        new History.Epoch(
            progress.epoch() + 1,
            running.meanLoss(),
            running.accuracy(),
            evaluation.map(Evaluation::loss).orElse(Double.NaN),
            evaluation.map(Evaluation::accuracy).orElse(Double.NaN),
            optimizer.learningRate(),
            running.seconds());
    progress =
        new Checkpoint.Progress(
            progress.epoch() + 1,
            0,
            optimizer.steps(),
            History.Running.NONE,
            progress.history().plus(epoch, running.stepLosses()));
    listener.onEpoch(this, epoch);
  }

  private static long correct(Variable logits, Batch batch) {
    int[] predicted = logits.value().argmax(-1).toInts();
    int[] actual = batch.labels().toInts();
    long correct = 0;
    for (int i = 0; i < actual.length; i++) {
      correct += predicted[i] == actual[i] ? 1 : 0;
    }
    return correct;
  }

  /// The sums of the epoch in progress, while it runs.
  private static final class Sums {
    private long samples;
    private double loss;
    private long correct;
    private long nanos;
    private final List<Double> stepLosses;

    Sums(History.Running start) {
      samples = start.samples();
      loss = start.loss();
      correct = start.correct();
      nanos = Math.round(start.seconds() * 1e9);
      stepLosses = new ArrayList<>(start.stepLosses());
    }

    History.Running running() {
      return new History.Running(samples, loss, correct, nanos * 1e-9, stepLosses);
    }
  }
}
