package vectorgrad.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import org.junit.jupiter.api.Test;
import vectorgrad.tensor.Shape;

class NormalizationTest {
  /// Two samples of two channels of 1×2: channel 0 has 1, 3, 5, 7 (mean 4, variance 5), channel 1
  /// only 2.
  private static final Dataset DATA =
      Dataset.of(
          Samples.of(new float[] {1, 3, 2, 2, 5, 7, 2, 2}, Shape.of(2, 1, 2)),
          new int[2],
          List.of("any"));

  @Test
  void theNumbersAreThoseOfTheTrainSet() {
    Normalization normalization = Normalization.of(DATA);
    assertEquals(2, normalization.channels());
    assertEquals(4, normalization.mean(0));
    assertEquals((float) Math.sqrt(5), normalization.std(0));
    assertEquals(2, normalization.mean(1));
    assertEquals(1, normalization.std(1), "a channel that never changes is only shifted");
    assertEquals("mean [4.0, 2.0], std [2.236068, 1.0]", normalization.toString());
  }

  @Test
  void onlyTheGivenSamplesAreLookedAt() {
    assertEquals(2, Normalization.of(DATA.take(1)).mean(0));
  }

  @Test
  void inputsAreNormalizedAsTheyAreRead() {
    Normalization normalization = Normalization.of(new float[] {4, 0}, new float[] {2, 0.5f});
    float[] wanted = {-1.5f, -0.5f, 4, 4, 0.5f, 1.5f, 4, 4};
    Dataset normalized = DATA.normalized(normalization);
    assertArrayEquals(wanted, normalized.images().toFloats());
    for (Batch batch : normalized.batches(2)) {
      assertArrayEquals(wanted, batch.images().toFloats());
    }
  }

  @Test
  void aColumnOfFeaturesIsAChannel() {
    Dataset rows =
        Dataset.of(Samples.of(new float[] {1, 10, 3, 30}, Shape.of(2)), new int[2], List.of("any"));
    Normalization normalization = Normalization.of(rows);
    assertEquals(2, normalization.mean(0));
    assertEquals(20, normalization.mean(1));
    assertEquals(10, normalization.std(1));
  }

  @Test
  void numbersThatMakeNoSenseAreRefused() {
    assertEquals(
        "Normalization: 1 means for 2 standard deviations",
        assertThrows(
                IllegalArgumentException.class,
                () -> Normalization.of(new float[1], new float[] {1, 1}))
            .getMessage());
    assertEquals(
        "Normalization: standard deviations are positive, found 0.0",
        assertThrows(
                IllegalArgumentException.class, () -> Normalization.of(new float[1], new float[1]))
            .getMessage());
    assertEquals(
        """
        Normalization: the samples have 2 channels, the normalization 1
          sample (2, 1, 2)\
        """,
        assertThrows(
                IllegalArgumentException.class,
                () -> DATA.normalized(Normalization.of(new float[1], new float[] {1})))
            .getMessage());
  }
}
