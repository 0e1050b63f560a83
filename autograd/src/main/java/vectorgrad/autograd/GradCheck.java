package vectorgrad.autograd;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import vectorgrad.tensor.DType;
import vectorgrad.tensor.Seed;
import vectorgrad.tensor.Shape;
import vectorgrad.tensor.Tensor;

/// Compares gradients with differences, the proof that a backward is right.
///
/// For a function `f` of tensors and random directions `u`, `v`, the number `⟨u, ∂f/∂x·v⟩` is
/// computed twice: by the backward pass, and from values of `f` alone, as the central difference of
/// `t ↦ ⟨u, f(x + t·v)⟩` at 0, improved by Richardson's extrapolation until rounding wins. One
/// direction tests every element of every gradient at the cost of a few forward passes, whatever
/// the size. Order 2 does the same to `⟨w, gradient⟩`, and so on.
///
/// Everything runs in float64. The difference is taken relative to the gradient, or, where a
/// gradient is tiny against the values, to what differences of float64 values can resolve.
///
/// ```java
/// GradCheck.of(x -> x.get(0).map(new Swish()), Tensor.of(-1.0, 0.5, 2.0)).orThrow();
/// ```
///
/// Source: the random projections are those of JAX's `check_grads`.
public final class GradCheck {
  /// The largest relative error that passes.
  public static final double TOLERANCE = 1e-7;

  private static final int DIRECTIONS = 3;

  /// When a check fails, so many elements are looked at to find the worst.
  private static final int ELEMENTS = 512;

  private GradCheck() {}

  /// Checks `function` at the given inputs: orders 1 and 2, three random directions each. Floating
  /// inputs are converted to f64; others are passed as constants.
  public static Report of(Function<List<Variable>, Variable> function, Tensor... inputs) {
    return of(function, Seed.of(1), 2, inputs);
  }

  /// Checks `function` up to the given order, in directions drawn from `seed`.
  public static Report of(
      Function<List<Variable>, Variable> function, Seed seed, int orders, Tensor... inputs) {
    List<Tensor> doubles = doubles(inputs);
    List<Measurement> measurements = new ArrayList<>();
    Optional<Element> worst = Optional.empty();
    for (int order = 1; order <= orders; order++) {
      for (int direction = 0; direction < DIRECTIONS; direction++) {
        Seed here = seed.fold(100L * order + direction);
        Projection projection = Projection.random(function, doubles, order, here);
        Measurement measurement = projection.measure();
        measurements.add(measurement);
        if (worst.isEmpty() && !(measurement.error() <= TOLERANCE)) {
          worst = projection.worst(ELEMENTS);
        }
      }
    }
    return new Report(seed, measurements, worst);
  }

  /// The Jacobian by the backward pass and by differences, element by element, at a cost of one
  /// backward pass for every output and a few forward passes for every pair of input and output
  /// elements.
  ///
  /// @return the entries whose relative error exceeds [#TOLERANCE], worst first; none if all agree
  public static List<Entry> jacobian(
      Function<List<Variable>, Variable> function, Tensor... inputs) {
    List<Tensor> doubles = doubles(inputs);
    List<Entry> wrong = new ArrayList<>();
    Shape output = function.apply(doubles.stream().map(Variable::constant).toList()).shape();
    for (int place = 0; place < output.size(); place++) {
      Projection projection = Projection.element(function, doubles, place, output);
      for (Element element : projection.elements(Integer.MAX_VALUE)) {
        if (!(element.error() <= TOLERANCE)) {
          wrong.add(new Entry(Projection.indices(place, output), element));
        }
      }
    }
    wrong.sort(Comparator.comparingDouble((Entry entry) -> entry.element().error()).reversed());
    return wrong;
  }

  private static List<Tensor> doubles(Tensor[] inputs) {
    return Arrays.stream(inputs).map(x -> x.dtype().isFloating() ? x.to(DType.F64) : x).toList();
  }

  /// One number computed twice.
  ///
  /// @param order 1 for a gradient, 2 for the gradient of a gradient
  /// @param analytic by the backward pass
  /// @param numeric by differences
  /// @param error their relative difference
  /// @param step the smallest step of the differences
  public record Measurement(
      int order, double analytic, double numeric, double error, double step) {}

  /// One element of a gradient, computed twice.
  ///
  /// @param input which input
  /// @param at the indices of the element in it
  /// @param analytic by the backward pass
  /// @param numeric by differences
  /// @param error their relative difference
  public record Element(
      int input, List<Integer> at, double analytic, double numeric, double error) {}

  /// One entry of a Jacobian.
  ///
  /// @param output the indices of the output's element
  /// @param element its derivative with respect to one element of an input
  public record Entry(List<Integer> output, Element element) {}

  /// What a check found.
  ///
  /// @param seed the seed of the directions, to repeat the check
  /// @param measurements everything that was compared
  /// @param worstElement if the check failed, the element of a gradient that is most wrong
  public record Report(Seed seed, List<Measurement> measurements, Optional<Element> worstElement) {
    /// Keeps its own copy of the measurements.
    public Report {
      measurements = List.copyOf(measurements);
    }

    /// The measurement with the largest error; NaN counts as the largest.
    public Measurement worst() {
      return measurements.stream()
          .max(Comparator.comparingDouble(Measurement::error))
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
      StringBuilder text = new StringBuilder("GradCheck: the gradients ");
      text.append(
          "%s, worst relative error %s of order %d"
              .formatted(passes() ? "agree" : "differ", tiny(worst.error()), worst.order()));
      row(text, "backward", number(worst.analytic()));
      row(text, "difference", number(worst.numeric()));
      row(text, "step", worst.step());
      worstElement.ifPresent(element ->
          row(
              text,
              "worst",
              "input %d at %s: %s, not %s"
                  .formatted(
                      element.input(),
                      element.at(),
                      number(element.analytic()),
                      number(element.numeric()))));
      row(text, "tolerance", tiny(TOLERANCE));
      row(
          text,
          "repeat",
          "GradCheck.of(function, Seed.of(%dL), %d, inputs)".formatted(seed.key(), worst.order()));
      return text.toString();
    }

    private static void row(StringBuilder text, String name, Object value) {
      text.append("\n  ").append(String.format(Locale.ROOT, "%-10s %s", name, value));
    }

    private static String number(double value) {
      return String.format(Locale.ROOT, "%.12g", value);
    }

    private static String tiny(double value) {
      return String.format(Locale.ROOT, "%.1e", value);
    }
  }
}
