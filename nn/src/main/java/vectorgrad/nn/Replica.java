package vectorgrad.nn;

import java.util.function.Supplier;

/// Which of several copies of a model computes on this thread, each on a part of the same batch.
///
/// Random layers such as [Dropout] draw other numbers in each copy, though all copies have the same
/// state: a mask follows from the state and the number. So the state of the first is all there is
/// to save. Copy 0 draws as a model without copies does.
///
/// @param number from 0
public record Replica(int number) {
  private static final ScopedValue<Integer> CURRENT = ScopedValue.newInstance();

  /// The number in force on this thread; 0 where nothing is said.
  public static int current() {
    return CURRENT.orElse(0);
  }

  /// Runs `work`, forward and backward, as this copy's.
  public <T> T call(Supplier<T> work) {
    return ScopedValue.where(CURRENT, number).call(work::get);
  }
}
