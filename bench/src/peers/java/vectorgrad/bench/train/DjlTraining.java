package vectorgrad.bench.train;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.training.loss.Loss;
import ai.djl.training.optimizer.Optimizer;
import ai.djl.training.tracker.Tracker;
import java.util.List;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import vectorgrad.bench.CpuTime;
import vectorgrad.bench.Djl;
import vectorgrad.bench.Peer;

/// A step of [Training] in DJL.
@Peer(value = Djl.NAME, outdone = true)
@State(Scope.Benchmark)
public class DjlTraining {
  @Param({
    "MLP_256_SGD",
    "MLP_256_ADAM",
    "MLP_4096_SGD",
    "MLP_4096_ADAM",
    "LENET",
    "VGG_BN",
    "LSTM"
  })
  public Training training;

  private boolean checked;
  private NDManager manager;
  private List<NDArray> weights;
  private Optimizer optimizer;
  private NDArray inputs;
  private NDArray labels;
  private final Loss crossEntropy = Loss.softmaxCrossEntropyLoss();

  @Setup(Level.Iteration)
  public void setup() {
    CpuTime.outside(this::begin);
  }

  private void begin() {
    Djl.start();
    manager = NDManager.newBaseManager();
    Network network = training.network();
    weights = network.weights().stream().map(weight -> Djl.array(manager, weight)).toList();
    weights.forEach(weight -> weight.setRequiresGradient(true));
    optimizer = optimizer();
    inputs = Djl.array(manager, network.batch(training.batch()));
    labels = Djl.array(manager, network.labels(training.batch()));
    // outside of a scope: the optimizer's state is allocated now
    training.expect(this::stepped, checked ? 1 : Training.STEPS);
    checked = true;
  }

  @TearDown(Level.Iteration)
  public void tearDown() {
    manager.close();
  }

  /// What is allocated is freed at the end of the step.
  @Benchmark
  public double step() {
    try (var _ = new NDScope()) {
      return stepped();
    }
  }

  private double stepped() {
    // a new collector sets the gradients to zero
    try (var collector = Engine.getInstance().newGradientCollector()) {
      NDArray logits = DjlNetworks.forward(training.network(), inputs, weights.iterator());
      NDArray loss = crossEntropy.evaluate(new NDList(labels), new NDList(logits));
      collector.backward(loss);
      for (int i = 0; i < weights.size(); i++) {
        NDArray weight = weights.get(i);
        optimizer.update(Integer.toString(i), weight, weight.getGradient());
      }
      return loss.getFloat();
    }
  }

  private Optimizer optimizer() {
    Tracker rate = Tracker.fixed((float) training.rule().rate());
    return switch (training.rule()) {
      case SGD -> Optimizer.sgd().setLearningRateTracker(rate).build();
      case MOMENTUM ->
          Optimizer.sgd()
              .setLearningRateTracker(rate)
              .optMomentum((float) Training.Rule.SHARE)
              .build();
      case ADAM -> Optimizer.adam().optLearningRateTracker(rate).build();
      case ADAMW -> Optimizer.adamW().optLearningRateTracker(rate).build();
    };
  }
}
