package vectorgrad.nn;

import vectorgrad.tensor.DType;
import vectorgrad.tensor.Message;
import vectorgrad.tensor.Seed;
import vectorgrad.tensor.Shape;
import vectorgrad.tensor.ShapeException;
import vectorgrad.tensor.Tensor;

/// The distribution that a parameter's first value is drawn from.
///
/// A weight has shape `(out, in, …)`: its **fan-in** is the number of inputs that one output sums
/// over, `in` times the sizes of the further axes; its **fan-out** is `out` times the same.
///
/// | initializer | distribution | keeps |
/// |-------------|--------------|-------|
/// | [#xavierUniform()] | U(±√(6 / (fanIn + fanOut))) | the variance forward and backward, for tanh |
/// | [#xavierNormal()] | N(0, 2 / (fanIn + fanOut)) | the same |
/// | [#kaimingUniform()] | U(±√(6 / fanIn)) | the variance forward, through ReLU |
/// | [#kaimingNormal()] | N(0, 2 / fanIn) | the same |
/// | [#lecunUniform()], [#lecunNormal()] | variance 1 / fanIn | the variance forward, without activation |
/// | [#orthogonal()] | orthonormal rows or columns | lengths exactly, through deep linear stacks |
/// | [#identity()], [#dirac()] | ones where input `i` meets output `i` | the numbers themselves |
/// | [#sparse(double, double)] | normal, a share of each column zero | few inputs for each unit |
///
/// The usual ones take a [Gain] for the activation that follows, and Kaiming's the [Fan] whose
/// variance they keep.
///
/// Draws are made in the parameter's own dtype. In f32 and f64 they are different numbers of the
/// same distribution; a model to be compared in both is initialised once and then converted.
@FunctionalInterface
public interface Initializer {

  /// Which way the variance is kept.
  enum Fan {
    /// Forward: by the number of inputs.
    IN,
    /// Backward: by the number of outputs.
    OUT;

    int of(Shape weight) {
      return this == IN ? fanIn(weight) : fanOut(weight);
    }
  }

  /// The first value for a parameter that holds `present`, which gives shape, dtype and device.
  Tensor initial(Tensor present, Seed seed);

  /// The value the parameter was made with.
  static Initializer keep() {
    return (present, seed) -> present;
  }

  /// All zeros.
  static Initializer zeros() {
    return constant(0);
  }

  /// All ones.
  static Initializer ones() {
    return constant(1);
  }

  /// The same value everywhere.
  static Initializer constant(double value) {
    return (present, seed) ->
        Tensor.full(value, present.shape(), present.dtype(), present.device());
  }

  /// Evenly in `[low, high)`.
  static Initializer uniform(double low, double high) {
    return (present, seed) ->
        Tensor.uniform(seed, 0, present.shape(), present.dtype())
            .mul(high - low)
            .add(low)
            .to(present.device());
  }

  /// Normal with the given mean and standard deviation.
  static Initializer normal(double mean, double standardDeviation) {
    return (present, seed) ->
        Tensor.normal(seed, 0, present.shape(), present.dtype())
            .mul(standardDeviation)
            .add(mean)
            .to(present.device());
  }

  /// Normal with the given mean and standard deviation, drawn again until it lies in `[low, high]`.
  ///
  /// @throws IllegalArgumentException if the interval is empty or further than eight standard
  ///   deviations from the mean, where next to no draw would fall
  static Initializer truncatedNormal(
      double mean, double standardDeviation, double low, double high) {
    double nearest = Math.max(low - mean, mean - high) / standardDeviation;
    if (!(low < high) || !(nearest < 8)) {
      throw new IllegalArgumentException(
          Message.of("truncatedNormal", "the interval holds next to nothing of the distribution")
              .row("normal", "mean " + mean + ", standard deviation " + standardDeviation)
              .row("kept", "[" + low + ", " + high + "]")
              .toString());
    }
    return (present, seed) -> {
      double[] kept = new double[present.size()];
      for (int i = 0; i < kept.length; i++) {
        kept[i] = Double.NaN;
      }
      int missing = kept.length;
      for (int round = 0; missing > 0; round++) {
        double[] draws =
            Tensor.normal(seed.fold(round), 0, Shape.of(Math.max(missing, 64)), DType.F64)
                .toDoubles();
        int next = 0;
        for (int i = 0; i < kept.length; i++) {
          if (Double.isNaN(kept[i])) {
            double draw = mean + standardDeviation * draws[next++];
            if (low <= draw && draw <= high) {
              kept[i] = draw;
              missing--;
            }
          }
        }
      }
      return like(present, kept);
    };
  }

  /// Normal with the given standard deviation around 0, cut at two of them: what transformers use.
  static Initializer truncatedNormal(double standardDeviation) {
    return truncatedNormal(0, standardDeviation, -2 * standardDeviation, 2 * standardDeviation);
  }

  /// U(±√(6 / (fanIn + fanOut))). Glorot and Bengio 2010, equation 16.
  static Initializer xavierUniform() {
    return xavierUniform(1);
  }

  /// [#xavierUniform()] times `gain`.
  static Initializer xavierUniform(double gain) {
    return (present, seed) -> {
      Shape shape = present.shape();
      double bound = gain * Math.sqrt(6.0 / (fanIn(shape) + fanOut(shape)));
      return uniform(-bound, bound).initial(present, seed);
    };
  }

  /// N(0, 2 / (fanIn + fanOut)). Glorot and Bengio 2010.
  static Initializer xavierNormal() {
    return xavierNormal(1);
  }

  /// [#xavierNormal()] times `gain`.
  static Initializer xavierNormal(double gain) {
    return (present, seed) -> {
      Shape shape = present.shape();
      double deviation = gain * Math.sqrt(2.0 / (fanIn(shape) + fanOut(shape)));
      return normal(0, deviation).initial(present, seed);
    };
  }

  /// U(±√(6 / fanIn)), for layers followed by ReLU. He et al. 2015, equation 10.
  static Initializer kaimingUniform() {
    return kaimingUniform(0);
  }

  /// U(±√(6 / ((1 + a²)·fanIn))), for leaky ReLU of negative slope `a`. With `a = √5` this is
  /// U(±1/√fanIn), the default of [Linear] and [Conv2d].
  static Initializer kaimingUniform(double a) {
    return (present, seed) -> {
      double bound = Math.sqrt(6 / ((1 + a * a) * fanIn(present.shape())));
      return uniform(-bound, bound).initial(present, seed);
    };
  }

  /// N(0, 2 / fanIn), for layers followed by ReLU. He et al. 2015, equation 10.
  static Initializer kaimingNormal() {
    return kaimingNormal(0);
  }

  /// N(0, 2 / ((1 + a²)·fanIn)), for leaky ReLU of negative slope `a`.
  static Initializer kaimingNormal(double a) {
    return (present, seed) -> {
      double deviation = Math.sqrt(2 / ((1 + a * a) * fanIn(present.shape())));
      return normal(0, deviation).initial(present, seed);
    };
  }

  /// U(±gain·√(3 / fan)), whose variance is gain² / fan: with `Fan.OUT` gradients keep their
  /// variance backward, with `Fan.IN` numbers keep theirs forward. PyTorch's `mode`.
  ///
  /// @param gain of the activation that follows: [Gain]
  static Initializer kaimingUniform(Fan fan, double gain) {
    return (present, seed) -> {
      double bound = gain * Math.sqrt(3.0 / fan.of(present.shape()));
      return uniform(-bound, bound).initial(present, seed);
    };
  }

  /// N(0, gain² / fan): as [#kaimingUniform(Fan, double)].
  static Initializer kaimingNormal(Fan fan, double gain) {
    return (present, seed) ->
        normal(0, gain / Math.sqrt(fan.of(present.shape()))).initial(present, seed);
  }

  /// U(±√(3 / fanIn)), of variance 1 / fanIn: for no activation, or one that normalises itself, as
  /// SELU. LeCun et al. 1998, *Efficient BackProp*, equation 16.
  static Initializer lecunUniform() {
    return kaimingUniform(Fan.IN, Gain.LINEAR);
  }

  /// N(0, 1 / fanIn): as [#lecunUniform()]. Not truncated, as Keras's is.
  static Initializer lecunNormal() {
    return kaimingNormal(Fan.IN, Gain.LINEAR);
  }

  /// The weight as a matrix `(out, in·…)` has orthonormal rows, or columns where it is taller than
  /// wide: normal draws made orthonormal by Gram and Schmidt, twice, in f64. Evenly distributed
  /// over all such matrices. Saxe, McClelland and Ganguli 2014. Cost: out²·in.
  ///
  /// A weight of fewer than two axes is refused with a [ShapeException].
  static Initializer orthogonal() {
    return orthogonal(1);
  }

  /// [#orthogonal()] times `gain`.
  static Initializer orthogonal(double gain) {
    return new Orthogonal(gain);
  }

  /// Ones on the diagonal of a matrix, zeros elsewhere: a [Linear] layer passes on what it is
  /// given, as far as there is room. PyTorch's `eye_`.
  ///
  /// A weight that is no matrix is refused with a [ShapeException].
  static Initializer identity() {
    return (present, seed) -> {
      expectAxes("identity", present.shape(), 2, 2, "(out, in)");
      return diagonal(present, 1);
    };
  }

  /// A convolution that passes its channels on: a one in the middle of filter `i` for channel `i`,
  /// in each of the groups, zeros elsewhere. The size of the kernel should be odd.
  ///
  /// A weight of other than three to five axes, or whose filters do not divide into the groups, is
  /// refused with a [ShapeException].
  ///
  /// @throws IllegalArgumentException if there is no group
  static Initializer dirac(int groups) {
    if (groups < 1) {
      throw new IllegalArgumentException(
          "dirac: there must be at least one group, found " + groups);
    }
    return (present, seed) -> {
      expectAxes("dirac", present.shape(), 3, 5, "(out, in, kernel…)");
      if (present.size(0) % groups != 0) {
        throw new ShapeException(
            Message.of("dirac", "%d filters in %d groups".formatted(present.size(0), groups))
                .row("weight", present.shape())
                .row("rule", "each group has as many filters"),
            present.shape());
      }
      return diagonal(present, groups);
    };
  }

  /// [#dirac(int)] of one group.
  static Initializer dirac() {
    return dirac(1);
  }

  /// A matrix `(out, in)` each column of which has `⌈sparsity·out⌉` zeros at random places; the
  /// others are N(0, standardDeviation²). J. Martens, *Deep learning via Hessian-free
  /// optimization*, 2010.
  ///
  /// A weight that is no matrix is refused with a [ShapeException].
  ///
  /// @throws IllegalArgumentException if the sparsity is not between 0 and 1
  static Initializer sparse(double sparsity, double standardDeviation) {
    if (!(sparsity >= 0 && sparsity <= 1)) {
      throw new IllegalArgumentException(
          "sparse: the sparsity must be between 0 and 1, found " + sparsity);
    }
    return (present, seed) -> {
      Shape shape = present.shape();
      expectAxes("sparse", shape, 2, 2, "(out, in)");
      Tensor places = Tensor.uniform(seed.fold(1), 0, shape, DType.F64).argsort(0).argsort(0);
      Tensor zero = places.lt(Math.ceil(sparsity * shape.get(0))).to(present.device());
      return normal(0, standardDeviation).initial(present, seed).maskedFill(zero, 0);
    };
  }

  private static void expectAxes(String name, Shape weight, int least, int most, String rule) {
    if (weight.rank() < least || weight.rank() > most) {
      throw new ShapeException(
          Message.of(name, "the weight has %d axes".formatted(weight.rank()))
              .row("weight", weight)
              .row("rule", "a weight is " + rule),
          weight);
    }
  }

  /// A one in the middle of what output `i` of a group sees of input `i`.
  private static Tensor diagonal(Tensor present, int groups) {
    int rows = present.size(0) / groups;
    double[] values = new double[present.size()];
    int kernel = receptive(present.shape());
    int middle = 0;
    for (int axis = 2; axis < present.rank(); axis++) {
      middle = middle * present.size(axis) + present.size(axis) / 2;
    }
    for (int i = 0; i < present.size(0); i++) {
      if (i % rows < present.size(1)) {
        values[(i * present.size(1) + i % rows) * kernel + middle] = 1;
      }
    }
    return like(present, values);
  }

  private static Tensor like(Tensor present, double[] values) {
    return Tensor.of(values, present.shape()).to(present.dtype()).to(present.device());
  }

  /// How many inputs one output of a weight `(out, in, …)` sums over.
  ///
  /// @throws ShapeException if the weight has fewer than two axes
  static int fanIn(Shape weight) {
    expectWeight(weight);
    return weight.get(1) * receptive(weight);
  }

  /// How many outputs one input of a weight `(out, in, …)` goes to.
  ///
  /// @throws ShapeException if the weight has fewer than two axes
  static int fanOut(Shape weight) {
    expectWeight(weight);
    return weight.get(0) * receptive(weight);
  }

  private static int receptive(Shape weight) {
    int size = 1;
    for (int axis = 2; axis < weight.rank(); axis++) {
      size *= weight.get(axis);
    }
    return size;
  }

  private static void expectWeight(Shape weight) {
    if (weight.rank() < 2) {
      throw new ShapeException(
          Message.of("Initializer", "fan-in and fan-out need at least two axes, found " + weight)
              .row("rule", "a weight is (out, in, …)")
              .row("help", "draw a bias from uniform, normal or zeros"),
          weight);
    }
  }
}
