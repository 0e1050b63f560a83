package vectorgrad.autograd;

import java.util.Optional;
import vectorgrad.tensor.Message;

/// One recorded operation: where its inputs came from, the numbers its backward will read, and the
/// versions they had.
final class Node {
  private static final Variable[] NONE = {};

  /// Which inputs wanted a gradient when the operation ran, as a set of [Reads].
  private final long wanted;

  /// What their gradients read, as a set of [Reads].
  private final long reads;

  private Variable[] inputs;
  private Rule rule; // null once a backward pass has used this node up
  private Variable output; // null unless backward reads it
  private long[] versions; // of the inputs and the output; null if all of them were 0
  private Optional<StackWalker.StackFrame> line =
      Optional.empty(); // the user's, if a parameter was saved

  /// The output, if its gradient is to be kept; else null.
  Variable retained;

  /// Where the last backward pass that came by keeps its notes on this node.
  int slot;

  /// Remembers that `rule` was applied to `inputs`, of which it keeps what backward reads.
  Node(Rule rule, Variable[] inputs) {
    this.rule = rule;
    long wanted = 0;
    long reads = 0;
    for (int i = 0; i < inputs.length; i++) {
      if (inputs[i].requiresGrad()) {
        wanted |= Reads.input(i);
        reads |= rule.reads(i);
      }
    }
    this.wanted = wanted;
    this.reads = reads;
    this.inputs = new Variable[inputs.length];
    for (int i = 0; i < inputs.length; i++) {
      boolean read = (reads & Reads.input(i)) != 0;
      this.inputs[i] = read ? inputs[i] : inputs[i].outline();
      if (read) {
        remember(i, inputs[i]);
      }
    }
  }

  /// Keeps the output too, if backward reads it.
  void output(Variable y) {
    if ((reads & Reads.OUTPUT) != 0) {
      output = y;
      remember(inputs.length, y);
    }
  }

  private void remember(int place, Variable saved) {
    long version = saved.value().version();
    if (version != 0) {
      if (versions == null) {
        versions = new long[inputs.length + 1];
      }
      versions[place] = version;
    }
    // only parameters change under a graph, so only they are worth a walk up the stack
    if (line.isEmpty() && parameterUnder(saved).isPresent()) {
      line = CallSite.find();
    }
  }

  /// The parameter whose memory `x` may show: itself, or what a few views lead to.
  private static Optional<Parameter> parameterUnder(Variable x) {
    Variable under = x;
    for (int views = 0; views < 8; views++) {
      if (under instanceof Parameter parameter) {
        return Optional.of(parameter);
      }
      Node node = under.node();
      if (node == null || node.inputs.length != 1 || node.rule.reads(0) != 0) {
        break;
      }
      under = node.inputs[0];
    }
    return Optional.empty();
  }

  String name() {
    return rule == null ? "a graph that was used up" : rule.name();
  }

  Rule rule() {
    return rule;
  }

  int inputs() {
    return inputs.length;
  }

  /// Input `i`, an [Outline] if backward does not read it.
  Variable input(int i) {
    return inputs[i];
  }

  /// The output, if backward reads it.
  Optional<Variable> output() {
    return Optional.ofNullable(output);
  }

  /// Whether input `i` wants a gradient, and did when the operation ran.
  boolean wants(int i) {
    return (wanted & Reads.input(i)) != 0 && inputs[i].requiresGrad();
  }

  boolean isUsedUp() {
    return rule == null;
  }

  /// Lets go of everything.
  void useUp() {
    inputs = NONE;
    rule = null;
    output = null;
    retained = null;
    versions = null;
    line = Optional.empty();
  }

  /// Hands the gradients of the inputs that `sink` wants to it.
  ///
  /// @throws GradientException if a number that was saved has changed since
  void backward(Variable dy, Sink sink) {
    for (int i = 0; i < inputs.length; i++) {
      if (sink.wants(i)) {
        expectUnchanged(rule.reads(i));
      }
    }
    rule.backward(dy, inputs, output == null ? new Outline(dy, null) : output, sink);
  }

  private void expectUnchanged(long reads) {
    if (reads == 0) {
      return;
    }
    for (int k = 0; k < inputs.length; k++) {
      if ((reads & Reads.input(k)) != 0) {
        expectUnchanged(k, inputs[k]);
      }
    }
    if ((reads & Reads.OUTPUT) != 0) {
      expectUnchanged(inputs.length, output);
    }
  }

  private void expectUnchanged(int place, Variable saved) {
    long before = versions == null ? 0 : versions[place];
    long now = saved.value().version();
    if (now == before) {
      return;
    }
    String name =
        parameterUnder(saved)
            .flatMap(Variable::label)
            .map(label -> "\"" + label + "\"")
            .orElse("an operand");
    Message message =
        Message.of("backward", name + " " + saved.shape() + " was changed after the forward pass")
            .row("op", rule.name())
            .row("saved", "version " + before)
            .row("now", "version " + now);
    line.ifPresent(frame -> message.row("at", CallSite.text(frame)));
    throw new GradientException(
        message.row("help", "run backward before the optimizer steps, or forward again after it"));
  }
}
