package vectorgrad.bench.matvec;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import vectorgrad.bench.Baseline;
import vectorgrad.bench.Quick;
import vectorgrad.tensor.DType;
import vectorgrad.tensor.Seed;
import vectorgrad.tensor.Shape;
import vectorgrad.tensor.Tensor;

/// What a linear layer does with a single example: every weight is read once and used once, so that
/// the bytes of the weights are the time.
///
/// The example is f32, as is the sum; the weights are stored in 32 bits or in 16. Forward the rows
/// of the weights are dot products with it; back, for the gradient of the input, its numbers weigh
/// the rows. 4096² of them are 64 MB or 32, more than the caches of most processors hold.
@Quick({"4096 FORWARD"})
@State(Scope.Benchmark)
public class MatvecBenchmark {
  /// Which way through a linear layer.
  public enum Way {
    FORWARD,
    BACK
  }

  @Param({"FORWARD", "BACK"})
  public Way way;

  @Param({"4096"})
  public int size;

  private Tensor f32;
  private Tensor bf16;
  private Tensor f16;
  private Tensor x;

  @Setup
  public void setup() {
    Tensor weight = Tensor.normal(Seed.of(1), 0, Shape.of(size, size), DType.F32);
    x = Tensor.normal(Seed.of(2), 0, Shape.of(1, size), DType.F32);
    f32 = turned(weight);
    bf16 = turned(weight.to(DType.BF16));
    f16 = turned(weight.to(DType.F16));
    expect(f32);
    expect(bf16);
    expect(f16);
  }

  private Tensor turned(Tensor weight) {
    return way == Way.FORWARD ? weight.transpose() : weight;
  }

  /// Refuses sums that are not those of the numbers as they are stored: who computes something else
  /// is not measured.
  private void expect(Tensor weight) {
    Tensor right = x.to(DType.F64).matmul(weight.to(DType.F64));
    double far = x.matmul(weight).to(DType.F64).sub(right).abs().max().item();
    // of numbers about 1, a sum of n is about √n, and so are its roundings together
    if (!(far <= 16 * Math.ulp(1f) * size)) {
      throw new IllegalStateException(
          "%s: the product is off by %s".formatted(weight.dtype(), far));
    }
  }

  /// Weights of 32 bits.
  @Baseline
  @Benchmark
  public Tensor f32() {
    return x.matmul(f32);
  }

  /// Weights of 16 bits, the upper halves of f32.
  @Benchmark
  public Tensor bf16() {
    return x.matmul(bf16);
  }

  /// Weights of 16 bits with an exponent of their own.
  @Benchmark
  public Tensor f16() {
    return x.matmul(f16);
  }
}
