package vectorgrad.bench.chain;

import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import vectorgrad.bench.Peer;
import vectorgrad.bench.PyTorch;

/// [Chain] in PyTorch's C++, called through JavaCPP. Products of matrices are none in it, so it
/// does not matter which kernels OpenBLAS picks.
@Peer(PyTorch.NAME)
@State(Scope.Benchmark)
public class PyTorchChain {
  @Param({"AFFINE", "MIXED"})
  public Chain chain;

  @Param({"10", "1000000"})
  public int size;

  private final Scalar factor = new Scalar((float) Chain.FACTOR);
  private final Scalar shift = new Scalar((float) Chain.SHIFT);
  private final Scalar one = new Scalar(1f);
  private Tensor x;

  @Setup
  public void setup() {
    PyTorch.start();
    float[] input = Chain.input(size);
    x = Tensor.create(input).set_requires_grad(true);
    var gradient = new float[size];
    try (var _ = new PointerScope()) {
      step().data_ptr_float().get(gradient);
    }
    chain.expect(input, gradient);
  }

  /// What JavaCPP allocates is freed at the end of the step.
  @Benchmark
  public Tensor chain() {
    try (var _ = new PointerScope()) {
      return step();
    }
  }

  private Tensor step() {
    forward().sum().backward();
    Tensor gradient = new Tensor(x.grad());
    x.mutable_grad().reset(); // or the next one is added to it
    return gradient;
  }

  private Tensor forward() {
    return switch (chain) {
      case AFFINE -> {
        Tensor y = x;
        for (int i = 0; i < Chain.TIMES; i++) {
          y = y.mul(factor).add(shift);
        }
        yield y;
      }
      case MIXED ->
          x.mul(factor)
              .add(shift)
              .tanh()
              .square()
              .add(one)
              .sqrt()
              .neg()
              .exp()
              .sigmoid()
              .mul(factor);
    };
  }
}
