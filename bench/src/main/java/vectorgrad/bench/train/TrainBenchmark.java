package vectorgrad.bench.train;

import static vectorgrad.nn.Losses.crossEntropy;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import vectorgrad.bench.CpuTime;
import vectorgrad.bench.Quick;
import vectorgrad.nn.Layer;
import vectorgrad.optim.Optimizer;
import vectorgrad.tensor.Scope;
import vectorgrad.tensor.Tensor;

/// A step of [Training].
///
/// Each iteration begins anew: a network that knows its one batch by heart has gradients of 0, and
/// moments that fade to denormal numbers, which processors are slow with.
@Quick({"MLP_256_SGD", "MLP_4096_ADAM", "LENET", "VGG_BN", "LSTM", "GPT"})
@State(org.openjdk.jmh.annotations.Scope.Benchmark)
public class TrainBenchmark {
  @Param public Training training;

  private boolean checked;
  private Layer model;
  private Optimizer optimizer;
  private Tensor inputs;
  private Tensor labels;

  @Setup(Level.Iteration)
  public void setup() {
    CpuTime.outside(this::begin);
  }

  private void begin() {
    Network network = training.network();
    model = network.model();
    optimizer = training.rule().of(model.parameters());
    inputs = network.batch(training.batch());
    labels = network.labels(training.batch());
    training.expect(this::step, checked ? 1 : Training.STEPS);
    checked = true;
  }

  /// As everybody writes it.
  @Benchmark
  public double step() {
    try (var _ = Scope.open()) {
      var loss = crossEntropy(model.forward(inputs), labels);
      optimizer.step(loss.backward());
      return loss.item();
    }
  }
}
