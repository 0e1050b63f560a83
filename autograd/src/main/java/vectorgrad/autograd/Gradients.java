package vectorgrad.autograd;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import vectorgrad.numerics.Formula;
import vectorgrad.numerics.Program;
import vectorgrad.tensor.Cell;
import vectorgrad.tensor.DType;
import vectorgrad.tensor.Message;
import vectorgrad.tensor.ShapeException;
import vectorgrad.tensor.Tensor;

/// What a backward pass returns: a gradient for every leaf and parameter that led to the loss.
/// There is no `.grad` field, and so no `zeroGrad()` to forget.
///
/// ```java
/// adam.step(loss.backward().clipNorm(1));
/// ```
public final class Gradients {
  private static final Program SQUARE = Program.of(Formula.input(0).square());
  private static final Program ZERO_IF_FINITE =
      Program.of(Formula.input(0).minus(Formula.input(0)));

  private final Map<Variable, Variable> map = new LinkedHashMap<>(); // variables have identity only
  private final Map<Variable, Variable> retained =
      new LinkedHashMap<>(); // of no optimizer's interest
  private final boolean withGraph;

  Gradients(boolean withGraph) {
    this.withGraph = withGraph;
  }

  /// Gradients from elsewhere, in the order of the map: another device's, another process's.
  ///
  /// @throws ShapeException if one is not of its variable's shape
  public static Gradients of(Map<? extends Variable, Tensor> gradients) {
    Gradients made = new Gradients(false);
    gradients.forEach((variable, gradient) -> {
      if (!gradient.shape().equals(variable.shape())) {
        throw new ShapeException(
            Message.of("Gradients", "a gradient is not of its variable's shape")
                .row("of", variable.label().map(name -> "\"" + name + "\"").orElse("a variable"))
                .row("shape", variable.shape())
                .row("found", gradient.shape()),
            variable.shape(),
            gradient.shape());
      }
      made.map.put(variable, Variable.constant(gradient));
    });
    return made;
  }

  /// Adds to what there is for `variable`.
  void add(Variable variable, Variable gradient) {
    map.merge(variable, gradient, Variable::add);
  }

  /// What there is for `variable`, or null.
  Variable before(Variable variable) {
    return map.get(variable);
  }

  /// Replaces what there is for `variable`.
  void put(Variable variable, Variable gradient) {
    map.put(variable, gradient);
  }

  /// Keeps the gradient of a computed variable that asked for it.
  void retain(Variable variable, Variable gradient) {
    retained.put(variable, gradient);
  }

  /// The gradient with respect to `variable`, of its shape.
  ///
  /// @throws GradientException if nothing reached it
  public Tensor get(Variable variable) {
    return variable(variable).value();
  }

  /// The gradient as a variable: with a history of its own if it comes from
  /// [Variable#backwardWithGraph].
  ///
  /// @throws GradientException if nothing reached it
  public Variable variable(Variable variable) {
    Variable gradient = map.getOrDefault(variable, retained.get(variable));
    if (gradient == null) {
      throw new GradientException(
          Message.of(
                  "Gradients",
                  "nothing reached %s %s"
                      .formatted(
                          variable.label().map(name -> "\"" + name + "\"").orElse("a variable"),
                          variable.shape()))
              .row(
                  "why", "it is not on a path to the loss, or the pass ran inside inference(...)"));
    }
    return gradient;
  }

  /// Whether there is a gradient with respect to `variable`.
  public boolean has(Variable variable) {
    return map.containsKey(variable) || retained.containsKey(variable);
  }

  /// The variables that have a gradient, in the order the pass reached them; without those that
  /// were computed and asked for theirs by [Variable#retainGrad], which are no one's to update or
  /// clip.
  public Set<Variable> variables() {
    return Collections.unmodifiableSet(map.keySet());
  }

  /// These gradients and the `other` ones added; a variable may be in one of them only.
  public Gradients plus(Gradients other) {
    Gradients sum = new Gradients(withGraph && other.withGraph);
    sum.map.putAll(map);
    other.map.forEach(sum::add);
    return sum;
  }

  /// Every gradient multiplied by `factor`.
  public Gradients scale(double factor) {
    return each(gradient -> gradient.mul(factor));
  }

  /// Only the gradients of the given variables.
  public Gradients restrict(Iterable<? extends Variable> variables) {
    Gradients restricted = new Gradients(withGraph);
    for (Variable variable : variables) {
      if (map.containsKey(variable)) {
        restricted.map.put(variable, map.get(variable));
      }
    }
    return restricted;
  }

  /// The Euclidean norm over all elements of all gradients.
  public double norm() {
    double sum = 0;
    for (Variable gradient : map.values()) {
      sum += sumOfSquares(gradient.value());
    }
    return Math.sqrt(sum);
  }

  private static double sumOfSquares(Tensor gradient) {
    double sum = Tensor.sumOf(SQUARE, false, new int[0], gradient).item();
    // exploding gradients are what norms are asked for, and their squares leave f32 long before
    // they do
    boolean left = Double.isInfinite(sum) || sum < Float.MIN_NORMAL;
    return left && gradient.dtype() != DType.F64 ? sumOfSquares(gradient.to(DType.F64)) : sum;
  }

  /// The norm `(Σ|g|ᵖ)^(1/p)` over all elements of all gradients, in f64: 1 for the sum of sizes,
  /// infinity for the largest of them.
  ///
  /// @throws IllegalArgumentException if `p` is not above 0
  public double norm(double p) {
    positive("norm", "the order", p);
    if (p == 2) {
      return norm();
    }
    double[] norms =
        map.values().stream()
            .filter(gradient -> gradient.value().size() > 0)
            .mapToDouble(gradient -> gradient.value().to(DType.F64).norm(p).item())
            .toArray();
    return norms.length == 0 ? 0 : Tensor.of(norms).norm(p).item(); // a norm of norms is the norm
  }

  /// Whether no element of any gradient is infinite or NaN.
  public boolean finite() {
    return map.values().stream().allMatch(gradient -> finite(gradient.value()));
  }

  private static boolean finite(Tensor gradient) {
    // infinity less itself is NaN, and so is NaN; all else is 0
    return Tensor.sumOf(ZERO_IF_FINITE, false, new int[0], gradient).item() == 0;
  }

  /// All gradients scaled by one factor, so that their joint [#norm()] is at most `most`; these
  /// very ones if it is already. The factor is `most / norm`; PyTorch's `clip_grad_norm_` adds 10⁻⁶
  /// to the norm and so ends a little below.
  ///
  /// @throws IllegalArgumentException if `most` is not above 0
  /// @throws GradientException if a gradient is infinite or NaN, and which: scaled, it would spoil
  ///   all the others, or stop them; PyTorch refuses only if asked to
  public Gradients clipNorm(double most) {
    return clipNorm(most, 2);
  }

  /// All gradients scaled by one factor, so that their joint [#norm(double)] of order `p` is at
  /// most `most`.
  ///
  /// @throws IllegalArgumentException if `most` or `p` is not above 0
  /// @throws GradientException if a gradient is infinite or NaN
  public Gradients clipNorm(double most, double p) {
    positive("clipNorm", "the bound", most);
    double norm = norm(p);
    if (!Double.isFinite(norm)) {
      throw notFinite(norm);
    }
    return norm <= most ? this : scale(most / norm);
  }

  private GradientException notFinite(double norm) {
    Message message = Message.of("clipNorm", "the norm of the gradients is " + norm);
    List<Variable> spoilt =
        map.entrySet().stream()
            .filter(entry -> !finite(entry.getValue().value()))
            .map(Map.Entry::getKey)
            .toList();
    if (!spoilt.isEmpty()) {
      Variable first = spoilt.getFirst();
      String name = first.label().map(label -> "\"" + label + "\"").orElse("a variable");
      message.row("first", name + " " + first.shape());
      message.row("of", spoilt.size() + " of " + map.size() + " gradients");
    }
    return new GradientException(
        message.row(
            "help", "skip the step if !gradients.finite(); Anomaly.detect finds the cause"));
  }

  /// Every element of every gradient moved into `[-most, most]`; NaN stays NaN.
  ///
  /// @throws IllegalArgumentException if `most` is not above 0
  public Gradients clipValue(double most) {
    positive("clipValue", "the bound", most);
    return each(gradient -> {
      Variable limit = gradient.number(most);
      return gradient.minimum(limit).maximum(limit.neg());
    });
  }

  private static void positive(String operation, String name, double value) {
    if (!(value > 0)) {
      throw new IllegalArgumentException(
          Message.of(operation, name + " must be above 0, found " + value).toString());
    }
  }

  /// Lets all gradients outlive the scope they were made in.
  public Gradients keep() {
    map.values().forEach(Variable::keep);
    retained.values().forEach(Variable::keep);
    return this;
  }

  /// A sum of gradients over several passes, in memory of its own outside every scope.
  public static Accumulator accumulator() {
    return new Accumulator();
  }

  private Gradients each(UnaryOperator<Variable> change) {
    Gradients changed = new Gradients(withGraph);
    Mode.current()
        .recording(withGraph)
        .run(() -> map.forEach((v, gradient) -> changed.map.put(v, change.apply(gradient))));
    return changed;
  }

  /// The names and shapes of the variables, one a line.
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder("Gradients of " + map.size() + " variables");
    for (Variable variable : map.keySet()) {
      text.append("\n  ")
          .append(variable.label().orElse("a variable"))
          .append(' ')
          .append(variable.shape());
    }
    return text.toString();
  }

  /// Adds gradients up over several passes, for batches that do not fit into memory at once.
  public static final class Accumulator {
    private static final Program SUM = Program.of(Formula.input(0).plus(Formula.input(1)));

    private final Map<Variable, Cell> sums = new LinkedHashMap<>();
    private int passes;

    private Accumulator() {}

    /// Adds the gradients of one pass, in place.
    public Accumulator add(Gradients gradients) {
      for (Variable variable : gradients.variables()) {
        Tensor gradient = gradients.get(variable);
        Cell sum = sums.get(variable);
        if (sum == null) {
          sums.put(variable, new Cell(gradient));
        } else {
          Cell.update(SUM, List.of(sum), sum.value(), gradient);
        }
      }
      passes++;
      return this;
    }

    /// The number of passes added since the start or the last [#clear].
    public int passes() {
      return passes;
    }

    /// The sum. It shares this accumulator's memory until the next [#add] or [#clear].
    public Gradients sum() {
      Gradients total = new Gradients(false);
      sums.forEach((variable, cell) -> total.map.put(variable, Variable.constant(cell.value())));
      return total;
    }

    /// The mean over the passes: the gradient of one large batch, if all were equally large.
    public Gradients mean() {
      return sum().scale(1.0 / Math.max(1, passes));
    }

    /// Forgets the sums; their memory is reused.
    public void clear() {
      sums.values()
          .forEach(cell -> {
            DType dtype = cell.value().dtype();
            cell.set(Tensor.zeros(cell.value().shape(), dtype, cell.value().device()));
          });
      passes = 0;
    }
  }
}
