package vectorgrad.autograd;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import vectorgrad.tensor.DType;
import vectorgrad.tensor.Seed;
import vectorgrad.tensor.Tensor;

/// Compares gradients with differences, the proof that a backward is right.
///
/// For a function `f` of tensors and random directions `u`, `v`, the number `⟨u, ∂f/∂x·v⟩` is
/// computed twice: by the backward pass, and from values of `f` alone, as the central difference of
/// `t ↦ ⟨u, f(x + t·v)⟩` at 0, improved by Richardson's extrapolation until rounding wins. One
/// direction tests every element of every gradient at the cost of a few forward passes, whatever
/// the size. Order 2 does the same to the gradient itself.
///
/// Everything runs in float64. The difference is relative to the numbers' size, or to 1 if they are
/// smaller.
///
/// ```java
/// GradCheck.of(x -> x.get(0).map(new Swish()), Tensor.of(-1.0, 0.5, 2.0)).orThrow();
/// ```
///
/// Source: the random projections are those of JAX's `check_grads`; L. F. Richardson, 1911.
public final class GradCheck {
  /// The largest relative error that passes.
  public static final double TOLERANCE = 1e-7;

  private static final double FIRST_STEP = 1.0 / 16;
  private static final int HALVINGS = 7;

  private final Function<List<Variable>, Variable> function;
  private final List<Tensor> inputs;
  private final Seed seed;

  private GradCheck(Function<List<Variable>, Variable> function, List<Tensor> inputs, Seed seed) {
    this.function = function;
    this.inputs = inputs;
    this.seed = seed;
  }

  /// Checks `function` at the given inputs: orders 1 and 2, three random directions each. Floating
  /// inputs are converted to f64; others are passed as constants.
  public static Report of(Function<List<Variable>, Variable> function, Tensor... inputs) {
    return of(function, Seed.of(1), 2, inputs);
  }

  /// Checks `function` up to the given order, in directions drawn from `seed`.
  public static Report of(
      Function<List<Variable>, Variable> function, Seed seed, int orders, Tensor... inputs) {
    List<Tensor> doubles =
        Arrays.stream(inputs).map(x -> x.dtype().isFloating() ? x.to(DType.F64) : x).toList();
    GradCheck check = new GradCheck(function, doubles, seed);
    List<Measurement> measurements = new ArrayList<>();
    for (int order = 1; order <= orders; order++) {
      for (int direction = 0; direction < 3; direction++) {
        measurements.add(check.measure(order, direction));
      }
    }
    return new Report(seed, measurements);
  }

  /// The Jacobian by the backward pass and by differences, element by element, at a cost of one
  /// pass for every output and a few for every input element: for finding the element that is
  /// wrong.
  ///
  /// @return the elements whose relative error exceeds [#TOLERANCE], worst first; none if all agree
  public static List<Element> jacobian(
      Function<List<Variable>, Variable> function, Tensor... inputs) {
    List<Tensor> doubles =
        Arrays.stream(inputs).map(x -> x.dtype().isFloating() ? x.to(DType.F64) : x).toList();
    GradCheck check = new GradCheck(function, doubles, Seed.of(1));
    List<Element> wrong = new ArrayList<>();
    List<Variable> leaves = check.leaves();
    Variable y = function.apply(leaves);
    for (int out = 0; out < y.size(); out++) {
      Tensor one = check.unit(out, y.value());
      boolean recorded = y.requiresGrad();
      Gradients gradients = recorded ? y.mul(Variable.constant(one)).sum().backward() : null;
      for (int i = 0; i < doubles.size(); i++) {
        if (!doubles.get(i).dtype().isFloating()) {
          continue;
        }
        Variable leaf = leaves.get(i);
        double[] analytic =
            recorded && gradients.has(leaf)
                ? gradients.get(leaf).toDoubles()
                : new double[leaf.size()];
        for (int in = 0; in < analytic.length; in++) {
          List<Tensor> direction = new ArrayList<>();
          for (int k = 0; k < doubles.size(); k++) {
            Tensor x = doubles.get(k);
            direction.add(k == i ? check.unit(in, x) : zerosLike(x));
          }
          double numeric = check.slope(direction, at -> check.project(at, one));
          double error = error(analytic[in], numeric);
          if (!(error <= TOLERANCE)) {
            wrong.add(new Element(i, in, out, analytic[in], numeric, error));
          }
        }
      }
    }
    wrong.sort((a, b) -> Double.compare(b.error(), a.error()));
    return wrong;
  }

  private Measurement measure(int order, int direction) {
    Seed here = seed.fold(100L * order + direction);
    List<Tensor> v = directions(here.fold(1));
    List<Variable> leaves = leaves();
    Variable y = function.apply(leaves);
    Tensor u = Tensor.normal(here.fold(2), 0, y.shape(), DType.F64).to(y.device());
    if (order == 1) {
      double analytic = inner(gradients(y, u, leaves, false), v);
      return measurement(order, analytic, slope(v, at -> project(at, u)));
    }
    List<Tensor> w = directions(here.fold(3));
    List<Variable> first = gradients(y, u, leaves, true);
    Variable along = null;
    for (int i = 0; i < first.size(); i++) {
      Variable gradient = first.get(i);
      if (gradient != null && gradient.requiresGrad()) {
        Variable term = gradient.mul(Variable.constant(w.get(i))).sum();
        along = along == null ? term : along.add(term);
      }
    }
    // a gradient that does not depend on the inputs has derivative zero
    double analytic = along == null ? 0 : inner(gradients(along, null, leaves, false), v);
    double numeric =
        slope(
            v,
            at -> {
              List<Variable> moved = at.stream().map(GradCheck::leaf).toList();
              Variable z = function.apply(moved);
              return inner(gradients(z, u, moved, false), w);
            });
    return measurement(order, analytic, numeric);
  }

  /// The gradients of `⟨u, y⟩` (of `y` itself without `u`); null where nothing leads to a leaf.
  private static List<Variable> gradients(
      Variable y, Tensor u, List<Variable> leaves, boolean withGraph) {
    List<Variable> found = new ArrayList<>();
    Variable number = u == null ? y : y.mul(Variable.constant(u)).sum();
    Gradients gradients =
        !number.requiresGrad() ? null : withGraph ? number.backwardWithGraph() : number.backward();
    for (Variable leaf : leaves) {
      boolean reached = gradients != null && gradients.has(leaf);
      found.add(reached ? gradients.variable(leaf) : null);
    }
    return found;
  }

  private static double inner(List<Variable> gradients, List<Tensor> directions) {
    double sum = 0;
    for (int i = 0; i < gradients.size(); i++) {
      if (gradients.get(i) != null) {
        sum += gradients.get(i).value().mul(directions.get(i)).sum().item();
      }
    }
    return sum;
  }

  private double project(List<Tensor> at, Tensor u) {
    List<Variable> constants = at.stream().map(Variable::constant).toList();
    return function.apply(constants).value().mul(u).sum().item();
  }

  /// Central differences for steps halved again and again, extrapolated (Richardson): the entry of
  /// the triangle that differs least from its neighbours.
  private double slope(List<Tensor> direction, ToDoubleFunction<List<Tensor>> f) {
    double[][] triangle = new double[HALVINGS][HALVINGS];
    double best = Double.NaN;
    double leastChange = Double.POSITIVE_INFINITY;
    double h = FIRST_STEP;
    for (int i = 0; i < HALVINGS; i++, h /= 2) {
      triangle[i][0] =
          (f.applyAsDouble(moved(direction, h)) - f.applyAsDouble(moved(direction, -h))) / (2 * h);
      double factor = 1;
      for (int k = 1; k <= i; k++) {
        factor *= 4;
        triangle[i][k] =
            triangle[i][k - 1] + (triangle[i][k - 1] - triangle[i - 1][k - 1]) / (factor - 1);
        double change =
            Math.max(
                Math.abs(triangle[i][k] - triangle[i][k - 1]),
                Math.abs(triangle[i][k] - triangle[i - 1][k - 1]));
        if (change < leastChange) {
          leastChange = change;
          best = triangle[i][k];
        }
      }
    }
    return best;
  }

  private List<Tensor> moved(List<Tensor> direction, double t) {
    List<Tensor> moved = new ArrayList<>();
    for (int i = 0; i < inputs.size(); i++) {
      Tensor x = inputs.get(i);
      moved.add(x.dtype().isFloating() ? x.add(direction.get(i).mul(t)) : x);
    }
    return moved;
  }

  private List<Tensor> directions(Seed from) {
    List<Tensor> directions = new ArrayList<>();
    for (int i = 0; i < inputs.size(); i++) {
      Tensor x = inputs.get(i);
      directions.add(
          x.dtype().isFloating()
              ? Tensor.normal(from.fold(i), 0, x.shape(), DType.F64).to(x.device())
              : zerosLike(x));
    }
    return directions;
  }

  private List<Variable> leaves() {
    return inputs.stream().map(GradCheck::leaf).toList();
  }

  private static Variable leaf(Tensor x) {
    return x.dtype().isFloating() ? Variable.leaf(x) : Variable.constant(x);
  }

  private static Tensor zerosLike(Tensor x) {
    return Tensor.zeros(x.shape(), DType.F64, x.device());
  }

  private Tensor unit(int element, Tensor like) {
    double[] values = new double[like.size()];
    values[element] = 1;
    return Tensor.of(values, like.shape()).to(like.device());
  }

  private static Measurement measurement(int order, double analytic, double numeric) {
    return new Measurement(order, analytic, numeric, error(analytic, numeric));
  }

  private static double error(double analytic, double numeric) {
    double size = Math.max(1, Math.max(Math.abs(analytic), Math.abs(numeric)));
    return Math.abs(analytic - numeric) / size;
  }

  /// One number computed twice.
  ///
  /// @param order 1 for a gradient, 2 for the gradient of a gradient
  /// @param analytic by the backward pass
  /// @param numeric by differences
  /// @param error their relative difference
  public record Measurement(int order, double analytic, double numeric, double error) {}

  /// One element of a Jacobian that is wrong.
  ///
  /// @param input which input
  /// @param element which of its elements, in row-major order
  /// @param output which element of the output, in row-major order
  /// @param analytic by the backward pass
  /// @param numeric by differences
  /// @param error their relative difference
  public record Element(
      int input, int element, int output, double analytic, double numeric, double error) {}

  /// What a check found.
  ///
  /// @param seed the seed of the directions, to repeat the check
  /// @param measurements everything that was compared
  public record Report(Seed seed, List<Measurement> measurements) {
    /// Keeps its own copy of the measurements.
    public Report {
      measurements = List.copyOf(measurements);
    }

    /// The measurement with the largest error; NaN counts as the largest.
    public Measurement worst() {
      return measurements.stream()
          .max((a, b) -> Double.compare(a.error(), b.error()))
          .orElseThrow();
    }

    /// Whether every error is at most [GradCheck#TOLERANCE].
    public boolean passes() {
      return worst().error() <= TOLERANCE;
    }

    /// Returns if the check passed.
    ///
    /// @throws AssertionError with the worst measurement otherwise
    public Report orThrow() {
      if (!passes()) {
        throw new AssertionError(toString());
      }
      return this;
    }

    @Override
    public String toString() {
      Measurement worst = worst();
      return String.format(
          Locale.ROOT,
          """
          GradCheck: %s, worst relative error %.1e of order %d
            backward    %.12g
            difference  %.12g
            tolerance   %.0e
            repeat      GradCheck.of(function, Seed.of(%dL), %d, inputs)\
          """,
          passes() ? "the gradients agree" : "the gradients differ",
          worst.error(),
          worst.order(),
          worst.analytic(),
          worst.numeric(),
          TOLERANCE,
          seed.key(),
          worst.order());
    }
  }
}
