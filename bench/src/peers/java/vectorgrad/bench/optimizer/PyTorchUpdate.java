package vectorgrad.bench.optimizer;

import org.bytedeco.pytorch.Adam;
import org.bytedeco.pytorch.AdamOptions;
import org.bytedeco.pytorch.Optimizer;
import org.bytedeco.pytorch.SGD;
import org.bytedeco.pytorch.SGDOptions;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import vectorgrad.bench.Peer;
import vectorgrad.bench.PyTorch;

/// A step of an [Update] in PyTorch's C++, called through JavaCPP.
@Peer(PyTorch.NAME)
@State(Scope.Benchmark)
public class PyTorchUpdate {
  @Param({"ADAM", "MOMENTUM"})
  public Update update;

  @Param("1000000")
  public int size;

  private Optimizer optimizer;

  @Setup
  public void setup() {
    PyTorch.start();
    Tensor parameter = torch.zeros(size).set_requires_grad(true);
    parameter.mul(PyTorch.tensor(Update.gradient(size))).sum().backward();
    optimizer = optimizer(new TensorVector(parameter));
    step();
    step();
    update.expect(PyTorch.floats(parameter));
  }

  @Benchmark
  public void step() {
    optimizer.step().close();
  }

  private Optimizer optimizer(TensorVector parameters) {
    return switch (update) {
      case ADAM -> new Adam(parameters, new AdamOptions(Update.RATE));
      case MOMENTUM -> {
        var options = new SGDOptions(Update.RATE);
        options.momentum().put(Update.SHARE);
        yield new SGD(parameters, options);
      }
    };
  }
}
