package vectorgrad.train;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import vectorgrad.tensor.Device;
import vectorgrad.tensor.Scope;

/// The thread of a device, always the same one, so that its scopes hand on their memory from step
/// to step. It ends by itself when nothing was to do for a minute, and begins again.
final class Lane {
  private static final long IDLE_SECONDS = 60;

  private final Executor thread;

  Lane(Device device) {
    var pool =
        new ThreadPoolExecutor(
            1,
            1,
            IDLE_SECONDS,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            work -> {
              Thread made = new Thread(work, "vectorgrad-" + device.name());
              made.setDaemon(true);
              return made;
            });
    pool.allowCoreThreadTimeOut(true);
    this.thread = pool;
  }

  /// Begins `work` in a scope that stays open until `done`, for whoever reads its result.
  <T> CompletableFuture<T> start(Supplier<T> work, CompletableFuture<Void> done) {
    CompletableFuture<T> result = new CompletableFuture<>();
    thread.execute(() -> {
      try (Scope _ = Scope.open()) {
        result.complete(work.get());
        done.join();
      } catch (RuntimeException | Error failure) {
        result.completeExceptionally(failure);
      }
    });
    return result;
  }
}
