package vectorgrad.tensor.cpu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class WarmupTest {
  private static final int SECONDS = 60; // only a failure takes them

  /// Nanoseconds of a call that is fast.
  private static final long ENOUGH = 100_000;

  @Test
  void aFastKernelIsHandedOver() throws Exception {
    Object kernel = new Object();
    var fast = new CompletableFuture<>();
    Warmup.start(Warmup.Kind.PRODUCT, () -> kernel, _ -> {}, ENOUGH, fast::complete);
    assertSame(kernel, fast.get(SECONDS, TimeUnit.SECONDS));
  }

  @Test
  void aSlowKernelIsHandedOverWhenItHasBecomeFast() throws Exception {
    var calls = new AtomicInteger();
    var fast = new CompletableFuture<Integer>();
    Warmup.start(
        Warmup.Kind.ELEMENTWISE,
        () -> calls,
        kernel -> {
          if (kernel.incrementAndGet() < 50) {
            sleep();
          }
        },
        ENOUGH,
        kernel -> fast.complete(kernel.get()));
    int done = fast.get(SECONDS, TimeUnit.SECONDS);
    assertTrue(done >= 50, () -> "after " + done + " calls");
  }

  @Test
  void productsGoFirst() throws Exception {
    var order = new ConcurrentLinkedQueue<String>();
    var both = new CountDownLatch(2);
    var bothWait = new CountDownLatch(1);
    Warmup.start(Warmup.Kind.PRODUCT, () -> await(bothWait), _ -> {}, ENOUGH, _ -> {});
    for (Warmup.Kind kind : List.of(Warmup.Kind.ELEMENTWISE, Warmup.Kind.PRODUCT)) {
      Warmup.start(
          kind,
          kind::name,
          _ -> {},
          ENOUGH,
          name -> {
            order.add(name);
            both.countDown();
          });
    }
    bothWait.countDown();
    assertTrue(both.await(SECONDS, TimeUnit.SECONDS));
    assertEquals(List.of("PRODUCT", "ELEMENTWISE"), List.copyOf(order));
  }

  @Test
  void aKernelThatCannotBeMadeKeepsNobodyWaiting() throws Exception {
    Warmup.start(
        Warmup.Kind.PRODUCT,
        () -> {
          throw new IllegalStateException("of the test");
        },
        _ -> {},
        ENOUGH,
        _ -> {});
    aFastKernelIsHandedOver();
  }

  private static boolean await(CountDownLatch latch) {
    try {
      return latch.await(SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void sleep() {
    try {
      Thread.sleep(1);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
