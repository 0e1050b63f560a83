package vectorgrad.nn;

import static vectorgrad.numerics.Formula.input;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import vectorgrad.autograd.Buffer;
import vectorgrad.autograd.Parameter;
import vectorgrad.autograd.Variable;
import vectorgrad.numerics.Formula;
import vectorgrad.numerics.Program;
import vectorgrad.tensor.DType;
import vectorgrad.tensor.Message;
import vectorgrad.tensor.Shape;
import vectorgrad.tensor.ShapeException;
import vectorgrad.tensor.Tensor;

/// What the normalising layers share: statistics in two passes over the numbers, and one kernel
/// that uses them.
final class Normalization {
  private static final Formula STANDARD = input(0).minus(input(1)).times(input(2));
  private static final Program PLAIN = Program.of(STANDARD);
  static final Program PRODUCT = Program.of(input(0).times(input(1)));
  private static final Program WITH_BIAS = Program.of(STANDARD.plus(input(3)));
  private static final Program WITH_WEIGHT = Program.of(STANDARD.times(input(3)));
  private static final Program WITH_BOTH = Program.of(STANDARD.times(input(3)).plus(input(4)));

  private Normalization() {}

  static Optional<Parameter> ones(Shape shape) {
    return Optional.of(Parameter.of(Tensor.ones(shape, DType.F32)));
  }

  static Optional<Parameter> zeros(Shape shape) {
    return Optional.of(Parameter.of(shape));
  }

  static Initializer initializer(String component) {
    return component.equals("weight") ? Initializer.ones() : Initializer.zeros();
  }

  /// `x` in a type whose sums of squares do not overflow.
  static Variable wide(Variable x) {
    return x.dtype().isHalf() ? x.to(DType.F32) : x;
  }

  /// The result of a layer whose own parameters have 16 bits, in their type; others as they are.
  static Variable like(Optional<? extends Variable> weight, Variable y) {
    return weight.isPresent() && weight.get().dtype().isHalf() ? y.to(weight.get().dtype()) : y;
  }

  /// `(x − mean) / √(var + eps)` with the statistics over `axes`, times `weight` plus `bias`, which
  /// broadcast.
  static Variable over(
      Variable x, int[] axes, double eps, Optional<Variable> weight, Optional<Variable> bias) {
    Variable w = weight.orElseGet(() -> number(1, x));
    Variable b = bias.orElseGet(() -> number(0, x));
    if (Standardize.fitsRows(x, axes, w, b)) {
      return Variable.apply(Standardize.inRows(x.value(), eps, axes), x, w, b);
    }
    Tensor mean = x.value().mean(true, axes);
    Tensor variance = Standardize.variance(x.value(), mean, axes);
    return by(mean, variance, x, axes, eps, weight, bias, Optional.empty());
  }

  /// The same, where mean and variance are known, and `last` of it.
  static Variable by(
      Tensor mean,
      Tensor variance,
      Variable x,
      int[] axes,
      double eps,
      Optional<Variable> weight,
      Optional<Variable> bias,
      Optional<Activation> last) {
    Variable w = weight.orElseGet(() -> number(1, x));
    Variable b = bias.orElseGet(() -> number(0, x));
    DType dtype = x.dtype().promote(w.dtype()).promote(b.dtype());
    Standardize op = Standardize.by(mean, variance, eps, axes);
    Variable[] xs = {x.to(dtype), w.to(dtype), b.to(dtype)};
    return w.dtype().isHalf()
        ? Finishing.then(like(weight, Variable.apply(op, xs)), last)
        : Finishing.apply(op, last, xs);
  }

  private static Variable number(double value, Variable like) {
    return Variable.constant(Tensor.full(value, Shape.SCALAR, like.dtype(), like.device()));
  }

  /// `1 / √(variance + eps)`
  static Variable scale(Variable variance, double eps) {
    return variance.add(eps).rsqrt();
  }

  /// `(x − mean)·scale·weight + bias`, in one pass. A weight that makes the scale no tensor as
  /// large as x is joined with it before.
  static Variable with(
      Variable x,
      Variable mean,
      Variable scale,
      Optional<Variable> weight,
      Optional<Variable> bias) {
    if (weight.isPresent()) {
      Variable w = weight.get();
      if (Shape.broadcast("mul", scale.shape(), w.shape()).size() < x.size()) {
        return with(x, mean, scale.mul(w), Optional.empty(), bias);
      }
      return bias.isPresent()
          ? Variable.map(WITH_BOTH, x, mean, scale, w, bias.get())
          : Variable.map(WITH_WEIGHT, x, mean, scale, w);
    }
    return bias.isPresent()
        ? Variable.map(WITH_BIAS, x, mean, scale, bias.get())
        : Variable.map(PLAIN, x, mean, scale);
  }

  /// By the mean and variance of each channel that two buffers hold.
  static Variable byBuffers(
      Variable input,
      Buffer mean,
      Buffer variance,
      double eps,
      Optional<Parameter> weight,
      Optional<Parameter> bias) {
    Variable x = wide(input);
    int rank = x.rank();
    // copies, for a later training pass writes the buffers, perhaps before this one's backward
    Variable y =
        with(
            x,
            channels(Variable.constant(mean.value().copy()), rank),
            scale(channels(Variable.constant(variance.value().copy()), rank), eps),
            perChannel(weight, rank),
            perChannel(bias, rank));
    return like(weight, y);
  }

  /// A parameter of one number for each channel, in the shape that broadcasts along axis 1.
  static Optional<Variable> perChannel(Optional<Parameter> cell, int rank) {
    return cell.map(p -> channels(p, rank));
  }

  static Variable channels(Variable x, int rank) {
    int[] sizes = new int[rank];
    Arrays.fill(sizes, 1);
    sizes[1] = x.size();
    return x.reshape(sizes);
  }

  /// The axes from `from` on.
  static int[] axesFrom(int from, int rank) {
    return IntStream.range(from, rank).toArray();
  }

  static double checkEps(String layer, double eps) {
    if (!(eps >= 0)) {
      throw new IllegalArgumentException(
          Message.of(layer, "eps must not be negative, found " + eps)
              .row("rule", "y = (x − mean) / √(var + eps)")
              .toString());
    }
    return eps;
  }

  static void checkChannels(Layer layer, String name, Variable x, int channels, int least) {
    Sizes.expectFloating(layer, name, x);
    Shape input = x.shape();
    if (input.rank() < least) {
      throw refused(
          layer, name, "the input has too few axes", input, "rule", "N C …, at least " + least);
    }
    if (input.get(1) != channels) {
      String problem =
          "the input has " + input.get(1) + " channels, the layer was made for " + channels;
      throw refused(layer, name, problem, input, "rule", "axis 1 holds the channels: N C …");
    }
  }

  private static ShapeException refused(
      Layer layer, String name, String problem, Shape input, String row, String text) {
    return new ShapeException(
        Location.message(layer, name, problem).row("input", input).row(row, text), input);
  }

  /// Refuses statistics of a single number, which would make everything 0.
  static void checkMoreThanOne(Layer layer, String name, Shape input, long each) {
    if (each < 2) {
      throw refused(
          layer,
          name,
          "its statistics need more than one value for each channel",
          input,
          "why",
          "a single value is its own mean, so nothing but the bias would come out");
    }
  }

  /// Refuses an input that does not end with the axes `shape`; gives those axes.
  static int[] checkEnd(Layer layer, String name, Variable x, Shape shape) {
    Sizes.expectFloating(layer, name, x);
    Shape input = x.shape();
    List<Integer> end = new ArrayList<>();
    int from = input.rank() - shape.rank();
    for (int axis = Math.max(0, from); axis < input.rank(); axis++) {
      end.add(input.get(axis));
    }
    if (from < 0 || !Shape.of(end.stream().mapToInt(i -> i).toArray()).equals(shape)) {
      throw new ShapeException(
          Location.message(layer, name, "the input does not end with the axes that are normalised")
              .row("input", input)
              .row("ends", "(…, " + shape.toString().substring(1)),
          input,
          shape);
    }
    return axesFrom(from, input.rank());
  }

  /// `BatchNorm(3, eps 0.01, …)`, with those of the notes that are not empty.
  static String label(String name, Object size, double eps, double usual, String... notes) {
    StringBuilder text = new StringBuilder(name).append('(').append(size);
    if (eps != usual) {
      text.append(", eps ").append(eps);
    }
    for (String note : notes) {
      text.append(note.isEmpty() ? "" : ", ").append(note);
    }
    return text.append(')').toString();
  }

  static String affine(Optional<Parameter> weight) {
    return weight.isPresent() ? "" : "without affine";
  }
}
