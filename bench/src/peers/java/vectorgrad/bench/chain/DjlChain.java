package vectorgrad.bench.chain;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.nn.Activation;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import vectorgrad.bench.Djl;
import vectorgrad.bench.Peer;

/// [Chain] in DJL, whose engine is PyTorch 2.7.
@Peer(value = Djl.NAME, outdone = true)
@State(Scope.Benchmark)
public class DjlChain {
  @Param({"AFFINE", "MIXED"})
  public Chain chain;

  @Param({"10", "1000000"})
  public int size;

  private NDManager manager;
  private NDArray x;

  @Setup
  public void setup() {
    Djl.start();
    float[] input = Chain.input(size);
    manager = NDManager.newBaseManager();
    x = manager.create(input);
    x.setRequiresGradient(true);
    try (var _ = new NDScope()) {
      chain.expect(input, step().toFloatArray());
    }
  }

  @TearDown
  public void tearDown() {
    manager.close();
  }

  /// What is allocated is freed at the end of the step.
  @Benchmark
  public NDArray chain() {
    try (var _ = new NDScope()) {
      return step();
    }
  }

  private NDArray step() {
    // a new collector sets the gradients to zero
    try (var collector = Engine.getInstance().newGradientCollector()) {
      collector.backward(forward().sum());
      return x.getGradient();
    }
  }

  private NDArray forward() {
    return switch (chain) {
      case AFFINE -> {
        NDArray y = x;
        for (int i = 0; i < Chain.TIMES; i++) {
          y = y.mul((float) Chain.FACTOR).add((float) Chain.SHIFT);
        }
        yield y;
      }
      case MIXED ->
          Activation.sigmoid(
                  x.mul((float) Chain.FACTOR)
                      .add((float) Chain.SHIFT)
                      .tanh()
                      .square()
                      .add(1f)
                      .sqrt()
                      .neg()
                      .exp())
              .mul((float) Chain.FACTOR);
    };
  }
}
