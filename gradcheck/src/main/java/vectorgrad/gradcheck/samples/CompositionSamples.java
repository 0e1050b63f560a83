package vectorgrad.gradcheck.samples;

import vectorgrad.autograd.Variable;
import vectorgrad.gradcheck.GradCheck;
import vectorgrad.nn.Layer;
import vectorgrad.nn.Layers;
import vectorgrad.tensor.DType;
import vectorgrad.tensor.Seed;

/// Layers made of layers.
final class CompositionSamples {
  private final Layer parallel =
      Layers.parallel(Layers.linear(4, 2), Layers.sequential(Layers.linear(4, 3), Layers.tanh()))
          .initialize(Seed.of(1))
          .to(DType.F64);
  private final Layer ensemble =
      Layers.ensemble(Layers.linear(4, 3), Layers.linear(4, 3))
          .initialize(Seed.of(2))
          .to(DType.F64);

  @GradCheck(of = "Parallel", shapes = "2,4")
  Variable parallel(Variable x) {
    return parallel.forward(x).square();
  }

  @GradCheck(of = "Ensemble", shapes = "2,4")
  Variable ensemble(Variable x) {
    return ensemble.forward(x).square();
  }
}
