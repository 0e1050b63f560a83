package vectorgrad.bench.ladder;

import java.util.Locale;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import vectorgrad.bench.Essay;
import vectorgrad.bench.Rung;
import vectorgrad.bench.matmul.Product;
import vectorgrad.tensor.cpu.Rungs;

/// The product of two squares by the versions of our kernel.
@Essay
@State(Scope.Benchmark)
public class MatMulLadder {
  /// The versions, but for that on all threads, which has an essay of its own.
  public enum Version implements Rung {
    NAIVE,
    IKJ,
    BLOCKED,
    TILED,
    EMITTED;

    @Override
    public String label() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  @Param("matmul")
  public String kernel;

  @Param({"256", "512"})
  public int size;

  @Param public Version version;

  private Runnable run;

  @Setup
  public void setup() {
    var product = new Product(size, size, size, false, false);
    var c = new float[size * size];
    run = Rungs.product(version.label(), product.left(), product.right(), c, size);
    run.run();
    product.expect(c);
  }

  @Benchmark
  public void run() {
    run.run();
  }
}
