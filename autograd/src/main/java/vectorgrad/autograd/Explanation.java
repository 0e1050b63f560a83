package vectorgrad.autograd;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import vectorgrad.numerics.Formula;
import vectorgrad.tensor.ClosedScopeException;
import vectorgrad.tensor.Message;
import vectorgrad.tensor.Shape;
import vectorgrad.tensor.Tensor;

/// The chain rule of a small graph as a sheet: for every variable its formula and value, and how
/// its gradient comes together from those of the variables it went into.
///
/// ```java
/// var w = Variable.leaf(Tensor.of(0.5));
/// var loss = w.mul(2).tanh();
/// System.out.println(Explanation.of(loss, Map.of("w", w)));
/// ```
///
/// ```
/// forward
///   w                 = 0.5
///   v1   = w·2        = 1
///   loss = tanh(v1)   = 0.7616
/// backward
///   ∂loss/∂v1 = ∂loss/∂loss·(1 − loss·loss) = 0.42
///   ∂loss/∂w  = ∂loss/∂v1·2                 = 0.84
/// ```
///
/// The graph stays as it is. [#svg] and [#dot] draw it.
public final class Explanation {
  private static final int MOST = 200;
  private static final int WIDEST = 60; // letters of a sum that is one row

  private final List<Step> steps;

  private Explanation(List<Step> steps) {
    this.steps = List.copyOf(steps);
  }

  /// One variable of the graph.
  ///
  /// @param name what it is called here
  /// @param formula how it was computed; empty for what was given
  /// @param shape its shape
  /// @param value its numbers, unless the graph let them go
  /// @param gradient the gradient of the loss with respect to it, if it has one
  /// @param inputs what it was computed from
  public record Step(
      String name,
      String formula,
      Shape shape,
      Optional<Tensor> value,
      Optional<Tensor> gradient,
      List<Edge> inputs) {
    /// Keeps its own copy of the list.
    public Step {
      inputs = List.copyOf(inputs);
    }
  }

  /// One input of a variable.
  ///
  /// @param name the input's
  /// @param slope the local derivative as a formula; empty where it is none, as for a sum over axes
  /// @param share what this way contributes to the input's gradient, if it wants one
  public record Edge(String name, String slope, Optional<Tensor> share) {}

  /// Explains how `loss`, a single number, came about, and its gradients.
  public static Explanation of(Variable loss) {
    return of(loss, Map.of());
  }

  /// As [#of(Variable)], with names for some variables; parameters have their own.
  ///
  /// @throws GradientException if the graph has more than 200 operations, was used up, or the loss
  ///   is no single number
  public static Explanation of(Variable loss, Map<String, Variable> names) {
    return new Explanation(new Reader(loss, names).steps());
  }

  /// The variables in the order of computation, the loss last.
  public List<Step> steps() {
    return steps;
  }

  /// The graph in the language of Graphviz.
  public String dot() {
    return GraphDrawing.dot(steps);
  }

  /// The graph as a picture: given variables on the left, the loss on the right; values in blue,
  /// gradients in red, shapes and local derivatives on the arrows.
  public String svg() {
    return GraphDrawing.svg(steps);
  }

  /// The sheet.
  @Override
  public String toString() {
    List<String[]> forward = new ArrayList<>();
    List<String[]> backward = new ArrayList<>();
    String loss = steps.getLast().name();
    for (Step step : steps) {
      String value = step.value().map(Explanation::text).orElse("let go, " + step.shape());
      if (!value.equals(step.name())) { // a number needs no name
        String formula = step.formula().isEmpty() ? "" : "= " + step.formula();
        forward.add(new String[] {step.name(), formula, "= " + value});
      }
    }
    for (Step step : steps.reversed()) {
      List<String> terms = new ArrayList<>();
      List<String> shares = new ArrayList<>();
      for (Step later : steps.reversed()) {
        for (Edge edge : later.inputs()) {
          if (edge.name().equals(step.name()) && edge.share().isPresent()) {
            terms.add(term("∂" + loss + "/∂" + later.name(), edge.slope(), later.formula()));
            shares.add(text(edge.share().get()));
          }
        }
      }
      if (step.gradient().isPresent() && !terms.isEmpty()) {
        String name = "∂" + loss + "/∂" + step.name();
        String total = text(step.gradient().get());
        if (terms.size() > 1 && String.join(" + ", terms).length() > WIDEST) {
          for (int i = 0; i < terms.size(); i++) {
            String[] row = {i == 0 ? name : "", i == 0 ? "= " : "+ ", "= " + shares.get(i)};
            row[1] += terms.get(i);
            backward.add(row);
          }
          backward.add(new String[] {"", "", "= " + total + ", their sum"});
          continue;
        }
        String sum =
            shares.size() > 1 ? "= " + String.join(" + ", shares).replace("+ −", "− ") + " " : "";
        backward.add(new String[] {name, "= " + String.join(" + ", terms), sum + "= " + total});
      }
    }
    return "forward"
        + table(forward)
        + "\nbackward, from ∂"
        + loss
        + "/∂"
        + loss
        + " = 1"
        + table(backward);
  }

  private static String term(String outer, String slope, String formula) {
    if (slope.isEmpty()) {
      return "back through " + formula + " of " + outer;
    }
    return slope.equals("1") ? outer : slope.equals("−1") ? "−" + outer : outer + "·" + slope;
  }

  private static String table(List<String[]> rows) {
    StringBuilder text = new StringBuilder();
    int first = rows.stream().mapToInt(row -> row[0].length()).max().orElse(0);
    int second = rows.stream().mapToInt(row -> row[1].length()).max().orElse(0);
    for (String[] row : rows) {
      text.append("\n  ").append(row[0]).append(" ".repeat(first - row[0].length() + 1));
      text.append(row[1]).append(" ".repeat(second - row[1].length() + (second == 0 ? 0 : 1)));
      text.append(row[2]);
    }
    return text.toString();
  }

  /// A number in four digits; a few numbers in brackets; of more, the shape and the norm.
  static String text(Tensor x) {
    if (x.size() > 6) {
      return x.shape() + " of norm " + number(x.norm());
    }
    StringBuilder text = new StringBuilder();
    for (double value : x.toDoubles()) {
      text.append(text.isEmpty() ? "" : ", ").append(number(value));
    }
    return x.size() == 1 ? text.toString() : "[" + text + "]";
  }

  static String number(double x) {
    String text =
        x == Math.rint(x) && Math.abs(x) < 1e6
            ? String.format(Locale.ROOT, "%.0f", x)
            : String.format(Locale.ROOT, "%.4g", x);
    if (text.contains(".") && !text.contains("e")) {
      text = text.replaceAll("0+$", "").replaceAll("\\.$", "");
    }
    return text.replace('-', '−');
  }

  /// Reads a graph into steps.
  private static final class Reader implements Observer {
    private final Variable loss;
    private final Map<Object, String> names = new HashMap<>(); // of nodes and leaves
    private final Map<Object, Variable> order = new LinkedHashMap<>(); // inputs first
    private final Map<Node, Map<Integer, Tensor>> shares = new HashMap<>();

    Reader(Variable loss, Map<String, Variable> names) {
      this.loss = loss;
      names.forEach((name, variable) -> this.names.put(key(variable), name));
    }

    /// What a variable and its outlines have in common: its node, itself if it is a leaf, its
    /// numbers if it is a constant.
    private static Object key(Variable variable) {
      if (variable.node() != null) {
        return variable.node();
      }
      return variable.requiresGrad() || variable instanceof Parameter
          ? variable
          : value(variable).map(Object.class::cast).orElse(variable);
    }

    List<Step> steps() {
      collect();
      name();
      Gradients gradients = watch(() -> loss.backwardKeepingGraph(wanted()));
      List<Step> steps = new ArrayList<>();
      order.forEach((key, variable) -> {
        List<Edge> edges = new ArrayList<>();
        String formula = "";
        if (key instanceof Node node) {
          formula = formula(node);
          for (int i = 0; i < node.inputs(); i++) {
            Tensor share = shares.getOrDefault(node, Map.of()).get(i);
            edges.add(
                new Edge(
                    names.get(key(node.input(i))), slope(node, i), Optional.ofNullable(share)));
          }
        }
        steps.add(
            new Step(
                names.get(key),
                formula,
                variable.shape(),
                value(variable),
                gradients.has(variable) ? Optional.of(gradients.get(variable)) : Optional.empty(),
                edges));
      });
      return steps;
    }

    private Variable[] wanted() {
      return order.values().stream().filter(Variable::requiresGrad).toArray(Variable[]::new);
    }

    /// All variables, inputs before outputs; of each the one that knows most.
    private void collect() {
      List<Variable> path = new ArrayList<>(List.of(loss));
      Map<Node, Integer> cursors = new HashMap<>();
      while (!path.isEmpty()) {
        Variable variable = path.getLast();
        Node node = variable.node();
        int next = node == null ? 0 : cursors.merge(node, 1, Integer::sum) - 1;
        if (node != null && node.isUsedUp()) {
          throw new GradientException(
              Message.of("explain", "this graph was used up by a backward pass")
                  .row("help", "explain before backward(), or call backwardKeepingGraph()"));
        }
        if (node != null && next < node.inputs()) {
          Variable input = node.input(next);
          if (!order.containsKey(key(input))) {
            path.add(input);
          } else if (order.get(key(input)) instanceof Outline) {
            order.put(key(input), input);
          }
          continue;
        }
        path.removeLast();
        order.put(key(variable), node == null ? variable : node.output().orElse(variable));
        if (order.size() > MOST) {
          throw new GradientException(
              Message.of("explain", "more than " + MOST + " operations are no sheet to read")
                  .row("help", "explain a part: a single layer on a few numbers"));
        }
      }
    }

    private void name() {
      int computed = 0;
      int given = 0;
      names.putIfAbsent(key(loss), "loss");
      for (var entry : order.entrySet()) {
        Variable variable = entry.getValue();
        Optional<Tensor> value = value(variable);
        if (names.containsKey(entry.getKey())) {
          continue;
        }
        String name =
            variable.label().isPresent()
                ? variable.label().get()
                : variable.node() != null
                    ? "v" + ++computed
                    : !variable.requiresGrad() && variable.size() == 1 && value.isPresent()
                        ? number(value.get().item())
                        : "x" + ++given;
        names.put(entry.getKey(), name);
      }
    }

    private static Optional<Tensor> value(Variable variable) {
      Optional<Tensor> value =
          variable instanceof Outline outline ? outline.small() : Optional.of(variable.value());
      try {
        value.ifPresent(Tensor::memory);
        return value;
      } catch (ClosedScopeException e) {
        return Optional.empty(); // it went with its scope
      }
    }

    private String formula(Node node) {
      String[] inputs = new String[node.inputs()];
      for (int i = 0; i < inputs.length; i++) {
        inputs[i] = names.get(key(node.input(i)));
      }
      return node.rule() instanceof Fused fused
          ? fused.value().notation(inputs)
          : decapitalised(node.name()) + "(" + String.join(", ", inputs) + ")";
    }

    private static String decapitalised(String name) {
      return name.substring(0, 1).toLowerCase(Locale.ROOT) + name.substring(1);
    }

    private String slope(Node node, int i) {
      if (!(node.rule() instanceof Fused fused)) {
        return "";
      }
      String[] operands = new String[node.inputs() + 1];
      for (int k = 0; k < node.inputs(); k++) {
        operands[k] = names.get(key(node.input(k)));
      }
      operands[node.inputs()] = names.get(node);
      Formula slope = fused.slope(i);
      String text = slope.notation(operands);
      boolean atom =
          slope instanceof Formula.Input
              || slope instanceof Formula.Constant
              || (slope instanceof Formula.Unary && !text.startsWith("−"));
      return atom ? text : "(" + text + ")";
    }

    @Override
    public void applied(Rule rule, Variable[] inputs, Variable output) {}

    @Override
    public void handed(Node node, int i, Variable dy, Variable gradient) {
      shares.computeIfAbsent(node, _ -> new HashMap<>()).put(i, gradient.value());
    }
  }
}
