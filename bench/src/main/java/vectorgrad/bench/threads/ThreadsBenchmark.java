package vectorgrad.bench.threads;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import vectorgrad.bench.Essay;
import vectorgrad.bench.Threads;
import vectorgrad.bench.matmul.MatMulBenchmark;
import vectorgrad.bench.train.TrainBenchmark;

/// A [Task] on one thread, on two, and so on.
@Essay
@State(Scope.Benchmark)
public class ThreadsBenchmark {
  @Param public Task task;

  @Param public Threads threads;

  private final TrainBenchmark training = new TrainBenchmark();
  private final MatMulBenchmark product = new MatMulBenchmark();

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
