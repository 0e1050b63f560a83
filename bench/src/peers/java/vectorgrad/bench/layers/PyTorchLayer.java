package vectorgrad.bench.layers;

import java.util.ArrayList;
import java.util.List;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.BoolOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorArrayRefOptional;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import vectorgrad.bench.Peer;
import vectorgrad.bench.PyTorch;

/// A [Part] in PyTorch's C++, called through JavaCPP.
@Peer(
    value = PyTorch.NAME,
    variants = {"", PyTorch.AS_SHIPPED})
@State(Scope.Benchmark)
public class PyTorchLayer {
  private static final long[] ONE = {1, 1};
  private static final double EPS = 1e-5;

  @Param public Part part;

  @Param public Part.Pass pass;

  private final List<PyTorch.Weight> weights = new ArrayList<>();
  private final TensorOptional absent = new TensorOptional();
  private final BoolOptional asUsual = new BoolOptional(); // the graph is used up
  private final TensorArrayRefOptional all = new TensorArrayRefOptional(); // leaves
  private Tensor x;
  private Tensor g;

  @Setup
  public void setup() {
    PyTorch.start();
    x = PyTorch.tensor(part.x()).set_requires_grad(true);
    g = PyTorch.tensor(part.g());
    part.layer().parameters().forEach(p -> weights.add(PyTorch.weight(p.value())));
    var found = new ArrayList<float[]>();
    if (pass == Part.Pass.FORWARD) {
      found.add(PyTorch.floats(forward()));
    } else {
      backward();
      found.add(PyTorch.floats(x.grad()));
      weights.forEach(weight -> found.add(PyTorch.floats(weight.value().grad())));
    }
    part.expect(pass, found);
  }

  /// What JavaCPP allocates is freed at the end.
  @Benchmark
  public void run() {
    try (var _ = new PointerScope()) {
      if (pass == Part.Pass.FORWARD) {
        forward();
      } else {
        backward();
      }
    }
  }

  private void backward() {
    x.mutable_grad().reset(); // or the next ones are added
    weights.forEach(weight -> weight.value().mutable_grad().reset());
    forward().backward(g, asUsual, false, all);
  }

  private Tensor forward() {
    return switch (part) {
      case CONVOLUTION, DEPTHWISE ->
          torch.conv2d(
              x, weights.get(0).value(), weights.get(1).optional(), ONE, ONE, ONE, part.groups());
      case BATCH_NORM ->
          // without running statistics, which nothing here reads
          torch.batch_norm(
              x,
              weights.get(0).optional(),
              weights.get(1).optional(),
              absent,
              absent,
              true,
              0.1,
              EPS,
              false);
      case LAYER_NORM ->
          torch.layer_norm(
              x,
              new long[] {x.size(1)},
              weights.get(0).optional(),
              weights.get(1).optional(),
              EPS,
              true);
      case SOFTMAX -> torch.softmax(x, 1);
    };
  }
}
