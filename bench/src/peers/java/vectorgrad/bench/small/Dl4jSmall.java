package vectorgrad.bench.small;

import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import vectorgrad.bench.Dl4j;
import vectorgrad.bench.Peer;

/// The sum in ND4J.
@Peer(value = Dl4j.NAME, outdone = true)
@State(Scope.Benchmark)
public class Dl4jSmall {
  @Param("10")
  public int size;

  private INDArray a;

  @Setup
  public void setup() {
    Dl4j.start();
    a = Nd4j.createFromArray(SmallBenchmark.numbers(size));
    SmallBenchmark.expect(size, a.add(a).toFloatVector());
  }

  /// Freed by hand, as the others are.
  @Benchmark
  public void add() {
    a.add(a).close();
  }
}
