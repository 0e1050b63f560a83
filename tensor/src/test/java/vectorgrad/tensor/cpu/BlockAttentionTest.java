package vectorgrad.tensor.cpu;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import vectorgrad.numerics.Precision;
import vectorgrad.tensor.cpu.KernelReading.View;

class BlockAttentionTest {
  private static final int[] LENGTHS = {1, 2, 31, 63, 64, 65, 129, 255, 257, 300};

  private static View draw(Random random, int rows, int columns) {
    double[] data = new double[rows * columns];
    for (int i = 0; i < data.length; i++) {
      data[i] = (float) (2 * random.nextGaussian());
    }
    return new View(data, 0, rows, columns, columns, 1);
  }

  @Property(tries = 12)
  void blocksAreTheDefinitionWithTheSameBitsAtEveryWidth(@ForAll long seed) {
    for (Precision precision : new Precision[] {Precision.SINGLE, Precision.DOUBLE}) {
      var random = new Random(seed);
      int queries = LENGTHS[random.nextInt(LENGTHS.length)];
      int keys = LENGTHS[random.nextInt(LENGTHS.length)];
      int features = 1 + random.nextInt(40);
      View q = draw(random, queries, features);
      View k = draw(random, keys, features);
      View v = draw(random, keys, 1 + random.nextInt(40));
      boolean causal = random.nextBoolean();
      var readings = KernelReading.all(precision).toList();
      double[][] naive = readings.getFirst().attention(true, causal, q, k, v);
      double[][] first = readings.getFirst().attention(false, causal, q, k, v);
      // scores of up to a few hundred, rounded in f32, are exponents
      double tolerance = precision == Precision.SINGLE ? 1e-3 : 1e-12;
      assertArrayEquals(naive[0], first[0], tolerance);
      assertArrayEquals(naive[1], first[1], 10 * tolerance);
      for (KernelReading reading : readings) {
        assertArrayEquals(first, reading.attention(false, causal, q, k, v));
      }
    }
  }
}
