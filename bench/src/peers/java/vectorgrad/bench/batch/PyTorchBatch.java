package vectorgrad.bench.batch;

import java.util.List;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.InferenceMode;
import org.bytedeco.pytorch.SGD;
import org.bytedeco.pytorch.SGDOptions;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import vectorgrad.bench.CpuTime;
import vectorgrad.bench.Essay;
import vectorgrad.bench.Peer;
import vectorgrad.bench.PyTorch;
import vectorgrad.bench.train.Network;
import vectorgrad.bench.train.PyTorchNetworks;

/// A batch through a network in PyTorch's C++, called through JavaCPP.
@Essay
@Peer(PyTorch.NAME)
@State(Scope.Benchmark)
public class PyTorchBatch {
  @Param({"MLP_256", "LENET"})
  public Network network;

  @Param public Pass pass;

  @Param({"1", "4", "16", "64", "256"})
  public int batch;

  private List<PyTorch.Weight> weights;
  private SGD sgd;
  private Tensor inputs;
  private Tensor labels;
  private boolean checked;

  @Setup(Level.Trial)
  public void start() {
    PyTorch.start();
  }

  @Setup(Level.Iteration)
  public void setup() {
    CpuTime.outside(() -> {
      weights = network.weights().stream().map(PyTorch::weight).toList();
      var parameters = new TensorVector();
      weights.forEach(weight -> parameters.push_back(weight.value()));
      sgd = new SGD(parameters, new SGDOptions(BatchBenchmark.RATE));
      inputs = PyTorch.tensor(network.batch(batch));
      labels = PyTorch.tensor(network.labels(batch));
      if (!checked) {
        BatchBenchmark.expect(network, batch, step());
        checked = true;
      }
    });
  }

  @Benchmark
  public Object run() {
    return pass == Pass.INFERENCE ? logits() : step();
  }

  private float[] logits() {
    try (var _ = new PointerScope();
        var _ = new InferenceMode(true)) {
      return PyTorch.floats(PyTorchNetworks.forward(network, inputs, weights.iterator()));
    }
  }

  private double step() {
    try (var _ = new PointerScope()) {
      Tensor logits = PyTorchNetworks.forward(network, inputs, weights.iterator());
      Tensor loss = torch.cross_entropy_loss(logits, labels);
      sgd.zero_grad();
      loss.backward();
      sgd.step();
      return loss.item_float();
    }
  }
}
