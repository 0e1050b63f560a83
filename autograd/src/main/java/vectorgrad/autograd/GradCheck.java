package vectorgrad.autograd;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import vectorgrad.tensor.DType;
import vectorgrad.tensor.Device;
import vectorgrad.tensor.Message;
import vectorgrad.tensor.Seed;
import vectorgrad.tensor.Tensor;

/// Compares gradients with differences, the proof that a backward is right.
///
/// For a function `f` of tensors and random directions `u`, `v`, the number `⟨u, ∂f/∂x·v⟩` is
/// computed twice: by the backward pass, and from values of `f` alone, as the central difference of
/// `t ↦ ⟨u, f(x + t·v)⟩` at 0, improved by Richardson's extrapolation until rounding wins. One
/// direction tests every element of every gradient at the cost of a few forward passes, whatever
/// the size. Order 2 does the same to `⟨w, gradient⟩`, and so on.
///
/// `x` is all inputs together with every [Parameter] that the function reads, which its graph
/// tells; frozen ones are constants. Everything runs in float64: floating inputs are converted,
/// parameters too for as long as the check takes. Afterwards they, and buffers that the function
/// writes, hold to the bit what they held before, whatever happened. Buffers are set back before
/// each call, so that dropout draws the same mask; a function that still changes from call to call
/// is refused.
///
/// The difference is taken relative to the gradient, or, where a gradient is tiny against the
/// values, to what differences of float64 values can resolve.
///
/// ```java
/// GradCheck.of(x -> x.get(0).map(new Swish()), Tensor.of(-1.0, 0.5, 2.0)).orThrow();
/// GradCheck.of(x -> model.forward(x.get(0)), pictures).orThrow();
/// ```
///
/// Checks of functions with parameters or buffers wait for each other, as others may share them.
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
  ///
  /// @throws GradientException if the function changes from call to call, or its output is not f64
  public static Report of(Function<List<Variable>, Variable> function, Tensor... inputs) {
    return of(function, Seed.of(1), 2, inputs);
  }

  /// Checks `function` up to the given order, in directions drawn from `seed`.
  ///
  /// @throws GradientException if the function changes from call to call, or its output is not f64
  public static Report of(
      Function<List<Variable>, Variable> function, Seed seed, int orders, Tensor... inputs) {
    try (Probe probe = Probe.inDoubles(function, inputs)) {
      List<Measurement> measurements = new ArrayList<>();
      Optional<Diagnosis> diagnosis = Optional.empty();
      for (int order = 1; order <= orders; order++) {
        for (int direction = 0; direction < DIRECTIONS; direction++) {
          Projection projection = new Projection(probe, order, seed.fold(100L * order + direction));
          Measurement measurement = projection.measure();
          measurements.add(measurement);
          if (diagnosis.isEmpty() && !(measurement.error() <= TOLERANCE)) {
            diagnosis = Diagnosis.of(projection, order, ELEMENTS);
          }
        }
      }
      return new Report(seed, measurements, diagnosis);
    }
  }

  /// The Jacobian by the backward pass and by differences, element by element, at a cost of one
  /// backward pass for every element of the output and fourteen forward passes for every element of
  /// an input or parameter.
  ///
  /// @return the entries whose relative error exceeds [#TOLERANCE], worst first; none if all agree
  /// @throws GradientException if the function changes from call to call, or its output is not f64
  public static List<Entry> jacobian(
      Function<List<Variable>, Variable> function, Tensor... inputs) {
    try (Probe probe = Probe.inDoubles(function, inputs)) {
      return new FullJacobian(probe).wrong();
    }
  }

  /// The value of `function` and the gradients of `⟨u, f⟩`, computed in `dtype` on `device`, to be
  /// compared with those in another dtype or on another device: inputs, parameters and `u`, which
  /// is drawn from `seed`, are rounded to f32 first, so that every evaluation begins with the same
  /// numbers.
  public static Evaluation evaluate(
      Function<List<Variable>, Variable> function,
      DType dtype,
      Device device,
      Seed seed,
      Tensor... inputs) {
    try (Probe probe = Probe.of(function, dtype, device, inputs)) {
      List<Variable> variables = probe.variables(probe.place(), true);
      Variable y = probe.call(variables);
      Tensor u = Tensor.normal(seed, 0, y.shape(), DType.F32).to(y.dtype()).to(y.device());
      Variable number = y.mul(Variable.constant(u)).sum();
      Gradients gradients = number.requiresGrad() ? number.backward() : new Gradients(false);
      List<Tensor> found = new ArrayList<>();
      List<String> names = new ArrayList<>();
      for (int i = 0; i < variables.size(); i++) {
        if (gradients.has(variables.get(i))) {
          names.add(probe.name(i));
          found.add(gradients.get(variables.get(i)));
        }
      }
      return new Evaluation(y.value(), names, found);
    }
  }

  /// What a function computed.
  ///
  /// @param value its value
  /// @param names what it was differentiated by: `input 0 (2, 3)`, `"0.weight" (4, 3)`
  /// @param gradients the gradients of all of them
  public record Evaluation(Tensor value, List<String> names, List<Tensor> gradients) {
    /// Keeps its own copies of the lists.
    public Evaluation {
      names = List.copyOf(names);
      gradients = List.copyOf(gradients);
    }
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
  /// @param of what the gradient belongs to, with its shape: `input 0 (2, 3)`, `"0.weight" (4, 3)`
  /// @param at the indices of the element in it
  /// @param analytic by the backward pass
  /// @param numeric by differences
  /// @param change by how much estimates from smaller steps differ from `numeric`
  /// @param error the relative difference of `analytic` and `numeric`
  public record Element(
      String of, List<Integer> at, double analytic, double numeric, double change, double error) {}

  /// One entry of a Jacobian.
  ///
  /// @param output the indices of the output's element
  /// @param element its derivative with respect to one element of an input
  public record Entry(List<Integer> output, Element element) {}

  /// Where a check failed.
  ///
  /// @param order which derivative is wrong; the lower ones are right
  /// @param worst the element that is most wrong
  /// @param wrong how many elements are
  /// @param looked how many were looked at
  /// @param why what the numbers suggest, if anything
  public record Diagnosis(int order, Element worst, int wrong, int looked, Optional<String> why) {

    static Optional<Diagnosis> of(Projection projection, int order, int most) {
      List<Element> looked = projection.elements(most);
      List<Element> wrong =
          looked.stream()
              .filter(element -> !(element.error() <= TOLERANCE))
              .sorted(Comparator.comparingDouble(Element::error).reversed())
              .toList();
      return wrong.stream()
          .findFirst()
          .map(worst ->
              new Diagnosis(
                  order, worst, wrong.size(), looked.size(), why(projection, order, wrong)));
    }

    private static Optional<String> why(Projection projection, int order, List<Element> wrong) {
      Element worst = wrong.getFirst();
      double factor = worst.analytic() / worst.numeric();
      String why = "";
      if (!Double.isFinite(worst.analytic()) || !Double.isFinite(worst.numeric())) {
        why = "a pole, or a number outside of the domain, is near";
      } else if (worst.change() > 0.1 * Math.abs(worst.analytic() - worst.numeric())) {
        why = "the differences do not settle: a kink or a jump is near, or something is rounded";
      } else if (!projection.reaches(worst.of())) {
        why = "no gradient arrives: its path is cut, by detach() or by computing with value()";
      } else if (wrong.size() > 1
          && wrong.stream().allMatch(e -> Math.abs(e.analytic() / e.numeric() - factor) < 1e-6)) {
        why = "each wrong element is " + number(factor, 6) + " times what it should be";
      } else if (order > 1) {
        why =
            "the gradient is right, its own gradient is not: backward must compute with variables";
      }
      return Optional.of(why).filter(text -> !text.isEmpty());
    }
  }

  /// What a check found.
  ///
  /// @param seed the seed of the directions, to repeat the check
  /// @param measurements everything that was compared
  /// @param diagnosis if the check failed, where
  public record Report(Seed seed, List<Measurement> measurements, Optional<Diagnosis> diagnosis) {
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
    /// @throws AssertionError with the worst element otherwise
    public Report orThrow() {
      if (!passes()) {
        throw new AssertionError(toString());
      }
      return this;
    }

    /// What was found, said of an `operation`; more rows can be added.
    public Message message(String operation) {
      Measurement worst = worst();
      if (passes()) {
        return Message.of(operation, "the gradients agree")
            .row("error", "%s of order %d".formatted(tiny(worst.error()), worst.order()));
      }
      int order = diagnosis.map(Diagnosis::order).orElse(worst.order());
      Measurement shown =
          measurements.stream()
              .filter(m -> m.order() == order && !(m.error() <= TOLERANCE))
              .findFirst()
              .orElse(worst);
      String of = order == 1 ? "the gradient" : "the gradient of order " + order;
      Message message =
          Message.of(
              operation,
              diagnosis
                  .map(d -> "%s of %s is wrong at %s".formatted(of, d.worst().of(), d.worst().at()))
                  .orElse(of + " is wrong along a random direction"));
      message
          .row(
              "found",
              number(diagnosis.map(d -> d.worst().analytic()).orElse(shown.analytic()), 12)
                  + ", by the backward pass")
          .row(
              "wanted",
              number(diagnosis.map(d -> d.worst().numeric()).orElse(shown.numeric()), 12)
                  + ", by differences down to a step of "
                  + shown.step())
          .row(
              "error",
              tiny(diagnosis.map(d -> d.worst().error()).orElse(shown.error()))
                  + ", where "
                  + tiny(TOLERANCE)
                  + " passes");
      diagnosis.ifPresent(
          d -> message.row("wrong", "%d of %d elements".formatted(d.wrong(), d.looked())));
      diagnosis.flatMap(Diagnosis::why).ifPresent(why -> message.row("why", why));
      return message;
    }

    @Override
    public String toString() {
      return message("GradCheck")
          .row(
              "again",
              "GradCheck.of(function, Seed.of(" + seed.key() + "L), " + orders() + ", inputs)")
          .toString();
    }

    private int orders() {
      return measurements.stream().mapToInt(Measurement::order).max().orElse(1);
    }
  }

  private static String number(double value, int digits) {
    String text = String.format(Locale.ROOT, "%." + digits + "g", value);
    return text.contains(".") && !text.contains("e")
        ? text.replaceAll("0+$", "").replaceAll("\\.$", "")
        : text;
  }

  private static String tiny(double value) {
    return String.format(Locale.ROOT, "%.1e", value);
  }
}
