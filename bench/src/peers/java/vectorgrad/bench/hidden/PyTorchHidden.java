package vectorgrad.bench.hidden;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import vectorgrad.bench.Essay;
import vectorgrad.bench.Peer;
import vectorgrad.bench.PyTorch;
import vectorgrad.bench.train.PyTorchTraining;
import vectorgrad.bench.train.Training;

/// A step of an MLP in PyTorch.
@Essay
@Peer(PyTorch.NAME)
@State(Scope.Benchmark)
public class PyTorchHidden {
  @Param({"MLP_256_SGD", "MLP_4096_SGD"})
  public Training training;

  @Param public Cores cores;

  private final PyTorchTraining steps = new PyTorchTraining();

  @Setup(Level.Trial)
  public void start() {
    PyTorch.start();
  }

  @Setup(Level.Iteration)
  public void setup() {
    steps.training = training;
    steps.setup();
  }

  @Benchmark
  public double step() {
    return steps.step();
  }
}
