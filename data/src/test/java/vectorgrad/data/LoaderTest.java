package vectorgrad.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import vectorgrad.tensor.ClosedScopeException;
import vectorgrad.tensor.Scope;
import vectorgrad.tensor.Seed;
import vectorgrad.tensor.Shape;
import vectorgrad.tensor.Tensor;

class LoaderTest {

  private static List<Integer> labels(Iterable<Batch> batches) {
    List<Integer> labels = new ArrayList<>();
    for (Batch batch : batches) {
      for (int label : batch.labels().toInts()) {
        labels.add(label);
      }
    }
    return labels;
  }

  private static List<Integer> labels(Pass pass) {
    return labels(() -> (java.util.Iterator<Batch>) pass);
  }

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
  void batchesComeInTheOrderOfTheDataset() {
    Loader loader = DatasetTest.numbered(7).batches(3);
    List<List<Integer>> batches = new ArrayList<>();
    for (Batch batch : loader) {
      assertEquals(Shape.of(batch.size(), 1), batch.images().shape());
      int[] labels = batch.labels().toInts();
      float[] inputs = batch.images().toFloats();
      for (int i = 0; i < labels.length; i++) {
        assertEquals(labels[i], inputs[i]);
      }
      batches.add(Arrays.stream(labels).boxed().toList());
    }
    assertEquals(List.of(List.of(0, 1, 2), List.of(3, 4, 5), List.of(6)), batches);
    assertEquals(3, loader.batches());
    assertEquals(7, loader.samples());
  }

  @Test
  void theLastBatchIsDroppedOnRequest() {
    Loader loader = DatasetTest.numbered(7).batches(3).dropLast();
    assertEquals(List.of(0, 1, 2, 3, 4, 5), labels(loader));
    assertEquals(2, loader.batches());
    assertEquals(6, loader.samples());
    assertEquals(
        """
        Loader: there is no full batch, and the last one is dropped
          batch  8
          found  7 samples\
        """,
        assertThrows(
                IllegalArgumentException.class, () -> DatasetTest.numbered(7).batches(8).dropLast())
            .getMessage());
  }

  @Test
  void anEmptyDatasetHasNoBatch() {
    assertEquals(List.of(), labels(DatasetTest.numbered(0).batches(4)));
  }

  @Test
  void shuffledOrdersAreTheSameForever() {
    Loader loader = DatasetTest.numbered(10).shuffled(Seed.of(2)).batches(4);
    // From an independent implementation of Philox4x32-10 and of Fisher and Yates, in Python.
    assertEquals(List.of(1, 6, 5, 2, 9, 4, 7, 8, 3, 0), labels(loader.epoch(0)));
    assertEquals(List.of(3, 5, 8, 0, 9, 2, 4, 6, 1, 7), labels(loader.epoch(1)));
  }

  @Test
  void everyIterationIsTheNextEpoch() {
    Loader loader = DatasetTest.numbered(50).shuffled(Seed.of(3)).batches(8);
    List<Integer> first = labels(loader);
    List<Integer> second = labels(loader);
    assertNotEquals(first, second);
    assertEquals(first, labels(loader.epoch(0)));
    assertEquals(second, labels(loader.epoch(1)));
    assertEquals(IntStream.range(0, 50).boxed().toList(), first.stream().sorted().toList());
  }

  @Property(tries = 60)
  void theThreadChangesNothing(
      @ForAll @IntRange(max = 60) int samples,
      @ForAll @IntRange(min = 1, max = 20) int batchSize,
      @ForAll @IntRange(min = 1, max = 5) int prefetch,
      @ForAll long seed) {
    Loader loader = DatasetTest.numbered(samples).shuffled(Seed.of(seed)).batches(batchSize);
    assertEquals(labels(loader.prefetch(0).epoch(3)), labels(loader.prefetch(prefetch).epoch(3)));
  }

  @Test
  void anEpochGoesOnInTheMiddle() {
    Loader loader = DatasetTest.numbered(30).shuffled(Seed.of(4)).batches(4);
    List<Integer> all = labels(loader.epoch(2));
    try (Pass pass = loader.epoch(2, 5)) {
      assertEquals(5, pass.position());
      assertEquals(all.subList(20, 30), labels(pass));
      assertEquals(8, pass.position());
    }
    assertEquals(List.of(), labels(loader.epoch(2, 8)));
    assertEquals(
        "Loader: wanted a batch from 0 to 8, found 9",
        assertThrows(IllegalArgumentException.class, () -> loader.epoch(2, 9)).getMessage());
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
    labels(loader);
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

  @Test
  void sizesThatMakeNoSenseAreRefused() {
    assertEquals(
        "Loader: wanted a batch size of at least 1, found 0",
        assertThrows(IllegalArgumentException.class, () -> DatasetTest.numbered(4).batches(0))
            .getMessage());
    assertEquals(
        "Loader: wanted at least 0 batches to prefetch, found -1",
        assertThrows(
                IllegalArgumentException.class,
                () -> DatasetTest.numbered(4).batches(2).prefetch(-1))
            .getMessage());
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
