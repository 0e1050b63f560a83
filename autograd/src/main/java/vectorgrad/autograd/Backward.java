package vectorgrad.autograd;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import vectorgrad.tensor.Message;
import vectorgrad.tensor.Shape;
import vectorgrad.tensor.Tensor;

/// The reverse pass: the chain rule from a number back to the leaves it was computed from.
///
/// Nodes are visited from the youngest to the oldest, which is a topological order, without
/// recursion, so graphs may be as deep as memory allows. What several paths contribute to one
/// variable is added in that order, so the bits are always the same. A node's gradient is dropped
/// as soon as it is handed on.
final class Backward {
  private static final AtomicLong PASSES = new AtomicLong();

  private final long pass = PASSES.incrementAndGet();
  private final Set<Variable> only;
  private final Gradients gradients;
  private final Set<Variable> seenLeaves = Collections.newSetFromMap(new IdentityHashMap<>());

  private Backward(List<Variable> only, boolean withGraph) {
    this.only = Collections.newSetFromMap(new IdentityHashMap<>());
    this.only.addAll(only);
    this.gradients = new Gradients(withGraph);
  }

  static Gradients run(Variable loss, List<Variable> only, boolean withGraph) {
    if (loss.size() != 1) {
      throw new GradientException(
          Message.of("backward", "needs a single number, found " + loss.size())
              .row("shape", loss.shape())
              .row("help", "reduce first: loss.mean() or loss.sum()"));
    }
    if (!loss.requiresGrad()) {
      throw new GradientException(
          Message.of("backward", "nothing was recorded on the way to this number")
              .row("why", "no leaf or parameter went in, or the pass ran inside inference(...)"));
    }
    Backward backward = new Backward(only, withGraph);
    Mode mode = Mode.current().recording(withGraph);
    return mode.call(() -> backward.from(loss));
  }

  private Gradients from(Variable loss) {
    Variable one = Variable.constant(Tensor.full(1, loss.shape(), loss.dtype(), loss.device()));
    if (loss.node() == null) {
      gradients.put(loss, one);
      return gradients;
    }
    List<Variable> order = reachable(loss);
    loss.node().gradient = one;
    for (Variable variable : order) {
      Node node = variable.node();
      Variable dy = node.gradient;
      node.gradient = null;
      if (dy == null) {
        continue; // every path to it was zero by structure
      }
      if (only.contains(variable)) {
        gradients.put(variable, dy);
      }
      for (int i = 0; i < node.inputs.length; i++) {
        if (leadsSomewhere(node.inputs[i])) {
          Variable gradient = node.gradientOf(i, dy, variable);
          if (gradient != null) {
            add(node, node.inputs[i], gradient);
          }
        }
      }
    }
    return gradients;
  }

  private void add(Node from, Variable input, Variable gradient) {
    if (!gradient.shape().equals(input.shape())) {
      throw wrongShape(from, input.shape(), gradient.shape());
    }
    Node node = input.node();
    if (node == null) {
      gradients.add(input, gradient);
    } else {
      node.gradient = node.gradient == null ? gradient : node.gradient.add(gradient);
    }
  }

  private boolean leadsSomewhere(Variable input) {
    Node node = input.node();
    return node == null ? seenLeaves.contains(input) : node.pass == pass;
  }

  /// The recorded variables that `loss` was computed from and that lead to a wanted one, the
  /// youngest first.
  private List<Variable> reachable(Variable loss) {
    List<Variable> found = new ArrayList<>();
    ArrayDeque<Variable> open = new ArrayDeque<>();
    Set<Node> visited = Collections.newSetFromMap(new IdentityHashMap<>());
    visited.add(loss.node());
    open.push(loss);
    while (!open.isEmpty()) {
      Variable variable = open.pop();
      found.add(variable);
      for (Variable input : variable.node().inputs) {
        if (input.node() != null) {
          if (visited.add(input.node())) {
            open.push(input);
          }
        } else if (input.requiresGrad() && (only.isEmpty() || only.contains(input))) {
          seenLeaves.add(input);
        }
      }
    }
    found.sort((a, b) -> Long.compare(b.node().number, a.node().number));
    // from the oldest on: a node leads somewhere if one of its inputs does
    for (int i = found.size() - 1; i >= 0; i--) {
      Variable variable = found.get(i);
      boolean wanted = only.contains(variable);
      for (Variable input : variable.node().inputs) {
        wanted |= leadsSomewhere(input);
      }
      if (wanted) {
        variable.node().pass = pass;
      }
    }
    return found;
  }

  private static GradientException wrongShape(Node node, Shape expected, Shape found) {
    return new GradientException(
        Message.of("backward", node.name() + " returned a gradient of the wrong shape")
            .row("input", expected)
            .row("found", found)
            .row("rule", "a gradient has the shape of its input"));
  }
}
