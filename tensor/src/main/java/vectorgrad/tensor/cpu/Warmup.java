package vectorgrad.tensor.cpu;

import java.lang.System.Logger.Level;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.function.Consumer;
import java.util.function.Supplier;

/// Runs new vector kernels until the JIT compiler has made machine code of them, on a thread of its
/// own.
///
/// Before that each vector operation is a call that allocates its result, a thousand times as slow.
/// So while a kernel is cold, nobody waits for it: it computes with zeros here, a few calls at a
/// time, in turn with the others, and its work is done by a scalar one ([ScalarKernel],
/// [ColdKernel]), which has the same bits. When it is measured to be fast it takes over; if it
/// never is, nothing is lost. Products go first, since they gain most.
///
/// Measured on two busy cores: the products of 250³ floats in the first second of a thread's time
/// went at 1 GFLOP/s without, at 15 with; then come 100. The first step of an MLP is done 0.43 s
/// after the start of its program, and was after 0.62 s when elementwise kernels began as vectors.
final class Warmup {
  /// What a kernel is for, most urgent first.
  enum Kind {
    PRODUCT,
    ELEMENTWISE
  }

  /// Before the first turn: a program's first steps need both processors for loading classes.
  private static final long DELAY_MILLIS = 300;

  /// Between two turns: the compiler and whoever waits for results need the processor more.
  private static final long PAUSE_MILLIS = 1;

  /// Whether kernels are used at once, cold as they are: in tests, and where the width of vectors
  /// is forced, which asks for these vectors and no others.
  @SuppressWarnings("NonFinalStaticField") // a test sets it
  static volatile boolean impatient = System.getProperty(Lanes.PROPERTY) != null;

  /// Steps of k in a call that warms.
  static final int STEPS = 16;

  private static final int CALLS = 20;

  /// Turns after which a kernel is given up: a minute or more.
  private static final int MOST_TURNS = 20_000;

  private static final Object LOCK = new Object();
  private static final Queue<Task<?>> PRODUCTS = new ArrayDeque<>();
  private static final Queue<Task<?>> OTHERS = new ArrayDeque<>();

  @SuppressWarnings("NonFinalStaticField") // guarded by LOCK
  private static boolean running;

  private Warmup() {}

  /// Makes a kernel and warms it.
  ///
  /// @param call one call of the kernel, or two if there are two kinds of them
  /// @param nanos how long it takes at most when it is compiled; before, it takes ten times that or
  ///   more
  /// @param fast is given the kernel then
  static <K> void start(
      Kind kind, Supplier<K> maker, Consumer<K> call, long nanos, Consumer<K> fast) {
    synchronized (LOCK) {
      (kind == Kind.PRODUCT ? PRODUCTS : OTHERS).add(new Task<>(kind, maker, call, nanos, fast));
      if (!running) {
        running = true;
        Thread thread = new Thread(null, Warmup::run, "vectorgrad-warmup", 0, false);
        thread.setDaemon(true);
        thread.start();
      }
    }
  }

  /// A kernel and what is to be done with it.
  private static final class Task<K> {
    private final Kind kind;
    private final Supplier<K> maker;
    private final Consumer<K> call;
    private final long enough;
    private final Consumer<K> fast;
    private K kernel;
    private int turns;

    Task(Kind kind, Supplier<K> maker, Consumer<K> call, long nanos, Consumer<K> fast) {
      this.kind = kind;
      this.maker = maker;
      this.call = call;
      this.enough = CALLS * nanos;
      this.fast = fast;
    }

    /// Whether it was the last turn.
    boolean turn() {
      if (turns++ == 0) {
        kernel = maker.get();
      }
      long begin = System.nanoTime();
      for (int i = 0; i < CALLS; i++) {
        call.accept(kernel);
      }
      boolean compiled = System.nanoTime() - begin < enough;
      if (compiled) {
        fast.accept(kernel);
      }
      return compiled || turns == MOST_TURNS;
    }
  }

  private static void run() {
    try {
      Thread.sleep(DELAY_MILLIS);
      for (Task<?> task = next(); task != null; task = next()) {
        if (!done(task)) {
          again(task);
        }
        Thread.sleep(PAUSE_MILLIS);
      }
    } catch (InterruptedException e) {
      throw new IllegalStateException("nobody interrupts this thread", e);
    }
  }

  private static boolean done(Task<?> task) {
    try {
      return task.turn();
    } catch (RuntimeException | Error e) {
      System.getLogger("vectorgrad").log(Level.WARNING, "a kernel stays scalar", e);
      return true;
    }
  }

  /// The task whose turn it is; none if all are done.
  private static Task<?> next() {
    synchronized (LOCK) {
      Task<?> task = PRODUCTS.isEmpty() ? OTHERS.poll() : PRODUCTS.poll();
      running = task != null;
      return task;
    }
  }

  private static void again(Task<?> task) {
    synchronized (LOCK) {
      (task.kind == Kind.PRODUCT ? PRODUCTS : OTHERS).add(task);
    }
  }
}
