package vectorgrad.tensor.cpu;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class WorkersTest {
  private int before;

  @BeforeEach
  void remember() {
    before = Workers.threads();
  }

  @AfterEach
  void restore() {
    Workers.threads(before);
  }

  private static void assertRunsEachChunkOnce(int chunks) {
    AtomicIntegerArray runs = new AtomicIntegerArray(chunks);
    Workers.parallel(chunks, runs::incrementAndGet);
    for (int chunk = 0; chunk < chunks; chunk++) {
      assertEquals(1, runs.get(chunk), "runs of chunk " + chunk);
    }
  }

  @Test
  void everyChunkRunsExactlyOnceForAnyNumberOfThreads() {
    for (int threads : new int[] {1, 2, 7, 3, 1}) {
      Workers.threads(threads);
      assertEquals(threads, Workers.threads());
      for (int repeat = 0; repeat < 200; repeat++) {
        assertRunsEachChunkOnce(repeat % 20);
      }
    }
  }

  @Test
  void sleepingThreadsAreWokenAgain() throws InterruptedException {
    Workers.threads(3);
    for (int repeat = 0; repeat < 5; repeat++) {
      TimeUnit.MILLISECONDS.sleep(5); // a hundred times as long as threads spin
      assertMeet(3);
    }
  }

  /// Chunks that wait for each other only end if each has a thread of its own.
  private static void assertMeet(int threads) {
    CountDownLatch met = new CountDownLatch(threads);
    Set<Thread> seen = ConcurrentHashMap.newKeySet();
    Workers.parallel(
        threads,
        _ -> {
          seen.add(Thread.currentThread());
          met.countDown();
          try {
            assertTrue(met.await(30, TimeUnit.SECONDS), "a thread is missing");
          } catch (InterruptedException e) {
            throw new AssertionError(e);
          }
        });
    assertEquals(threads, seen.size());
    assertTrue(seen.stream().allMatch(t -> t == Thread.currentThread() || t.isDaemon()));
  }

  @Test
  void oneThreadRunsChunksInOrderItself() {
    Workers.threads(1);
    List<Integer> order = new ArrayList<>();
    Workers.parallel(5, order::add);
    assertEquals(List.of(0, 1, 2, 3, 4), order);
  }

  @Test
  void exceptionsOfOtherThreadsReachTheCaller() {
    Workers.threads(4);
    IllegalStateException thrown = new IllegalStateException("chunk 7");
    for (int repeat = 0; repeat < 50; repeat++) {
      assertSame(
          thrown,
          assertThrows(
              IllegalStateException.class,
              () ->
                  Workers.parallel(
                      16,
                      chunk -> {
                        if (chunk == 7) {
                          throw thrown;
                        }
                      })));
      assertRunsEachChunkOnce(9); // and the pool goes on working
    }
    assertThrows(
        OutOfMemoryError.class,
        () ->
            Workers.parallel(
                4,
                _ -> {
                  throw new OutOfMemoryError("pretended");
                }));
  }

  @Test
  void callsFromInsideAChunkRunInline() {
    Workers.threads(4);
    AtomicInteger runs = new AtomicInteger();
    Workers.parallel(
        8,
        _ -> {
          Thread outer = Thread.currentThread();
          Workers.parallel(
              8,
              _ -> {
                assertSame(outer, Thread.currentThread());
                runs.incrementAndGet();
              });
        });
    assertEquals(64, runs.get());
  }

  @Test
  void manyThreadsMayCallAtTheSameTime() throws InterruptedException {
    Workers.threads(3);
    int callers = 5;
    int[] sums = new int[callers];
    AtomicReference<Throwable> failure = new AtomicReference<>();
    List<Thread> threads = new ArrayList<>();
    for (int c = 0; c < callers; c++) {
      int caller = c;
      threads.add(
          Thread.ofPlatform()
              .start(() -> {
                try {
                  for (int repeat = 0; repeat < 300; repeat++) {
                    AtomicInteger sum = new AtomicInteger();
                    Workers.parallel(10, sum::addAndGet);
                    sums[caller] += sum.get();
                  }
                } catch (Throwable t) {
                  failure.set(t);
                }
              }));
    }
    for (Thread thread : threads) {
      thread.join();
    }
    assertNull(failure.get());
    int[] expected = new int[callers];
    Arrays.fill(expected, 300 * 45);
    assertArrayEquals(expected, sums);
  }

  @Test
  void theNumberOfThreadsMayChangeDuringWork() throws InterruptedException {
    Workers.threads(2);
    AtomicInteger rounds = new AtomicInteger();
    Thread caller =
        Thread.ofPlatform()
            .start(() -> {
              for (int repeat = 0; repeat < 500; repeat++) {
                assertRunsEachChunkOnce(6);
                rounds.incrementAndGet();
              }
            });
    for (int repeat = 0; repeat < 50; repeat++) {
      Workers.threads(1 + repeat % 4);
    }
    caller.join();
    assertEquals(500, rounds.get());
  }

  @Test
  void fewerThanOneThreadIsRefused() {
    var thrown = assertThrows(IllegalArgumentException.class, () -> Workers.threads(0));
    assertEquals("threads: must be at least 1, found 0", thrown.getMessage());
  }
}
