package vectorgrad.bench.batch;

import static vectorgrad.nn.Losses.crossEntropy;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import vectorgrad.autograd.Mode;
import vectorgrad.bench.CpuTime;
import vectorgrad.bench.Essay;
import vectorgrad.bench.train.Network;
import vectorgrad.nn.Layer;
import vectorgrad.optim.Sgd;
import vectorgrad.tensor.Scope;
import vectorgrad.tensor.Tensor;

/// A batch through a network: of one sample, a call costs more than the arithmetic; of many, every
/// weight that is loaded is used many times.
@Essay
@State(org.openjdk.jmh.annotations.Scope.Benchmark)
public class BatchBenchmark {
  /// Of gradient descent.
  public static final double RATE = 0.01;

  private static final double TOLERANCE = 1e-4;

  @Param({"MLP_256", "LENET"})
  public Network network;

  @Param public Pass pass;

  @Param({"1", "4", "16", "64", "256"})
  public int batch;

  private Layer model;
  private Sgd sgd;
  private Tensor inputs;
  private Tensor labels;

  /// Anew, since a network that knows its batch by heart has gradients of 0.
  @Setup(Level.Iteration)
  public void setup() {
    CpuTime.outside(() -> {
      model = network.model();
      sgd = new Sgd(model.parameters()).learningRate(RATE);
      inputs = network.batch(batch);
      labels = network.labels(batch);
    });
  }

  @Benchmark
  public Object run() {
    try (var _ = Scope.open()) {
      if (pass == Pass.INFERENCE) {
        return Mode.inference(() -> model.forward(inputs).value().toFloats());
      }
      var loss = crossEntropy(model.forward(inputs), labels);
      sgd.step(loss.backward());
      return loss.item();
    }
  }

  /// Refuses a first loss that is not ours: who computes something else is not measured.
  public static void expect(Network network, int batch, double loss) {
    try (var _ = Scope.open()) {
      double right =
          crossEntropy(network.model().forward(network.batch(batch)), network.labels(batch)).item();
      if (!(Math.abs(loss - right) <= TOLERANCE)) {
        throw new IllegalStateException(
            "%s of %d: the loss is %s and should be %s".formatted(network, batch, loss, right));
      }
    }
  }
}
