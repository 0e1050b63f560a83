package vectorgrad.bench.inference;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import java.util.List;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import vectorgrad.bench.Djl;
import vectorgrad.bench.Peer;
import vectorgrad.bench.train.DjlNetworks;

/// [Inference] in DJL, on arrays that need no gradient.
@Peer(Djl.NAME)
@State(Scope.Benchmark)
public class DjlInference {
  @Param public Inference inference;

  private NDManager manager;
  private List<NDArray> weights;
  private NDArray input;

  @Setup
  public void setup() {
    Djl.start();
    manager = NDManager.newBaseManager();
    weights =
        inference.network().weights().stream().map(weight -> Djl.array(manager, weight)).toList();
    input = Djl.array(manager, inference.network().batch(1));
    inference.expect(logits());
  }

  @TearDown
  public void tearDown() {
    manager.close();
  }

  @Benchmark
  public float[] logits() {
    try (var _ = new NDScope()) {
      return DjlNetworks.forward(inference.network(), input, weights.iterator()).toFloatArray();
    }
  }
}
