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
/// | [#orthogonal()] | orthonormal rows or columns | lengths exactly, through deep linear stacks |
///
/// Draws are made in the parameter's own dtype. In f32 and f64 they are different numbers of the
/// same distribution; a model to be compared in both is initialised once and then converted.
@FunctionalInterface
public interface Initializer {

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
    return (present, seed) -> {
      Shape shape = present.shape();
      double deviation = Math.sqrt(2.0 / (fanIn(shape) + fanOut(shape)));
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

  /// The weight as a matrix `(out, in·…)` has orthonormal rows, or columns where it is taller than
  /// wide: normal draws made orthonormal by Gram and Schmidt, twice, in f64. Evenly distributed
  /// over all such matrices. Saxe, McClelland and Ganguli 2014. Cost: out²·in.
  static Initializer orthogonal() {
    return (present, seed) -> {
      int rows = present.size(0);
      int columns = rows == 0 ? 0 : present.size() / rows;
      Tensor draws = Tensor.normal(seed, 0, Shape.of(rows, columns), DType.F64);
      boolean tall = rows > columns;
      double[] q = (tall ? draws.transpose() : draws).contiguous().toDoubles();
      orthonormalRows(q, Math.min(rows, columns), Math.max(rows, columns));
      Tensor matrix =
          like(Tensor.zeros(tall ? Shape.of(columns, rows) : draws.shape(), DType.F64), q);
      return (tall ? matrix.transpose().contiguous() : matrix)
          .reshape(present.shape().toArray())
          .to(present.dtype())
          .to(present.device());
    };
  }

  private static void orthonormalRows(double[] q, int rows, int columns) {
    for (int i = 0; i < rows; i++) {
      for (int pass = 0; pass < 2; pass++) { // once more, for what rounding left behind
        for (int j = 0; j < i; j++) {
          double along = dot(q, i, j, columns);
          for (int k = 0; k < columns; k++) {
            q[i * columns + k] -= along * q[j * columns + k];
          }
        }
        double length = Math.sqrt(dot(q, i, i, columns));
        for (int k = 0; k < columns; k++) {
          q[i * columns + k] /= length;
        }
      }
    }
  }

  private static double dot(double[] q, int i, int j, int columns) {
    double sum = 0;
    for (int k = 0; k < columns; k++) {
      sum += q[i * columns + k] * q[j * columns + k];
    }
    return sum;
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
