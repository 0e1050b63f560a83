package vectorgrad.bench.layers;

import java.util.ArrayList;
import java.util.List;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import vectorgrad.autograd.Gradients;
import vectorgrad.autograd.Variable;
import vectorgrad.nn.Layer;
import vectorgrad.tensor.Scope;
import vectorgrad.tensor.Tensor;

/// A [Part] in a scope, as in a training step.
@State(org.openjdk.jmh.annotations.Scope.Benchmark)
public class LayerBenchmark {
  @Param public Part part;

  @Param public Part.Pass pass;

  private Layer layer;
  private Variable x;
  private Tensor g;

  @Setup
  public void setup() {
    layer = part.layer();
    x = Variable.leaf(part.x());
    g = part.g();
    var found = new ArrayList<float[]>();
    if (pass == Part.Pass.FORWARD) {
      found.add(layer.forward(x).value().toFloats());
    } else {
      Gradients gradients = gradients();
      found.add(gradients.get(x).toFloats());
      layer.parameters().forEach(parameter -> found.add(gradients.get(parameter).toFloats()));
    }
    part.expect(pass, List.copyOf(found));
  }

  @Benchmark
  public Object run() {
    try (var _ = Scope.open()) {
      return pass == Part.Pass.FORWARD ? layer.forward(x) : gradients();
    }
  }

  private Gradients gradients() {
    return layer.forward(x).backward(g);
  }
}
