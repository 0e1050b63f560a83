package vectorgrad.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import vectorgrad.tensor.DType;
import vectorgrad.tensor.Scope;
import vectorgrad.tensor.Seed;
import vectorgrad.tensor.Shape;
import vectorgrad.tensor.ShapeException;
import vectorgrad.tensor.Tensor;

class DatasetTest {
  /// `n` samples of one feature, each with its own number as feature and label.
  static Dataset numbered(int n) {
    float[] features = new float[n];
    for (int i = 0; i < n; i++) {
      features[i] = i;
    }
    return Dataset.of(
        Samples.of(features, Shape.of(1)),
        IntStream.range(0, n).toArray(),
        IntStream.range(0, n).mapToObj(Integer::toString).toList());
  }

  private static int[] labels(Dataset data) {
    return data.labels().toInts();
  }

  @Test
  void bytesAreReadAsFractionsOfFull() {
    byte[] bytes = {0, 51, (byte) 255, 16, 8, (byte) 128, 1, 2};
    Dataset data =
        Dataset.of(Samples.of(bytes, Shape.of(1, 2, 2), 255), new int[] {1, 0}, List.of("a", "b"));
    assertEquals(Shape.of(2, 1, 2, 2), data.images().shape());
    assertArrayEquals(
        new float[] {0, 0.2f, 1, 16 / 255f, 8 / 255f, 128 / 255f, 1 / 255f, 2 / 255f},
        data.images().toFloats());
    assertEquals(DType.I32, data.labels().dtype());
    assertArrayEquals(new int[] {1, 0}, labels(data));
    assertEquals(List.of("a", "b"), data.classes());
    assertArrayEquals(new int[] {1, 1}, data.classCounts());
    assertArrayEquals(new int[] {0, 1}, data.take(1).classCounts());
  }

  @Test
  void rowsOfFeaturesMayHaveNumbersAsTargets() {
    Tensor inputs = Tensor.of(new float[] {1, 2, 3, 4, 5, 6}, Shape.of(3, 2));
    Tensor targets = Tensor.of(new float[] {10, 20, 30}, Shape.of(3, 1));
    Dataset data = Dataset.of(inputs, targets);
    assertEquals(List.of(), data.classes());
    assertEquals(0, data.classCounts().length);
    Dataset part = data.select(2, 0);
    assertEquals(Shape.of(2, 1), part.labels().shape());
    assertArrayEquals(new float[] {30, 10}, part.labels().toFloats());
    assertArrayEquals(new float[] {5, 6, 1, 2}, part.inputs().toFloats());
    for (Batch batch : part.batches(2)) {
      assertArrayEquals(new float[] {30, 10}, batch.targets().toFloats());
      assertArrayEquals(new float[] {5, 6, 1, 2}, batch.inputs().toFloats());
    }
  }

  @Test
  void tensorsWithClassesMakeADataset() {
    Tensor inputs = Tensor.of(new float[] {1, 2}, Shape.of(2));
    Dataset data = Dataset.of(inputs, Tensor.of(1, 0), List.of("no", "yes"));
    assertEquals(Shape.SCALAR, data.inputShape());
    assertArrayEquals(new float[] {1, 2}, data.inputs().toFloats());
  }

  @Test
  void imagesOutliveTheScopeTheyAreAskedForIn() {
    Tensor images;
    try (var _ = Scope.open()) {
      images = numbered(3).images();
    }
    assertArrayEquals(new float[] {0, 1, 2}, images.toFloats());
  }

  @Test
  void takeGivesTheFirstOrAll() {
    assertArrayEquals(new int[] {0, 1, 2}, labels(numbered(5).take(3)));
    assertEquals(5, numbered(5).take(100).size());
    assertEquals(0, numbered(5).take(0).size());
    assertEquals(
        "take: wanted a count of at least 0, found -1",
        assertThrows(IllegalArgumentException.class, () -> numbered(5).take(-1)).getMessage());
  }

  @Test
  void selectComposes() {
    assertArrayEquals(new int[] {7, 9}, labels(numbered(10).select(9, 8, 7).select(2, 0)));
  }

  @Test
  void aSplitIsTheSameForever() {
    List<Dataset> parts = numbered(10).split(Seed.of(1), 6, 3);
    // From an independent implementation of Philox4x32-10 and of Fisher and Yates, in Python.
    assertArrayEquals(new int[] {0, 7, 8, 1, 5, 6}, labels(parts.get(0)));
    assertArrayEquals(new int[] {9, 4, 2}, labels(parts.get(1)));
  }

  @Property(tries = 200)
  void partsAreDisjointAndTogetherEverything(
      @ForAll @IntRange(max = 200) int first,
      @ForAll @IntRange(max = 200) int second,
      @ForAll @IntRange(max = 9) int seed) {
    Dataset data = numbered(first + second);
    List<Dataset> parts = data.split(Seed.of(seed), first, second);
    int[] both =
        parts.stream().flatMapToInt(part -> Arrays.stream(labels(part))).sorted().toArray();
    assertEquals(first, parts.get(0).size());
    assertArrayEquals(IntStream.range(0, first + second).toArray(), both);
  }

  @Test
  void aSplitIntoMoreThanThereIsIsRefused() {
    assertEquals(
        """
        split: the parts need 11 samples, the dataset has 10
          sizes  [6, 5]\
        """,
        assertThrows(IllegalArgumentException.class, () -> numbered(10).split(Seed.of(1), 6, 5))
            .getMessage());
  }

  @Test
  void everyInputNeedsATarget() {
    assertEquals(
        """
        Dataset: 2 inputs for 3 targets
          rule   every input has one target\
        """,
        assertThrows(
                IllegalArgumentException.class,
                () -> Dataset.of(Samples.of(new float[4], Shape.of(2)), new int[3], List.of("a")))
            .getMessage());
  }

  @Test
  void everyLabelNeedsAClass() {
    assertEquals(
        """
        Dataset: label 2 of sample 1 has no class
          rule   labels are 0 to 1, one for each class name\
        """,
        assertThrows(
                IllegalArgumentException.class,
                () ->
                    Dataset.of(
                        Samples.of(new float[2], Shape.of(1)), new int[] {0, 2}, List.of("a", "b")))
            .getMessage());
  }

  @Test
  void samplesComeWhole() {
    assertEquals(
        "Samples: 5 values are not a whole number of samples of shape (2)",
        assertThrows(ShapeException.class, () -> Samples.of(new byte[5], Shape.of(2), 255))
            .getMessage());
  }
}
