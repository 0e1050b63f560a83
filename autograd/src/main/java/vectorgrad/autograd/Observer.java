package vectorgrad.autograd;

import java.util.function.Supplier;
import vectorgrad.tensor.Tensor;

/// Sees every operation on variables, and every gradient handed on, while some work runs: what
/// [Anomaly] and [GradientFlow] look through. Without one in force an operation pays a few
/// nanoseconds.
interface Observer {
  /// The one in force on this thread.
  ScopedValue<Observer> CURRENT = ScopedValue.newInstance();

  /// `rule` made `output` of `inputs`; it is recorded if the output has a node.
  void applied(Rule rule, Variable[] inputs, Variable output);

  /// `detached` has the numbers of `source` and no history.
  default void detached(Variable source, Variable detached) {}

  /// Somebody made a constant of a tensor.
  default void constant(Tensor value, Variable constant) {}

  /// In a backward pass `node` hands `gradient` to its input `i`, and was handed `dy` itself.
  default void handed(Node node, int i, Variable dy, Variable gradient) {}

  /// Runs `work` under this observer.
  default <T> T watch(Supplier<T> work) {
    return ScopedValue.where(CURRENT, this).call(work::get);
  }

  /// Runs `work` unobserved.
  static <T> T lookAway(Supplier<T> work) {
    return ScopedValue.where(CURRENT, (_, _, _) -> {}).call(work::get);
  }
}
