package vectorgrad.gradcheck.samples;

import vectorgrad.autograd.Mode;
import vectorgrad.autograd.Variable;
import vectorgrad.gradcheck.GradCheck;
import vectorgrad.nn.EmbeddingBag;
import vectorgrad.nn.Layer;
import vectorgrad.nn.Layers;
import vectorgrad.tensor.DType;
import vectorgrad.tensor.PadMode;
import vectorgrad.tensor.Seed;
import vectorgrad.tensor.Tensor;

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

  private static <L extends Layer> L doubles(L layer) {
    layer.initialize(Seed.of(6)).to(DType.F64);
    layer.parameters().forEach(p -> p.set(p.value().add(0.5))); // no weight at a symmetric value
    return layer;
  }

  private final Layer batchNorm = doubles(Layers.batchNorm(3).eps(0.5)); // equal rows are no cliff
  private final Layer layerNorm = doubles(Layers.layerNorm(2, 3));
  private final Layer groupNorm = doubles(Layers.groupNorm(2, 4));
  private final Layer instanceNorm = doubles(Layers.instanceNorm(2).affine());
  private final Layer rmsNorm = doubles(Layers.rmsNorm(4));
  private final Layer conv1d = doubles(Layers.conv1d(2, 3, 3).padding(2).padMode(PadMode.REFLECT));
  private final Layer conv3d = doubles(Layers.conv3d(1, 2, 2).stride(1, 2, 1));
  private final Layer convTranspose =
      doubles(Layers.convTranspose2d(4, 2, 2).stride(2).groups(2).outputPadding(1, 0));
  private final Layer prelu = doubles(Layers.prelu(3));
  private final Layer embedding = doubles(Layers.embedding(4, 3).paddingIndex(2));
  private final EmbeddingBag bag = doubles(Layers.embeddingBag(4, 3).way(EmbeddingBag.Way.SUM));
  private final Layer largest =
      doubles(Layers.embeddingBag(4, 3).way(EmbeddingBag.Way.MAX).paddingIndex(2));
  private final Layer tracked = doubles(Layers.instanceNorm(2).affine().runningStats());
  private final Layer dropConnect = doubles(Layers.dropConnect(4, 3, 0.3));
  private final Layer alphaDropout = Layers.alphaDropout(0.3).initialize(Seed.of(7));
  private final Layer stochasticDepth = Layers.stochasticDepth(0.5).initialize(Seed.of(8));
  private final Layer fractional = Layers.fractionalMaxPool(0.7).initialize(Seed.of(9));

  @GradCheck(of = "BatchNorm", shapes = "4,3")
  Variable batchNorm(Variable x) {
    return batchNorm.forward(x).square();
  }

  @GradCheck(of = "BatchNorm", shapes = "2,3,2,2")
  Variable batchNormOfPictures(Variable x) {
    return batchNorm.forward(x).square();
  }

  @GradCheck(of = "BatchNorm", shapes = "2,3,2")
  Variable batchNormInUse(Variable x) {
    return Mode.TRAINING.training(false).call(() -> batchNorm.forward(x).square());
  }

  @GradCheck(of = "LayerNorm", shapes = "3,2,3")
  Variable layerNorm(Variable x) {
    return layerNorm.forward(x).square();
  }

  @GradCheck(of = "GroupNorm", shapes = "2,4,3")
  Variable groupNorm(Variable x) {
    return groupNorm.forward(x).square();
  }

  @GradCheck(of = "InstanceNorm", shapes = "2,2,3,2")
  Variable instanceNorm(Variable x) {
    return instanceNorm.forward(x).square();
  }

  @GradCheck(of = "RMSNorm", shapes = "3,4")
  Variable rmsNorm(Variable x) {
    return rmsNorm.forward(x).square();
  }

  @GradCheck(of = "Conv1d", shapes = "2,2,5")
  Variable conv1d(Variable x) {
    return conv1d.forward(x).square();
  }

  @GradCheck(of = "Conv3d", shapes = "2,1,3,4,2")
  Variable conv3d(Variable x) {
    return conv3d.forward(x).square();
  }

  @GradCheck(of = "ConvTranspose", shapes = "1,4,2,3")
  Variable convTranspose(Variable x) {
    return convTranspose.forward(x).square();
  }

  @GradCheck(of = "PReLU", shapes = "2,3,2")
  Variable prelu(Variable x) {
    return prelu.forward(x).square();
  }

  @GradCheck(of = "Embedding", shapes = "4,3")
  Variable embedding(Variable x) {
    return embedding.forward(Tensor.of(1, 0, 3, 1)).mul(x);
  }

  @GradCheck(of = "EmbeddingBag", shapes = "4")
  Variable embeddingBag(Variable weights) {
    return bag.forward(Tensor.of(1, 0, 3, 1), Tensor.of(0, 3, 3), weights).square();
  }

  @GradCheck(of = "EmbeddingBag", shapes = "2,3")
  Variable embeddingBagOfLargest(Variable x) {
    return largest.forward(Tensor.of(1, 0, 2, 3, 1, 2).reshape(2, 3)).mul(x);
  }

  @GradCheck(of = "InstanceNorm", shapes = "2,2,3")
  Variable instanceNormInUse(Variable x) {
    return Mode.TRAINING.training(false).call(() -> tracked.forward(x).square());
  }

  @GradCheck(of = "DropConnect", shapes = "2,4")
  Variable dropConnect(Variable x) {
    return dropConnect.forward(x).square();
  }

  @GradCheck(of = "AlphaDropout")
  Variable alphaDropout(Variable x) {
    return alphaDropout.forward(x).square();
  }

  @GradCheck(of = "Dropout", shapes = "6,2")
  Variable stochasticDepth(Variable x) {
    return stochasticDepth.forward(x.square());
  }

  @GradCheck(of = "FractionalMaxPool", shapes = "1,2,5,4", distinct = true)
  Variable fractionalMaxPool(Variable x) {
    return fractional.forward(x).square();
  }

  @GradCheck(of = "MaxPool", shapes = "2,2,5", distinct = true)
  static Variable maxPool1d(Variable x) {
    return Layers.maxPool1d(3).stride(1).padding(1).forward(x).square();
  }

  @GradCheck(of = "MaxPool", shapes = "1,1,3,3,2", distinct = true)
  static Variable maxPool3d(Variable x) {
    return Layers.maxPool3d(2).ceilMode(true).forward(x).square();
  }

  @GradCheck(of = "AvgPool", shapes = "2,2,3,4")
  static Variable avgPool2d(Variable x) {
    return Layers.avgPool2d(2).padding(1).countIncludePad(false).forward(x).square();
  }

  @GradCheck(of = "AdaptivePool", shapes = "2,2,5,4")
  static Variable adaptiveAvgPool(Variable x) {
    return Layers.adaptiveAvgPool(3, 2).forward(x).square();
  }

  @GradCheck(of = "AdaptivePool", shapes = "2,2,5", distinct = true)
  static Variable adaptiveMaxPool(Variable x) {
    return Layers.adaptiveMaxPool(3).forward(x).square();
  }

  @GradCheck(of = "Upsample", shapes = "2,1,3,2")
  static Variable upsample(Variable x) {
    return Layers.upsampleLinear(1.7).forward(x).square();
  }

  @GradCheck(of = "Curve")
  static Variable curve(Variable x) {
    return Layers.mish().forward(x).square();
  }

  @GradCheck(of = "Lambda", shapes = "2,8,2,3")
  static Variable pixelShuffle(Variable x) {
    return Layers.pixelShuffle(2).forward(Layers.glu(1).forward(x)).square();
  }

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

  @GradCheck(of = "MaxPool", shapes = "2,2,4,4", distinct = true)
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
