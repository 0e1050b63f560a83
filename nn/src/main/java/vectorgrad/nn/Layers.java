package vectorgrad.nn;

import java.util.List;
import java.util.function.Function;
import java.util.stream.IntStream;
import vectorgrad.autograd.Variable;
import vectorgrad.tensor.Conv2dGeometry;

/// The layers under their lower-case names, for `import static vectorgrad.nn.Layers.*`.
public final class Layers {
  private Layers() {}

  /// Layers one after the other: [Sequential].
  public static Sequential sequential(Layer... layers) {
    return new Sequential(List.of(layers));
  }

  /// Fully connected, from `in` to `out` features: [Linear].
  public static Linear linear(int in, int out) {
    return new Linear(in, out);
  }

  // ---- convolutions -----------------------------------------------------------------------------

  /// A convolution of signals with filters of `kernel`, stride 1, no padding: [Conv1d].
  public static Conv1d conv1d(int in, int out, int kernel) {
    return new Conv1d(in, out, kernel);
  }

  /// A convolution with `kernel` × `kernel` filters, stride 1, no padding: [Conv2d].
  public static Conv2d conv2d(int in, int out, int kernel) {
    return new Conv2d(in, out, kernel);
  }

  /// A convolution with `kernelH` × `kernelW` filters, stride 1, no padding: [Conv2d].
  public static Conv2d conv2d(int in, int out, int kernelH, int kernelW) {
    return new Conv2d(in, out, kernelH, kernelW);
  }

  /// A convolution of volumes with filters of `kernel`³, stride 1, no padding: [Conv3d].
  public static Conv3d conv3d(int in, int out, int kernel) {
    return new Conv3d(in, out, kernel);
  }

  /// A transposed convolution of signals, stride 1: [ConvTranspose].
  public static ConvTranspose convTranspose1d(int in, int out, int kernel) {
    return new ConvTranspose(1, in, out, kernel);
  }

  /// A transposed convolution of pictures, stride 1: [ConvTranspose].
  public static ConvTranspose convTranspose2d(int in, int out, int kernel) {
    return new ConvTranspose(2, in, out, kernel);
  }

  /// A transposed convolution of volumes, stride 1: [ConvTranspose].
  public static ConvTranspose convTranspose3d(int in, int out, int kernel) {
    return new ConvTranspose(3, in, out, kernel);
  }

  // ---- pools ------------------------------------------------------------------------------------

  /// The largest of every window of `kernel` elements of a signal, side by side: [MaxPool].
  public static MaxPool maxPool1d(int kernel) {
    return new MaxPool(1, kernel);
  }

  /// The largest of every `kernel` × `kernel` window, side by side: [MaxPool].
  public static MaxPool maxPool2d(int kernel) {
    return new MaxPool(2, kernel);
  }

  /// The largest of every `kernel`³ window of a volume, side by side: [MaxPool].
  public static MaxPool maxPool3d(int kernel) {
    return new MaxPool(3, kernel);
  }

  /// The mean of every window of `kernel` elements of a signal, side by side: [AvgPool].
  public static AvgPool avgPool1d(int kernel) {
    return new AvgPool(1, kernel);
  }

  /// The mean of every `kernel` × `kernel` window, side by side: [AvgPool].
  public static AvgPool avgPool2d(int kernel) {
    return new AvgPool(2, kernel);
  }

  /// The mean of every `kernel`³ window of a volume, side by side: [AvgPool].
  public static AvgPool avgPool3d(int kernel) {
    return new AvgPool(3, kernel);
  }

  /// The means of so many regions along each of one to three spatial axes: [AdaptivePool].
  public static AdaptivePool adaptiveAvgPool(int... sizes) {
    return new AdaptivePool(IntStream.of(sizes).boxed().toList(), false);
  }

  /// The largest values of so many regions along each of one to three spatial axes: [AdaptivePool].
  public static AdaptivePool adaptiveMaxPool(int... sizes) {
    return new AdaptivePool(IntStream.of(sizes).boxed().toList(), true);
  }

  /// The mean of each channel over all places: (N, C, …) becomes (N, C).
  ///
  /// @throws vectorgrad.tensor.ShapeException in use, if there are none
  public static Lambda globalAvgPool() {
    return lambda("global avg pool", Plain::globalAvgPool);
  }

  /// The largest of regions of random sizes, `ratio` times as many as places: [FractionalMaxPool].
  public static FractionalMaxPool fractionalMaxPool(double ratio) {
    return new FractionalMaxPool(ratio);
  }

  // ---- normalisation ----------------------------------------------------------------------------

  /// Each channel to mean 0 and variance 1 over the batch: [BatchNorm].
  public static BatchNorm batchNorm(int features) {
    return new BatchNorm(features);
  }

  /// The last axes, of these sizes, to mean 0 and variance 1: [LayerNorm].
  public static LayerNorm layerNorm(int... sizes) {
    return new LayerNorm(sizes);
  }

  /// Groups of channels to mean 0 and variance 1: [GroupNorm].
  public static GroupNorm groupNorm(int groups, int channels) {
    return new GroupNorm(groups, channels);
  }

  /// Each channel of each example to mean 0 and variance 1: [InstanceNorm].
  public static InstanceNorm instanceNorm(int features) {
    return new InstanceNorm(features);
  }

  /// The last axes, of these sizes, to mean square 1: [RMSNorm].
  public static RMSNorm rmsNorm(int... sizes) {
    return new RMSNorm(sizes);
  }

  // ---- shapes -----------------------------------------------------------------------------------

  /// A vector of the given size for each of `words` words: [Embedding].
  public static Embedding embedding(int words, int size) {
    return new Embedding(words, size);
  }

  /// The mean, sum or largest of the vectors of a bag of words: [EmbeddingBag].
  public static EmbeddingBag embeddingBag(int words, int size) {
    return new EmbeddingBag(words, size);
  }

  /// All axes behind the batch as one: [Flatten].
  public static Flatten flatten() {
    return new Flatten();
  }

  /// `axis` split into axes of these sizes, of which one may be −1: the way back from [#flatten].
  public static Lambda unflatten(int axis, int... sizes) {
    int[] parts = sizes.clone();
    return lambda(
        "unflatten " + axis + " to " + Filters.sizes(parts), x -> x.unflatten(axis, parts));
  }

  /// The patches of pictures that a filter sees, one behind the other, so that a convolution of
  /// them is a product: (N, C, H, W) becomes (N, C·kH·kW, oH·oW). [Variable#unfold].
  public static Lambda unfold(int kernelH, int kernelW, Conv2dGeometry geometry) {
    return lambda(
        "unfold " + Filters.sizes(kernelH, kernelW), x -> x.unfold(kernelH, kernelW, geometry));
  }

  /// Pictures from patches, which are added where they overlap: (N, C·kH·kW, oH·oW) becomes (N, C,
  /// height, width). [Variable#fold].
  public static Lambda fold(
      int height, int width, int kernelH, int kernelW, Conv2dGeometry geometry) {
    return lambda(
        "fold to " + Filters.sizes(height, width),
        x -> x.fold(height, width, kernelH, kernelW, geometry));
  }

  /// Channels laid out as pixels: (N, C·r², H, W) becomes (N, C, r·H, r·W). Shi et al. 2016.
  ///
  /// @throws IllegalArgumentException if `r` is not positive
  /// @throws vectorgrad.tensor.ShapeException in use, if the channels are no multiple of r²
  public static Lambda pixelShuffle(int r) {
    Sizes.expect("pixelShuffle", "(r), how many times as high and wide the pictures become", r);
    return lambda("pixel shuffle " + r, x -> Plain.pixelShuffle(x, r));
  }

  /// `factor` times as many places, each the nearest one: [Upsample].
  public static Upsample upsampleNearest(double factor) {
    return new Upsample(factor, Upsample.Way.NEAREST);
  }

  /// `factor` times as many places, with straight lines between those of the input: [Upsample].
  public static Upsample upsampleLinear(double factor) {
    return new Upsample(factor, Upsample.Way.LINEAR);
  }

  // ---- activations ------------------------------------------------------------------------------

  /// `max(x, 0)`: [ReLU].
  public static ReLU relu() {
    return new ReLU();
  }

  /// `x` above 0, `0.01·x` below: [LeakyReLU].
  public static LeakyReLU leakyRelu() {
    return new LeakyReLU();
  }

  /// `x` above 0, `negativeSlope·x` below: [LeakyReLU].
  public static LeakyReLU leakyRelu(double negativeSlope) {
    return new LeakyReLU(negativeSlope);
  }

  /// `tanh(x)`: [Tanh].
  public static Tanh tanh() {
    return new Tanh();
  }

  /// `1 / (1 + e⁻ˣ)`: [Sigmoid].
  public static Sigmoid sigmoid() {
    return new Sigmoid();
  }

  /// The Gaussian error linear unit, tanh form: [GELU].
  public static GELU gelu() {
    return new GELU();
  }

  /// `x·σ(x)`: [SiLU].
  public static SiLU silu() {
    return new SiLU();
  }

  /// `x·Φ(x)`, PyTorch's default GELU: [Curve#geluExact].
  public static Curve geluExact() {
    return Curve.geluExact();
  }

  /// `x` above 0, `eˣ − 1` below: [Curve#elu].
  public static Curve elu() {
    return Curve.elu(1);
  }

  /// `x` above 0, `alpha·(eˣ − 1)` below: [Curve#elu].
  public static Curve elu(double alpha) {
    return Curve.elu(alpha);
  }

  /// The ELU that keeps mean and variance: [Curve#selu].
  public static Curve selu() {
    return Curve.selu();
  }

  /// `x` above 0, `alpha·(eˣᐟᵅ − 1)` below: [Curve#celu].
  public static Curve celu(double alpha) {
    return Curve.celu(alpha);
  }

  /// `x·tanh(ln(1 + eˣ))`: [Curve#mish].
  public static Curve mish() {
    return Curve.mish();
  }

  /// `ln(1 + eˣ)`: [Curve#softplus].
  public static Curve softplus() {
    return Curve.softplus(1);
  }

  /// `ln(1 + e^(beta·x)) / beta`: [Curve#softplus].
  public static Curve softplus(double beta) {
    return Curve.softplus(beta);
  }

  /// `x / (1 + |x|)`: [Curve#softsign].
  public static Curve softsign() {
    return Curve.softsign();
  }

  /// `−ln(1 + e⁻ˣ)`: [Curve#logSigmoid].
  public static Curve logSigmoid() {
    return Curve.logSigmoid();
  }

  /// `x − tanh x`: [Curve#tanhshrink].
  public static Curve tanhshrink() {
    return Curve.tanhshrink();
  }

  /// `x` cut off at −1 and 1: [Curve#hardtanh].
  public static Curve hardtanh() {
    return Curve.hardtanh(-1, 1);
  }

  /// `x` cut off at `low` and `high`: [Curve#hardtanh].
  public static Curve hardtanh(double low, double high) {
    return Curve.hardtanh(low, high);
  }

  /// `x` cut off at 0 and 6: [Curve#hardtanh].
  public static Curve relu6() {
    return Curve.hardtanh(0, 6);
  }

  /// `x / 6 + ½` cut off at 0 and 1: [Curve#hardsigmoid].
  public static Curve hardsigmoid() {
    return Curve.hardsigmoid();
  }

  /// `x·hardsigmoid(x)`: [Curve#hardswish].
  public static Curve hardswish() {
    return Curve.hardswish();
  }

  /// `x` moved towards 0 by `lambda`, at most to 0: [Curve#softshrink]. PyTorch's default is ½.
  public static Curve softshrink(double lambda) {
    return Curve.softshrink(lambda);
  }

  /// `x`, but 0 in `[−lambda, lambda]`: [Curve#hardshrink]. PyTorch's default is ½.
  public static Curve hardshrink(double lambda) {
    return Curve.hardshrink(lambda);
  }

  /// `x` above `threshold`, `value` elsewhere: [Curve#threshold].
  public static Curve threshold(double threshold, double value) {
    return Curve.threshold(threshold, value);
  }

  /// `x` above 0, `weight·x` below, with one learned weight: [PReLU].
  public static PReLU prelu() {
    return new PReLU();
  }

  /// `x` above 0, `weight·x` below, with a learned weight for each channel: [PReLU].
  public static PReLU prelu(int channels) {
    return new PReLU(channels);
  }

  /// `exp(xᵢ) / Σ exp(xⱼ)` along `axis`. Before a loss that takes logits, leave it out.
  public static Lambda softmax(int axis) {
    return lambda("softmax " + axis, x -> x.softmax(axis));
  }

  /// The logarithm of the softmax along `axis`, which does not overflow.
  public static Lambda logSoftmax(int axis) {
    return lambda("log softmax " + axis, x -> x.logSoftmax(axis));
  }

  /// Gated linear units: one half of `axis` times the sigmoid of the other. Dauphin et al. 2017.
  ///
  /// @throws vectorgrad.tensor.ShapeException in use, if the axis has no two halves
  public static Lambda glu(int axis) {
    return lambda("glu " + axis, x -> Plain.glu(x, axis));
  }

  // ---- regularisation ---------------------------------------------------------------------------

  /// Drops elements in training with the given probability: [Dropout].
  public static Dropout dropout(double probability) {
    return new Dropout(probability);
  }

  /// Drops whole channels in training, as PyTorch's Dropout1d to 3d: [Dropout].
  public static Dropout channelDropout(double probability) {
    return new Dropout(probability).whole(Dropout.Whole.CHANNEL);
  }

  /// Drops whole examples in training, for the end of a [Residual]'s body: [Dropout]. Huang et al.
  /// 2016.
  public static Dropout stochasticDepth(double probability) {
    return new Dropout(probability).whole(Dropout.Whole.EXAMPLE);
  }

  /// Dropout for networks of [#selu]: [AlphaDropout].
  public static AlphaDropout alphaDropout(double probability) {
    return new AlphaDropout(probability);
  }

  /// Fully connected, with weights dropped in training: [DropConnect].
  public static DropConnect dropConnect(int in, int out, double probability) {
    return new DropConnect(in, out, probability);
  }

  // ---- joining layers ---------------------------------------------------------------------------

  /// `x + body(x)`: [Residual].
  public static Residual residual(Layer body) {
    return new Residual(body);
  }

  /// `x + body(x)`, the body being the given layers one after the other: [Residual].
  public static Residual residual(Layer... body) {
    return new Residual(sequential(body));
  }

  /// Layers side by side, their outputs joined along axis 1, the channels or features: [Parallel].
  public static Parallel parallel(Layer... layers) {
    return new Parallel(List.of(layers), 1);
  }

  /// The mean of the probabilities of several classifiers, as logarithms: [Ensemble].
  public static Ensemble ensemble(Layer... members) {
    return new Ensemble(List.of(members));
  }

  /// A function without parameters as a layer: [Lambda].
  public static Lambda lambda(String name, Function<Variable, Variable> function) {
    return new Lambda(name, function);
  }

  /// A recurrent layer of tanh: [RNN].
  public static RNN rnn(int inputSize, int hiddenSize) {
    return new RNN(inputSize, hiddenSize);
  }

  /// A layer of long short-term memory: [LSTM].
  public static LSTM lstm(int inputSize, int hiddenSize) {
    return new LSTM(inputSize, hiddenSize);
  }

  /// A layer of gated recurrent units: [GRU].
  public static GRU gru(int inputSize, int hiddenSize) {
    return new GRU(inputSize, hiddenSize);
  }

  /// Attention of several heads on `width` features: [MultiHeadAttention].
  public static MultiHeadAttention multiHeadAttention(int width, int heads) {
    return new MultiHeadAttention(width, heads);
  }

  /// Sines added to every place: [SinusoidalPositions].
  public static SinusoidalPositions sinusoidalPositions() {
    return new SinusoidalPositions();
  }

  /// Learnt vectors added to every place: [LearnedPositions].
  public static LearnedPositions learnedPositions(int places, int width) {
    return new LearnedPositions(places, width);
  }

  /// A transformer's block on `width` features, with `heads` heads and `hidden` features between
  /// its linear layers: [TransformerBlock].
  public static TransformerBlock transformerBlock(int width, int heads, int hidden) {
    return new TransformerBlock(width, heads, hidden);
  }
}
