package vectorgrad.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import vectorgrad.tensor.Seed;
import vectorgrad.tensor.Shape;

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
    return labels(() -> (Iterator<Batch>) pass);
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
}
