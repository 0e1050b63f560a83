package vectorgrad.autograd;

import java.util.List;
import java.util.function.Supplier;

/// How the gradients of an operation's inputs follow from that of its output.
interface Rule {
  /// The name of the operation.
  String name();

  /// What the gradient of input `i` reads: a set of [Reads].
  long reads(int i);

  /// Gives the gradients that `sink` wants to it. Inputs and output are [Outline]s where [#reads]
  /// does not name them.
  void backward(Variable dy, Variable[] inputs, Variable output, Sink sink);

  /// The rule of a structural operation on one input.
  record OfUnary(Op.Unary op) implements Rule {
    @Override
    public String name() {
      return op.name();
    }

    @Override
    public long reads(int i) {
      return op.saved().reads(i);
    }

    @Override
    public void backward(Variable dy, Variable[] inputs, Variable output, Sink sink) {
      sink.give(0, op.backward(dy, inputs[0], output));
    }
  }

  /// The rule of a structural operation on two inputs.
  record OfBinary(Op.Binary op) implements Rule {
    @Override
    public String name() {
      return op.name();
    }

    @Override
    public long reads(int i) {
      return op.saved().reads(i);
    }

    @Override
    public void backward(Variable dy, Variable[] inputs, Variable output, Sink sink) {
      Op.Pair pair = op.backward(dy, inputs[0], inputs[1], output);
      if (sink.wants(0)) {
        sink.give(0, pair.a().get());
      }
      if (sink.wants(1)) {
        sink.give(1, pair.b().get());
      }
    }
  }

  /// The rule of a structural operation whose output an elementwise one has finished: that of the
  /// one after that of the other. What was between them is nowhere in memory, so `last` tells its
  /// slope by its output.
  record Finished(Op.Finishable op, Fused last) implements Rule {
    /// Whether the slope of `last` is a formula of its output.
    static boolean can(Fused last) {
      return (last.reads(0) & Reads.INPUTS) == 0;
    }

    @Override
    public String name() {
      return op.name() + "Then" + last.name();
    }

    @Override
    public long reads(int i) {
      return op.saved().reads(i) | last.reads(0);
    }

    @Override
    public void backward(Variable dy, Variable[] inputs, Variable output, Sink sink) {
      Variable dz = sink.hold(last.gradient(dy, output));
      new OfNary(op).backward(dz, inputs, new Outline(dz, null), sink);
      sink.letGo(dz);
    }
  }

  /// The rule of a structural operation on any number of inputs.
  record OfNary(Op.Nary op) implements Rule {
    @Override
    public String name() {
      return op.name();
    }

    @Override
    public long reads(int i) {
      return op.saved().reads(i);
    }

    @Override
    public void backward(Variable dy, Variable[] inputs, Variable output, Sink sink) {
      List<Supplier<Variable>> gradients = op.backward(dy, List.of(inputs), output);
      for (int i = 0; i < inputs.length; i++) {
        if (sink.wants(i)) {
          sink.give(i, gradients.get(i).get());
        }
      }
    }
  }
}
