package vectorgrad.bench.train;

import java.util.List;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Adam;
import org.bytedeco.pytorch.AdamOptions;
import org.bytedeco.pytorch.AdamW;
import org.bytedeco.pytorch.AdamWOptions;
import org.bytedeco.pytorch.Optimizer;
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
import vectorgrad.bench.Peer;
import vectorgrad.bench.PyTorch;

/// A step of [Training] in PyTorch's C++, called through JavaCPP.
@Peer(
    value = PyTorch.NAME,
    variants = {"", PyTorch.AS_SHIPPED})
@State(Scope.Benchmark)
public class PyTorchTraining {
  @Param public Training training;

  private boolean checked;
  private List<PyTorch.Weight> weights;
  private Optimizer optimizer;
  private Tensor inputs;
  private Tensor labels;

  @Setup(Level.Trial)
  public void start() {
    PyTorch.start();
  }

  @Setup(Level.Iteration)
  public void setup() {
    CpuTime.outside(this::begin);
  }

  private void begin() {
    Network network = training.network();
    weights = network.weights().stream().map(PyTorch::weight).toList();
    optimizer = optimizer();
    inputs = PyTorch.tensor(network.batch(training.batch()));
    labels = PyTorch.tensor(network.labels(training.batch()));
    training.expect(this::step, checked ? 1 : Training.STEPS);
    checked = true;
  }

  /// What JavaCPP allocates is freed at the end of the step.
  @Benchmark
  public double step() {
    try (var _ = new PointerScope()) {
      Tensor logits = PyTorchNetworks.forward(training.network(), inputs, weights.iterator());
      Tensor loss = torch.cross_entropy_loss(logits, labels);
      optimizer.zero_grad();
      loss.backward();
      optimizer.step();
      return loss.item_float();
    }
  }

  private Optimizer optimizer() {
    var parameters = new TensorVector();
    weights.forEach(weight -> parameters.push_back(weight.value()));
    double rate = training.rule().rate();
    return switch (training.rule()) {
      case SGD -> new SGD(parameters, new SGDOptions(rate));
      case MOMENTUM -> {
        var options = new SGDOptions(rate);
        options.momentum().put(Training.Rule.SHARE);
        yield new SGD(parameters, options);
      }
      case ADAM -> new Adam(parameters, new AdamOptions(rate));
      case ADAMW -> new AdamW(parameters, new AdamWOptions(rate));
    };
  }
}
