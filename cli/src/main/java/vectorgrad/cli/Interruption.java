package vectorgrad.cli;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/// Says whether somebody wants the work to stop. The work asks now and then, comes to a good end,
/// and closes this.
interface Interruption extends BooleanSupplier, AutoCloseable {

  /// Listens to Ctrl-C and polite kills from now on.
  static Interruption listen() {
    Signals signals = new Signals();
    Runtime.getRuntime().addShutdownHook(signals.hook);
    return signals;
  }

  /// The work has ended and everything is saved.
  @Override
  void close();

  /// Both make the JVM shut down, which waits for its hooks, and so for the work.
  final class Signals implements Interruption {
    /// Longer than any step; then the JVM goes anyway.
    private static final long PATIENCE_SECONDS = 60;

    private final CountDownLatch ended = new CountDownLatch(1);
    private final Thread hook = new Thread(this::interrupt, "vg-interruption");
    private volatile boolean requested;

    @Override
    public boolean getAsBoolean() {
      return requested;
    }

    private void interrupt() {
      requested = true;
      try {
        if (!ended.await(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
          System.err.println("vg: the step does not end; nothing was saved since the last epoch");
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }

    @Override
    public void close() {
      ended.countDown();
      if (!requested) {
        try {
          Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
          // the shutdown begins this moment; the hook finds the latch open
          requested = true;
        }
      }
    }
  }
}
