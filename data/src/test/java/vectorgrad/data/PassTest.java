package vectorgrad.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.IntConsumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import vectorgrad.tensor.ClosedScopeException;
import vectorgrad.tensor.Scope;
import vectorgrad.tensor.Shape;
import vectorgrad.tensor.Tensor;

class PassTest {
  /// `n` numbered samples that call `hook` on the reading thread before each is read.
  private static Dataset hooked(int n, IntConsumer hook) {
    Samples samples =
        new Samples() {
          @Override
          public int count() {
            return n;
          }

          @Override
          public Shape shape() {
            return Shape.of(1);
          }

          @Override
          public void read(int index, float[] target, int offset) {
            hook.accept(index);
            target[offset] = index;
          }
        };
    return Dataset.of(samples, new int[n], List.of("any"));
  }

  @Test
  void aBatchIsValidUntilTheNextIsAskedFor() {
    for (int prefetch : new int[] {0, 2}) {
      Pass pass = DatasetTest.numbered(4).batches(2).prefetch(prefetch).iterator();
      Batch first = pass.next();
      Tensor view = first.images().transpose();
      assertTrue(pass.hasNext());
      assertArrayEquals(new int[] {0, 1}, first.labels().toInts());
      Batch second = pass.next();
      assertEquals(
          """
          tensor: used after its scope closed
            scope  a loader's batch, valid until the next one is asked for
            help   call keep() on what must outlive the scope, or read its numbers before\
          """,
          assertThrows(ClosedScopeException.class, view::toFloats).getMessage());
      assertThrows(ClosedScopeException.class, () -> first.labels().toInts());
      assertFalse(pass.hasNext());
      assertArrayEquals(new int[] {2, 3}, second.labels().toInts());
      pass.close();
      assertThrows(ClosedScopeException.class, () -> second.labels().toInts());
    }
  }

  @Test
  void aKeptBatchStaysAsItWas() {
    for (int prefetch : new int[] {0, 1, 3}) {
      List<Batch> kept = new ArrayList<>();
      for (Batch batch : DatasetTest.numbered(20).batches(2).prefetch(prefetch)) {
        kept.add(batch.keep());
      }
      for (int i = 0; i < kept.size(); i++) {
        assertArrayEquals(new int[] {2 * i, 2 * i + 1}, kept.get(i).labels().toInts());
        assertArrayEquals(new float[] {2 * i, 2 * i + 1}, kept.get(i).images().toFloats());
      }
    }
  }

  @Test
  void theRingReusesItsArrays() {
    Set<Object> arrays = Collections.newSetFromMap(new IdentityHashMap<>());
    for (Batch batch : DatasetTest.numbered(60).batches(2).prefetch(2)) {
      arrays.add(batch.images().memory());
    }
    assertEquals(3, arrays.size());
  }

  @Test
  void aBatchOutlivesScopesButResultsInThemDoNot() {
    Pass pass = DatasetTest.numbered(4).batches(2).iterator();
    Batch batch;
    try (var _ = Scope.open()) {
      batch = pass.next();
    }
    assertArrayEquals(new int[] {0, 1}, batch.labels().toInts());
    pass.close();
  }

  @Test
  @Timeout(60)
  void aFailureOfTheLoaderReachesTheConsumer() {
    IllegalArgumentException cause = new IllegalArgumentException("a picture is damaged");
    Dataset data =
        hooked(
            10,
            index -> {
              if (index == 5) {
                throw cause;
              }
            });
    for (int prefetch : new int[] {0, 2}) {
      Pass pass = data.batches(2).prefetch(prefetch).iterator();
      pass.next();
      pass.next();
      LoaderException failure = assertThrows(LoaderException.class, pass::next);
      assertEquals(
          """
          Loader: batch 2 could not be read
            cause  a picture is damaged\
          """,
          failure.getMessage());
      assertSame(cause, failure.getCause());
      assertEquals(2, failure.batch());
      assertThrows(LoaderException.class, pass::next);
      pass.close();
    }
  }

  @Test
  @Timeout(60)
  void closingStopsTheThread() {
    AtomicReference<Thread> loading = new AtomicReference<>();
    Dataset data = hooked(1000, _ -> loading.set(Thread.currentThread()));
    try (Pass pass = data.batches(1).iterator()) {
      pass.next();
      assertEquals("vectorgrad-loader", loading.get().getName());
      assertTrue(loading.get().isAlive());
    }
    assertFalse(loading.get().isAlive());
  }

  @Test
  void aClosedPassHasNoMoreBatches() {
    Pass pass = DatasetTest.numbered(4).batches(2).iterator();
    pass.close();
    pass.close();
    assertFalse(pass.hasNext());
    assertEquals(
        "the pass is closed", assertThrows(NoSuchElementException.class, pass::next).getMessage());
    Pass finished = DatasetTest.numbered(2).batches(2).iterator();
    finished.next();
    assertEquals(
        "the epoch has ended",
        assertThrows(NoSuchElementException.class, finished::next).getMessage());
  }

  @Test
  @Timeout(60)
  void aLoopThatIsLeftEarlyLetsItsThreadGo() throws InterruptedException {
    AtomicReference<Thread> loading = new AtomicReference<>();
    leaveEarly(hooked(1000, _ -> loading.set(Thread.currentThread())).batches(1));
    while (loading.get().isAlive()) {
      System.gc();
      loading.get().join(10);
    }
    assertFalse(loading.get().isAlive());
  }

  private static void leaveEarly(Loader loader) {
    for (Batch batch : loader) {
      if (batch.size() > 0) {
        break;
      }
    }
  }

  @Test
  @Timeout(60)
  void theMeterCountsWhatHadToBeWaitedFor() throws InterruptedException {
    CountDownLatch consumerWaits = new CountDownLatch(1);
    AtomicReference<Thread> loading = new AtomicReference<>();
    Dataset data =
        hooked(
            4,
            _ -> {
              loading.set(Thread.currentThread());
              await(consumerWaits);
            });
    Loader loader = data.batches(2).prefetch(2);
    Thread consumer = Thread.currentThread();
    Thread.ofVirtual()
        .start(() -> {
          while (consumer.getState() != Thread.State.WAITING) {
            Thread.onSpinWait();
          }
          consumerWaits.countDown();
        });
    Pass pass = loader.iterator();
    pass.next();
    assertEquals(1, loader.stalls().batches());
    assertEquals(1, loader.stalls().waits());
    long nanos = loader.stalls().nanos();
    assertTrue(nanos > 0);
    assertEquals(nanos * 1e-9, loader.stalls().seconds());
    loading.get().join();
    pass.next();
    assertEquals(new Stalls(2, 1, nanos), loader.stalls());
  }

  @Test
  void withoutAThreadEveryBatchIsWaitedFor() {
    Loader loader = DatasetTest.numbered(6).batches(2).prefetch(0);
    for (Batch batch : loader) {
      assertEquals(2, batch.size());
    }
    assertEquals(3, loader.stalls().batches());
    assertEquals(3, loader.stalls().waits());
  }

  @Test
  @Timeout(60)
  void anInterruptedConsumerStopsWaiting() {
    CountDownLatch end = new CountDownLatch(1);
    Pass pass = hooked(2, _ -> await(end)).batches(2).iterator();
    Thread.currentThread().interrupt();
    assertEquals(
        "Loader: interrupted while waiting for a batch",
        assertThrows(IllegalStateException.class, pass::next).getMessage());
    assertTrue(Thread.interrupted());
    end.countDown();
    pass.close();
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
