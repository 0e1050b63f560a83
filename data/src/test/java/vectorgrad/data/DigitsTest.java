package vectorgrad.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import vectorgrad.tensor.Shape;

class DigitsTest {

  @Test
  void allAreThere() {
    Dataset all = Digits.all();
    assertEquals(Shape.of(1797, 1, 8, 8), all.images().shape());
    // The counts of the ten digits as the data set's own description has them.
    assertArrayEquals(
        new int[] {178, 182, 177, 183, 181, 182, 181, 179, 174, 180}, all.classCounts());
    assertEquals(1, all.images().max().item());
    assertEquals(0, all.images().min().item());
  }

  @Test
  void theFirstIsAZero() {
    Dataset first = Digits.all().take(1);
    assertArrayEquals(new int[] {0}, first.labels().toInts());
    float[] secondRow = Arrays.copyOfRange(first.images().toFloats(), 8, 16);
    assertArrayEquals(
        new float[] {0, 0, 13 / 16f, 15 / 16f, 10 / 16f, 15 / 16f, 5 / 16f, 0}, secondRow);
  }

  @Test
  void trainAndTestAreDividedAlwaysAlike() throws IOException {
    Pictures digits = Pictures.named("digits", Sources.standard());
    assertEquals("digits", digits.name());
    assertEquals(1437, digits.train().size());
    assertEquals(360, digits.test().size());
    // From an independent implementation of Philox4x32-10 and of Fisher and Yates, in Python.
    assertArrayEquals(
        new int[] {1, 6, 0, 3, 9, 1, 6, 7, 9, 6}, digits.test().take(10).labels().toInts());
    int[] together = digits.train().classCounts();
    Arrays.setAll(together, c -> together[c] + digits.test().classCounts()[c]);
    assertArrayEquals(Digits.all().classCounts(), together);
  }
}
