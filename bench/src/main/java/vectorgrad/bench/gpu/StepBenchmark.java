package vectorgrad.bench.gpu;

import static vectorgrad.nn.Losses.crossEntropy;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import vectorgrad.bench.CpuTime;
import vectorgrad.bench.Essay;
import vectorgrad.bench.train.Network;
import vectorgrad.nn.Layer;
import vectorgrad.optim.Sgd;
import vectorgrad.tensor.Device;
import vectorgrad.tensor.Scope;
import vectorgrad.tensor.Tensor;

/// A step of training, its batch brought from the host and its loss read: why a device is not busy
/// all the time.
@Essay
@State(org.openjdk.jmh.annotations.Scope.Benchmark)
public class StepBenchmark {
  private static final double RATE = 0.01;

  @Param({"LENET", "GPT"})
  public Network network;

  @Param public Where where;

  @Param({"1", "4", "16", "64"})
  public int batch;

  private Device device;
  private Layer model;
  private Sgd sgd;
  private Tensor inputs;
  private Tensor labels;

  @Setup(Level.Trial)
  public void setup() {
    CpuTime.outside(() -> {
      device = where.device();
      model = network.model().to(device);
      sgd = new Sgd(model.parameters()).learningRate(RATE);
      inputs = network.batch(batch);
      labels = network.labels(batch);
    });
  }

  @Benchmark
  public double run() {
    try (var _ = Scope.open()) {
      var loss = crossEntropy(model.forward(inputs.to(device)), labels.to(device));
      sgd.step(loss.backward());
      return loss.item();
    }
  }
}
