package vectorgrad.tensor.cpu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import vectorgrad.tensor.spi.Reduction;

/// Every width against the tree in plain Java, to the bit.
class FoldTest {
  private static final int[] WIDTHS = {0, 128, 256, 512};

  @Property(tries = 300)
  void allWidthsJoinByTheSameTree(@ForAll long seed, @ForAll @IntRange(min = 1, max = 300) int n) {
    Random random = new Random(seed);
    int offset = random.nextInt(5);
    float[] floats = new float[offset + n + random.nextInt(3)];
    double[] doubles = new double[floats.length];
    for (int i = 0; i < floats.length; i++) {
      doubles[i] = random.nextGaussian();
      floats[i] = (float) doubles[i];
    }
    for (Reduction reduction : Reduction.values()) {
      Fold naive = new Fold.Naive(reduction);
      for (int bits : WIDTHS) {
        assertEquals(
            naive.row(floats, offset, n, new float[64]),
            FoldCompiler.of(reduction, Arithmetic.FLOAT, bits)
                .row(floats, offset, n, new float[100]),
            () -> reduction + " of floats, " + bits + " bits");
        assertEquals(
            naive.row(doubles, offset, n, new double[64]),
            FoldCompiler.of(reduction, Arithmetic.DOUBLE, bits)
                .row(doubles, offset, n, new double[64]),
            () -> reduction + " of doubles, " + bits + " bits");
      }
    }
  }

  @Property(tries = 100)
  void oneNanMakesEveryResultNan(@ForAll long seed, @ForAll @IntRange(min = 1, max = 200) int n) {
    float[] row = new float[n];
    row[new Random(seed).nextInt(n)] = Float.NaN;
    for (Reduction reduction : Reduction.values()) {
      for (int bits : WIDTHS) {
        Fold fold = FoldCompiler.of(reduction, Arithmetic.FLOAT, bits);
        assertTrue(Double.isNaN(fold.row(row, 0, n, new float[64])));
      }
    }
  }

  @Test
  void negativeZeroSurvivesTheLanesThatHoldNothing() {
    for (int bits : WIDTHS) {
      for (int n : new int[] {1, 3, 63, 64, 65, 130}) {
        float[] row = new float[n];
        java.util.Arrays.fill(row, -0f);
        Fold sum = FoldCompiler.of(Reduction.SUM, Arithmetic.FLOAT, bits);
        assertEquals(-0.0, sum.row(row, 0, n, new float[64]));
      }
    }
  }

  @Test
  void sumsOfManyFloatsAreAccurate() {
    int n = 4096;
    float[] row = new float[n];
    java.util.Arrays.fill(row, 0.1f);
    double sum = FoldCompiler.of(Reduction.SUM, Arithmetic.FLOAT, 0).row(row, 0, n, new float[64]);
    int roundings = n / 64 + 6; // one after the other it would be n
    assertEquals(n * (double) 0.1f, sum, n * 0.1 * roundings * Math.ulp(1f) / 2);
  }
}
