package vectorgrad.bench.start;

import ai.djl.Model;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.core.Linear;
import ai.djl.training.DefaultTrainingConfig;
import ai.djl.training.loss.Loss;
import ai.djl.training.optimizer.Optimizer;
import ai.djl.training.tracker.Tracker;
import java.io.IOException;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import vectorgrad.bench.Djl;
import vectorgrad.bench.Peer;

/// [Start] with DJL, which has unpacked its libraries before.
@Peer(Djl.NAME)
@State(Scope.Benchmark)
public class DjlStart {
  @Param("MLP_32")
  public String network;

  @Benchmark
  public double run() throws IOException {
    return Start.run(DjlStart.class);
  }

  /// The program.
  public static void main(String[] arguments) {
    Djl.start();
    var loss = Loss.softmaxCrossEntropyLoss();
    var config =
        new DefaultTrainingConfig(loss)
            .optOptimizer(Optimizer.sgd().setLearningRateTracker(Tracker.fixed(0.1f)).build());
    try (var model = Model.newInstance("mlp")) {
      model.setBlock(
          new SequentialBlock()
              .add(Linear.builder().setUnits(Start.HIDDEN).build())
              .add(Activation.reluBlock())
              .add(Linear.builder().setUnits(Start.CLASSES).build()));
      try (var trainer = model.newTrainer(config)) {
        trainer.initialize(new Shape(Start.BATCH, Start.INPUTS));
        var x = trainer.getManager().randomNormal(new Shape(Start.BATCH, Start.INPUTS));
        var labels = trainer.getManager().zeros(new Shape(Start.BATCH));
        try (var collector = trainer.newGradientCollector()) {
          var value = loss.evaluate(new NDList(labels), trainer.forward(new NDList(x)));
          collector.backward(value);
          trainer.step();
          Start.done(value.getFloat());
        }
      }
    }
  }
}
