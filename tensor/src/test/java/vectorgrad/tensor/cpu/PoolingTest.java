package vectorgrad.tensor.cpu;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import vectorgrad.numerics.Precision;
import vectorgrad.tensor.PoolGeometry;
import vectorgrad.tensor.cpu.KernelReading.Pooled;

class PoolingTest {
  private static final double[] VALUES = {
    0, -0.0, 1, 2, -1, Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY
  };

  @Property(tries = 100)
  void theVectorsChooseAsTheDefinitionDoes(@ForAll long seed) {
    var r = new Random(seed);
    int planes = 1 + r.nextInt(5);
    int height = 2 + r.nextInt(9);
    int width = 2 + r.nextInt(40);
    PoolGeometry g =
        r.nextInt(3) == 0
            ? new PoolGeometry(
                1 + r.nextInt(2), 2, 1 + r.nextInt(2), 1 + r.nextInt(2), 0, r.nextInt(2))
            : PoolGeometry.square(2);
    double[] x = new double[planes * height * width];
    for (int i = 0; i < x.length; i++) {
      x[i] = VALUES[r.nextInt(VALUES.length)];
    }
    for (Precision precision : Precision.values()) {
      KernelReading.all(precision)
          .forEach(reading -> {
            Pooled naive = reading.pool(true, g, planes, height, width, x);
            Pooled fast = reading.pool(false, g, planes, height, width, x);
            assertArrayEquals(naive.values(), fast.values());
            assertArrayEquals(naive.indices(), fast.indices());
          });
    }
  }

  @Test
  void theFirstOfEqualsWinsAndTheFirstNaNBeatsAll() {
    double[] x = {
      1,
      1,
      5,
      Double.NaN,
      -1,
      -2,
      0,
      3, //
      1,
      0,
      Double.NaN,
      9,
      -1,
      -3,
      4,
      4
    };
    KernelReading.all(Precision.SINGLE)
        .forEach(reading -> {
          Pooled p = reading.pool(false, PoolGeometry.square(2), 1, 2, 8, x);
          assertArrayEquals(new double[] {1, Double.NaN, -1, 4}, p.values());
          assertArrayEquals(new int[] {0, 3, 4, 14}, p.indices());
        });
  }

  @Test
  void paddingIsNeverChosen() {
    double[] x = {Double.NEGATIVE_INFINITY, -5, -6, -7};
    Pooled p =
        KernelReading.of(Precision.SINGLE, 0)
            .pool(false, new PoolGeometry(2, 2, 2, 2, 1, 1), 1, 2, 2, x);
    assertArrayEquals(x, p.values());
    assertArrayEquals(new int[] {0, 1, 2, 3}, p.indices());
  }
}
