package vectorgrad.bench.small;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import vectorgrad.bench.Djl;
import vectorgrad.bench.Peer;

/// The sum in DJL.
@Peer(Djl.NAME)
@State(Scope.Benchmark)
public class DjlSmall {
  @Param("10")
  public int size;

  private NDManager manager;
  private NDArray a;

  @Setup
  public void setup() {
    Djl.start();
    manager = NDManager.newBaseManager();
    a = manager.create(SmallBenchmark.numbers(size));
    SmallBenchmark.expect(size, a.add(a).toFloatArray());
  }

  @TearDown
  public void tearDown() {
    manager.close();
  }

  /// Freed by hand, the cheapest way.
  @Benchmark
  public void add() {
    a.add(a).close();
  }
}
