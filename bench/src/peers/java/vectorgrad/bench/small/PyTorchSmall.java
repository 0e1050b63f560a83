package vectorgrad.bench.small;

import org.bytedeco.pytorch.Tensor;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import vectorgrad.bench.Peer;
import vectorgrad.bench.PyTorch;

/// The sum in PyTorch's C++, called through JavaCPP.
@Peer(PyTorch.NAME)
@State(Scope.Benchmark)
public class PyTorchSmall {
  @Param("10")
  public int size;

  private Tensor a;

  @Setup
  public void setup() {
    PyTorch.start();
    a = Tensor.create(SmallBenchmark.numbers(size));
    SmallBenchmark.expect(size, PyTorch.floats(a.add(a)));
  }

  /// Freed by hand, the cheapest way.
  @Benchmark
  public void add() {
    a.add(a).close();
  }
}
