package vectorgrad.architecture;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import vectorgrad.autograd.Variable;
import vectorgrad.nn.Layer;
import vectorgrad.nn.Layers;
import vectorgrad.tensor.DType;
import vectorgrad.tensor.Scope;
import vectorgrad.tensor.Seed;
import vectorgrad.tensor.Shape;
import vectorgrad.tensor.Tensor;

/// Vectors stay in registers in every kernel, whatever else the process computes. C2 makes objects
/// of them where it cannot tell which class they have, and has seen several: then layer norm takes
/// twice as long, and softmax five times, until the process ends.
class VectorObjectsTest {
  /// A JVM of its own, in which all kinds of kernels run one after the other, and then again.
  static final class Steps {
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private static final long WARMING = 500_000_000L; // nanoseconds, each
    private static final long SECONDS = 120; // only a failure takes them
    private static final int IN_A_ROW = 5;
    private static final long FEWEST = 200_000; // bytes: what layers and variables take
    private static final long EACH = 3; // bytes: half of an object's for each of its elements

    private final Map<String, Step> steps = new LinkedHashMap<>();

    /// @param bytes more than it allocates, fewer than its vectors take
    private record Step(Runnable run, long bytes) {}

    private Steps() {
      add("product with a vector", Layers.linear(700, 701), 1, 700);
      add("product of few rows", Layers.linear(768, 768), 24, 768);
      add("product", Layers.linear(300, 300), 300, 300);
      add("layer norm", Layers.layerNorm(768), 512, 768);
      add("layer norm of odd rows", Layers.layerNorm(700), 512, 700);
      add("RMS norm", Layers.rmsNorm(768), 512, 768);
      add("softmax", Layers.softmax(-1), 512, 768);
      add("log-softmax", Layers.logSoftmax(-1), 512, 768);
      add("softmax of short rows", Layers.softmax(-1), 32768, 10);
      add("GELU", Layers.gelu(), 512, 768);
      add("exact GELU", Layers.geluExact(), 512, 768);
      add("batch norm", Layers.batchNorm(32), 16, 32, 28, 28);
      add("group norm", Layers.groupNorm(8, 32), 16, 32, 28, 28);
      add("convolution", Layers.conv2d(32, 32, 3).padding(1), 16, 32, 28, 28);
      add("convolution with stride", Layers.conv2d(32, 32, 3).stride(2), 16, 32, 28, 28);
      add("pointwise convolution", Layers.conv2d(32, 32, 1), 16, 32, 28, 28);
      add("depthwise", Layers.conv2d(32, 32, 3).padding(1).groups(32), 16, 32, 28, 28);
      add("max pooling", Layers.maxPool2d(2), 16, 32, 28, 28);
      add("average pooling", Layers.avgPool2d(3), 16, 32, 28, 28);
      add("attention", 8 * 4 * 256 * 256, Layers.multiHeadAttention(256, 4), 8, 256, 256);
      add("LSTM", 64 * 32 * 4 * 256, Layers.lstm(256, 256), 64, 32, 256);
    }

    private void add(String name, Layer layer, int... sizes) {
      add(name, Shape.of(sizes).size(), layer, sizes);
    }

    /// @param elements that go through vectors in the longest of its kernels
    private void add(String name, int elements, Layer layer, int... sizes) {
      layer.initialize(Seed.of(1));
      Variable x = Variable.leaf(Tensor.normal(Seed.of(2), 0, Shape.of(sizes), DType.F32));
      steps.put(
          name,
          new Step(
              () -> layer.forward(x).square().mean().backward(),
              Math.max(FEWEST, EACH * elements)));
    }

    @SuppressWarnings("SystemOut") // read by the test
    public static void main(String[] args) {
      Map<String, Step> left = new Steps().steps;
      for (Step step : left.values()) {
        long end = System.nanoTime() + WARMING;
        while (System.nanoTime() < end) {
          bytes(step);
        }
      }
      long end = System.nanoTime() + SECONDS * 1_000_000_000;
      while (!left.isEmpty() && System.nanoTime() < end) {
        for (Iterator<Step> each = left.values().iterator(); each.hasNext(); ) {
          if (isFine(each.next())) {
            each.remove();
          }
        }
      }
      left.forEach((name, step) -> System.out.println(name + ": " + bytes(step) + " bytes"));
      System.out.println("the others do not");
    }

    /// Several times in a row, and it is compiled.
    private static boolean isFine(Step step) {
      for (int i = 0; i < IN_A_ROW; i++) {
        if (bytes(step) > step.bytes) {
          return false;
        }
      }
      return true;
    }

    private static long bytes(Step step) {
      long before = THREADS.getCurrentThreadAllocatedBytes();
      try (var _ = Scope.open()) {
        step.run.run();
      }
      return THREADS.getCurrentThreadAllocatedBytes() - before;
    }
  }

  @Test
  void vectorsAreNotAllocated() throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--add-modules=jdk.incubator.vector",
                "-Dvectorgrad.threads=1",
                "-cp",
                System.getProperty("java.class.path"),
                Steps.class.getName())
            .redirectErrorStream(true)
            .start();
    String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, process.waitFor(), printed);
    String said = printed.lines().filter(line -> !line.startsWith("WARNING")).toList().toString();
    assertEquals("[the others do not]", said);
  }
}
