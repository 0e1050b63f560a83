package vectorgrad.nn;

import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import vectorgrad.autograd.Pointwise;
import vectorgrad.autograd.Variable;
import vectorgrad.numerics.Program;
import vectorgrad.tensor.Epilogue;
import vectorgrad.tensor.Tensor;

/// A layer that can apply an activation to its output while that is written. What would be between
/// the two needs no memory, and is written once and read once less.
///
/// [Sequential] does so for a rectifier, a logistic function or a hyperbolic tangent behind one of
/// these layers; a layer of your own can: `hidden.forward(x, new ReLU())`.
public sealed interface Finish extends Layer permits Linear, Conv2d, BatchNorm {
  /// `last.forward(forward(x))`, to the bit. In one pass if the slope of `last` is a formula of its
  /// output, and nothing is rounded to fewer digits.
  Variable forward(Variable x, Activation last);

  /// The activation that `layer` is, if its slope is a formula of its output. Ours only: what a
  /// user's does may be more than its formula.
  static Optional<Activation> activation(Layer layer) {
    return layer instanceof ReLU || layer instanceof Sigmoid || layer instanceof Tanh
        ? Optional.of((Activation) layer)
        : Optional.empty();
  }

  /// `last(product + bias)`
  static Epilogue biased(Tensor bias, Pointwise last) {
    return new Epilogue(Programs.of(Epilogue.SUM, last), bias);
  }

  /// Formulas that others finish, so that none is made anew for each call.
  final class Programs {
    /// Activations with parameters must not fill the memory.
    private static final int MOST = 256;

    private record Key(Program first, Pointwise last) {}

    private static final ConcurrentHashMap<Key, Program> KNOWN = new ConcurrentHashMap<>();

    private Programs() {}

    /// `last` of the one formula of `first`.
    static Program of(Program first, Pointwise last) {
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
}
