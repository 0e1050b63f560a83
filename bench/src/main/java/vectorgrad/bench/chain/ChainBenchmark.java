package vectorgrad.bench.chain;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import vectorgrad.autograd.Variable;
import vectorgrad.bench.Quick;
import vectorgrad.tensor.Tensor;

/// A [Chain] forward and backward.
///
/// Arrays of a million floats that the garbage collector hands out come from memory that no cache
/// knows, have to be set to zero, and, until the whole heap has been used once, from pages that the
/// system has yet to find: many times the work itself. Those of a scope are the last step's, still
/// warm.
@Quick("MIXED 1000000")
@State(Scope.Benchmark)
public class ChainBenchmark {
  @Param({"AFFINE", "MIXED"})
  public Chain chain;

  @Param({"10", "1000000"})
  public int size;

  private Variable x;

  @Setup
  public void setup() {
    float[] input = Chain.input(size);
    x = Variable.leaf(Tensor.of(input));
    chain.expect(input, collected().toFloats());
  }

  /// As a training step does it: what it allocates is used again by the next.
  @Benchmark
  public Tensor scoped() {
    try (var _ = vectorgrad.tensor.Scope.open()) {
      return collected();
    }
  }

  /// Left to the garbage collector.
  @Benchmark
  public Tensor collected() {
    return forward().sum().backward().get(x);
  }

  private Variable forward() {
    return switch (chain) {
      case AFFINE -> {
        Variable y = x;
        for (int i = 0; i < Chain.TIMES; i++) {
          y = y.mul(Chain.FACTOR).add(Chain.SHIFT);
        }
        yield y;
      }
      case MIXED ->
          x.mul(Chain.FACTOR)
              .add(Chain.SHIFT)
              .tanh()
              .square()
              .add(1)
              .sqrt()
              .neg()
              .exp()
              .sigmoid()
              .mul(Chain.FACTOR);
    };
  }
}
