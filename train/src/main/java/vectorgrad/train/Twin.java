package vectorgrad.train;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import vectorgrad.autograd.Buffer;
import vectorgrad.autograd.Gradients;
import vectorgrad.autograd.Parameter;
import vectorgrad.autograd.Variable;
import vectorgrad.nn.Parameterized;
import vectorgrad.nn.Replica;
import vectorgrad.tensor.Device;
import vectorgrad.tensor.Message;
import vectorgrad.tensor.Scope;
import vectorgrad.tensor.Tensor;

/// One replica of a [DataParallel]: a model on a device. The first one is the model itself.
///
/// @param <M> the model's type
final class Twin<M extends Parameterized> {
  private final int number;
  private final M model;
  private final Device device;
  private final List<Parameter> parameters;
  private final List<Buffer> buffers;

  /// The parameter of the first replica that each of this one's is a copy of.
  private final Map<Parameter, Parameter> originals = new HashMap<>(); // they have identity only

  /// Of the first replica's parameters, when this one last took them.
  private final long[] versions;

  /// @param original the parameters of the first replica
  Twin(int number, M model, Device device, List<Parameter> original) {
    this.number = number;
    this.model = model;
    this.device = device;
    this.parameters = model.parameters();
    this.buffers = List.copyOf(model.namedBuffers().values());
    this.versions = new long[parameters.size()];
    Arrays.fill(versions, -1);
    for (int i = 0; i < parameters.size(); i++) {
      originals.put(parameters.get(i), original.get(i));
    }
  }

  /// What a replica is given of a batch.
  ///
  /// @param tensors the part, on the device of the batch or on the processor
  /// @param share of the samples of the batch
  record Part(List<Tensor> tensors, double share) {}

  /// What a replica makes of its part.
  ///
  /// @param gradients by the parameters of the first replica, times the part's share
  record Found(double loss, double share, Map<Parameter, Tensor> gradients) {}

  /// What the replicas compute.
  ///
  /// @param <M> the model's type
  interface Forward<M> {
    Variable loss(M replica, List<Tensor> part);
  }

  /// How a loss becomes gradients.
  interface Derivation {
    Gradients of(int replica, Supplier<Variable> loss);
  }

  /// The first replica's present values, for the others to take while it computes.
  ///
  /// @param parameters those that some replica does not have yet, by their places
  /// @param buffers copies of all
  record State(Map<Integer, Tensor> parameters, List<Tensor> buffers) {}

  /// The state of this replica, the first, as `others` need it.
  State state(List<Twin<M>> others) {
    boolean away = others.stream().anyMatch(twin -> twin.device != device);
    Map<Integer, Tensor> wanted = new HashMap<>();
    for (int i = 0; i < parameters.size(); i++) {
      long version = parameters.get(i).version();
      int place = i;
      if (others.stream().anyMatch(twin -> twin.versions[place] != version)) {
        Tensor value = parameters.get(i).value();
        wanted.put(i, away ? value.to(Device.CPU) : value);
      }
    }
    List<Tensor> copies = new ArrayList<>();
    if (!others.isEmpty()) {
      buffers.forEach(buffer -> copies.add(buffer.value().to(Device.CPU).copy()));
    }
    return new State(wanted, copies);
  }

  /// Becomes as the `first` replica is, bit by bit.
  void take(State state, Twin<M> first) {
    if (this == first) {
      return;
    }
    for (int i = 0; i < parameters.size(); i++) {
      Parameter original = first.parameters.get(i);
      parameters.get(i).trainable(original.trainable());
      if (versions[i] != original.version()) {
        parameters.get(i).set(state.parameters().get(i).to(device));
        versions[i] = original.version();
      }
    }
    for (int i = 0; i < buffers.size(); i++) {
      buffers.get(i).set(state.buffers().get(i).to(device));
    }
  }

  /// Forward and backward. What else it allocates is recycled, where a scope is open.
  Found run(Part part, Forward<M> forward, Derivation derivation) {
    Map<Parameter, Tensor> reached = new LinkedHashMap<>();
    AtomicReference<Variable> loss = new AtomicReference<>();
    double[] value = new double[1];
    Scope.withinAll(() -> {
      List<Tensor> tensors = part.tensors().stream().map(tensor -> tensor.to(device)).toList();
      Supplier<Variable> weighted =
          () -> {
            loss.set(expectOne(forward.loss(model, tensors)));
            return part.share() == 1 ? loss.get() : loss.get().mul(part.share());
          };
      Gradients gradients = new Replica(number).call(() -> derivation.of(number, weighted));
      for (Variable variable : gradients.variables()) {
        if (variable instanceof Parameter parameter) {
          reached.put(original(parameter), gradients.get(parameter));
        }
      }
      value[0] = loss.get().item();
      return List.copyOf(reached.values());
    });
    return new Found(value[0], part.share(), reached);
  }

  private static Variable expectOne(Variable loss) {
    if (loss.value().size() != 1) {
      throw new IllegalArgumentException(
          Message.of("DataParallel", "a loss is one number, found " + loss.shape())
              .row("rule", "the mean over the samples of a part; means are averaged")
              .row("help", "loss.mean(), or Reduction.MEAN")
              .toString());
    }
    return loss;
  }

  private Parameter original(Parameter parameter) {
    Parameter original = originals.get(parameter);
    if (original == null) {
      String name = parameter.name().isEmpty() ? "a parameter" : "\"" + parameter.name() + "\"";
      throw new IllegalArgumentException(
          Message.of(
                  "DataParallel",
                  "the loss of replica %d led to a parameter that is not its own".formatted(number))
              .row("found", name + " " + parameter.shape())
              .row("rule", "what is learnt belongs to the model that was copied")
              .row("help", "compute with the replica that is given, not with the model")
              .toString());
    }
    return original;
  }

  int number() {
    return number;
  }

  M model() {
    return model;
  }

  Device device() {
    return device;
  }
}
