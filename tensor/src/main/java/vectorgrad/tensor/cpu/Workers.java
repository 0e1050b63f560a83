package vectorgrad.tensor.cpu;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntConsumer;

/// The threads of the kernels: a pool whose members spin for 50 µs after their last work and only
/// then sleep, because waking a sleeper takes as long as a small kernel (0.15 µs against 28 µs).
///
/// Work is cut into *chunks by shape*, never by the number of threads; who computes which chunk
/// does not show in the result. Chunks are claimed one after the other, so neighbours in memory
/// tend to be computed at the same time.
///
/// The threads are daemons. Results are independent of [#threads()]; the system property
/// `vectorgrad.threads` sets it from outside, otherwise it is one for each processor.
final class Workers {
  private static final long SPIN_NANOS = 50_000;
  private static final String PROPERTY = "vectorgrad.threads";

  private static volatile Pool pool = new Pool(initialThreads());

  private Workers() {}

  /// How many threads work on a kernel, the caller among them.
  static int threads() {
    return pool.threads;
  }

  /// Changes how many threads work on a kernel, the caller among them.
  ///
  /// @throws IllegalArgumentException if there would be none
  static synchronized void threads(int threads) {
    if (threads < 1) {
      throw new IllegalArgumentException("threads: must be at least 1, found " + threads);
    }
    if (threads != pool.threads) {
      Pool retired = pool;
      pool = new Pool(threads);
      retired.retire();
    }
  }

  /// Runs `body` for every chunk from 0 up to but without `chunks`, on all threads, and returns
  /// when all are done. A call from inside a chunk, and a call while another thread's work occupies
  /// the pool, runs its chunks alone and in order.
  ///
  /// The first exception of a chunk is thrown here; chunks not yet begun are then left out.
  static void parallel(int chunks, IntConsumer body) {
    Pool current = pool;
    if (chunks > 1 && current.threads > 1 && current.busy.compareAndSet(false, true)) {
      try {
        current.run(chunks, body);
      } finally {
        current.busy.set(false);
      }
    } else {
      for (int chunk = 0; chunk < chunks; chunk++) {
        body.accept(chunk);
      }
    }
  }

  private static int initialThreads() {
    Integer wanted = Integer.getInteger(PROPERTY);
    return wanted == null ? Runtime.getRuntime().availableProcessors() : Math.max(1, wanted);
  }

  /// One call of [#parallel]: who is late to it finds no chunk left and does no harm.
  private static final class Job {
    private final int chunks;
    private final IntConsumer body;
    private final Thread caller;
    private final AtomicInteger next = new AtomicInteger();
    private final AtomicInteger unfinished;
    private final AtomicReference<Throwable> failure = new AtomicReference<>();

    Job(int chunks, IntConsumer body, Thread caller) {
      this.chunks = chunks;
      this.body = body;
      this.caller = caller;
      this.unfinished = new AtomicInteger(chunks);
    }

    /// Claims and runs chunks until none is left.
    void work() {
      for (int chunk = next.getAndIncrement(); chunk < chunks; chunk = next.getAndIncrement()) {
        try {
          if (failure.get() == null) {
            body.accept(chunk);
          }
        } catch (Throwable thrown) { // rethrown to the caller by join
          failure.compareAndSet(null, thrown);
        } finally {
          if (unfinished.decrementAndGet() == 0 && Thread.currentThread() != caller) {
            LockSupport.unpark(caller);
          }
        }
      }
    }

    /// Waits for the chunks that others have claimed.
    void join() {
      long begin = System.nanoTime();
      while (unfinished.get() > 0) {
        if (System.nanoTime() - begin < SPIN_NANOS) {
          Thread.onSpinWait();
        } else {
          LockSupport.park(this);
        }
      }
      switch (failure.get()) {
        case null -> {}
        case RuntimeException e -> throw e;
        case Error e -> throw e;
        case Throwable t -> throw new IllegalStateException(t);
      }
    }
  }

  private static final class Pool {
    private final int threads;
    private final AtomicBoolean busy = new AtomicBoolean();
    private final AtomicReferenceArray<Worker> workers; // started when first needed
    private volatile Job job;
    private final AtomicInteger generation =
        new AtomicInteger(); // what sleepers and spinners watch
    private volatile boolean retired;

    Pool(int threads) {
      this.threads = threads;
      this.workers = new AtomicReferenceArray<>(threads - 1);
    }

    void run(int chunks, IntConsumer body) {
      Job current = new Job(chunks, body, Thread.currentThread());
      job = current;
      generation.incrementAndGet();
      int helpers = Math.min(workers.length(), chunks - 1);
      for (int i = 0; i < helpers; i++) {
        Worker worker = workers.get(i);
        if (worker == null) {
          worker = new Worker(this, i + 1);
          workers.set(i, worker);
          worker.start();
        } else {
          worker.wake();
        }
      }
      try {
        current.work();
        current.join();
      } finally {
        job = null; // hold on to nothing of the caller's
      }
    }

    /// Threads in the middle of a job finish it; the others see this and end.
    void retire() {
      retired = true;
      generation.incrementAndGet();
      for (int i = 0; i < workers.length(); i++) {
        Worker worker = workers.get(i);
        if (worker != null) {
          worker.wake();
        }
      }
    }
  }

  private static final class Worker extends Thread {
    private final Pool pool;
    private volatile boolean sleeping;

    Worker(Pool pool, int number) {
      super(null, null, "vectorgrad-" + number, 0, false);
      this.pool = pool;
      setDaemon(true);
    }

    void wake() {
      if (sleeping) {
        LockSupport.unpark(this);
      }
    }

    @Override
    public void run() {
      int seen = 0;
      while (!pool.retired) {
        seen = await(seen);
        Job job = pool.job;
        if (job != null) {
          job.work();
        }
      }
    }

    /// Waits for another generation than the one `seen`. The flag is raised before the last look,
    /// and the generation before the look at the flag, so one of both sides always sees the other.
    private int await(int seen) {
      long begin = System.nanoTime();
      while (true) {
        int now = pool.generation.get();
        if (now != seen) {
          return now;
        }
        if (System.nanoTime() - begin < SPIN_NANOS) {
          Thread.onSpinWait();
        } else {
          sleeping = true;
          while (pool.generation.get() == seen) {
            LockSupport.park(pool);
          }
          sleeping = false;
        }
      }
    }
  }
}
