package vectorgrad.accel;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import vectorgrad.tensor.DType;
import vectorgrad.tensor.Device;
import vectorgrad.tensor.Distribution;
import vectorgrad.tensor.OpenCl;
import vectorgrad.tensor.Seed;
import vectorgrad.tensor.Shape;
import vectorgrad.tensor.Tensor;

/// Random numbers of a device, against those of the processor: not one bit differs.
class RandomsTest {
  private final List<String> heard = new ArrayList<>();
  private final Device device =
      Device.of(
          "told",
          OpenCl.device().backend().heardBy((kernel, _, _) -> heard.add(kernel)).orElseThrow());

  private void compare(Distribution distribution, DType dtype) {
    for (int length : new int[] {1, 2, 5, 64, 1023}) {
      for (long counter : new long[] {0, 7, 0xffff_ffffL, Long.MAX_VALUE - 3}) {
        Seed seed = Seed.of(41 + length);
        Shape shape = Shape.of(length);
        double[] expected =
            Tensor.random(distribution, seed, counter, shape, dtype, Device.CPU).toDoubles();
        Tensor found = Tensor.random(distribution, seed, counter, shape, dtype, device);
        assertArrayEquals(expected, found.toDoubles(), distribution + " of " + dtype);
      }
    }
  }

  @Test
  void uniformNumbersAreTheProcessors() {
    compare(Distribution.uniform(), DType.F32);
    compare(Distribution.uniform(), DType.F64);
    compare(Distribution.uniform(-0.3, 0.7), DType.F32);
    compare(Distribution.uniform(-1e300, 1e-3), DType.F64);
    compare(Distribution.uniform(1, Math.nextUp(1.0f)), DType.F32); // rounds to the end often
    assertMadeThere();
  }

  @Test
  void truthValuesAreTheProcessors() {
    for (double p : new double[] {0, 1e-300, 0.1, 0.5, Math.nextDown(1.0), 1}) {
      compare(Distribution.bernoulli(p), DType.BOOL);
    }
    assertMadeThere();
  }

  @Test
  void wholeNumbersAreTheProcessors() {
    compare(Distribution.integers(0, 10), DType.I32);
    compare(Distribution.integers(-5, 1_000_000), DType.I64);
    compare(Distribution.integers(Long.MIN_VALUE, Long.MAX_VALUE), DType.I64);
    compare(Distribution.integers(0, (1L << 62) + 1), DType.I64); // a quarter is drawn again
    assertMadeThere();
  }

  @Test
  void othersAreDrawnByTheProcessor() {
    compare(Distribution.normal(1, 2), DType.F32);
    compare(Distribution.truncatedNormal(0, 1, -1, 2), DType.F64);
    compare(Distribution.gumbel(), DType.F32);
    assertEquals(List.of(), heard.stream().filter(k -> k.startsWith("random")).toList());
  }

  private void assertMadeThere() {
    assertEquals(List.of(), heard.stream().filter(k -> k.equals("write")).toList());
  }
}
