package vectorgrad.architecture;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import vectorgrad.tensor.DType;
import vectorgrad.tensor.Device;
import vectorgrad.tensor.Scope;
import vectorgrad.tensor.Seed;
import vectorgrad.tensor.Shape;
import vectorgrad.tensor.Tensor;

/// Vectors that are copied stay in registers, whatever was packed before. C2 makes objects of them
/// where it knows too late which class they have: then a product of 24 × 768 × 768 allocates three
/// megabytes, and takes twice as long.
class PackedVectorsTest {
  private static final int SIZE = 768;

  /// A JVM of its own, in which a transposed operand is packed first, by vectors of four.
  static final class Products {
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private static final int CALLS = 50;
    private static final long SECONDS = 60; // only a failure takes them
    private static final long WARMING = 2_000_000_000L; // nanoseconds: more than scalar loops last

    private Products() {}

    @SuppressWarnings("SystemOut") // read by the test
    public static void main(String[] args) {
      Tensor x = Tensor.normal(Seed.of(1), 0, Shape.of(24, SIZE), DType.F32);
      Tensor w = Tensor.normal(Seed.of(2), 0, Shape.of(SIZE, SIZE), DType.F32);
      long warm = System.nanoTime() + WARMING;
      for (int i = 0; i < 40 || System.nanoTime() < warm; i++) {
        bytes(x, w.transpose());
      }
      int before = 0;
      long end = System.nanoTime() + SECONDS * 1_000_000_000;
      while (before < 10 && System.nanoTime() < end) { // ten times in a row, and it is compiled
        before = bytes(x, w) < SIZE * SIZE ? before + 1 : 0;
      }
      System.out.println(before);
    }

    /// What one product allocates.
    private static long bytes(Tensor x, Tensor w) {
      long before = THREADS.getCurrentThreadAllocatedBytes();
      for (int i = 0; i < CALLS; i++) {
        try (var _ = Scope.open()) {
          x.matmul(w);
        }
      }
      return (THREADS.getCurrentThreadAllocatedBytes() - before) / CALLS;
    }
  }

  /// The width that this machine's kernels have by themselves. To force it makes vectors pack from
  /// the first product on; otherwise they do so when they are compiled.
  private static String bits() {
    Matcher bits = Pattern.compile("(\\d+) bits").matcher(Device.CPU.describe());
    return bits.find() ? bits.group(1) : "0";
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void copiedVectorsAreNotAllocated(boolean forced) throws IOException, InterruptedException {
    var command = new ArrayList<String>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("--add-modules=jdk.incubator.vector");
    command.add("-Dvectorgrad.threads=1");
    if (forced) {
      command.add("-Dvectorgrad.lanes=" + bits());
    }
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), Products.class.getName()));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, process.waitFor(), printed);
    assertEquals("10", printed.lines().toList().getLast(), printed);
  }
}
