package vectorgrad.autograd;

import java.util.function.Supplier;

/// How computations run on this thread: whether they are recorded for a backward pass, and whether
/// layers behave as in training (dropout drops, batch statistics are used).
///
/// By default both are on. [#inference] turns both off; setting them apart serves Monte-Carlo
/// dropout (training without recording) or frozen statistics (recording without training).
///
/// ```java
/// var prediction = Mode.inference(() -> model.forward(pictures));
/// ```
///
/// @param recording whether operations on variables that want gradients are remembered
/// @param training whether layers are in training mode
public record Mode(boolean recording, boolean training) {
  /// Recording, in training mode: what is in force where nothing else is said.
  public static final Mode TRAINING = new Mode(true, true);

  /// Neither recording nor in training mode.
  public static final Mode INFERENCE = new Mode(false, false);

  private static final ScopedValue<Mode> CURRENT = ScopedValue.newInstance();

  /// The mode in force on this thread.
  public static Mode current() {
    return CURRENT.orElse(TRAINING);
  }

  /// Runs `work` in [#INFERENCE].
  public static <T> T inference(Supplier<T> work) {
    return INFERENCE.call(work);
  }

  /// Runs `work` in this mode.
  public <T> T call(Supplier<T> work) {
    return isCurrent() ? work.get() : ScopedValue.where(CURRENT, this).call(work::get);
  }

  private boolean isCurrent() {
    Mode current = current();
    return recording == current.recording && training == current.training;
  }

  /// Runs `work` in this mode.
  public void run(Runnable work) {
    ScopedValue.where(CURRENT, this).run(work);
  }

  /// This mode with recording set apart.
  public Mode recording(boolean on) {
    return new Mode(on, training);
  }

  /// This mode with training set apart.
  public Mode training(boolean on) {
    return new Mode(recording, on);
  }
}
