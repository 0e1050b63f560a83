package vectorgrad.accel;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.api.Test;
import vectorgrad.numerics.Gaussian;
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
  void normalNumbersAreTheProcessors() {
    compare(Distribution.normal(), DType.F32);
    compare(Distribution.normal(), DType.F64);
    compare(Distribution.normal(1, 2), DType.F64);
    compare(Distribution.normal(-0.1, 1e-3), DType.F32);
    Shape many = Shape.of(400_000);
    Seed seed = Seed.of(5);
    assertArrayEquals(
        Tensor.random(Distribution.normal(), seed, 0, many, DType.F64, Device.CPU).toDoubles(),
        Tensor.random(Distribution.normal(), seed, 0, many, DType.F64, device).toDoubles());
    assertMadeThere();
  }

  /// Where the functions change their formulas, and where an angle is a multiple of π/2 as nearly
  /// as it can be: no draw comes there by chance.
  @Test
  void theFunctionsAreStrictMaths() {
    List<Double> numbers = new ArrayList<>();
    for (long word = 1; word <= 1L << 32; word = word * 9 / 7 + 1) {
      numbers.add(word * 0x1p-32);
    }
    for (double middle : new double[] {1, 0.5, Math.sqrt(0.5), 0x1p-32, 0.7072, 0.8}) {
      for (int steps = -40; steps <= 40; steps++) {
        numbers.add(middle + steps * 0x1p-32 * (middle > 0x1p-20 ? 1 : 0));
        numbers.add(middle * (1 + steps * 0x1p-22));
      }
    }
    List<Double> angles = new ArrayList<>();
    for (long eighth = 0; eighth <= 8; eighth++) {
      for (long off = -300; off <= 300; off++) {
        angles.add(2 * Math.PI * Math.abs((eighth << 29) + off) * 0x1p-32);
        angles.add(Math.abs(eighth * Math.PI / 4 + off * 0x1p-20));
      }
    }
    for (double x = 0; x < 2 * Math.PI; x += 0.000_37) {
      angles.add(x);
    }
    List<Double> powers = new ArrayList<>();
    List<Double> shares = new ArrayList<>();
    for (double x = 1; x > 0x1p-60; x *= 0.997) {
      powers.add(-800 * x);
      powers.add(-x);
      shares.add(x);
      shares.add(1 - x);
    }
    for (double middle : new double[] {0.5 * Math.log(2), 1.5 * Math.log(2), 708.4, 745.14}) {
      for (int steps = -40; steps <= 40; steps++) {
        powers.add(-middle * (1 + steps * 0x1p-21));
      }
    }
    for (double middle : new double[] {0.414_22, 0x1p-29, 0x1p-54, 0.5, 1 - 0x1p-18}) {
      for (int steps = -40; steps <= 40; steps++) {
        shares.add(middle * (1 + steps * 0x1p-21) % 1);
      }
    }
    List<Double> quantiles = new ArrayList<>(shares);
    quantiles.addAll(List.of(Double.MIN_VALUE, 0x1p-1022, Math.nextDown(0x1p-1022), 0x1p-1040));
    for (double middle : new double[] {0.075, 0.925, Math.exp(-25), 0.5}) {
      for (int steps = -40; steps <= 40; steps++) {
        quantiles.add(middle * (1 + steps * 0x1p-50));
      }
    }
    powers.addAll(List.of(0.0, -0.0, Double.NEGATIVE_INFINITY, -745.133_219_101_941_1));
    shares.addAll(List.of(0.0, 1.0));
    quantiles.addAll(List.of(0.0, 1.0));
    numbers.addAll(List.of(Double.MIN_VALUE, 0x1p-1030, Math.nextDown(0x1p-1022), 0x1p-1022));
    assertFunction("vg_exp", powers, StrictMath::exp);
    assertFunction("vg_log1p", shares, StrictMath::log1p);
    assertFunction("vg_log", numbers, StrictMath::log);
    assertFunction("vg_quantile", quantiles, Gaussian::quantile);
    assertFunction("vg_sin", angles, StrictMath::sin);
    assertFunction("vg_cos", angles, StrictMath::cos);
  }

  private void assertFunction(String name, List<Double> numbers, DoubleUnaryOperator function) {
    Queue queue = ((OpenClBackend) OpenCl.device().backend()).queue();
    double[] x = numbers.stream().mapToDouble(Double::doubleValue).toArray();
    Memory in = queue.allocate(8L * x.length);
    Memory out = queue.allocate(8L * x.length);
    queue.write(x, in, 0, 8L * x.length);
    String kernel =
        "__kernel void run(__global const double* x, __global double* y, int n) {"
            + " int i = get_global_id(0); if (i < n) y[i] = %s(x[i]); }\n".formatted(name);
    queue.run(
        List.of("strict", name),
        () -> Source.prelude(true) + StrictFunctions.SOURCE + kernel,
        () -> name,
        x.length,
        Queue.Argument.of(in),
        Queue.Argument.of(out),
        Queue.Argument.of(x.length));
    double[] found = new double[x.length];
    queue.read(out, 0, found);
    for (int i = 0; i < x.length; i++) {
      assertEquals(function.applyAsDouble(x[i]), found[i], 0.0, name + " of " + x[i]);
    }
  }

  @Test
  void runningSumsOfPowersAreTheProcessors() {
    Tensor x = Tensor.normal(Seed.of(8), 0, Shape.of(3, 500), DType.F64).mul(20);
    Tensor rows = Tensor.concat(1, x, x.log(), x.neg().log());
    for (DType dtype : new DType[] {DType.F64, DType.F32}) {
      Tensor some = rows.to(dtype);
      assertArrayEquals(
          some.logcumsumexp(1).toDoubles(), some.to(device).logcumsumexp(1).toDoubles());
    }
  }

  @Test
  void numbersByInversionAreTheProcessors() {
    for (DType dtype : new DType[] {DType.F64, DType.F32}) {
      compare(Distribution.exponential(0.3), dtype);
      compare(Distribution.gumbel(), dtype);
      compare(Distribution.truncatedNormal(0, 1, -1, 2), dtype);
      compare(Distribution.truncatedNormal(-1, 0.02, -1.05, Double.POSITIVE_INFINITY), dtype);
      compare(Distribution.truncatedNormal(0, 1, 5, 7), dtype); // mirrored
      compare(Distribution.truncatedNormal(0, 1, 37.6, 50), dtype); // Φ is subnormal
      compare(Distribution.truncatedNormal(0, 1, 40, 50), dtype); // and 0
      compare(Distribution.truncatedNormal(0, 1, -1e-300, 1e-300), dtype);
      compare(Distribution.truncatedNormal(0, 1, -1e300, 1e300), dtype);
    }
    assertMadeThere();
  }

  private void assertMadeThere() {
    assertEquals(List.of(), heard.stream().filter(k -> k.equals("write")).toList());
  }
}
