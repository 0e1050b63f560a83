package vectorgrad.bench.small;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import vectorgrad.autograd.Variable;
import vectorgrad.tensor.Tensor;

/// The sum of two vectors.
@State(org.openjdk.jmh.annotations.Scope.Benchmark)
public class SmallBenchmark {
  @Param("10")
  public int size;

  private Tensor a;
  private Variable recorded;

  @Setup
  public void setup() {
    a = Tensor.of(numbers(size));
    recorded = Variable.leaf(a);
    expect(size, add().toFloats());
    expect(size, recorded().value().toFloats());
  }

  @Benchmark
  public Tensor add() {
    return a.add(a);
  }

  /// On the way to a gradient.
  @Benchmark
  public Variable recorded() {
    return recorded.add(recorded);
  }

  /// 0, 1, 2 …
  public static float[] numbers(int size) {
    var numbers = new float[size];
    for (int i = 0; i < size; i++) {
      numbers[i] = i;
    }
    return numbers;
  }

  /// Refuses what is not twice [#numbers].
  public static void expect(int size, float[] sum) {
    for (int i = 0; i < size; i++) {
      if (sum.length != size || sum[i] != 2f * i) {
        throw new IllegalStateException(
            "%s: wrong at %d".formatted(java.util.Arrays.toString(sum), i));
      }
    }
  }
}
