package vectorgrad.bench.start;

import static vectorgrad.nn.Losses.crossEntropy;

import java.io.IOException;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import vectorgrad.nn.Models;
import vectorgrad.optim.Sgd;
import vectorgrad.tensor.DType;
import vectorgrad.tensor.Seed;
import vectorgrad.tensor.Shape;
import vectorgrad.tensor.Tensor;

/// [Start] with Vectorgrad.
@State(Scope.Benchmark)
public class StartBenchmark {
  @Param("MLP_32")
  public String network;

  @Benchmark
  public double run() throws IOException {
    return Start.run(StartBenchmark.class);
  }

  /// The program.
  public static void main(String[] arguments) {
    var model = Models.mlp(Start.INPUTS, Start.HIDDEN, Start.CLASSES);
    model.initialize(Seed.of(1));
    Tensor x = Tensor.normal(Seed.of(2), 0, Shape.of(Start.BATCH, Start.INPUTS), DType.F32);
    Tensor labels = Tensor.zeros(Shape.of(Start.BATCH), DType.I32);
    var loss = crossEntropy(model.forward(x), labels);
    new Sgd(model.parameters()).learningRate(0.1).step(loss.backward());
    Start.done(loss.item());
  }
}
