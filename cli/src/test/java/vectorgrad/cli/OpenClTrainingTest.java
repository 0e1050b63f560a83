package vectorgrad.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import vectorgrad.autograd.Variable;
import vectorgrad.nn.CrossEntropy;
import vectorgrad.nn.Models;
import vectorgrad.nn.Sequential;
import vectorgrad.optim.Adam;
import vectorgrad.tensor.DType;
import vectorgrad.tensor.Device;
import vectorgrad.tensor.Scope;
import vectorgrad.tensor.Seed;
import vectorgrad.tensor.Shape;
import vectorgrad.tensor.Tensor;

/// The LeNet of the main job, trained on a device and on the processor.
class OpenClTrainingTest {
  private static final int STEPS = 200;
  private static final int BATCH = 4;
  private static final int BATCHES = 10;

  /// The losses differ by what the order of a sum leaves in its last bits, and training carries
  /// that on: in 200 steps they were seen to drift apart by 2e-6. A hundred times as much is far
  /// from what a wrong gradient does.
  @Test
  void leNetLearnsAsOnTheProcessor() {
    Assumptions.assumeTrue(
        "required".equals(System.getenv("VECTORGRAD_OPENCL"))
            || Device.all().stream().anyMatch(device -> device.name().equals("opencl:0")),
        () -> String.join("; ", Device.missing()));
    double[] expected = losses(Device.CPU);
    double[] found = losses(Device.named("opencl:0"));
    double most = 0;
    for (int i = 0; i < STEPS; i++) {
      most = Math.max(most, Math.abs(expected[i] - found[i]));
    }
    assertTrue(expected[STEPS - 1] < 0.1 * expected[0], "nothing was learnt");
    assertEquals(0, most, 2e-4);
  }

  /// The loss of each step. Every class is a pattern of its own under noise.
  private static double[] losses(Device device) {
    Sequential network = Models.leNet().initialize(Seed.of(1));
    network.to(device);
    var adam = new Adam(network.parameters());
    var loss = new CrossEntropy();
    Tensor patterns = Tensor.normal(Seed.of(2), 0, Shape.of(10, 1, 28, 28), DType.F32);
    Tensor noise = Tensor.normal(Seed.of(3), 0, Shape.of(BATCHES * BATCH, 1, 28, 28), DType.F32);
    int[] labels = new int[BATCHES * BATCH];
    for (int i = 0; i < labels.length; i++) {
      labels[i] = i * 7 % 10;
    }
    Tensor y = Tensor.of(labels, Shape.of(labels.length));
    Tensor x = patterns.indexSelect(0, y).mul(0.3).add(noise).to(device);
    Tensor targets = y.to(device);
    double[] losses = new double[STEPS];
    for (int step = 0; step < STEPS; step++) {
      int from = step % BATCHES * BATCH;
      try (Scope _ = Scope.open()) {
        Variable l =
            loss.of(
                network.forward(Variable.constant(x.slice(0, from, from + BATCH))),
                targets.slice(0, from, from + BATCH));
        adam.step(l.backward());
        losses[step] = l.value().item();
      }
    }
    return losses;
  }
}
