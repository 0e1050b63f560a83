package vectorgrad.autograd;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import vectorgrad.tensor.Scope;
import vectorgrad.tensor.Tensor;

/// What the buffers held before a stretch of work wrote them, so that the work can be done again
/// and sees and gives the same: dropout draws the same masks, and running statistics move once.
final class Journal {
  private static final ScopedValue<Journal> CURRENT = ScopedValue.newInstance();

  private final Optional<Journal> outer =
      CURRENT.isBound() ? Optional.of(CURRENT.get()) : Optional.empty();
  private final Map<Buffer, Tensor> before = new LinkedHashMap<>();

  /// Runs `work` and notes what it writes.
  <T> T record(Supplier<T> work) {
    return ScopedValue.where(CURRENT, this).call(work::get);
  }

  /// Runs `work` again, on the buffers as they were, and leaves them as they are.
  <T> T replay(Supplier<T> work) {
    Map<Buffer, Tensor> now = new LinkedHashMap<>();
    before.forEach((buffer, earlier) -> {
      now.put(buffer, snapshot(buffer));
      buffer.set(earlier);
    });
    try {
      return work.get();
    } finally {
      now.forEach(Buffer::set);
    }
  }

  /// Sets the buffers back to what they held before they were first written.
  void rewind() {
    before.forEach(Buffer::set);
  }

  /// Whether nothing was written.
  boolean isEmpty() {
    return before.isEmpty();
  }

  /// Tells the journals in force that `buffer` is about to be written.
  static void note(Buffer buffer) {
    if (CURRENT.isBound()) {
      CURRENT.get().remember(buffer);
    }
  }

  private void remember(Buffer buffer) {
    before.computeIfAbsent(buffer, Journal::snapshot);
    outer.ifPresent(journal -> journal.remember(buffer));
  }

  private static Tensor snapshot(Buffer buffer) {
    return Scope.outside(() -> buffer.value().copy());
  }
}
