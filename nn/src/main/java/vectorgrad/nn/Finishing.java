package vectorgrad.nn;

import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import vectorgrad.autograd.Op;
import vectorgrad.autograd.Pointwise;
import vectorgrad.autograd.Variable;
import vectorgrad.numerics.Program;
import vectorgrad.tensor.Epilogue;
import vectorgrad.tensor.Tensor;

/// What a layer that can [Finish] its output needs: activations that fit, and formulas with them.
final class Finishing {
  /// Activations with parameters must not fill the memory.
  private static final int MOST = 256;

  private record Key(Program first, Pointwise last) {
    // by hand, since the JVM makes those of a record anew in each start

    @Override
    public boolean equals(Object other) {
      return other instanceof Key that
          && first.equals(that.first)
          && (last == that.last || last.equals(that.last));
    }

    @Override
    public int hashCode() {
      return 31 * first.hashCode() + last.getClass().hashCode();
    }
  }

  private static final ConcurrentHashMap<Key, Program> KNOWN = new ConcurrentHashMap<>();

  private Finishing() {}

  /// The activation that `layer` is, if its slope is a formula of its output. Ours only: what a
  /// user's does may be more than its formula.
  static Optional<Activation> activation(Layer layer) {
    return layer instanceof ReLU || layer instanceof Sigmoid || layer instanceof Tanh
        ? Optional.of((Activation) layer)
        : Optional.empty();
  }

  /// `last` of `y`, if there is one.
  static Variable then(Variable y, Optional<Activation> last) {
    return last.isPresent() ? y.map(last.get()) : y;
  }

  /// `last` of what `op` makes of `xs`, if there is one: in one pass where that can be.
  static Variable apply(Op.Finishable op, Optional<Activation> last, Variable... xs) {
    return last.isPresent() ? Variable.apply(op, last.get(), xs) : Variable.apply(op, xs);
  }

  /// `last(product + bias)`
  static Epilogue biased(Tensor bias, Pointwise last) {
    return new Epilogue(program(Epilogue.SUM, last), bias);
  }

  /// `last` of the one formula of `first`, the same object each time.
  static Program program(Program first, Pointwise last) {
    Key key = new Key(first, last);
    Program known = KNOWN.get(key);
    if (known == null) {
      if (KNOWN.size() >= MOST) {
        KNOWN.clear();
      }
      known = Program.of(last.value(first.outputs().getFirst()));
      KNOWN.put(key, known);
    }
    return known;
  }
}
