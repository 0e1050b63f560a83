package vectorgrad.bench.matmul;

import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import vectorgrad.bench.Peer;
import vectorgrad.bench.PyTorch;

/// [Product] in PyTorch's C++, called through JavaCPP. OpenBLAS computes it; on Zen 4 the kernels
/// that it picks itself are no slower than those that it is told to take.
@Peer(
    value = PyTorch.NAME,
    variants = {"", PyTorch.AS_SHIPPED})
@State(Scope.Benchmark)
public class PyTorchMatMul {
  @Param({
    "16x16x16 nn",
    "64x64x64 nn",
    "128x128x128 nn",
    "256x256x256 nn",
    "256x256x256 tn",
    "256x256x256 nt",
    "512x512x512 nn",
    "1024x1024x1024 nn",
    "64x256x784 nt",
    "256x784x64 tn",
    "64x784x256 nn",
    "128x4096x784 nt",
    "64x512x800 nn",
    "128x768x768 nn",
    "128x3072x768 nn",
    "128x768x3072 nn",
    "2048x2048x2048 nn",
    "32x1024x256 nt",
    "1024x256x256 nt",
    "1024x1024x256 nt",
    "32x36864x25 nn"
  })
  public String product;

  private Tensor a;
  private Tensor b;

  @Setup
  public void setup() {
    PyTorch.start();
    Product p = Product.of(product);
    a =
        p.leftTransposed()
            ? Tensor.create(p.left(), new long[] {p.k(), p.m()}).t()
            : Tensor.create(p.left(), new long[] {p.m(), p.k()});
    b =
        p.rightTransposed()
            ? Tensor.create(p.right(), new long[] {p.n(), p.k()}).t()
            : Tensor.create(p.right(), new long[] {p.k(), p.n()});
    var c = new float[p.m() * p.n()];
    try (var _ = new PointerScope()) {
      torch.mm(a, b).data_ptr_float().get(c);
    }
    p.expect(c);
  }

  /// What JavaCPP allocates is freed at the end.
  @Benchmark
  public Tensor matmul() {
    try (var _ = new PointerScope()) {
      return torch.mm(a, b);
    }
  }
}
