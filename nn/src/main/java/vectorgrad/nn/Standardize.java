package vectorgrad.nn;

import static vectorgrad.numerics.Formula.input;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import vectorgrad.autograd.Mode;
import vectorgrad.autograd.Op;
import vectorgrad.autograd.Pointwise;
import vectorgrad.autograd.Variable;
import vectorgrad.numerics.Formula;
import vectorgrad.numerics.Program;
import vectorgrad.tensor.RowProgram;
import vectorgrad.tensor.Shape;
import vectorgrad.tensor.Tensor;

/// `y = x̂·weight + bias` with `x̂ = (x − mean)·scale`, where mean and `scale = 1 / √(var + eps)`
/// are those of `x` itself over some `axes`. Its inputs are x, weight and bias. With `g =
/// dy·weight`,
///
/// ```text
/// dx = scale·(g − mean(g) − x̂·mean(g·x̂))     dweight = Σ dy·x̂     dbias = Σ dy
/// ```
///
/// One operation for what is ten elementary ones, none of whose intermediates is ever in memory: x̂
/// is computed anew wherever it is read.
///
/// Rows of neighbours that all meet the same weight are visited once each way ([#inRows]).
final class Standardize implements Op.Finishable {
  private static final Formula X = input(0);
  private static final Formula DY = input(1);
  private static final Program SQUARED_DISTANCE = Program.of(X.minus(input(1)).square());

  private static final Program FORWARD = // of x, mean, scale, weight, bias
      Program.of(standard(1).times(input(3)).plus(input(4)));
  private static final Program FORWARD_JOINED = // of x, mean, scale·weight, bias
      Program.of(standard(1).plus(input(3)));

  // of x, dy, mean, scale, weight, mean(g), mean(g·x̂)
  private static final Formula G = DY.times(input(4));
  private static final Program DY_HAT = Program.of(DY.times(standard(2)));
  private static final Program G_HAT = Program.of(G.times(standard(2)));
  private static final Program DX =
      Program.of(G.minus(input(5)).minus(standard(2).times(input(6))).times(input(3)));
  private static final Program DX_JOINED = // of x, dy, mean, scale, scale·weight, mean(dy), …
      Program.of(DY.minus(input(5)).minus(standard(2).times(input(6))).times(input(4)));

  /// In shorter rows the sums of all of them come first, so mean and scale may, too.
  private static final int SHORTEST = 256;

  private static final RowProgram ROWS = rows(input(5).times(input(3)));
  private static final RowProgram ROWS_BACKWARD = // of x, dy, mean, scale, weight, 1/n
      RowProgram.of(
          6,
          G.minus(input(6).times(input(5)))
              .minus(standard(2).times(input(7).times(input(5))))
              .times(input(3)),
          Program.of(G, G.times(standard(2))));
  private static final RowProgram ROWS_AND_COLUMNS =
      ROWS_BACKWARD.columns(DY.times(standard(2)), DY);

  private final int[] axes;
  private final double eps;
  private final boolean inRows;
  private Tensor mean; // over the axes, which have size 1
  private Tensor scale; // of the same shape

  private Standardize(int[] axes, double eps, boolean inRows, Tensor mean, Tensor scale) {
    this.axes = axes;
    this.eps = eps;
    this.inRows = inRows;
    this.mean = mean;
    this.scale = scale;
  }

  /// Of x, weight, bias, 1/n, eps, Σ x and Σ (x − mean)².
  private static RowProgram rows(Formula mean) {
    Formula scale = input(6).times(input(3)).plus(input(4)).rsqrt();
    return RowProgram.of(
        5,
        X.minus(mean).times(scale).times(input(1)).plus(input(2)),
        Program.of(X),
        Program.of(X.minus(mean).square()));
  }

  /// `(x − mean)·scale`, which are inputs `mean` and `mean + 1`.
  private static Formula standard(int mean) {
    return X.minus(input(mean)).times(input(mean + 1));
  }

  /// The variance of `x` over `axes`, which keep size 1: around `mean` as it was rounded, since the
  /// elements are compared with that, too.
  static Tensor variance(Tensor x, Tensor mean, int... axes) {
    Tensor squares = Tensor.sumOf(SQUARED_DISTANCE, true, axes, x, mean);
    return squares.mul((double) mean.size() / x.size());
  }

  static Standardize by(Tensor mean, Tensor variance, double eps, int... axes) {
    return new Standardize(axes, eps, false, mean, variance.add(eps).rsqrt());
  }

  /// Finds mean and scale itself. See [#fitsRows].
  static Standardize inRows(Tensor x, double eps, int... axes) {
    return new Standardize(axes, eps, true, x, x);
  }

  /// Whether the last `axes` are normalised, and what they are multiplied by and added to is the
  /// same for all rows.
  static boolean fitsRows(Variable x, int[] axes, Variable weight, Variable bias) {
    int n = IntStream.of(axes).map(x::size).reduce(1, Math::multiplyExact);
    return axes[0] == x.rank() - axes.length
        && n >= SHORTEST
        && Math.max(weight.rank(), bias.rank()) <= axes.length
        && weight.dtype() == x.dtype()
        && bias.dtype() == x.dtype();
  }

  @Override
  public Saved saved() {
    return Saved.INPUTS;
  }

  @Override
  public Tensor forward(List<Tensor> xs) {
    return forward(xs, Optional.empty());
  }

  @Override
  public Tensor forward(List<Tensor> xs, Pointwise last) {
    return forward(xs, Optional.of(last));
  }

  private Tensor forward(List<Tensor> xs, Optional<Pointwise> last) {
    Tensor x = xs.get(0);
    Tensor weight = xs.get(1);
    if (inRows) {
      Tensor share = number(share(x), x);
      Tensor small = number(eps, x);
      List<Tensor> found = Tensor.mapRows(ROWS, axes, x, weight, xs.get(2), share, small);
      mean = found.get(1).mul(share);
      scale = found.get(2).mul(share).add(small).rsqrt();
      return last.isPresent()
          ? Tensor.map(Finishing.program(Program.of(X), last.get()), found.get(0))
          : found.get(0);
    }
    boolean joined = isJoined(weight.shape());
    Program first = joined ? FORWARD_JOINED : FORWARD;
    Program program = last.isPresent() ? Finishing.program(first, last.get()) : first;
    return joined
        ? Tensor.map(program, x, mean, scale.mul(weight), xs.get(2))
        : Tensor.map(program, x, mean, scale, weight, xs.get(2));
  }

  /// Whether elements that share a mean share the weight, too, so that it is joined with the scale
  /// before they meet x.
  private boolean isJoined(Shape weight) {
    return Shape.broadcast("mul", mean.shape(), weight).equals(mean.shape());
  }

  @Override
  public List<Supplier<Variable>> backward(Variable dy, List<Variable> xs, Variable y) {
    Variable x = xs.get(0);
    Variable weight = xs.get(1);
    Shape bias = xs.get(2).shape();
    if (Mode.current().recording()) {
      return composed(dy, x, weight, bias);
    }
    if (inRows) {
      return inRows(dy.value(), x.value(), weight.value(), bias);
    }
    return isJoined(weight.shape())
        ? joined(dy.value(), x.value(), weight.value(), bias)
        : apart(dy.value(), x.value(), weight.value(), bias);
  }

  /// The definition, which has derivatives itself.
  private List<Supplier<Variable>> composed(Variable dy, Variable x, Variable weight, Shape bias) {
    Variable s = Normalization.scale(x.var(0, true, axes), eps);
    Variable hat = x.sub(x.mean(true, axes)).mul(s);
    return List.of(
        () -> {
          Variable g = dy.mul(weight);
          Variable rest = hat.mul(g.mul(hat).mean(true, axes));
          return g.sub(g.mean(true, axes)).sub(rest).mul(s);
        },
        () -> dy.mul(hat).sumTo(weight.shape()),
        () -> dy.sumTo(bias));
  }

  /// Where the sums of weight and bias serve x, too.
  private List<Supplier<Variable>> joined(Tensor dy, Tensor x, Tensor weight, Shape bias) {
    Tensor sum = dy.sum(true, axes);
    Tensor sumHat = Tensor.sumOf(DY_HAT, true, axes, x, dy, mean, scale);
    double share = share(x);
    return List.of(
        () ->
            Variable.constant(
                Tensor.map(
                    DX_JOINED,
                    x,
                    dy,
                    mean,
                    scale,
                    scale.mul(weight),
                    sum.mul(share),
                    sumHat.mul(share))),
        () -> Variable.constant(sumHat).sumTo(weight.shape()),
        () -> Variable.constant(sum).sumTo(bias));
  }

  private List<Supplier<Variable>> apart(Tensor dy, Tensor x, Tensor weight, Shape bias) {
    double share = share(x);
    return List.of(
        () -> {
          Tensor sum = Tensor.sumOf(Normalization.PRODUCT, true, axes, dy, weight);
          Tensor sumHat = Tensor.sumOf(G_HAT, true, axes, x, dy, mean, scale, weight);
          return Variable.constant(
              Tensor.map(DX, x, dy, mean, scale, weight, sum.mul(share), sumHat.mul(share)));
        },
        () -> sumTo(weight.shape(), DY_HAT, x, dy, mean, scale),
        () -> Variable.constant(dy).sumTo(bias));
  }

  /// Where the sums of weight and bias come along with x.
  private List<Supplier<Variable>> inRows(Tensor dy, Tensor x, Tensor weight, Shape bias) {
    List<Tensor> found = new ArrayList<>();
    List<Supplier<Variable>> apart = apart(dy, x, weight, bias);
    boolean columns = weight.rank() == axes.length && weight.shape().equals(bias);
    RowProgram program = columns ? ROWS_AND_COLUMNS : ROWS_BACKWARD;
    return List.of(
        () -> {
          Tensor share = number(share(x), x);
          found.addAll(Tensor.mapRows(program, axes, x, dy, mean, scale, weight, share));
          return Variable.constant(found.getFirst());
        },
        () -> found.size() > 3 ? column(found.get(3), bias) : apart.get(1).get(),
        () -> found.size() > 3 ? column(found.get(4), bias) : apart.get(2).get());
  }

  private static Variable column(Tensor sum, Shape shape) {
    return Variable.constant(sum.reshape(shape));
  }

  private static Tensor number(double value, Tensor like) {
    return Tensor.full(value, Shape.SCALAR, like.dtype(), like.device());
  }

  /// 1/n.
  private double share(Tensor x) {
    return 1.0 / IntStream.of(axes).map(x::size).reduce(1, (a, b) -> a * b);
  }

  /// The sum of one formula over the axes along which `shape` is repeated.
  private static Variable sumTo(Shape shape, Program program, Tensor... inputs) {
    int rank = inputs[0].rank();
    int[] repeated =
        IntStream.range(0, rank)
            .filter(axis -> axis - rank < -shape.rank() || shape.get(axis - rank) == 1)
            .toArray();
    Tensor sum =
        repeated.length == 0
            ? Tensor.map(program, inputs)
            : Tensor.sumOf(program, true, repeated, inputs);
    return Variable.constant(sum.reshape(shape));
  }
}
