package vectorgrad.tensor.cpu;

import java.lang.System.Logger.Level;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.Queue;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Supplier;

/// Runs new vector kernels until the JIT compiler has made machine code of them, on a thread of its
/// own.
///
/// Before that each vector operation is a call that allocates its result, a thousand times as slow.
/// So while a kernel is cold, nobody waits for it: it multiplies zeros here, a few at a time, in
/// turn with the others, and its work is done by a [ScalarKernel], which has the same bits. When it
/// is measured to be fast it takes over; if it never is, nothing is lost.
///
/// Measured on two busy cores: the products of 250³ floats in the first second of a thread's time
/// went at 1 GFLOP/s without, at 15 with; then come 100.
final class Warmup {
  private static final Queue<BooleanSupplier> WAITING = new ArrayDeque<>();

  /// Between two turns: the compiler and whoever waits for results need the processor more.
  private static final long PAUSE_MILLIS = 1;

  /// Whether kernels are used at once, cold as they are: in tests, and where the width of vectors
  /// is forced, which asks for these vectors and no others.
  @SuppressWarnings("NonFinalStaticField") // a test sets it
  static volatile boolean impatient = System.getProperty(Lanes.PROPERTY) != null;

  /// Steps of k in a call that warms.
  static final int STEPS = 16;

  private static final int CALLS = 40;

  /// Turns after which a kernel is given up: a minute or more.
  private static final int MOST_TURNS = 20_000;

  /// One call of a kernel, over [#STEPS].
  interface Call<K> {
    void run(K kernel, boolean add);
  }

  private Warmup() {}

  /// Makes a kernel and warms it.
  ///
  /// @param size elements of its tile
  /// @param fast is given the kernel when it is compiled
  static <K> void start(Supplier<K> maker, Call<K> call, int size, Consumer<K> fast) {
    // compiled, it takes a tenth of this, and ten times as long or more before
    long enough = CALLS * (100L + STEPS * size / 2);
    var task =
        new BooleanSupplier() {
          private Optional<K> made = Optional.empty();
          private int turns;

          @Override
          public boolean getAsBoolean() {
            K kernel = made.orElseGet(maker);
            made = Optional.of(kernel);
            long begin = System.nanoTime();
            for (int i = 0; i < CALLS; i++) {
              call.run(kernel, i % 2 == 0);
            }
            boolean compiled = System.nanoTime() - begin < enough;
            if (compiled) {
              fast.accept(kernel);
            }
            turns++;
            return compiled || turns == MOST_TURNS;
          }
        };
    until(task);
  }

  /// Calls `task` again and again until it says that it is done.
  private static void until(BooleanSupplier task) {
    synchronized (WAITING) {
      WAITING.add(task);
      if (WAITING.size() == 1) { // else there is a thread
        Thread thread = new Thread(null, Warmup::run, "vectorgrad-warmup", 0, false);
        thread.setDaemon(true);
        thread.start();
      }
    }
  }

  private static void run() {
    for (BooleanSupplier task = turn(null, true); task != null; ) {
      boolean done = true;
      try {
        done = task.getAsBoolean();
        Thread.sleep(PAUSE_MILLIS);
      } catch (RuntimeException | Error | InterruptedException e) {
        System.getLogger("vectorgrad").log(Level.WARNING, "a kernel stays scalar", e);
      }
      task = turn(task, done);
    }
  }

  /// The task whose turn it is, which stays in the queue while it runs; none if all are done.
  private static BooleanSupplier turn(BooleanSupplier last, boolean done) {
    synchronized (WAITING) {
      if (last != null) {
        WAITING.remove();
        if (!done) {
          WAITING.add(last);
        }
      }
      return WAITING.peek();
    }
  }
}
