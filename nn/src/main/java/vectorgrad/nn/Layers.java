package vectorgrad.nn;

import java.util.List;
import java.util.function.Function;
import vectorgrad.autograd.Variable;

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

  /// A convolution with `kernel` × `kernel` filters, stride 1, no padding: [Conv2d].
  public static Conv2d conv2d(int in, int out, int kernel) {
    return new Conv2d(in, out, kernel);
  }

  /// A convolution with `kernelH` × `kernelW` filters, stride 1, no padding: [Conv2d].
  public static Conv2d conv2d(int in, int out, int kernelH, int kernelW) {
    return new Conv2d(in, out, kernelH, kernelW);
  }

  /// The largest of every `kernel` × `kernel` window, side by side: [MaxPool2d].
  public static MaxPool2d maxPool2d(int kernel) {
    return new MaxPool2d(kernel);
  }

  /// All axes behind the batch as one: [Flatten].
  public static Flatten flatten() {
    return new Flatten();
  }

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

  /// Drops elements in training with the given probability: [Dropout].
  public static Dropout dropout(double probability) {
    return new Dropout(probability);
  }

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
}
