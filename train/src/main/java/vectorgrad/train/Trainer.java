package vectorgrad.train;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import vectorgrad.autograd.Autocast;
import vectorgrad.autograd.GradientFlow;
import vectorgrad.autograd.Mode;
import vectorgrad.data.Loader;
import vectorgrad.data.Pass;
import vectorgrad.nn.Layer;
import vectorgrad.nn.Loss;
import vectorgrad.optim.LossScaler;
import vectorgrad.optim.Optimizer;
import vectorgrad.optim.WeightAverage;
import vectorgrad.tensor.DType;
import vectorgrad.tensor.Device;
import vectorgrad.tensor.Message;

/// The training loop: for every batch of every epoch forward, loss, backward and step, in a [Scope]
/// of its own, and after each epoch an evaluation on samples that are not learnt from.
///
/// ```java
/// var adam = new Adam(model.parameters());
/// var trainer =
///     new Trainer(model, new CrossEntropy(), adam, train.shuffled(Seed.of(2)).batches(64))
///         .metrics(Metric.ACCURACY)
///         .validateOn(validation.batches(256));
/// trainer.run(3);
/// trainer.history().write(Path.of("history.csv"));
/// ```
///
/// The same seeds give the same bits, in one go or with stops in between. Batches go to where the
/// model's parameters live, to a GPU [ahead][Loader#to] of their steps.
public final class Trainer {
  private final Layer model;
  private final Loss loss;
  private final Optimizer optimizer;
  private final Loader training;
  private final List<Metric> metrics = new ArrayList<>();
  private final List<Listener> listeners = new ArrayList<>();
  private Optional<Loader> validation = Optional.empty();
  private Optional<Averaging> averaging = Optional.empty();
  private int accumulated = 1;
  private OptionalDouble mostNorm = OptionalDouble.empty();
  private Precision precision = Precision.FULL;
  private Optional<DataParallel<Layer>> group = Optional.empty();
  private BooleanSupplier stop = () -> false;
  private LongSupplier clock = System::nanoTime;
  private Position position = Position.START;
  private History history = new History();
  private boolean audited;

  /// Hears what happens in a run, on the thread that trains.
  public interface Listener {
    /// The first step since this trainer was made was watched: what reached each parameter, and
    /// where the paths of the others were cut. If there are others, a warning is in the log
    /// already.
    default void onAudit(GradientFlow flow) {}

    /// A step was made.
    default void onStep(Step step) {}

    /// The last step of an epoch was made, and its validation begins.
    default void onValidation(int epoch) {}

    /// An epoch has ended, its validation included. A checkpoint made now begins with the next
    /// epoch.
    default void onEpoch(History.Epoch epoch) {}

    /// Whether the run shall end here, as if this epoch were its last; asked before each epoch.
    default boolean finished() {
      return false;
    }
  }

  /// One step.
  ///
  /// @param epoch the epoch, from 1
  /// @param batch the batch in it, from 1; the last one of the step
  /// @param batches how many batches an epoch has
  /// @param loss the mean loss of its samples
  /// @param running the means of the epoch so far
  public record Step(int epoch, int batch, int batches, double loss, Averages running) {}

  /// A training without metrics, validation and listeners.
  ///
  /// @param loss a mean over the samples of a batch
  public Trainer(Layer model, Loss loss, Optimizer optimizer, Loader training) {
    this.model = model;
    this.loss = loss;
    this.optimizer = optimizer;
    this.training = training;
  }

  /// Measures `more` metrics in training and validation.
  public Trainer metrics(Metric... more) {
    metrics.addAll(List.of(more));
    return this;
  }

  /// Evaluates on these samples after every epoch.
  public Trainer validateOn(Loader samples) {
    this.validation = Optional.of(samples);
    return this;
  }

  /// Tells `listener` what happens, after those that came before it.
  ///
  /// @throws IllegalArgumentException if it is a [Companion] and there is one of its name
  public Trainer listen(Listener listener) {
    if (listener instanceof Companion companion) {
      expectNew(companion);
    }
    listeners.add(listener);
    return this;
  }

  private void expectNew(Companion companion) {
    if (companions().stream().anyMatch(other -> other.name().equals(companion.name()))) {
      throw new IllegalArgumentException(
          Message.of("training", "there are two companions named \"" + companion.name() + "\"")
              .row("rule", "checkpoints keep their states by name; one of a kind in a run")
              .toString());
    }
  }

  /// Makes a step with `batches` batches at a time, for batches that do not fit into memory at
  /// once. Its gradient is the mean over all their samples, so that batches of 16, four at a time,
  /// learn as ones of 64 do, up to rounding and batch norm, which sees each batch alone. The last
  /// step of an epoch takes what is left. History, listeners and stops know such steps only.
  ///
  /// @throws IllegalArgumentException if `batches` is not at least 1
  public Trainer accumulate(int batches) {
    if (batches < 1) {
      throw new IllegalArgumentException(
          Message.of("training", "a step takes at least 1 batch, found " + batches).toString());
    }
    accumulated = batches;
    return this;
  }

  /// Shares each batch out among replicas of the model, one on each of the `devices`, and averages
  /// their gradients: see [DataParallel]. The model moves to the first device, which also steps and
  /// evaluates.
  ///
  /// ```java
  /// trainer.replicas(Device.named("opencl:0"), Device.named("opencl:1"));
  /// ```
  ///
  /// Metrics measure each part where it is computed, several at a time. A checkpoint holds the
  /// model once, and may go on with other devices; the same ones give the same bits.
  ///
  /// @throws IllegalArgumentException if there are no devices, the model cannot be copied, or the
  ///   loss is a sum or one number a sample: means are averaged
  public Trainer replicas(Device... devices) {
    DataParallel.expectMean(loss);
    group = Optional.of(new DataParallel<>(model, List.of(devices)));
    return this;
  }

  /// Clips the joint norm of each step's gradients, as [Gradients#clipNorm(double)] does.
  ///
  /// @throws IllegalArgumentException if `most` is not above 0
  public Trainer clipNorm(double most) {
    if (!(most > 0)) {
      throw new IllegalArgumentException(
          Message.of("training", "gradients are clipped to a norm above 0, found " + most)
              .toString());
    }
    mostNorm = OptionalDouble.of(most);
    return this;
  }

  /// Computes products of the forward and backward passes in 16 bits, over parameters that stay in
  /// F32: see [Autocast]. Evaluations are in F32.
  ///
  /// ```java
  /// trainer.precision(DType.F16).scale(new LossScaler());
  /// ```
  ///
  /// @param dtype BF16 or F16; F32 turns it off
  /// @throws vectorgrad.tensor.DTypeException if it is another one
  public Trainer precision(DType dtype) {
    precision = new Precision(Autocast.to(dtype), precision.scaler());
    return this;
  }

  /// Keeps the gradients in the range of F16 by `scaler`, which skips steps that overflow.
  /// Checkpoints carry it.
  public Trainer scale(LossScaler scaler) {
    precision = new Precision(precision.autocast(), Optional.of(scaler));
    return this;
  }

  /// Tells `average` of every `steps`-th step of the run, and evaluates with the averages as
  /// parameters. Checkpoints carry them.
  ///
  /// ```java
  /// trainer.average(WeightAverage.exponential(model.parameters(), 0.999), 1);
  /// trainer.average(WeightAverage.equal(model.parameters()), loader.batches());   // once an epoch
  /// ```
  ///
  /// At the end, `average.apply()` makes the averages the parameters for good.
  ///
  /// @throws IllegalArgumentException if `steps` is not at least 1, or there is an average already
  public Trainer average(WeightAverage average, int steps) {
    return average(average, steps, 0);
  }

  /// As [#average(WeightAverage, int)], leaving out the first `skipped` steps, so that an equal
  /// average holds none of the early parameters. Until its first update the run is evaluated as it
  /// is.
  ///
  /// @throws IllegalArgumentException if `steps` is not at least 1, `skipped` is negative, or there
  ///   is an average already
  public Trainer average(WeightAverage average, int steps, long skipped) {
    if (steps < 1 || skipped < 0) {
      throw new IllegalArgumentException(
          Message.of("training", "an average is made every so many steps, after some or none")
              .row("found", "every " + steps + " after " + skipped)
              .toString());
    }
    Averaging companion = new Averaging(average, steps, skipped);
    expectNew(companion);
    averaging = Optional.of(companion);
    return this;
  }

  /// What tells the time, in nanoseconds.
  Trainer clock(LongSupplier nanoseconds) {
    clock = nanoseconds;
    return this;
  }

  private List<Companion> companions() {
    List<Companion> all = new ArrayList<>();
    averaging.ifPresent(all::add);
    precision.companion().ifPresent(all::add);
    listeners.stream()
        .filter(Companion.class::isInstance)
        .map(Companion.class::cast)
        .forEach(all::add);
    return all;
  }

  /// Stops between two steps as soon as `stop` says so; it is asked before each of them.
  public Trainer stopWhen(BooleanSupplier stop) {
    this.stop = stop;
    return this;
  }

  /// The model, as it is now.
  public Layer model() {
    return model;
  }

  /// The learning rate of the next step.
  public double learningRate() {
    return optimizer.learningRate();
  }

  /// How far the run is.
  public Position position() {
    return position;
  }

  /// What has happened.
  public History history() {
    return history;
  }

  /// The state of the run. It shares memory with model and optimizer: write it before the next
  /// step.
  ///
  /// @param settings whatever else is needed to go on, kept with it
  public Checkpoint checkpoint(String settings) {
    return parts().checkpoint(position, history, settings);
  }

  private RunParts parts() {
    return new RunParts(
        model,
        loss,
        optimizer,
        training,
        accumulated,
        mostNorm,
        precision,
        List.copyOf(companions()));
  }

  /// Goes on from a checkpoint, to the bit: sets the parameters and buffers of the model, which of
  /// them are frozen, the state of the optimizer and of companions, and the position.
  ///
  /// @throws CheckpointException if it is of another network, optimizer or order of batches, or has
  ///   other settings (rates, decays, the loss, the probability of a dropout, …); the message holds
  ///   the table of differences, and nothing was changed
  public void restore(Checkpoint checkpoint) throws IOException {
    restore(checkpoint, false);
  }

  /// As [#restore], but with the settings that are here: goes on with another rate, schedule, loss
  /// or clipping than the run had, and with what is frozen here. Names, shapes, dtypes and the
  /// order of the batches must be the same all the same.
  ///
  /// @throws CheckpointException if they are not; nothing was changed
  public void branch(Checkpoint checkpoint) throws IOException {
    restore(checkpoint, true);
  }

  private void restore(Checkpoint checkpoint, boolean otherwise) throws IOException {
    parts().restore(checkpoint, otherwise);
    position = checkpoint.run().position();
    history = new History(checkpoint.history().epochs(), checkpoint.history().losses());
  }

  /// Trains until `epochs` epochs are done in all, those before a checkpoint included, until a
  /// listener says that it is [finished][Listener#finished], or until it is told to stop.
  ///
  /// @return whether it is done, and was not stopped
  /// @throws TrainingException if a loss is not a number any more
  public boolean run(int epochs) {
    while (position.epoch() < epochs && !finished()) {
      if (!trainEpoch() || !validateEpoch()) {
        return false;
      }
    }
    return true;
  }

  private boolean finished() {
    return listeners.stream().anyMatch(Listener::finished);
  }

  private boolean trainEpoch() {
    TrainingStep maker =
        new TrainingStep(
            model, loss, optimizer, training, metrics, accumulated, mostNorm, precision, group);
    // replicas get their parts from the processor
    Device device = group.isPresent() ? Device.CPU : Evaluation.device(model);
    try (Pass pass = training.to(device).epoch(position.epoch(), position.batch())) {
      while (pass.hasNext()) {
        if (stop.getAsBoolean()) {
          return false;
        }
        long start = clock.getAsLong();
        Optional<Consumer<GradientFlow>> audit =
            audited ? Optional.empty() : Optional.of(this::audit);
        TrainingStep.Made made = Mode.TRAINING.call(() -> maker.make(pass, position, audit));
        history.step(made.loss());
        averaging.ifPresent(average -> average.made(history.steps()));
        position =
            new Position(
                position.epoch(),
                pass.position(),
                position.seconds() + (clock.getAsLong() - start) * 1e-9,
                made.running());
        Step step =
            new Step(
                position.epoch() + 1,
                position.batch(),
                training.batches(),
                made.loss(),
                position.running());
        listeners.forEach(listener -> listener.onStep(step));
      }
      return true;
    }
  }

  private void audit(GradientFlow flow) {
    audited = true;
    if (!flow.cutOff().isEmpty()) {
      System.getLogger("vectorgrad").log(System.Logger.Level.WARNING, flow::toString);
    }
    listeners.forEach(listener -> listener.onAudit(flow));
  }

  /// Whether the validation was not stopped.
  private boolean validateEpoch() {
    int number = position.epoch() + 1;
    Averages validated = Averages.NONE;
    if (validation.isPresent()) {
      listeners.forEach(listener -> listener.onValidation(number));
      Optional<Evaluation> evaluation = evaluate(validation.get());
      if (evaluation.isEmpty()) {
        return false;
      }
      validated = evaluation.get().averages();
    }
    History.Epoch epoch =
        new History.Epoch(
            number,
            history.steps(),
            learningRate(),
            position.seconds(),
            position.running(),
            validated);
    history.epoch(epoch);
    position = Position.atEpoch(number);
    listeners.forEach(listener -> listener.onEpoch(epoch));
    return true;
  }

  /// Evaluates the model with the run's loss and metrics, its parameters averaged where the run
  /// [averages][#average] them, unless it is told to stop meanwhile.
  ///
  /// @return empty if it was
  public Optional<Evaluation> evaluate(Loader samples) {
    return inUse(() -> evaluatePresent(samples));
  }

  /// As [#evaluate], with the parameters as they are.
  Optional<Evaluation> evaluatePresent(Loader samples) {
    return Evaluation.of(model, loss, samples, metrics, stop);
  }

  /// Runs `work` while the model has the parameters that are evaluated: the averages, where the run
  /// [averages][#average] them, else those that it has anyway.
  public <T> T inUse(Supplier<T> work) {
    return averaging.isPresent() ? averaging.get().average().with(work) : work.get();
  }
}
