package vectorgrad.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static vectorgrad.nn.Layers.conv2d;
import static vectorgrad.nn.Layers.flatten;
import static vectorgrad.nn.Layers.linear;
import static vectorgrad.nn.Layers.maxPool2d;
import static vectorgrad.nn.Layers.relu;
import static vectorgrad.nn.Layers.sequential;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import vectorgrad.nn.Layer;
import vectorgrad.nn.Losses;
import vectorgrad.nn.Sequential;
import vectorgrad.optim.Adam;
import vectorgrad.tensor.DType;
import vectorgrad.tensor.Device;
import vectorgrad.tensor.DeviceException;
import vectorgrad.tensor.Scope;
import vectorgrad.tensor.Seed;
import vectorgrad.tensor.Shape;
import vectorgrad.tensor.Tensor;
import vectorgrad.train.DataParallel;

/// A small LeNet on two halves of a processor, which are devices of their own, with queues and
/// memory of their own, as two GPUs are.
class OpenClReplicasTest {
  private static final int STEPS = 12;

  /// The order of sums differs, by a unit in the last place of a weight, 6e-8 below 1; twelve steps
  /// of Adam carry it on. A part in a wrong place would show in the first digits.
  private static final double TOLERANCE = 1e-5;

  private static List<Device> halves;

  @BeforeEach
  void find() {
    Optional<List<Device>> found =
        Device.all().stream().flatMap(device -> halves(device).stream()).findFirst();
    Assumptions.assumeTrue(
        found.isPresent() || "required".equals(System.getenv("VECTORGRAD_OPENCL")),
        () -> "no device has parts; " + String.join("; ", Device.missing()));
    halves = found.orElseThrow();
  }

  /// The halves of a device that has some, as processors do and GPUs do not.
  private static Optional<List<Device>> halves(Device whole) {
    try {
      return Optional.of(
          List.of(Device.named(whole.name() + ".0/2"), Device.named(whole.name() + ".1/2")));
    } catch (DeviceException e) {
      return Optional.empty();
    }
  }

  private static Sequential network() {
    return sequential(
            conv2d(1, 4, 3),
            relu(),
            maxPool2d(2),
            conv2d(4, 8, 3),
            relu(),
            flatten(),
            linear(8 * 3 * 3, 16),
            relu(),
            linear(16, 5))
        .initialize(Seed.of(1));
  }

  /// The numbers of all parameters.
  private static List<Double> weights(Layer model) {
    return model.parameters().stream()
        .flatMapToDouble(parameter -> Arrays.stream(parameter.value().toDoubles()))
        .boxed()
        .toList();
  }

  /// The losses of the steps, and the weights after them.
  private record Learnt(List<Double> losses, List<Double> weights) {
    void expectNear(Learnt other) {
      near(losses, other.losses);
      near(weights, other.weights);
    }

    private static void near(List<Double> a, List<Double> b) {
      assertEquals(a.size(), b.size());
      for (int i = 0; i < a.size(); i++) {
        assertEquals(a.get(i), b.get(i), TOLERANCE);
      }
    }
  }

  private static Learnt learn(List<Device> devices) {
    Sequential model = network();
    var group = new DataParallel<>(model, devices);
    var adam = new Adam(model.parameters()).learningRate(0.01);
    List<Double> losses = new ArrayList<>();
    for (int i = 0; i < STEPS; i++) {
      int samples = i % 4 == 3 ? 5 : 8; // the last batch of an epoch is smaller, and odd
      Tensor x = Tensor.normal(Seed.of(2).fold(i % 4), 0, Shape.of(samples, 1, 12, 12), DType.F32);
      int[] labels = new int[samples];
      for (int k = 0; k < samples; k++) {
        labels[k] = (k * 3 + i % 4) % 5;
      }
      try (var _ = Scope.open()) {
        var found =
            group.backward(
                x,
                Tensor.of(labels, Shape.of(samples)),
                (replica, part, targets) -> Losses.crossEntropy(replica.forward(part), targets));
        adam.step(found.gradients());
        losses.add(found.loss());
      }
    }
    List<Double> expected = weights(model);
    List<Sequential> replicas = group.replicas();
    for (int i = 0; i < devices.size(); i++) {
      Device device = devices.get(i);
      assertTrue(replicas.get(i).parameters().stream().allMatch(p -> p.device() == device));
      assertEquals(expected, weights(replicas.get(i)), "replicas have the same bits");
    }
    return new Learnt(losses, expected);
  }

  @Test
  void twoHalvesOfAProcessorLearnWhatOneLargeBatchTeaches() {
    Learnt whole = learn(List.of(Device.CPU));
    Learnt halved = learn(halves);
    assertTrue(whole.losses().getLast() < whole.losses().get(3), "nothing was learnt");
    whole.expectNear(halved);
    assertEquals(halved, learn(halves), "run after run");
  }

  @Test
  void devicesAndTheProcessorLearnTogether() {
    Learnt whole = learn(List.of(Device.CPU));
    whole.expectNear(learn(List.of(Device.CPU, halves.getFirst())));
    whole.expectNear(learn(List.of(halves.getLast(), Device.CPU, halves.getLast())));
  }
}
