package vectorgrad.bench.hidden;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import vectorgrad.bench.CpuTime;
import vectorgrad.bench.Essay;
import vectorgrad.bench.train.TrainBenchmark;
import vectorgrad.bench.train.Training;

/// A step of an MLP, by naive loops and by our kernels.
@Essay
@State(Scope.Benchmark)
public class HiddenBenchmark {
  @Param({"MLP_256_SGD", "MLP_4096_SGD"})
  public Training training;

  @Param public Way way;

  private final TrainBenchmark kernels = new TrainBenchmark();
  private NaiveMlp loops;
  private boolean checked;

  @Setup(Level.Iteration)
  public void setup() {
    if (way != Way.NAIVE) {
      kernels.training = training;
      kernels.setup();
      return;
    }
    CpuTime.outside(() -> {
      loops = NaiveMlp.of(training);
      training.expect(loops::step, checked ? 1 : Training.STEPS);
      checked = true;
    });
  }

  @Benchmark
  public double step() {
    return way == Way.NAIVE ? loops.step() : kernels.step();
  }
}
