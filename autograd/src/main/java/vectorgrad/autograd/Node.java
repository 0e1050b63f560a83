package vectorgrad.autograd;

import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import vectorgrad.tensor.Message;

/// One recorded operation: how its output came from its inputs, and which versions of them it
/// saved.
final class Node {
  /// How the gradients of an operation's inputs follow from that of its output.
  interface Rule {
    /// The name of the operation.
    String name();

    /// The gradient of input number `i`, or null where it is zero by structure.
    Variable gradient(int i, Variable dy, Variable[] inputs, Variable output);
  }

  private static final AtomicLong CREATED = new AtomicLong();
  private static final StackWalker WALKER = StackWalker.getInstance();

  /// Later nodes have larger numbers, so descending order is a topological one.
  final long number = CREATED.incrementAndGet();

  final Variable[] inputs;
  private final Rule rule;
  private final long[] versions;
  private final String line; // where the user's code called, if a parameter went in

  /// The last backward pass that reached this node, and what it collected so far.
  long pass;

  Variable gradient;

  Node(Rule rule, Variable[] inputs) {
    this.rule = rule;
    this.inputs = inputs;
    this.versions = new long[inputs.length];
    boolean mutable = false;
    for (int i = 0; i < inputs.length; i++) {
      versions[i] = inputs[i].value().version();
      mutable |= inputs[i] instanceof Parameter;
    }
    // a walk up the stack costs about a microsecond; only parameters can change under a graph
    this.line = mutable ? usersLine() : "";
  }

  String name() {
    return rule.name();
  }

  /// The gradient of input `i`, or null where it is zero by structure.
  Variable gradientOf(int i, Variable dy, Variable output) {
    for (int k = 0; k < inputs.length; k++) {
      if (inputs[k].value().version() != versions[k]) {
        throw changed(k);
      }
    }
    return rule.gradient(i, dy, inputs, output);
  }

  private GradientException changed(int i) {
    Message message =
        Message.of(
                "backward",
                inputs[i].label().map(name -> "\"" + name + "\"").orElse("an operand")
                    + " was changed after the forward pass")
            .row("op", rule.name())
            .row("saved", "version " + versions[i])
            .row("now", "version " + inputs[i].value().version());
    if (!line.isEmpty()) {
      message.row("at", line);
    }
    return new GradientException(
        message.row("help", "run backward before the optimizer steps, or forward again after it"));
  }

  private static String usersLine() {
    Optional<StackWalker.StackFrame> frame =
        WALKER.walk(frames -> frames.filter(f -> !ours(f.getClassName())).findFirst());
    return frame.map(f -> f.toStackTraceElement().toString()).orElse("");
  }

  private static boolean ours(String className) {
    return className.startsWith("vectorgrad.autograd.")
        || className.startsWith("vectorgrad.nn.")
        || className.startsWith("java.");
  }

  /// The rule of a structural operation on one input.
  record UnaryRule(Op.Unary op) implements Rule {
    @Override
    public String name() {
      return op.name();
    }

    @Override
    public Variable gradient(int i, Variable dy, Variable[] inputs, Variable output) {
      return op.backward(dy, inputs[0], output);
    }
  }

  /// The rule of a structural operation on two inputs.
  record BinaryRule(Op.Binary op) implements Rule {
    @Override
    public String name() {
      return op.name();
    }

    @Override
    public Variable gradient(int i, Variable dy, Variable[] inputs, Variable output) {
      Op.Pair pair = op.backward(dy, inputs[0], inputs[1], output);
      return (i == 0 ? pair.a() : pair.b()).get();
    }
  }

  /// The rule of a structural operation on many inputs.
  record NaryRule(Op.Nary op) implements Rule {
    @Override
    public String name() {
      return op.name();
    }

    @Override
    public Variable gradient(int i, Variable dy, Variable[] inputs, Variable output) {
      Supplier<Variable> gradient = op.backward(dy, java.util.List.of(inputs), output).get(i);
      return gradient.get();
    }
  }
}
