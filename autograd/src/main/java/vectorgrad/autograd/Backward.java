package vectorgrad.autograd;

import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import vectorgrad.tensor.DTypeException;
import vectorgrad.tensor.DeviceException;
import vectorgrad.tensor.Message;
import vectorgrad.tensor.ShapeException;
import vectorgrad.tensor.Tensor;

/// The reverse pass: the chain rule from a number back to the leaves it was computed from.
///
/// First a walk without recursion finds the nodes that lead to a wanted variable, inputs before
/// outputs; then they are visited in the opposite order. That order, and so the order in which the
/// contributions of several paths are added, follows from the graph alone: the bits are always the
/// same. A node's gradient, and the numbers it saved, are let go as soon as its gradient is handed
/// on.
final class Backward implements Sink {
  /// Whether a pass leaves the graph as it was, and whether its gradients can be differentiated.
  enum Graph {
    USED_UP,
    KEPT,
    EXTENDED
  }

  private final Graph graph;
  private final boolean all; // every leaf is wanted, and nothing that was computed
  private final boolean stops; // at what is wanted, as if it were a leaf
  private final Set<Variable> wantedLeaves; // by identity, as all variables
  private final Map<Node, Variable> wantedNodes; // of those that were computed
  private final Gradients gradients;
  private final Optional<Observer> observer =
      Observer.isWatching() ? Optional.of(Observer.CURRENT.get()) : Optional.empty();

  /// Of gradients that nobody else sees.
  private final Optional<Recycling> recycling;

  // notes on each node found, by its slot
  private Node[] found = new Node[32];
  private int[] cursor = new int[32]; // the next input to look at
  private boolean[] leads = new boolean[32];
  private Variable[] collected; // its gradient, as far as it is known
  private int count;

  private int[] order = new int[32]; // the slots of the nodes that lead somewhere, inputs first
  private int ordered;
  private Node current;
  private Variable currentGradient;

  private Backward(Graph graph, boolean stops, Variable[] only) {
    this.graph = graph;
    this.stops = stops;
    this.all = !stops && only.length == 0;
    this.wantedLeaves = all ? Set.of() : new HashSet<>();
    this.wantedNodes = all ? Map.of() : new HashMap<>();
    for (Variable variable : only) {
      if (variable.node() == null) {
        wantedLeaves.add(variable);
      } else {
        wantedNodes.put(variable.node(), variable);
      }
    }
    this.gradients = new Gradients(graph == Graph.EXTENDED);
    this.recycling =
        graph == Graph.EXTENDED || observer.isPresent()
            ? Optional.empty()
            : Optional.of(new Recycling());
  }

  /// The gradients of `loss` with respect to `only` these variables, or all leaves if there are
  /// none.
  static Gradients run(Variable loss, Graph graph, Variable... only) {
    if (loss.size() != 1) {
      throw new GradientException(
          Message.of("backward", "needs a single number, found " + loss.size())
              .row("shape", loss.shape())
              .row(
                  "help",
                  "reduce first: loss.mean() or loss.sum(); or give its gradient: backward(dy)"));
    }
    expectRecorded(loss, "number");
    Variable one = loss.number(1).reshape(loss.shape());
    return new Backward(graph, false, only).run(loss, one);
  }

  /// The gradients of `⟨dy, y⟩` with respect to `only` these variables, or all leaves if there are
  /// none.
  static Gradients run(Variable y, Tensor dy, Graph graph, Variable... only) {
    if (!dy.shape().equals(y.shape())) {
      throw new ShapeException(misfit("shape", y.shape(), dy.shape()), y.shape(), dy.shape());
    }
    if (dy.dtype() != y.dtype()) {
      throw new DTypeException(
          misfit("dtype", y.dtype(), dy.dtype()).row("help", "dy.to(y.dtype())"));
    }
    if (!dy.device().equals(y.device())) {
      throw new DeviceException(
          misfit("device", y.device(), dy.device()).row("help", "dy.to(y.device())"));
    }
    expectRecorded(y, "variable");
    Variable known = Variable.constant(dy);
    return new Backward(graph, false, only).run(y, known);
  }

  private static Message misfit(String what, Object expected, Object found) {
    return Message.of("backward", "the gradient is not of this variable's " + what)
        .row(what, expected)
        .row("found", found);
  }

  private static void expectRecorded(Variable y, String what) {
    if (!y.requiresGrad()) {
      throw new GradientException(
          Message.of("backward", "nothing was recorded on the way to this " + what)
              .row("why", "no leaf or parameter went in, or the pass ran inside inference(...)"));
    }
  }

  /// The gradients of `⟨dy, y⟩` with respect to `from`, each taken to be a leaf: what led to them
  /// is no concern of this pass.
  static Gradients between(Variable[] from, Variable y, Variable dy, Graph graph) {
    return new Backward(graph, true, from).run(y, dy);
  }

  private Gradients run(Variable y, Variable dy) {
    Mode mode = Mode.current().recording(graph == Graph.EXTENDED);
    // an observer hears of gradients, not of the operations that make them
    return Autocast.off()
        .call(() ->
            observer.isEmpty()
                ? mode.call(() -> from(y, dy))
                : Observer.lookAway(() -> mode.call(() -> from(y, dy))));
  }

  private Gradients from(Variable y, Variable dy) {
    if (!isEnd(y)) {
      find(y.node());
      collected = new Variable[count];
      collected[y.node().slot] = dy;
      visit();
    } else if (y.requiresGrad() && wantsEnd(y)) {
      gradients.add(asked(y), dy);
    }
    return gradients;
  }

  /// The leaves and parameters that `y` was computed from, in the order they are found.
  static Set<Variable> leaves(Variable y) {
    Backward backward = new Backward(Graph.KEPT, false, new Variable[0]);
    Set<Variable> leaves = new LinkedHashSet<>();
    if (y.node() == null) {
      leaves.add(y);
      return leaves;
    }
    backward.find(y.node());
    for (int slot = 0; slot < backward.count; slot++) {
      Node node = backward.found[slot];
      for (int i = 0; i < node.inputs(); i++) {
        if (node.wants(i) && node.input(i).node() == null) {
          leaves.add(node.input(i));
        }
      }
    }
    return leaves;
  }

  // ---- first walk: which nodes, in which order ------------------------------------------------

  private void find(Node root) {
    int[] path = new int[32];
    int depth = 0;
    path[depth++] = discover(root);
    while (depth > 0) {
      int slot = path[depth - 1];
      Node node = found[slot];
      if (cursor[slot] == node.inputs()) {
        depth--;
        if (leads[slot]) {
          order = ordered < order.length ? order : Arrays.copyOf(order, 2 * ordered);
          order[ordered++] = slot;
          if (depth > 0) {
            leads[path[depth - 1]] = true;
          }
        }
        continue;
      }
      int i = cursor[slot]++;
      if (!node.wants(i)) {
        continue;
      }
      Node next = node.input(i).node();
      if (isEnd(node.input(i))) {
        leads[slot] |= wantsEnd(node.input(i));
      } else if (isFound(next)) {
        leads[slot] |= leads[next.slot];
      } else {
        path = depth < path.length ? path : Arrays.copyOf(path, 2 * depth);
        path[depth++] = discover(next);
      }
    }
  }

  private int discover(Node node) {
    if (node.isUsedUp()) {
      throw new GradientException(
          Message.of("backward", "this graph was used up by an earlier pass")
              .row("why", "a pass gives memory back as it goes")
              .row("help", "add the losses, or call backwardKeepingGraph() for all but the last"));
    }
    if (count == found.length) {
      found = Arrays.copyOf(found, 2 * count);
      cursor = Arrays.copyOf(cursor, 2 * count);
      leads = Arrays.copyOf(leads, 2 * count);
    }
    node.slot = count;
    found[count] = node;
    leads[count] = !all && wantedNodes.containsKey(node);
    return count++;
  }

  private boolean isFound(Node node) {
    return node.slot < count && found[node.slot] == node;
  }

  /// Whether the pass goes no further than `variable`.
  private boolean isEnd(Variable variable) {
    return variable.node() == null || (stops && wantedNodes.containsKey(variable.node()));
  }

  /// The very variable that was asked for; an outline may stand for it in the graph.
  private Variable asked(Variable end) {
    return end.node() == null ? end : wantedNodes.get(end.node());
  }

  private boolean wantsEnd(Variable end) {
    return all || end.node() != null || wantedLeaves.contains(end);
  }

  // ---- second walk: the chain rule ------------------------------------------------------------

  private void visit() {
    for (int k = ordered - 1; k >= 0; k--) {
      int slot = order[k];
      current = found[slot];
      Variable dy = collected[slot];
      collected[slot] = null;
      if (!all && wantedNodes.containsKey(current)) {
        gradients.add(wantedNodes.get(current), hold(dy));
      }
      if (all && current.retained != null) {
        gradients.retain(current.retained, hold(dy));
      }
      currentGradient = dy;
      current.backward(dy, this);
      if (graph == Graph.USED_UP) {
        current.useUp();
      }
      letGo(dy);
    }
  }

  @Override
  public Variable hold(Variable gradient) {
    return recycling.isEmpty() ? gradient : recycling.get().hold(gradient);
  }

  @Override
  public void letGo(Variable gradient) {
    if (recycling.isPresent()) {
      recycling.get().letGo(gradient);
    }
  }

  /// What is known of a gradient with one contribution more; `before` is null if it is the first.
  private Variable joined(Variable before, Variable gradient) {
    if (before == null) {
      return hold(gradient);
    }
    return recycling.isEmpty() ? before.add(gradient) : recycling.get().add(before, gradient);
  }

  @Override
  public boolean wants(int i) {
    if (!current.wants(i)) {
      return false;
    }
    Variable input = current.input(i);
    return isEnd(input) ? wantsEnd(input) : leads[slotOf(input.node())];
  }

  @Override
  public void give(int i, Variable gradient) {
    Variable input = current.input(i);
    if (!gradient.shape().equals(input.shape()) || gradient.dtype() != input.dtype()) {
      throw new GradientException(
          Message.of(
                  "backward", current.name() + " returned a gradient that does not fit its input")
              .row("input", input.shape() + " " + input.dtype())
              .row("found", gradient.shape() + " " + gradient.dtype())
              .row("rule", "a gradient has the shape and the dtype of its input"));
    }
    if (observer.isPresent()) {
      observer.get().handed(current, i, currentGradient, gradient);
    }
    if (isEnd(input)) {
      Variable end = asked(input);
      gradients.put(end, joined(gradients.before(end), gradient));
    } else {
      int slot = slotOf(input.node());
      collected[slot] = joined(collected[slot], gradient);
    }
  }

  private int slotOf(Node node) {
    if (!isFound(node)) {
      throw new GradientException(
          Message.of("backward", "another pass walks through the same graph")
              .row("rule", "a graph is walked by one thread, and by one pass, at a time"));
    }
    return node.slot;
  }
}
