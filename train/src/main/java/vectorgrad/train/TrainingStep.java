package vectorgrad.train;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Supplier;
import vectorgrad.autograd.GradientFlow;
import vectorgrad.autograd.Gradients;
import vectorgrad.autograd.Variable;
import vectorgrad.data.Batch;
import vectorgrad.data.Loader;
import vectorgrad.data.Pass;
import vectorgrad.nn.Layer;
import vectorgrad.nn.Loss;
import vectorgrad.nn.Replica;
import vectorgrad.optim.Optimizer;
import vectorgrad.tensor.DType;
import vectorgrad.tensor.Message;
import vectorgrad.tensor.Scope;
import vectorgrad.tensor.Tensor;

/// One step of the optimizer: forward, loss and backward for each of its batches, then the step.
///
/// @param batches how many batches it takes; the last step of an epoch may get fewer
/// @param mostNorm what the norm of the gradients is clipped to
/// @param precision in how many bits it computes
/// @param group who shares a batch, if not the model alone
record TrainingStep(
    Layer model,
    Loss loss,
    Optimizer optimizer,
    Loader training,
    List<Metric> metrics,
    int batches,
    OptionalDouble mostNorm,
    Precision precision,
    Optional<DataParallel<Layer>> group) {

  /// What a step showed, as numbers that outlive its scopes.
  ///
  /// @param loss the mean over its samples
  /// @param running the means of the epoch so far
  record Made(double loss, Averages running) {}

  /// What one batch showed; the gradients are those of the loss as it was scaled.
  private record Measured(double loss, Map<String, Double> totals, Gradients gradients) {}

  /// Makes a step with the next batches of `pass`.
  ///
  /// @param from where the run stands before it
  /// @param audit told what the first batch reached, if somebody wants to know
  Made make(Pass pass, Position from, Optional<Consumer<GradientFlow>> audit) {
    return batches == 1 ? one(pass, from, audit) : several(pass, from, audit);
  }

  private Made one(Pass pass, Position from, Optional<Consumer<GradientFlow>> audit) {
    try (var _ = Scope.open()) {
      Batch batch = pass.next();
      Measured measured = measure(batch, pass.position(), from, audit);
      precision.step(optimizer, measured.gradients(), this::clipped);
      return new Made(
          measured.loss(), from.running().plus(batch.size(), measured.loss(), measured.totals()));
    }
  }

  /// The gradient is the mean over all samples: that of one large batch, but for batch norm, which
  /// sees each batch alone. Batch by batch `Σ ← Σ + nᵢ·gᵢ`, and `g = Σ·(1 / Σnᵢ)`.
  private Made several(Pass pass, Position from, Optional<Consumer<GradientFlow>> audit) {
    // a new one for each step: what an earlier step reached and this one does not has no gradient
    Gradients.Accumulator sum = Gradients.accumulator();
    Optional<Consumer<GradientFlow>> first = audit;
    Averages running = from.running();
    Averages own = Averages.NONE;
    for (int i = 0; i < batches && pass.hasNext(); i++) {
      try (var _ = Scope.open()) {
        Batch batch = pass.next();
        Measured measured = measure(batch, pass.position(), from, first);
        sum.add(measured.gradients().scale(batch.size()));
        running = running.plus(batch.size(), measured.loss(), measured.totals());
        own = own.plus(batch.size(), measured.loss(), Map.of());
      }
      first = Optional.empty();
    }
    try (var _ = Scope.open()) {
      precision.step(optimizer, sum.sum().scale(1.0 / own.samples()), this::clipped);
    }
    return new Made(own.loss(), running);
  }

  private Gradients clipped(Gradients gradients) {
    return mostNorm.isPresent() ? gradients.clipNorm(mostNorm.getAsDouble()) : gradients;
  }

  /// @param number which batch of the epoch it is, from 1
  private Measured measure(
      Batch batch, int number, Position from, Optional<Consumer<GradientFlow>> audit) {
    Measured measured = group.isPresent() ? shared(group.get(), batch, audit) : alone(batch, audit);
    if (!Double.isFinite(measured.loss())) {
      throw diverged(measured.loss(), number, from);
    }
    return measured;
  }

  private Measured alone(Batch batch, Optional<Consumer<GradientFlow>> audit) {
    Tensor inputs = batch.images();
    Tensor targets = batch.labels();
    var outputs = new AtomicReference<Variable>();
    var value = new AtomicReference<Tensor>();
    Supplier<Variable> forward =
        () -> {
          Variable found = forward(model, inputs, targets, outputs);
          value.set(found.value());
          return precision.scaled(found);
        };
    Gradients gradients =
        audit.isPresent() ? audited(forward, audit.get()) : forward.get().backward();
    // read once backward is queued too: a device has something to do while it is waited for
    return new Measured(
        value.get().item(), Metric.totals(metrics, outputs.get().value(), targets), gradients);
  }

  /// Each replica measures its part.
  private Measured shared(
      DataParallel<Layer> replicas, Batch batch, Optional<Consumer<GradientFlow>> audit) {
    List<AtomicReference<Averages>> seen =
        replicas.devices().stream().map(_ -> new AtomicReference<>(Averages.NONE)).toList();
    Gradients gradients =
        replicas
            .backward(
                List.of(batch.images(), batch.labels()),
                (replica, part) -> {
                  var outputs = new AtomicReference<Variable>();
                  Tensor targets = part.get(1);
                  Variable found = forward(replica, part.get(0), targets, outputs);
                  seen.get(Replica.current())
                      .set(
                          Averages.NONE.plus(
                              targets.size(0),
                              found.item(),
                              Metric.totals(metrics, outputs.get().value(), targets)));
                  return precision.scaled(found);
                },
                (replica, loss) ->
                    replica == 0 && audit.isPresent()
                        ? audited(loss, audit.get())
                        : loss.get().backward())
            .gradients();
    Averages all = seen.stream().map(AtomicReference::get).reduce(Averages.NONE, Averages::plus);
    return new Measured(all.loss(), all.sums(), gradients);
  }

  private Variable forward(
      Layer network, Tensor inputs, Tensor targets, AtomicReference<Variable> outputs) {
    return precision.forward(() -> {
      outputs.set(network.forward(inputs));
      return loss.of(outputs.get(), targets);
    });
  }

  /// The first step: what does not reach a parameter now never will.
  private Gradients audited(Supplier<Variable> forward, Consumer<GradientFlow> audit) {
    GradientFlow flow = GradientFlow.audit(model.parameters(), forward);
    audit.accept(flow);
    return flow.gradients();
  }

  /// Before the step that would spoil the parameters.
  private TrainingException diverged(double value, int batch, Position from) {
    return new TrainingException(
        Message.of("training", "the loss became " + value)
            .row("epoch", from.epoch() + 1)
            .row("batch", batch + " of " + training.batches())
            .row("rate", optimizer.learningRate())
            .row(
                "help",
                precision.autocast().dtype() == DType.F16
                    ? "f16 ends at 65504: try bf16, or a smaller learning rate"
                    : "try a smaller learning rate"));
  }
}
