package vectorgrad.architecture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static vectorgrad.nn.Losses.crossEntropy;

import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import vectorgrad.autograd.Variable;
import vectorgrad.nn.Models;
import vectorgrad.optim.Adam;
import vectorgrad.tensor.DType;
import vectorgrad.tensor.Scope;
import vectorgrad.tensor.Seed;
import vectorgrad.tensor.Shape;
import vectorgrad.tensor.Tensor;

/// What a scope is for: a training step inside one allocates next to nothing.
///
/// Counted in a JVM of its own on one thread and with scalar kernels, since vector code that the
/// JIT has not compiled yet keeps its vectors on the heap, and that is not what is asked here.
class StepBytesTest {
  private static final int STEPS = 4;

  /// Prints the bytes a step of LeNet on 64 pictures allocates outside and inside a scope.
  static final class Count {
    private Count() {}

    @SuppressWarnings("SystemOut") // read by the test
    public static void main(String[] args) {
      var model = Models.leNet();
      model.initialize(Seed.of(1));
      var adam = new Adam(model.parameters()).learningRate(1e-3);
      Tensor images = Tensor.normal(Seed.of(2), 0, Shape.of(64, 1, 28, 28), DType.F32);
      Tensor labels = Tensor.of(new int[64]);
      Runnable step =
          () ->
              adam.step(crossEntropy(model.forward(Variable.constant(images)), labels).backward());
      Runnable scoped =
          () -> {
            try (var _ = Scope.open()) {
              step.run();
            }
          };
      step.run();
      long outside = bytes(step);
      scoped.run(); // fills the pool
      scoped.run();
      System.out.println(outside + " " + bytes(scoped));
    }

    private static long bytes(Runnable step) {
      var thread = (ThreadMXBean) ManagementFactory.getThreadMXBean();
      long before = thread.getCurrentThreadAllocatedBytes();
      for (int i = 0; i < STEPS; i++) {
        step.run();
      }
      return thread.getCurrentThreadAllocatedBytes() - before;
    }
  }

  @Test
  void aTrainingStepInAScopeAllocatesLessThanAHundredthOfOneOutside()
      throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Dvectorgrad.lanes=0",
                "-Dvectorgrad.threads=1",
                "-cp",
                System.getProperty("java.class.path"),
                Count.class.getName())
            .redirectErrorStream(true)
            .start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, process.waitFor(), output);
    String[] bytes = output.strip().split(" ");
    long outside = Long.parseLong(bytes[0]);
    long inside = Long.parseLong(bytes[1]);
    assertTrue(inside * 100 < outside, output);
  }
}
