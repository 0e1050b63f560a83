package vectorgrad.train;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import vectorgrad.autograd.GradientFlow;
import vectorgrad.autograd.Gradients;
import vectorgrad.autograd.Mode;
import vectorgrad.autograd.Variable;
import vectorgrad.data.Batch;
import vectorgrad.data.Loader;
import vectorgrad.data.Pass;
import vectorgrad.nn.Layer;
import vectorgrad.nn.Loss;
import vectorgrad.optim.Optimizer;
import vectorgrad.tensor.Device;
import vectorgrad.tensor.Message;
import vectorgrad.tensor.Scope;
import vectorgrad.tensor.Tensor;

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
/// The same seeds give the same bits, in one go or with stops in between. Batches are moved to
/// where the model's parameters live.
public final class Trainer {
  private final Layer model;
  private final Loss loss;
  private final Optimizer optimizer;
  private final Loader training;
  private final List<Metric> metrics = new ArrayList<>();
  private final List<Listener> listeners = new ArrayList<>();
  private Optional<Loader> validation = Optional.empty();
  private BooleanSupplier stop = () -> false;
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
  }

  /// One step.
  ///
  /// @param epoch the epoch, from 1
  /// @param batch the batch in it, from 1
  /// @param batches how many batches an epoch has
  /// @param loss the loss of this batch
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

  /// Tells `listener` what happens.
  public Trainer listen(Listener listener) {
    listeners.add(listener);
    return this;
  }

  /// Stops between two steps as soon as `stop` says so; it is asked before each of them.
  public Trainer stopWhen(BooleanSupplier stop) {
    this.stop = stop;
    return this;
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
    return new Checkpoint(
        Weights.of(model),
        optimizerState(),
        Checkpoint.Run.of(position, optimizer, training, history),
        history,
        settings);
  }

  private Map<String, Tensor> optimizerState() {
    Map<String, Tensor> state = new LinkedHashMap<>();
    optimizer.state().forEach((name, cell) -> state.put(name, cell.value()));
    return state;
  }

  /// Goes on from a checkpoint: sets the parameters and buffers of the model, the state of the
  /// optimizer and the position.
  ///
  /// @throws CheckpointException if it is of another network, optimizer or order of batches; the
  ///   message holds the table of differences, and nothing was changed
  public void restore(Checkpoint checkpoint) throws IOException {
    checkpoint.restore(model, optimizer, training);
    position = checkpoint.run().position();
    history = new History(checkpoint.history().epochs(), checkpoint.history().losses());
  }

  /// Trains until `epochs` epochs are done in all, those before a checkpoint included, or until it
  /// is told to stop.
  ///
  /// @return whether all are done
  /// @throws TrainingException if a loss is not a number any more
  public boolean run(int epochs) {
    while (position.epoch() < epochs) {
      if (!trainEpoch() || !validateEpoch()) {
        return false;
      }
    }
    return true;
  }

  private boolean trainEpoch() {
    Device device = Evaluation.device(model);
    try (Pass pass = training.epoch(position.epoch(), position.batch())) {
      while (pass.hasNext()) {
        if (stop.getAsBoolean()) {
          return false;
        }
        long start = System.nanoTime();
        Batch batch = pass.next();
        Measured measured = Mode.TRAINING.call(() -> step(batch, device));
        position =
            new Position(
                position.epoch(),
                pass.position(),
                position.seconds() + (System.nanoTime() - start) * 1e-9,
                position.running().plus(batch.size(), measured.loss(), measured.totals()));
        history.step(measured.loss());
        Step step =
            new Step(
                position.epoch() + 1,
                position.batch(),
                training.batches(),
                measured.loss(),
                position.running());
        listeners.forEach(listener -> listener.onStep(step));
      }
      return true;
    }
  }

  /// What a step showed, as numbers that outlive its scope.
  private record Measured(double loss, Map<String, Double> totals) {}

  private Measured step(Batch batch, Device device) {
    try (var _ = Scope.open()) {
      Tensor inputs = batch.images().to(device);
      Tensor targets = batch.labels().to(device);
      var outputs = new AtomicReference<Variable>();
      Supplier<Variable> forward =
          () -> {
            outputs.set(model.forward(inputs));
            return loss.of(outputs.get(), targets);
          };
      Slope slope = audited ? Slope.of(forward.get()) : audit(forward);
      if (!Double.isFinite(slope.loss())) {
        throw diverged(slope.loss());
      }
      optimizer.step(slope.gradients());
      return new Measured(slope.loss(), Metric.totals(metrics, outputs.get().value(), targets));
    }
  }

  /// The loss of a batch, and which way it falls.
  private record Slope(double loss, Gradients gradients) {
    static Slope of(Variable loss) {
      return new Slope(loss.item(), loss.backward());
    }
  }

  /// The first step: what does not reach a parameter now never will.
  private Slope audit(Supplier<Variable> forward) {
    GradientFlow flow = GradientFlow.audit(model.parameters(), forward);
    audited = true;
    if (!flow.cutOff().isEmpty()) {
      System.getLogger("vectorgrad").log(System.Logger.Level.WARNING, flow::toString);
    }
    listeners.forEach(listener -> listener.onAudit(flow));
    return new Slope(flow.loss(), flow.gradients());
  }

  /// Before the step that would spoil the parameters.
  private TrainingException diverged(double value) {
    return new TrainingException(
        Message.of("training", "the loss became " + value)
            .row("epoch", position.epoch() + 1)
            .row("batch", position.batch() + 1 + " of " + training.batches())
            .row("rate", optimizer.learningRate())
            .row("help", "try a smaller learning rate"));
  }

  /// Whether the validation was not stopped.
  private boolean validateEpoch() {
    int number = position.epoch() + 1;
    Averages validated = Averages.NONE;
    if (validation.isPresent()) {
      listeners.forEach(listener -> listener.onValidation(number));
      Optional<Evaluation> evaluation = Evaluation.of(model, loss, validation.get(), metrics, stop);
      if (evaluation.isEmpty()) {
        return false;
      }
      validated = evaluation.get().averages();
    }
    History.Epoch epoch =
        new History.Epoch(
            number,
            history.steps(),
            optimizer.learningRate(),
            position.seconds(),
            position.running(),
            validated);
    history.epoch(epoch);
    position = Position.atEpoch(number);
    listeners.forEach(listener -> listener.onEpoch(epoch));
    return true;
  }

  /// Evaluates the model as it is, with the run's loss and metrics, unless it is told to stop
  /// meanwhile.
  ///
  /// @return empty if it was
  public Optional<Evaluation> evaluate(Loader samples) {
    return Evaluation.of(model, loss, samples, metrics, stop);
  }
}
