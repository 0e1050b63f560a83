package vectorgrad.bench.matmul;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import vectorgrad.bench.Quick;
import vectorgrad.tensor.Shape;
import vectorgrad.tensor.Tensor;

/// A [Product] of tensors.
@Quick({"64x64x64 nn", "256x256x256 nn", "1024x1024x1024 nn", "128x4096x784 nt"})
@State(Scope.Benchmark)
public class MatMulBenchmark {
  @Param({
    "16x16x16 nn",
    "64x64x64 nn",
    "128x128x128 nn",
    "256x256x256 nn",
    "256x256x256 tn",
    "256x256x256 nt",
    "512x512x512 nn",
    "1024x1024x1024 nn",
    "64x256x784 nt", // a linear layer: forward, then the gradients of weight and input
    "256x784x64 tn",
    "64x784x256 nn",
    "128x4096x784 nt",
    "64x512x800 nn",
    "128x768x768 nn",
    "128x3072x768 nn",
    "128x768x3072 nn",
    "2048x2048x2048 nn",
    "32x1024x256 nt", // the gates of an LSTM
    "1024x256x256 nt", // a projection, and half of the MLP, of a GPT
    "1024x1024x256 nt",
    "32x36864x25 nn" // LeNet's first convolution, unfolded
  })
  public String product;

  private Tensor a;
  private Tensor b;

  @Setup
  public void setup() {
    Product p = Product.of(product);
    a =
        p.leftTransposed()
            ? Tensor.of(p.left(), Shape.of(p.k(), p.m())).transpose()
            : Tensor.of(p.left(), Shape.of(p.m(), p.k()));
    b =
        p.rightTransposed()
            ? Tensor.of(p.right(), Shape.of(p.n(), p.k())).transpose()
            : Tensor.of(p.right(), Shape.of(p.k(), p.n()));
    p.expect(a.matmul(b).toFloats());
  }

  /// As a training step does it: what it allocates is used again by the next.
  @Benchmark
  public Tensor matmul() {
    try (var _ = vectorgrad.tensor.Scope.open()) {
      return a.matmul(b);
    }
  }
}
