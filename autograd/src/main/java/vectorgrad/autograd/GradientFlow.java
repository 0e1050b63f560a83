package vectorgrad.autograd;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import vectorgrad.numerics.Formula;
import vectorgrad.numerics.Program;
import vectorgrad.tensor.Shape;
import vectorgrad.tensor.Tensor;

/// An audit of one backward pass: for every parameter, how much gradient reached it, or where its
/// path to the loss was cut.
///
/// ```java
/// var flow = GradientFlow.audit(model.parameters(), () -> crossEntropy(model.forward(x), y));
/// System.out.println(flow);
/// adam.step(flow.gradients());
/// ```
///
/// ```
/// GradientFlow: 1 of 3 parameters is cut off
///   0.weight (16, 4)   norm 1.2e-01, 3 % zeros
///   0.bias   (16)      norm 4.1e-02, 0 % zeros
///   2.weight (2, 16)   no path: cut by detach at Example.forward(Example.java:12)
/// ```
///
/// The forward pass runs under observation, so that also what is not recorded leaves a trace: an
/// operation inside `inference`, a `detach`, a constant made from a variable's numbers. Costs a
/// walk up the stack for each operation, about a microsecond, and keeps every intermediate result
/// until the audit is dropped: meant for one step.
public final class GradientFlow {
  private static final Program ZEROS =
      Program.of(Formula.input(0).equalTo(Formula.ZERO).then(Formula.ONE, Formula.ZERO));
  private static final Program SQUARES = Program.of(Formula.input(0).square());

  private final Gradients gradients;
  private final double loss;
  private final List<Entry> entries;

  private GradientFlow(Gradients gradients, double loss, List<Entry> entries) {
    this.gradients = gradients;
    this.loss = loss;
    this.entries = List.copyOf(entries);
  }

  /// What became of a parameter's gradient.
  public enum Status {
    /// A gradient came.
    REACHED,
    /// A gradient came, and every element of it is exactly zero: a dead unit, a saturated one, or a
    /// product with zero.
    ZERO,
    /// Nothing came.
    NO_PATH,
    /// The parameter wants none.
    FROZEN
  }

  /// One parameter.
  ///
  /// @param name its name; `parameter 3` for the fourth, if it has none
  /// @param shape its shape
  /// @param status what became of its gradient
  /// @param norm the gradient's Euclidean norm; 0 without one
  /// @param zeros the share of its elements that are exactly 0; 1 without one
  /// @param cut where the path ends, if there is none
  public record Entry(
      String name, Shape shape, Status status, double norm, double zeros, Optional<Cut> cut) {}

  /// Where a path from a parameter to the loss ends.
  ///
  /// @param by what cut it: `detach`, `inference`, `constant`, an operation whose result has no
  ///   gradient; empty if nothing did, but the loss was not computed from it
  /// @param operation the last operation that came from the parameter before the cut; empty if it
  ///   was cut before any
  /// @param at the line of code, empty if unknown
  public record Cut(String by, String operation, String at) {
    @Override
    public String toString() {
      if (by.isEmpty() && operation.isEmpty()) {
        return "no operation used it";
      }
      String line = at.isEmpty() ? "" : " at " + at;
      return by.isEmpty()
          ? "the loss does not depend on what was made of it, " + operation + line + " the last"
          : "cut by " + by + line;
    }
  }

  /// Computes the loss under observation, runs the backward pass, and sees what reached each
  /// parameter.
  public static GradientFlow audit(
      Iterable<? extends Parameter> parameters, Supplier<Variable> loss) {
    Watch watch = new Watch();
    parameters.forEach(parameter -> watch.known.put(parameter.value().memory(), parameter));
    Variable number = watch.watch(loss);
    Gradients gradients = number.requiresGrad() ? number.backward() : new Gradients(false);
    List<Entry> entries = new ArrayList<>();
    for (Parameter parameter : parameters) {
      String name = parameter.label().orElse("parameter " + entries.size());
      entries.add(entry(name, parameter, gradients, watch, number));
    }
    return new GradientFlow(gradients, number.item(), entries);
  }

  private static Entry entry(
      String name, Parameter parameter, Gradients gradients, Watch watch, Variable loss) {
    Shape shape = parameter.shape();
    if (!parameter.trainable()) {
      return new Entry(name, shape, Status.FROZEN, 0, 1, Optional.empty());
    }
    if (!gradients.has(parameter)) {
      return new Entry(name, shape, Status.NO_PATH, 0, 1, Optional.of(watch.cut(parameter, loss)));
    }
    Tensor gradient = gradients.get(parameter);
    double zeros = shape.size() == 0 ? 1 : total(ZEROS, gradient) / shape.size();
    double norm = Math.sqrt(total(SQUARES, gradient));
    return new Entry(
        name, shape, zeros == 1 ? Status.ZERO : Status.REACHED, norm, zeros, Optional.empty());
  }

  private static double total(Program program, Tensor x) {
    return Tensor.sumOf(program, false, new int[0], x).item();
  }

  /// The gradients of the pass, to go on with.
  public Gradients gradients() {
    return gradients;
  }

  /// The loss.
  public double loss() {
    return loss;
  }

  /// One entry for each parameter, in their order.
  public List<Entry> entries() {
    return entries;
  }

  /// The entries of trainable parameters that nothing reached.
  public List<Entry> cutOff() {
    return entries.stream().filter(entry -> entry.status() == Status.NO_PATH).toList();
  }

  /// The table.
  @Override
  public String toString() {
    int cut = cutOff().size();
    StringBuilder text = new StringBuilder("GradientFlow: ");
    text.append(
        cut == 0
            ? "every parameter that is trained is reached"
            : "%d of %d parameters %s cut off"
                .formatted(cut, entries.size(), cut == 1 ? "is" : "are"));
    int names = entries.stream().mapToInt(entry -> entry.name().length()).max().orElse(0);
    int shapes =
        entries.stream().mapToInt(entry -> entry.shape().toString().length()).max().orElse(0);
    for (Entry entry : entries) {
      text.append(
          ("\n  %-" + Math.max(1, names) + "s %-" + Math.max(1, shapes) + "s  %s")
              .formatted(entry.name(), entry.shape(), finding(entry)));
    }
    return text.toString();
  }

  private static String finding(Entry entry) {
    return switch (entry.status()) {
      case REACHED ->
          String.format(Locale.ROOT, "norm %.1e, %.0f %% zeros", entry.norm(), 100 * entry.zeros());
      case ZERO -> "all of it exactly zero";
      case NO_PATH -> "no path: " + entry.cut().map(Cut::toString).orElse("");
      case FROZEN -> "frozen";
    };
  }

  /// How a variable came to be.
  ///
  /// @param name the operation
  /// @param inputs what went in
  /// @param cut what ended the history here, if anything did
  /// @param line the user's
  private record Made(
      String name,
      List<Variable> inputs,
      Optional<String> cut,
      Optional<StackWalker.StackFrame> line) {
    String at() {
      return line.map(CallSite::text).orElse("");
    }
  }

  /// Remembers how every variable was made, also where no history is recorded.
  private static final class Watch implements Observer {
    // variables and arrays have identity only
    private final Map<Variable, Made> made = new HashMap<>();
    private final List<Variable> order = new ArrayList<>();

    /// The variable that shows some memory.
    private final Map<Object, Variable> known = new HashMap<>();

    @Override
    public void applied(Rule rule, Variable[] inputs, Variable output) {
      Optional<String> cut = Optional.empty();
      if (output.node() == null && Variable.anyRequiresGrad(inputs)) {
        cut = Optional.of(Mode.current().recording() ? rule.name() : "inference");
      }
      add(rule.name(), inputs, output, cut);
    }

    @Override
    public void detached(Variable source, Variable detached) {
      add("detach", new Variable[] {source}, detached, Optional.of("detach"));
    }

    @Override
    public void constant(Tensor value, Variable constant) {
      Variable source = known.get(value.memory());
      if (source != null) {
        add("constant", new Variable[] {source}, constant, Optional.of("constant"));
      }
    }

    private void add(String name, Variable[] inputs, Variable output, Optional<String> cut) {
      made.put(output, new Made(name, List.of(inputs), cut, CallSite.find()));
      order.add(output);
      known.putIfAbsent(output.value().memory(), output);
    }

    /// Where the path from `parameter` to `loss` ends.
    Cut cut(Parameter parameter, Variable loss) {
      // everything made of the parameter, cuts or not, and the variable it came by
      Map<Variable, Variable> from = new HashMap<>();
      from.put(parameter, parameter);
      Variable last = parameter;
      for (Variable output : order) {
        for (Variable input : made.get(output).inputs()) {
          if (from.containsKey(input)) {
            from.put(output, input);
            last = output;
            break;
          }
        }
      }
      if (!from.containsKey(loss)) {
        Made end = made.get(last);
        return end == null
            ? new Cut("", "", "")
            : new Cut(end.cut().orElse(""), end.name(), end.at());
      }
      Cut cut = new Cut("", "", "");
      for (Variable at = loss; at != parameter; at = from.get(at)) {
        Made step = made.get(at);
        if (step.cut().isPresent()) {
          Made before = made.get(from.get(at));
          cut = new Cut(step.cut().get(), before == null ? "" : before.name(), step.at());
        }
      }
      return cut;
    }
  }
}
