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
import vectorgrad.numerics.Program;
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
  private Program program;
  private Schedule schedule;
  private long steps;

  /// An optimizer of `parameters` by `rule`, with a learning rate of 0.001.
  ///
  /// @throws IllegalArgumentException if there are no parameters, or one appears twice
  public FormulaOptimizer(List<Parameter> parameters, UpdateRule rule) {
    this.name =
        getClass() == FormulaOptimizer.class
            ? rule.getClass().getSimpleName()
            : getClass().getSimpleName();
    rule(rule);
    this.schedule = Schedule.constant(1e-3);
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
    return learningRate(Schedule.constant(rate));
  }

  /// The rate by step: `adam.learningRate(warmup(500).then(cosine(10_000)).times(1e-3))`.
  ///
  /// @return this
  public FormulaOptimizer learningRate(Schedule rate) {
    this.schedule = rate;
    return this;
  }

  /// Goes on with other settings of the rule. What both remember is kept.
  final void rule(UpdateRule other) {
    this.rule = other;
    this.program = Slot.program(other);
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
      throw holdsNone(gradients);
    }
    double rate = learningRate();
    for (Slot slot : reached) {
      slot.step(rule, program, rate, gradients.get(slot.parameter()));
    }
    steps++;
  }

  private GradientException holdsNone(Gradients gradients) {
    int count = slots.size();
    boolean frozen = slots.stream().noneMatch(slot -> slot.parameter().trainable());
    Slot first = slots.getFirst();
    return new GradientException(
        Message.of(
                name,
                count == 1
                    ? "the gradients do not hold its parameter"
                    : "the gradients hold none of its " + count + " parameters")
            .row("first", "\"" + first.name() + "\" " + first.parameter().shape())
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
    return state;
  }

  @Override
  public final void restore(Map<String, Tensor> saved, long steps) {
    Map<String, Cell> state = state();
    Differences.refuse(name, state, saved);
    state.forEach((name, cell) -> cell.set(saved.get(name)));
    this.steps = steps;
  }

  /// The rule, the rate and how many parameters: `Adam(8 parameters, learning rate 0.001)`.
  @Override
  public String toString() {
    String count = slots.size() == 1 ? "1 parameter" : slots.size() + " parameters";
    return name + "(" + count + ", learning rate " + learningRate() + ")";
  }
}
