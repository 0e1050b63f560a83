package vectorgrad.data;

import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import vectorgrad.tensor.DeviceException;

/// Where the batches of a pass come from, in order: memory goes round from the one who fills it to
/// the one who reads it.
sealed interface Ring {
  /// A batch, and whether it had to be waited for.
  record Taken(BatchMemory memory, boolean waited) {}

  /// The next batch.
  ///
  /// @throws LoaderException if it could not be read
  /// @throws DeviceException if the device it was to be sent to failed, or has no memory left
  Taken take();

  /// Takes memory that is no longer read.
  void giveBack(BatchMemory memory);

  /// Asks the work to end.
  void stop();

  /// Waits for its end: afterwards nothing reads the samples any more, and devices have their
  /// memory back.
  void awaitStop();

  /// The ring for the batches of an epoch of `loader` from `first` on.
  static Ring over(Loader loader, long epoch, int first) {
    Plan plan = new Plan(loader, epoch, first);
    return loader.prefetch() == 0 ? new Inline(plan) : Prefetched.start(plan, loader.prefetch());
  }

  /// Which samples each batch has.
  final class Plan {
    private final Loader loader;
    private final long epoch;
    private final int[] order;
    private final int first;
    private final int end;

    Plan(Loader loader, long epoch, int first) {
      this.loader = loader;
      this.epoch = epoch;
      this.order = loader.order(epoch);
      this.first = first;
      this.end = loader.batches();
    }

    BatchMemory allocate() {
      return memory(Math.min(loader.batchSize(), order.length));
    }

    private BatchMemory memory(int samples) {
      return new BatchMemory(loader.data(), samples, loader.mixup().isPresent(), loader.device());
    }

    /// Fills `memory` with a batch, and sends it where that is done ahead; the last one of an epoch
    /// may need memory of its own size.
    BatchMemory fill(BatchMemory memory, int batch) {
      int from = batch * loader.batchSize();
      int samples = Math.min(loader.batchSize(), order.length - from);
      BatchMemory fitting = memory;
      if (memory.samples() != samples) {
        memory.close();
        fitting = memory(samples);
      }
      try {
        fitting.fill(order, from);
        if (loader.mixup().isPresent()) {
          fitting.mix(loader.mixup().get().of(epoch, batch, samples));
        }
        if (loader.device().backend().takesAhead()) {
          fitting.show();
        }
        return fitting;
      } catch (RuntimeException | Error e) {
        fitting.close();
        throw e;
      }
    }

    /// What the consumer is told of a failure.
    RuntimeException failure(int batch, Throwable cause) {
      if (cause instanceof DeviceException device) {
        device.addSuppressed(
            new IllegalStateException(
                "Loader: batch %d was on its way to %s".formatted(batch, loader.device())));
        return device;
      }
      return new LoaderException(batch, cause);
    }
  }

  /// Every batch is prepared when it is asked for, by the thread that asks.
  final class Inline implements Ring {
    private final Plan plan;
    private BatchMemory memory;
    private int next;

    Inline(Plan plan) {
      this.plan = plan;
      this.memory = plan.allocate();
      this.next = plan.first;
    }

    @Override
    public Taken take() {
      try {
        Taken taken = new Taken(plan.fill(memory, next), true);
        next++;
        return taken;
      } catch (RuntimeException e) {
        throw plan.failure(next, e);
      }
    }

    @Override
    public void giveBack(BatchMemory memory) {
      this.memory = memory;
    }

    @Override
    public void stop() {}

    @Override
    public void awaitStop() {
      memory.close();
    }
  }

  /// A thread prepares batches ahead.
  final class Prefetched implements Ring, Runnable {
    private sealed interface Outcome {}

    private record Ready(BatchMemory memory) implements Outcome {}

    private record Failed(RuntimeException failure) implements Outcome {}

    private final Plan plan;
    private final BlockingQueue<BatchMemory> free = new LinkedBlockingQueue<>();
    private final BlockingQueue<Outcome> ready = new LinkedBlockingQueue<>();
    private final Thread thread;

    private Prefetched(Plan plan, int ahead) {
      this.plan = plan;
      // One is in the consumer's hands while the others are prepared.
      for (int i = 0; i < Math.min(ahead + 1, plan.end - plan.first); i++) {
        free.add(plan.allocate());
      }
      this.thread = Thread.ofPlatform().daemon().name("vectorgrad-loader").unstarted(this);
    }

    static Prefetched start(Plan plan, int ahead) {
      Prefetched ring = new Prefetched(plan, ahead);
      ring.thread.start();
      return ring;
    }

    @Override
    public void run() {
      int batch = plan.first;
      try {
        for (; batch < plan.end; batch++) {
          ready.add(new Ready(plan.fill(free.take(), batch)));
        }
      } catch (InterruptedException e) {
        // stop() was called: nobody waits for another batch.
        Thread.currentThread().interrupt();
      } catch (Throwable e) {
        // Not lost: the consumer throws it.
        ready.add(new Failed(plan.failure(batch, e)));
      }
    }

    @Override
    public Taken take() {
      Outcome outcome = ready.poll();
      boolean waited = outcome == null;
      if (waited) {
        try {
          outcome = ready.take();
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
          throw new IllegalStateException("Loader: interrupted while waiting for a batch", e);
        }
      }
      return switch (outcome) {
        case Ready(BatchMemory memory) -> new Taken(memory, waited);
        case Failed(RuntimeException failure) -> {
          ready.add(outcome);
          throw failure;
        }
      };
    }

    @Override
    public void giveBack(BatchMemory memory) {
      free.add(memory);
    }

    @Override
    public void stop() {
      thread.interrupt();
    }

    @Override
    public void awaitStop() {
      try {
        thread.join();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return; // what the thread holds is the collector's
      }
      for (BatchMemory memory = free.poll(); memory != null; memory = free.poll()) {
        memory.close();
      }
      for (Outcome outcome = ready.poll(); outcome != null; outcome = ready.poll()) {
        if (outcome instanceof Ready(BatchMemory memory)) {
          memory.close();
        }
      }
    }
  }
}
