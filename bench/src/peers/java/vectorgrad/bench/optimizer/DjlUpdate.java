package vectorgrad.bench.optimizer;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.optimizer.Optimizer;
import ai.djl.training.tracker.Tracker;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import vectorgrad.bench.Djl;
import vectorgrad.bench.Peer;

/// A step of an [Update] in DJL.
@Peer(value = Djl.NAME, outdone = true)
@State(Scope.Benchmark)
public class DjlUpdate {
  @Param({"ADAM", "MOMENTUM"})
  public Update update;

  @Param("1000000")
  public int size;

  private NDManager manager;
  private NDArray parameter;
  private NDArray gradient;
  private Optimizer optimizer;

  @Setup
  public void setup() {
    Djl.start();
    manager = NDManager.newBaseManager();
    parameter = manager.zeros(new Shape(size));
    gradient = Djl.array(manager, Update.gradient(size));
    optimizer = optimizer();
    step();
    step();
    update.expect(parameter.toFloatArray());
  }

  @TearDown
  public void tearDown() {
    manager.close();
  }

  @Benchmark
  public void step() {
    optimizer.update("parameter", parameter, gradient);
  }

  private Optimizer optimizer() {
    Tracker rate = Tracker.fixed((float) Update.RATE);
    return switch (update) {
      case ADAM -> Optimizer.adam().optLearningRateTracker(rate).build();
      case MOMENTUM ->
          Optimizer.sgd().setLearningRateTracker(rate).optMomentum((float) Update.SHARE).build();
    };
  }
}
