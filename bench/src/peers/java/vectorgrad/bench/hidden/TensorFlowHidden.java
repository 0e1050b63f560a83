package vectorgrad.bench.hidden;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import vectorgrad.bench.Essay;
import vectorgrad.bench.Peer;
import vectorgrad.bench.train.TensorFlowTraining;
import vectorgrad.bench.train.Training;

/// A step of an MLP in TensorFlow.
@Essay
@Peer("TensorFlow 2.18")
@State(Scope.Benchmark)
public class TensorFlowHidden {
  @Param({"MLP_256_SGD", "MLP_4096_SGD"})
  public Training training;

  @Param public Cores cores;

  private final TensorFlowTraining steps = new TensorFlowTraining();

  @Setup(Level.Iteration)
  public void setup() {
    steps.training = training;
    steps.setup();
  }

  @TearDown(Level.Iteration)
  public void tearDown() {
    steps.tearDown();
  }

  @Benchmark
  public double step() {
    return steps.step();
  }
}
