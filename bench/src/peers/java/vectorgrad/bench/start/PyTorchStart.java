package vectorgrad.bench.start;

import java.io.IOException;
import org.bytedeco.pytorch.LinearImpl;
import org.bytedeco.pytorch.SGD;
import org.bytedeco.pytorch.SGDOptions;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import vectorgrad.bench.Peer;
import vectorgrad.bench.PyTorch;

/// [Start] with PyTorch's C++, called through JavaCPP, which has unpacked its libraries before.
@Peer(PyTorch.NAME)
@State(Scope.Benchmark)
public class PyTorchStart {
  @Param("MLP_32")
  public String network;

  @Benchmark
  public double run() throws IOException {
    return Start.run(PyTorchStart.class);
  }

  /// The program.
  public static void main(String[] arguments) {
    torch.set_num_threads(Integer.getInteger("vectorgrad.threads"));
    var hidden = new LinearImpl(Start.INPUTS, Start.HIDDEN);
    var last = new LinearImpl(Start.HIDDEN, Start.CLASSES);
    Tensor x = torch.randn(Start.BATCH, Start.INPUTS);
    Tensor labels = torch.zeros(Start.BATCH).to(torch.ScalarType.Long);
    var sgd =
        new SGD(
            new TensorVector(hidden.weight(), hidden.bias(), last.weight(), last.bias()),
            new SGDOptions(0.1));
    Tensor loss = torch.cross_entropy_loss(last.forward(torch.relu(hidden.forward(x))), labels);
    loss.backward();
    sgd.step();
    Start.done(loss.item_float());
  }
}
