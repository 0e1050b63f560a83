package vectorgrad.autograd;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import vectorgrad.tensor.Tensor;

/// Sees every operation on variables, and every gradient handed on, while some work runs: what
/// [Anomaly] and [GradientFlow] look through. Without one in force an operation pays a nanosecond.
interface Observer {
  /// The one in force on this thread.
  ScopedValue<Observer> CURRENT = ScopedValue.newInstance();

  /// How many are in force, on any thread. As long as there is none, nobody need ask for his own.
  AtomicInteger IN_FORCE = new AtomicInteger();

  /// Whether one is in force on this thread.
  static boolean isWatching() {
    return IN_FORCE.get() != 0 && CURRENT.isBound();
  }

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
    IN_FORCE.incrementAndGet();
    try {
      return ScopedValue.where(CURRENT, this).call(work::get);
    } finally {
      IN_FORCE.decrementAndGet();
    }
  }

  /// Runs `work` unobserved.
  static <T> T lookAway(Supplier<T> work) {
    return ScopedValue.where(CURRENT, (_, _, _) -> {}).call(work::get);
  }
}
