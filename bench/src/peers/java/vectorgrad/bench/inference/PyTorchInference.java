package vectorgrad.bench.inference;

import java.util.List;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.InferenceMode;
import org.bytedeco.pytorch.Tensor;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import vectorgrad.bench.Peer;
import vectorgrad.bench.PyTorch;
import vectorgrad.bench.train.PyTorchNetworks;

/// [Inference] in PyTorch's C++, called through JavaCPP.
@Peer(
    value = PyTorch.NAME,
    variants = {"", PyTorch.AS_SHIPPED})
@State(Scope.Benchmark)
public class PyTorchInference {
  @Param public Inference inference;

  private List<PyTorch.Weight> weights;
  private Tensor input;

  @Setup
  public void setup() {
    PyTorch.start();
    weights = inference.network().weights().stream().map(PyTorch::weight).toList();
    input = PyTorch.tensor(inference.network().batch(1));
    inference.expect(logits());
  }

  @Benchmark
  public float[] logits() {
    try (var _ = new PointerScope();
        var _ = new InferenceMode(true)) {
      return PyTorch.floats(
          PyTorchNetworks.forward(inference.network(), input, weights.iterator()));
    }
  }
}
