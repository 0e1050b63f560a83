package vectorgrad.train;

import java.lang.reflect.Method;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Supplier;
import vectorgrad.autograd.Autocast;
import vectorgrad.autograd.Gradients;
import vectorgrad.autograd.Mode;
import vectorgrad.autograd.Parameter;
import vectorgrad.autograd.Variable;
import vectorgrad.nn.Loss;
import vectorgrad.nn.Parameterized;
import vectorgrad.tensor.Device;
import vectorgrad.tensor.Message;
import vectorgrad.tensor.Shape;
import vectorgrad.tensor.ShapeException;
import vectorgrad.tensor.Tensor;

/// One model on several devices: each has a replica, learns from its part of the batch, and the
/// gradients are averaged.
///
/// ```java
/// var group = new DataParallel<>(model, devices);
/// for (var batch : loader) {
///   try (var step = Scope.open()) {
///     var found = group.backward(batch.images(), batch.labels(),
///         (replica, images, labels) -> crossEntropy(replica.forward(images), labels));
///     adam.step(found.gradients());
///   }
/// }
/// ```
///
/// A batch of N samples is cut along its first axis, into parts whose sizes `nᵢ` differ by one at
/// most; with fewer samples than replicas the last ones idle. The gradient is that of the whole
/// batch, since a mean is a mean of means: `g = Σ nᵢ/N·gᵢ`, up to rounding. It lies on the first
/// device and belongs to the parameters of the model itself, which is the first replica:
/// optimizers, clipping and a `LossScaler` know of no other. The next pass gives the others what
/// has changed in the model since, whoever changed it: an optimizer, a checkpoint, a freezing. So
/// all replicas have the same bits, and there is nothing to call.
///
/// | of a layer | each replica has |
/// |---|---|
/// | batch norm | the statistics of its own part; the running ones, which are saved, are those of the first |
/// | dropout | masks of its own, which follow from the state of the first and its number: [vectorgrad.nn.Replica] |
///
/// The same devices in the same order give the same bits, run after run, whichever thread is done
/// first: parts and the order of the sum are settled beforehand. Each device computes on a thread
/// of its own, the first one on the caller's; replicas on the same device take turns, for all they
/// could share is its cores. [Mode] and [Autocast] are those of the caller. What watches a thread,
/// as `Anomaly` does, sees the first device only.
///
/// Cost: each replica takes the memory of a model and its gradients. Each step moves the gradients
/// of every further device to the first, through the memory of the processor, and the parameters
/// back.
///
/// @param <M> the model's type
public final class DataParallel<M extends Parameterized> {
  private final List<Twin<M>> twins;
  private final Map<Device, Lane> others = new LinkedHashMap<>(); // the first needs none

  /// What a replica computes of its part of a batch: forward and loss.
  ///
  /// @param <M> the model's type
  @FunctionalInterface
  public interface Work<M> {
    /// The mean loss over the samples of a part. A sum over them would be averaged all the same,
    /// and a mean by weights of classes, or without samples that are ignored, counts for as many
    /// samples as the part has.
    ///
    /// @param replica to compute with, in place of the model
    /// @param inputs its part of the inputs, on its device
    /// @param targets its part of the targets, on its device
    Variable loss(M replica, Tensor inputs, Tensor targets);
  }

  /// What a pass over a batch found.
  ///
  /// @param loss the mean over its samples
  /// @param gradients of the parameters of the model
  public record Result(double loss, Gradients gradients) {}

  /// Moves `model` to the first of the `devices`, and a copy to each of the others. The same device
  /// may be there several times.
  ///
  /// @throws IllegalArgumentException if there are no devices, or the model cannot be copied since
  ///   it is no record
  public DataParallel(M model, List<Device> devices) {
    if (devices.isEmpty()) {
      throw new IllegalArgumentException(
          Message.of("DataParallel", "there is no device")
              .row("help", "List.of(Device.CPU) trains as without replicas")
              .toString());
    }
    Device first = devices.getFirst();
    model.to(first);
    List<Parameter> parameters = model.parameters();
    List<Twin<M>> all = new ArrayList<>();
    all.add(new Twin<>(0, model, first, parameters));
    for (Device device : devices.subList(1, devices.size())) {
      M copy = copy(model);
      copy.to(device);
      all.add(new Twin<>(all.size(), copy, device, parameters));
      if (device != first) {
        others.computeIfAbsent(device, Lane::new);
      }
    }
    twins = List.copyOf(all);
  }

  @SuppressWarnings("unchecked") // the same records over other cells
  private static <M extends Parameterized> M copy(M model) {
    M copy = (M) model.copy();
    if (copy == model && !model.parameters().isEmpty()) {
      throw new IllegalArgumentException(
          Message.of(
                  "DataParallel",
                  "a %s cannot be copied".formatted(model.getClass().getSimpleName()))
              .row("rule", "a model is a record over its layers and parameters")
              .toString());
    }
    return copy;
  }

  /// Refuses a loss that is a sum over its samples, or not one number, as far as its settings say.
  static void expectMean(Loss loss) {
    Optional<Object> reduction = reduction(loss);
    if (reduction.stream().anyMatch(r -> r == Loss.Reduction.SUM || r == Loss.Reduction.NONE)) {
      throw new IllegalArgumentException(
          Message.of("DataParallel", "the loss is no mean over the samples")
              .row("loss", loss)
              .row("rule", "the mean of the parts' means is that of the batch")
              .row("help", "reduction(Reduction.MEAN)")
              .toString());
    }
  }

  /// The setting of that type, if the loss is a record that has one.
  private static Optional<Object> reduction(Loss loss) {
    if (loss instanceof Record) {
      for (RecordComponent component : loss.getClass().getRecordComponents()) {
        Method accessor = component.getAccessor();
        if (component.getType() == Loss.Reduction.class && accessor.trySetAccessible()) {
          try {
            return Optional.of(accessor.invoke(loss));
          } catch (ReflectiveOperationException e) {
            throw new LinkageError("access was checked before", e);
          }
        }
      }
    }
    return Optional.empty();
  }

  /// The devices, one for each replica.
  public List<Device> devices() {
    return twins.stream().map(Twin::device).toList();
  }

  /// The replicas, all with the present values of the first, which is the model itself.
  public List<M> replicas() {
    Twin.State state = first().state(twins.subList(1, twins.size()));
    twins.forEach(twin -> twin.take(state, first()));
    return twins.stream().map(Twin::model).toList();
  }

  private Twin<M> first() {
    return twins.getFirst();
  }

  /// Forward and backward over a batch, shared out among the replicas.
  ///
  /// @param inputs the batch, wherever it lies
  /// @param targets as many along their first axis
  /// @param work what each replica computes
  /// @throws ShapeException if the batch has no samples, or not one target for each
  /// @throws IllegalArgumentException if the loss is not one number, or depends on parameters that
  ///   are not the replica's
  public Result backward(Tensor inputs, Tensor targets, Work<M> work) {
    return backward(
        List.of(inputs, targets), (replica, part) -> work.loss(replica, part.get(0), part.get(1)));
  }

  /// As [#backward(Tensor, Tensor, Work)], for batches of any number of tensors.
  ///
  /// What a replica throws is thrown here when all are done, its device named among what is
  /// [suppressed][Throwable#getSuppressed()].
  ///
  /// @param batch tensors with as many samples along their first axes
  /// @param work the mean loss of a replica over its parts of them
  public Result backward(List<Tensor> batch, BiFunction<M, List<Tensor>, Variable> work) {
    return backward(batch, work::apply, (_, loss) -> loss.get().backward());
  }

  Result backward(List<Tensor> batch, Twin.Forward<M> forward, Twin.Derivation derivation) {
    List<Twin.Part> parts = parts(batch);
    List<Twin<M>> active = twins.subList(0, parts.size());
    Twin.State state = first().state(active.subList(1, active.size()));
    Mode mode = Mode.current();
    Autocast autocast = Autocast.current();
    Function<Twin<M>, Twin.Found> pass =
        twin -> {
          twin.take(state, first());
          return twin.run(parts.get(twin.number()), forward, derivation);
        };
    Map<Device, CompletableFuture<List<Outcome>>> running = new LinkedHashMap<>();
    CompletableFuture<Void> done = new CompletableFuture<>();
    try {
      others.forEach((device, lane) -> {
        List<Twin<M>> here = on(device, active);
        if (!here.isEmpty()) {
          Supplier<List<Outcome>> work =
              () -> mode.call(() -> autocast.call(() -> outcomes(here, pass)));
          running.put(device, lane.start(work, done));
        }
      });
      List<Outcome> outcomes = new ArrayList<>(outcomes(on(first().device(), active), pass));
      running.values().forEach(others -> outcomes.addAll(others.join()));
      outcomes.sort((a, b) -> Integer.compare(a.number(), b.number()));
      refuseFailures(outcomes);
      return average(outcomes.stream().map(outcome -> outcome.found().orElseThrow()).toList());
    } finally {
      done.complete(null);
    }
  }

  private static <M extends Parameterized> List<Twin<M>> on(Device device, List<Twin<M>> twins) {
    return twins.stream().filter(twin -> twin.device() == device).toList();
  }

  /// The parts of the replicas that have samples, in the order of the samples.
  private List<Twin.Part> parts(List<Tensor> batch) {
    int samples = samples(batch);
    List<Twin.Part> parts = new ArrayList<>();
    int from = 0;
    for (int i = 0; i < Math.min(samples, twins.size()); i++) {
      int to = from + samples / twins.size() + (i < samples % twins.size() ? 1 : 0);
      List<Tensor> tensors = new ArrayList<>();
      for (Tensor whole : batch) {
        Tensor part = to - from == samples ? whole : whole.slice(0, from, to);
        // no two threads have to do with one device
        boolean there = part.device() == twins.get(i).device();
        tensors.add(there ? part : part.to(Device.CPU));
      }
      parts.add(new Twin.Part(tensors, (double) (to - from) / samples));
      from = to;
    }
    return parts;
  }

  private static int samples(List<Tensor> batch) {
    Shape[] shapes = batch.stream().map(Tensor::shape).toArray(Shape[]::new);
    int samples = shapes.length == 0 || shapes[0].rank() == 0 ? 0 : shapes[0].get(0);
    if (samples == 0) {
      throw new ShapeException(
          Message.of("DataParallel", "there are no samples to share out")
              .row("batch", List.of(shapes))
              .row("rule", "samples lie along the first axis"),
          shapes);
    }
    for (Shape shape : shapes) {
      if (shape.rank() == 0 || shape.get(0) != samples) {
        throw new ShapeException(
            Message.of("DataParallel", "the tensors of a batch differ in their samples")
                .row("batch", List.of(shapes))
                .row("rule", "samples lie along the first axis"),
            shapes);
      }
    }
    return samples;
  }

  /// What became of a replica's pass.
  private record Outcome(int number, Optional<Twin.Found> found, Optional<Throwable> failure) {}

  /// What becomes of replicas that share a device, one after the other, up to the first that fails.
  private List<Outcome> outcomes(List<Twin<M>> twins, Function<Twin<M>, Twin.Found> pass) {
    List<Outcome> outcomes = new ArrayList<>();
    for (Twin<M> twin : twins) {
      try {
        outcomes.add(new Outcome(twin.number(), Optional.of(pass.apply(twin)), Optional.empty()));
      } catch (RuntimeException | Error failure) { // thrown to the caller, when all are done
        outcomes.add(new Outcome(twin.number(), Optional.empty(), Optional.of(failure)));
        break;
      }
    }
    return outcomes;
  }

  /// Throws the failure of the first replica that has one, with where it was and the other failures
  /// as suppressed ones.
  private void refuseFailures(List<Outcome> outcomes) {
    Optional<Throwable> thrown = Optional.empty();
    for (Outcome outcome : outcomes) {
      if (outcome.failure().isEmpty()) {
        continue;
      }
      Throwable failure = outcome.failure().get();
      failure.addSuppressed(
          new IllegalStateException(
              "DataParallel: replica %d of %d failed, on %s"
                  .formatted(
                      outcome.number(), twins.size(), twins.get(outcome.number()).device())));
      if (thrown.isEmpty()) {
        thrown = Optional.of(failure);
      } else if (thrown.get() != failure) {
        thrown.get().addSuppressed(failure);
      }
    }
    switch (thrown.orElse(null)) {
      case RuntimeException e -> throw e;
      case Error e -> throw e;
      case null, default -> {}
    }
  }

  /// `Σ nᵢ/N·gᵢ`, from the first replica to the last. They come with their shares multiplied in;
  /// what did not reach a parameter in one of them is 0.
  private Result average(List<Twin.Found> all) {
    Device device = first().device();
    Map<Parameter, Tensor> sums = new LinkedHashMap<>();
    double loss = 0;
    for (Twin.Found found : all) {
      loss += found.loss() * found.share();
      found
          .gradients()
          .forEach(
              (parameter, gradient) -> sums.merge(parameter, gradient.to(device), Tensor::add));
    }
    // what one replica alone has may lie in memory that ends with its thread's scope
    if (all.size() > 1) {
      sums.replaceAll((parameter, sum) -> isOf(all, parameter, sum) ? sum.copy() : sum);
    }
    return new Result(loss, Gradients.of(sums));
  }

  private static boolean isOf(List<Twin.Found> all, Parameter parameter, Tensor sum) {
    return all.stream().skip(1).anyMatch(found -> found.gradients().get(parameter) == sum);
  }
}
