package vectorgrad.gradcheck.samples;

import vectorgrad.autograd.Variable;
import vectorgrad.gradcheck.GradCheck;
import vectorgrad.nn.Layer;
import vectorgrad.nn.Layers;
import vectorgrad.tensor.DType;
import vectorgrad.tensor.Seed;

/// Layers, each with the gradients of its parameters; every one of `nn` has a sample here under the
/// name of its class.
final class LayerSamples {
  // in f64, so that no conversion stands between a parameter and what is checked
  private final Layer linear = Layers.linear(4, 3).initialize(Seed.of(1)).to(DType.F64);
  private final Layer convolution =
      Layers.conv2d(2, 3, 3, 2).padding(1).initialize(Seed.of(2)).to(DType.F64);
  private final Layer dropout = Layers.dropout(0.4).initialize(Seed.of(3));
  private final Layer residual =
      Layers.residual(Layers.linear(4, 4), Layers.tanh(), Layers.linear(4, 4))
          .initialize(Seed.of(4))
          .to(DType.F64);
  private final Layer network =
      Layers.sequential(
              Layers.conv2d(1, 2, 3),
              Layers.gelu(),
              Layers.flatten(),
              Layers.dropout(0.25),
              Layers.linear(8, 3),
              Layers.sigmoid())
          .initialize(Seed.of(5))
          .to(DType.F64);

  @GradCheck(of = "Linear", shapes = "2,4")
  Variable linear(Variable x) {
    return linear.forward(x).square();
  }

  @GradCheck(of = "Linear", shapes = "2,3,4")
  Variable linearOfABatch(Variable x) {
    return linear.forward(x).square();
  }

  @GradCheck(of = "Conv2d", shapes = "2,2,4,3")
  Variable conv2d(Variable x) {
    return convolution.forward(x).square();
  }

  @GradCheck(of = "Dropout")
  Variable dropout(Variable x) {
    return dropout.forward(x.square());
  }

  @GradCheck(of = "Residual", shapes = "2,4")
  Variable residual(Variable x) {
    return residual.forward(x);
  }

  @GradCheck(of = "Sequential", shapes = "2,1,4,4", distinct = true)
  Variable network(Variable x) {
    return network.forward(x);
  }

  @GradCheck(of = "MaxPool2d", shapes = "2,2,4,4", distinct = true)
  static Variable maxPool2d(Variable x) {
    return Layers.maxPool2d(2).forward(x).square();
  }

  @GradCheck(of = "Flatten", shapes = "2,3,2")
  static Variable flatten(Variable x) {
    return Layers.flatten().forward(x).square();
  }

  @GradCheck(of = "Lambda")
  static Variable lambda(Variable x) {
    return Layers.lambda("cube", v -> v.square().mul(v)).forward(x);
  }

  @GradCheck(of = "ReLU")
  static Variable relu(Variable x) {
    return Layers.relu().forward(x).square();
  }

  @GradCheck(of = "LeakyReLU")
  static Variable leakyRelu(Variable x) {
    return Layers.leakyRelu(0.2).forward(x).square();
  }

  @GradCheck(of = "Tanh")
  static Variable tanh(Variable x) {
    return Layers.tanh().forward(x);
  }

  @GradCheck(of = "Sigmoid")
  static Variable sigmoid(Variable x) {
    return Layers.sigmoid().forward(x);
  }

  @GradCheck(of = "GELU")
  static Variable gelu(Variable x) {
    return Layers.gelu().forward(x);
  }

  @GradCheck(of = "SiLU")
  static Variable silu(Variable x) {
    return Layers.silu().forward(x);
  }
}
