package vectorgrad.bench.layers;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.norm.BatchNorm;
import ai.djl.nn.norm.LayerNorm;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.JniUtils;
import java.util.ArrayList;
import java.util.List;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import vectorgrad.bench.Djl;
import vectorgrad.bench.Peer;

/// A [Part] in DJL.
@Peer(Djl.NAME)
@State(Scope.Benchmark)
public class DjlLayer {
  private static final Shape ONE = new Shape(1, 1);
  private static final float EPS = 1e-5f;

  @Param public Part part;

  @Param public Part.Pass pass;

  private final List<NDArray> weights = new ArrayList<>();
  private NDManager manager;
  private NDArray x;
  private NDArray g;

  @Setup
  public void setup() {
    Djl.start();
    manager = NDManager.newBaseManager();
    x = Djl.array(manager, part.x());
    x.setRequiresGradient(true);
    g = Djl.array(manager, part.g());
    for (var parameter : part.layer().parameters()) {
      NDArray weight = Djl.array(manager, parameter.value());
      weight.setRequiresGradient(true);
      weights.add(weight);
    }
    var found = new ArrayList<float[]>();
    if (pass == Part.Pass.FORWARD) {
      found.add(forward().toFloatArray());
    } else {
      backward();
      found.add(x.getGradient().toFloatArray());
      weights.forEach(weight -> found.add(weight.getGradient().toFloatArray()));
    }
    part.expect(pass, found);
  }

  @TearDown
  public void tearDown() {
    manager.close();
  }

  /// What is allocated is freed at the end.
  @Benchmark
  public void run() {
    try (var _ = new NDScope()) {
      if (pass == Part.Pass.FORWARD) {
        forward();
      } else {
        backward();
      }
    }
  }

  private void backward() {
    // a new collector sets the gradients to zero
    try (var _ = Engine.getInstance().newGradientCollector()) {
      // of which a gradient to begin with cannot be told
      JniUtils.backward((PtNDArray) forward(), (PtNDArray) g, false, false);
    }
  }

  private NDArray forward() {
    return switch (part) {
      case CONVOLUTION, DEPTHWISE ->
          x.getNDArrayInternal()
              .convolution(x, weights.get(0), weights.get(1), ONE, ONE, ONE, part.groups())
              .singletonOrThrow();
      case BATCH_NORM -> {
        Shape features = weights.get(0).getShape();
        NDArray mean = manager.zeros(features);
        NDArray variance = manager.ones(features);
        yield BatchNorm.batchNorm(
                x, mean, variance, weights.get(0), weights.get(1), 1, 0.9f, EPS, true)
            .singletonOrThrow();
      }
      case LAYER_NORM ->
          LayerNorm.layerNorm(x, weights.get(0).getShape(), weights.get(0), weights.get(1), EPS)
              .singletonOrThrow();
      case SOFTMAX -> x.softmax(1);
    };
  }
}
