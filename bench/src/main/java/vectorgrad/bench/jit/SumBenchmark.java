package vectorgrad.bench.jit;

import java.util.function.DoubleSupplier;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import vectorgrad.bench.Essay;
import vectorgrad.tensor.cpu.Rungs;

/// The sum of an array that stays in the nearest cache.
@Essay
@State(Scope.Benchmark)
public class SumBenchmark {
  @Param("sum")
  public String loop;

  @Param("4096")
  public int length;

  @Param public Sums sums;

  private float[] x;
  private DoubleSupplier kernel;

  @Setup
  public void setup() {
    x = new float[length];
    double right = 0;
    for (int i = 0; i < length; i++) {
      x[i] = i % 64; // every sum is exact, in any order
      right += x[i];
    }
    kernel = Rungs.sum(x);
    if (run() != right) {
      throw new IllegalStateException("%s: wrong".formatted(sums));
    }
  }

  @Benchmark
  public double run() {
    return switch (sums) {
      case ONE_SUM -> one();
      case FOUR_SUMS -> four();
      case VECTORS -> kernel.getAsDouble();
    };
  }

  private float one() {
    float sum = 0;
    for (float number : x) {
      sum += number;
    }
    return sum;
  }

  private float four() {
    float a = 0;
    float b = 0;
    float c = 0;
    float d = 0;
    for (int i = 0; i < x.length; i += 4) {
      a += x[i];
      b += x[i + 1];
      c += x[i + 2];
      d += x[i + 3];
    }
    return a + b + (c + d);
  }
}
