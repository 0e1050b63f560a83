package vectorgrad.autograd;

import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import vectorgrad.tensor.Message;

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
  private final Set<Variable> wantedLeaves; // by identity, as all variables
  private final Map<Node, Variable> wantedNodes;
  private final Gradients gradients;

  // notes on each node found, by its slot
  private Node[] found = new Node[32];
  private int[] cursor = new int[32]; // the next input to look at
  private boolean[] leads = new boolean[32];
  private Variable[] collected; // its gradient, as far as it is known
  private int count;

  private int[] order = new int[32]; // the slots of the nodes that lead somewhere, inputs first
  private int ordered;
  private Node current;

  private Backward(Graph graph, Variable[] only) {
    this.graph = graph;
    this.all = only.length == 0;
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
  }

  /// The gradients of `loss` with respect to `only` these variables, or all leaves if there are
  /// none.
  static Gradients run(Variable loss, Graph graph, Variable... only) {
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
    Backward backward = new Backward(graph, only);
    Mode mode = Mode.current().recording(graph == Graph.EXTENDED);
    return mode.call(() -> backward.from(loss));
  }

  private Gradients from(Variable loss) {
    Variable seed = loss.number(1).reshape(loss.shape());
    if (loss.node() != null) {
      find(loss.node());
      collected = new Variable[count];
      collected[loss.node().slot] = seed;
      visit();
    } else if (wantsLeaf(loss)) {
      gradients.add(loss, seed);
    }
    return gradients;
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
      if (next == null) {
        leads[slot] |= wantsLeaf(node.input(i));
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

  private boolean wantsLeaf(Variable leaf) {
    return all || wantedLeaves.contains(leaf);
  }

  // ---- second walk: the chain rule ------------------------------------------------------------

  private void visit() {
    for (int k = ordered - 1; k >= 0; k--) {
      int slot = order[k];
      current = found[slot];
      Variable dy = collected[slot];
      collected[slot] = null;
      if (!all && wantedNodes.containsKey(current)) {
        gradients.add(wantedNodes.get(current), dy);
      }
      current.backward(dy, this);
      if (graph == Graph.USED_UP) {
        current.useUp();
      }
    }
  }

  @Override
  public boolean wants(int i) {
    if (!current.wants(i)) {
      return false;
    }
    Node node = current.input(i).node();
    if (node == null) {
      return wantsLeaf(current.input(i));
    }
    return leads[slotOf(node)];
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
    Node node = input.node();
    if (node == null) {
      gradients.add(input, gradient);
    } else {
      int slot = slotOf(node);
      Variable before = collected[slot];
      collected[slot] = before == null ? gradient : before.add(gradient);
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
