package vectorgrad.optim;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import vectorgrad.autograd.GradientException;
import vectorgrad.autograd.Gradients;
import vectorgrad.autograd.Parameter;
import vectorgrad.tensor.Cell;
import vectorgrad.tensor.Message;
import vectorgrad.tensor.Tensor;

/// Runs an [UpdateRule]: for each parameter one fused kernel that reads parameter, gradient and
/// state once and writes parameter and state in place.
///
/// State is made at a parameter's first step, outside every scope, and follows its parameter to
/// another device or dtype. Each parameter counts its own steps, so one that is unfrozen later
/// begins its bias corrections then.
public class FormulaOptimizer implements Optimizer {
  private final String name;
  private final List<Slot> slots = new ArrayList<>();
  private UpdateRule rule;
  private UpdateRule prepared;
  private Slot.Kernels kernels;
  private Schedule schedule;
  private boolean maximize;
  private double l1;
  private double decay;
  private double maxNorm = Double.POSITIVE_INFINITY;
  private int unitAxis;
  private long steps;

  /// An optimizer of `parameters` by `rule`, with a learning rate of 0.001.
  ///
  /// @throws IllegalArgumentException if there are no parameters, or one appears twice
  public FormulaOptimizer(List<Parameter> parameters, UpdateRule rule) {
    this(parameters, rule, Schedule.constant(1e-3));
  }

  FormulaOptimizer(List<Parameter> parameters, UpdateRule rule, Schedule rate) {
    this.name =
        getClass() == FormulaOptimizer.class
            ? rule.getClass().getSimpleName()
            : getClass().getSimpleName();
    rule(rule);
    this.schedule = rate;
    if (parameters.isEmpty()) {
      throw new IllegalArgumentException(
          Message.of(name, "there are no parameters to optimize")
              .row("help", "pass model.parameters()")
              .toString());
    }
    Set<Parameter> seen = new HashSet<>();
    Set<String> names = new HashSet<>();
    for (Parameter parameter : parameters) {
      if (!seen.add(parameter)) {
        throw new IllegalArgumentException(
            Message.of(name, "\"" + parameter.name() + "\" is in the list twice")
                .row("help", "model.parameters() lists a shared parameter once")
                .toString());
      }
      slots.add(new Slot(parameter, unused(parameter.name(), names)));
    }
  }

  /// A parameter's own name; the second of the same name is `name~2`, one without a name
  /// `parameter`.
  private static String unused(String wanted, Set<String> names) {
    String base = wanted.isEmpty() ? "parameter" : wanted;
    String name = base;
    for (int i = 2; !names.add(name); i++) {
      name = base + "~" + i;
    }
    return name;
  }

  /// The same rate at every step.
  ///
  /// @return this
  public FormulaOptimizer learningRate(double rate) {
    return learningRate(Schedule.constant(Check.atLeast(name, "the learning rate", rate, 0)));
  }

  /// The rate by step: `adam.learningRate(warmup(500).then(cosine(10_000)).times(1e-3))`.
  ///
  /// @return this
  public FormulaOptimizer learningRate(Schedule rate) {
    this.schedule = rate;
    return this;
  }

  /// The rate by step.
  public final Schedule schedule() {
    return schedule;
  }

  /// Climbs instead of descending: the gradient's opposite takes its place.
  ///
  /// @return this
  public FormulaOptimizer maximize() {
    maximize = true;
    return prepare();
  }

  /// Adds `strength` times the parameter's sign to its gradient, the slope of the penalty
  /// `strength·Σ|p|`. It draws all numbers to 0 at one speed, where the square of L2 hardly draws
  /// the small ones; at 0 itself it draws nowhere. A step rarely ends at 0 exactly.
  ///
  /// @return this
  public FormulaOptimizer l1(double strength) {
    l1 = Check.atLeast(name, "the strength of l1", strength, 0);
    return prepare();
  }

  /// Shrinks each parameter by `1 − rate·weightDecay` before the step, beside what the rule does
  /// with the gradient: decay that is *decoupled*. A rule's own `weightDecay`, added to the
  /// gradient, is *coupled*: what divides the gradient by its size divides it too. For plain
  /// descent both are the same. Loshchilov and Hutter 2019.
  ///
  /// @return this
  /// @throws IllegalArgumentException for [AdamW], whose own decay is decoupled
  public FormulaOptimizer decoupledDecay(double weightDecay) {
    decay = Check.atLeast(name, "weight decay", weightDecay, 0);
    return prepare();
  }

  /// As [#maxNorm(double, int)] along axis 0, where the units of linear, convolutional, recurrent
  /// and embedding weights are.
  ///
  /// @return this
  public FormulaOptimizer maxNorm(double most) {
    return maxNorm(most, 0);
  }

  /// After each step every unit whose incoming weights `w` have a Euclidean norm above `most` is
  /// drawn back to it, `w·most / (‖w‖ + 10⁻⁷)`, as PyTorch's `renorm(2, axis, most)` does. Unlike
  /// decay it leaves weights inside the ball alone, so that large rates can be used with dropout.
  ///
  /// | name | shape | |
  /// |---|---|---|
  /// | parameter | (…, units, …) | `units` at `axis`; a unit's weights are all the other axes |
  ///
  /// Axis 0 suits linear, convolutional, recurrent and embedding weights, 1 transposed
  /// convolutions: give those a group of their own. Parameters of fewer than two axes (biases,
  /// scales) or without that axis are left alone, and so are those that made no step. Two more
  /// passes over the parameter. A unit with a NaN stays as it is; one whose square overflows
  /// becomes 0. Srivastava et al. 2014, §5.1.
  ///
  /// @return this
  /// @throws IllegalArgumentException if `most` is not above 0 or `axis` is negative
  public FormulaOptimizer maxNorm(double most, int axis) {
    if (!(most > 0)) {
      throw new IllegalArgumentException(
          Message.of(name, "the largest norm must be above 0, found " + most).toString());
    }
    Check.atLeast(name, "the axis of the units", axis, 0);
    maxNorm = most;
    unitAxis = axis;
    return this;
  }

  /// Goes on with other settings of the rule. What both remember is kept.
  final void rule(UpdateRule other) {
    this.rule = other;
    prepare();
  }

  private FormulaOptimizer prepare() {
    boolean plain = !maximize && l1 == 0 && decay == 0;
    prepared = plain ? rule : new Prepared(rule, maximize, l1, decay);
    kernels = Slot.Kernels.of(prepared);
    return this;
  }

  /// The rule, with its present settings.
  public final UpdateRule rule() {
    return rule;
  }

  @Override
  public final double learningRate() {
    return schedule.rate(steps);
  }

  @Override
  public final long steps() {
    return steps;
  }

  @Override
  public final List<Parameter> parameters() {
    return slots.stream().map(Slot::parameter).toList();
  }

  @Override
  public final void step(Gradients gradients) {
    List<Slot> reached =
        slots.stream()
            .filter(slot -> slot.parameter().trainable() && gradients.has(slot.parameter()))
            .toList();
    if (reached.isEmpty()) {
      throw holdsNone(name, parameters(), gradients);
    }
    Check.masters(name, reached.stream().map(Slot::parameter).toList());
    if (steps == 0) {
      expectMovement(reached, gradients);
    }
    double rate = learningRate();
    for (Slot slot : reached) {
      slot.step(prepared, kernels, rate, gradients.get(slot.parameter()));
      if (Double.isFinite(maxNorm)) {
        slot.bound(maxNorm, unitAxis);
      }
    }
    steps++;
  }

  /// Refuses weights that nobody initialised: where two or more follow each other, all of zeros,
  /// each gradient is 0 because of the other, and no step would ever change them.
  private void expectMovement(List<Slot> reached, Gradients gradients) {
    List<Parameter> weights =
        reached.stream().map(Slot::parameter).filter(p -> p.shape().rank() >= 2).toList();
    boolean still =
        weights.size() >= 2
            && weights.stream().allMatch(p -> isZero(p.value()))
            && weights.stream().allMatch(p -> isZero(gradients.get(p)));
    if (still) {
      Parameter first = weights.getFirst();
      throw new GradientException(
          Message.of(
                  name,
                  "all "
                      + weights.size()
                      + " weights are 0 with gradients of 0, no step would change them")
              .row("first", "\"" + first.name() + "\" " + first.shape())
              .row("help", "model.initialize(Seed.of(1)) before training"));
    }
  }

  private static boolean isZero(Tensor x) {
    return x.ne(0).any().item() == 0;
  }

  /// The refusal of gradients that hold none of the parameters.
  static GradientException holdsNone(String name, List<Parameter> parameters, Gradients gradients) {
    int count = parameters.size();
    boolean frozen = parameters.stream().noneMatch(Parameter::trainable);
    Parameter first = parameters.getFirst();
    String label = first.name().isEmpty() ? "parameter" : first.name();
    return new GradientException(
        Message.of(
                name,
                count == 1
                    ? "the gradients do not hold its parameter"
                    : "the gradients hold none of its " + count + " parameters")
            .row("first", "\"" + label + "\" " + first.shape())
            .row("held", held(gradients))
            .row(
                "why",
                frozen
                    ? "everything here is frozen"
                    : "the loss does not depend on it, or belongs to another optimizer"));
  }

  /// Which variables the gradients hold instead: their number, and the first one.
  static String held(Gradients gradients) {
    int count = gradients.variables().size();
    String first =
        gradients.variables().stream()
            .findFirst()
            .map(variable ->
                variable instanceof Parameter parameter && !parameter.name().isEmpty()
                    ? "\"" + parameter.name() + "\" " + parameter.shape()
                    : "a variable " + variable.shape())
            .orElse("nothing");
    return count <= 1 ? first : first + " and " + (count - 1) + " more";
  }

  @Override
  public final Map<String, Cell> state() {
    Map<String, Cell> state = new LinkedHashMap<>();
    for (Slot slot : slots) {
      slot.state(rule).forEach((part, cell) -> state.put(slot.name() + "." + part, cell));
    }
    String first = slots.getFirst().name();
    schedule.state().forEach((part, cell) -> state.put(first + ".schedule." + part, cell));
    return state;
  }

  @Override
  public final void restore(Map<String, Tensor> saved, long steps) {
    Map<String, Cell> state = state();
    Differences.refuse(name, state, saved);
    state.forEach((name, cell) -> cell.set(saved.get(name)));
    this.steps = steps;
  }

  @Override
  public final String recipe() {
    String bound = Double.isFinite(maxNorm) ? ", max norm " + maxNorm + " by axis " + unitAxis : "";
    return name + " " + prepared + bound + ", learning rate " + schedule;
  }

  /// The rule, the rate and how many parameters: `Adam(8 parameters, learning rate 0.001)`.
  @Override
  public String toString() {
    String count = slots.size() == 1 ? "1 parameter" : slots.size() + " parameters";
    return name + "(" + count + ", learning rate " + learningRate() + ")";
  }
}
