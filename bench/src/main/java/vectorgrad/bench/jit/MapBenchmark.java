package vectorgrad.bench.jit;

import java.util.List;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import vectorgrad.bench.Essay;
import vectorgrad.numerics.Formula;
import vectorgrad.tensor.cpu.Rungs;

/// `y[i] = 3·x[i] + 1` on an array that stays in the nearest cache.
@Essay
@State(Scope.Benchmark)
public class MapBenchmark {
  /// A function of a number.
  private interface Function {
    float of(float x);
  }

  /// The same function, four times: the compiler does not know.
  private static final List<Function> SAME =
      List.of(
          x -> Math.fma(x, 3, 1),
          x -> Math.fma(3, x, 1),
          x -> Math.fma(x, 1 + 2, 1),
          x -> Math.fma(2 + 1, x, 1));

  @Param("map")
  public String loop;

  @Param("4096")
  public int size;

  @Param public Looks looks;

  private float[] x;
  private float[] y;
  private Runnable formula;

  @Setup
  public void setup() {
    x = new float[size];
    y = new float[size];
    for (int i = 0; i < size; i++) {
      x[i] = i;
    }
    formula = Rungs.map(Formula.input(0).times(3).plus(1), x, y);
    float[] found = run();
    for (int i = 0; i < size; i++) {
      if (found[i] != 3f * i + 1) {
        throw new IllegalStateException("%s: wrong at %d".formatted(looks, i));
      }
    }
  }

  @Benchmark
  public float[] run() {
    switch (looks) {
      case FOUR_FUNCTIONS -> {
        for (int f = 0; f < SAME.size(); f++) {
          called(SAME.get(f), x, y, f * size / SAME.size(), (f + 1) * size / SAME.size());
        }
      }
      case ONE_FUNCTION -> called(SAME.getFirst(), x, y, 0, size);
      case OFFSETS -> offsets(x, 0, y, 0, size);
      case LOOP -> loop(x, y);
      case FORMULA -> formula.run();
    }
    return y;
  }

  private static void called(Function f, float[] x, float[] y, int from, int to) {
    for (int i = from; i < to; i++) {
      y[i] = f.of(x[i]);
    }
  }

  private static void offsets(float[] x, int xo, float[] y, int yo, int n) {
    for (int i = 0; i < n; i++) {
      y[yo + i] = Math.fma(x[xo + i], 3, 1);
    }
  }

  private static void loop(float[] x, float[] y) {
    for (int i = 0; i < x.length; i++) {
      y[i] = Math.fma(x[i], 3, 1);
    }
  }
}
