package vectorgrad.bench.ladder;

import java.util.Locale;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import vectorgrad.bench.Essay;
import vectorgrad.bench.Rung;
import vectorgrad.tensor.DType;
import vectorgrad.tensor.Scope;
import vectorgrad.tensor.Seed;
import vectorgrad.tensor.Shape;
import vectorgrad.tensor.Tensor;

/// The softmax of rows of 1024: as loops over numbers, as a composition of operations, each of
/// which is a pass over memory, and as one operation.
@Essay
@State(org.openjdk.jmh.annotations.Scope.Benchmark)
public class SoftmaxLadder {
  private static final int COLUMNS = 1024;
  private static final double TOLERANCE = 1e-6;

  /// The versions.
  public enum Version implements Rung {
    LOOPS,
    COMPOSED,
    FUSED;

    @Override
    public String label() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  @Param("softmax")
  public String kernel;

  @Param("4096")
  public int size;

  @Param public Version version;

  private Tensor x;
  private float[] numbers;
  private float[] result;

  @Setup
  public void setup() {
    x = Tensor.normal(Seed.of(1), 0, Shape.of(size, COLUMNS), DType.F32);
    numbers = x.toFloats();
    result = new float[numbers.length];
    try (var _ = Scope.open()) {
      float[] found = softmax() instanceof Tensor y ? y.toFloats() : result;
      Ladders.expect(x.softmax(1), found, TOLERANCE);
    }
  }

  /// As in a training step: what it allocates is used again by the next.
  @Benchmark
  public Object run() {
    try (var _ = Scope.open()) {
      return softmax();
    }
  }

  private Object softmax() {
    return switch (version) {
      case LOOPS -> loops();
      case COMPOSED -> composed();
      case FUSED -> x.softmax(1);
    };
  }

  private float[] loops() {
    for (int row = 0; row < size; row++) {
      int from = row * COLUMNS;
      float max = Float.NEGATIVE_INFINITY;
      for (int i = from; i < from + COLUMNS; i++) {
        max = Math.max(max, numbers[i]);
      }
      float sum = 0;
      for (int i = from; i < from + COLUMNS; i++) {
        result[i] = (float) Math.exp(numbers[i] - max);
        sum += result[i];
      }
      for (int i = from; i < from + COLUMNS; i++) {
        result[i] /= sum;
      }
    }
    return result;
  }

  private Tensor composed() {
    Tensor e = x.sub(x.max(true, 1)).exp();
    return e.div(e.sum(true, 1));
  }
}
