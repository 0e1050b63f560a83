package vectorgrad.autograd;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import vectorgrad.tensor.Scope;
import vectorgrad.tensor.Tensor;

/// A stretch of a computation that keeps nothing for the backward pass but its inputs, and is
/// computed again when the pass comes by: see [Variable#checkpoint].
final class Recomputation implements Rule {
  private final Function<List<Variable>, Variable> function;
  private final int given; // the inputs of the function; behind them the leaves it uses
  private final Journal journal = new Journal();
  private final Mode mode = Mode.current();
  private final Autocast autocast = Autocast.current();

  private Recomputation(Function<List<Variable>, Variable> function, int given) {
    this.function = function;
    this.given = given;
  }

  /// `function` of all `inputs`.
  static Variable of(Function<List<Variable>, Variable> function, Variable... inputs) {
    if (!Mode.current().recording()) {
      return function.apply(List.of(inputs));
    }
    Recomputation stretch = new Recomputation(function, inputs.length);
    List<Variable> all = new ArrayList<>(List.of(inputs));
    Tensor value =
        Scope.within(() -> {
          List<Variable> apart = apart(List.of(inputs));
          Variable y = stretch.journal.record(() -> stretch.compute(apart));
          if (y.requiresGrad()) {
            Backward.leaves(y).stream().filter(leaf -> !apart.contains(leaf)).forEach(all::add);
          }
          return y.value();
        });
    Variable[] every = all.toArray(Variable[]::new);
    return Variable.result(stretch, value, every);
  }

  /// In a region of its own, if it was met in one: a cast made outside is no part of the stretch.
  private Variable compute(List<Variable> inputs) {
    return autocast.call(() -> function.apply(inputs));
  }

  /// The same numbers, without a way back.
  private static List<Variable> apart(List<Variable> inputs) {
    return inputs.stream()
        .map(x -> x.requiresGrad() ? Variable.leaf(x.value()) : Variable.constant(x.value()))
        .toList();
  }

  @Override
  public String name() {
    return "checkpoint";
  }

  @Override
  public long reads(int i) {
    return Reads.INPUTS;
  }

  @Override
  public void backward(Variable dy, Variable[] inputs, Variable output, Sink sink) {
    List<Integer> wanted = new ArrayList<>();
    for (int i = 0; i < inputs.length; i++) {
      if (sink.wants(i)) {
        wanted.add(i);
      }
    }
    if (Mode.current().recording()) { // the gradients are to be differentiated again
      List<Variable> gradients =
          gradients(List.of(inputs), wanted, dy, Backward.Graph.EXTENDED, List.of(inputs));
      for (int k = 0; k < wanted.size(); k++) {
        sink.give(wanted.get(k), gradients.get(k));
      }
      return;
    }
    List<Tensor> gradients =
        Scope.withinAll(() -> {
          List<Variable> copies = new ArrayList<>(apart(List.of(inputs).subList(0, given)));
          copies.addAll(List.of(inputs).subList(given, inputs.length));
          return gradients(copies, wanted, dy, Backward.Graph.USED_UP, List.of(inputs)).stream()
              .map(Variable::value)
              .toList();
        });
    for (int k = 0; k < wanted.size(); k++) {
      sink.give(wanted.get(k), Variable.constant(gradients.get(k)));
    }
  }

  /// The gradients of the `wanted` ones of `leaves`; zeros where a stretch that is not the same
  /// every time no longer uses one.
  private List<Variable> gradients(
      List<Variable> leaves,
      List<Integer> wanted,
      Variable dy,
      Backward.Graph graph,
      List<Variable> shapes) {
    Variable y =
        journal.replay(() -> mode.recording(true).call(() -> compute(leaves.subList(0, given))));
    Variable[] only = wanted.stream().map(leaves::get).toArray(Variable[]::new);
    Gradients found = Backward.between(only, y, dy, graph);
    List<Variable> gradients = new ArrayList<>();
    for (int k = 0; k < only.length; k++) {
      gradients.add(
          found.has(only[k])
              ? found.variable(only[k])
              : dy.number(0).to(shapes.get(wanted.get(k)).dtype()).expand(only[k].shape()));
    }
    return gradients;
  }
}
