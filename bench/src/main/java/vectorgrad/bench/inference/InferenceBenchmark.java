package vectorgrad.bench.inference;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import vectorgrad.autograd.Mode;
import vectorgrad.nn.Layer;
import vectorgrad.tensor.Scope;
import vectorgrad.tensor.Tensor;

/// Logits of one sample, as numbers of Java.
@State(org.openjdk.jmh.annotations.Scope.Benchmark)
public class InferenceBenchmark {
  @Param public Inference inference;

  private Layer model;
  private Tensor input;

  @Setup
  public void setup() {
    model = inference.network().model();
    input = inference.network().batch(1);
    inference.expect(logits());
  }

  @Benchmark
  public float[] logits() {
    try (var _ = Scope.open()) {
      return Mode.inference(() -> model.forward(input).value().toFloats());
    }
  }
}
