package vectorgrad.tensor.cpu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class WarmupTest {
  private static final int SECONDS = 60; // only a failure takes them

  @Test
  void aFastKernelIsHandedOver() throws Exception {
    Object kernel = new Object();
    var fast = new CompletableFuture<>();
    Warmup.start(() -> kernel, (_, _) -> {}, 1, fast::complete);
    assertSame(kernel, fast.get(SECONDS, TimeUnit.SECONDS));
  }

  @Test
  void aSlowKernelIsHandedOverWhenItHasBecomeFast() throws Exception {
    var calls = new AtomicInteger();
    var fast = new CompletableFuture<Integer>();
    Warmup.start(
        () -> calls,
        (kernel, _) -> {
          if (kernel.incrementAndGet() < 50) {
            sleep();
          }
        },
        1,
        kernel -> fast.complete(kernel.get()));
    int done = fast.get(SECONDS, TimeUnit.SECONDS);
    assertTrue(done >= 50, () -> "after " + done + " calls");
  }

  @Test
  void bothKindsOfCallsAreWarmed() throws Exception {
    var adding = new AtomicInteger();
    var replacing = new AtomicInteger();
    var fast = new CompletableFuture<>();
    Warmup.start(
        Object::new,
        (_, add) -> (add ? adding : replacing).incrementAndGet(),
        1 << 20,
        fast::complete);
    fast.get(SECONDS, TimeUnit.SECONDS);
    assertEquals(adding.get(), replacing.get());
  }

  @Test
  void aKernelThatCannotBeMadeKeepsNobodyWaiting() throws Exception {
    Warmup.start(
        () -> {
          throw new IllegalStateException("of the test");
        },
        (_, _) -> {},
        1,
        _ -> {});
    aFastKernelIsHandedOver();
  }

  private static void sleep() {
    try {
      Thread.sleep(1);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
