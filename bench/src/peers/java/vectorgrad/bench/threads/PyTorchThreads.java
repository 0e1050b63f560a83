package vectorgrad.bench.threads;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import vectorgrad.bench.Essay;
import vectorgrad.bench.Peer;
import vectorgrad.bench.PyTorch;
import vectorgrad.bench.Threads;
import vectorgrad.bench.matmul.PyTorchMatMul;
import vectorgrad.bench.train.PyTorchTraining;

/// A [Task] in PyTorch's C++, called through JavaCPP.
@Essay
@Peer(PyTorch.NAME)
@State(Scope.Benchmark)
public class PyTorchThreads {
  @Param public Task task;

  @Param public Threads threads;

  private final PyTorchTraining training = new PyTorchTraining();
  private final PyTorchMatMul product = new PyTorchMatMul();

  @Setup(Level.Trial)
  public void start() {
    PyTorch.start();
  }

  @Setup(Level.Iteration)
  public void setup() {
    if (task.training().isPresent()) {
      training.training = task.training().orElseThrow();
      training.setup();
    } else {
      product.product = task.product();
      product.setup();
    }
  }

  @Benchmark
  public Object run() {
    return task.training().isPresent() ? training.step() : product.matmul();
  }
}
