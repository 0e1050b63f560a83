package vectorgrad.numerics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigDecimal;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class SumsTest {
  private static final double U = 0x1p-53;

  @Test
  void largeNumbersThatCancelLeaveTheSmallOnes() {
    double[] x = {1, 1e100, 1, -1e100};
    assertEquals(0, Sums.naive(x));
    assertEquals(0, Sums.pairwise(x));
    assertEquals(2, Sums.compensated(x));
    assertEquals(2f, Sums.compensated(1f, 1e30f, 1f, -1e30f));
  }

  @Test
  void aFloatStopsCountingButItsPairsDoNot() {
    float[] ones = new float[(1 << 24) + 1000];
    java.util.Arrays.fill(ones, 1f);
    assertEquals(1 << 24, Sums.naive(ones));
    assertEquals(ones.length, Sums.pairwise(ones));
    assertEquals(ones.length, Sums.compensated(ones));
  }

  @Test
  void nothingSumsToZeroAndInfinityIsKept() {
    assertEquals(0, Sums.naive(new double[0]));
    assertEquals(0, Sums.pairwise(new double[0]));
    assertEquals(0, Sums.compensated(new double[0]));
    double inf = Double.POSITIVE_INFINITY;
    assertEquals(inf, Sums.compensated(1, inf, 2));
    assertEquals(Double.NaN, Sums.compensated(inf, -inf, 1));
    assertEquals(inf, Sums.compensated(Double.MAX_VALUE, Double.MAX_VALUE));
  }

  @Property(tries = 300)
  void errorsStayWithinTheirBounds(@ForAll long seed) {
    Random random = new Random(seed);
    int n = 1 + random.nextInt(500);
    double[] x = new double[n];
    BigDecimal exact = BigDecimal.ZERO;
    BigDecimal sizes = BigDecimal.ZERO;
    for (int i = 0; i < n; i++) {
      x[i] = random.nextGaussian() * Math.pow(10, random.nextInt(40) - 20);
      if (random.nextInt(3) == 0 && i > 0) {
        x[i] = -x[random.nextInt(i)]; // cancels
      }
      exact = exact.add(new BigDecimal(x[i]));
      sizes = sizes.add(new BigDecimal(Math.abs(x[i])));
    }
    double size = sizes.doubleValue();
    within((n - 1) * U * size * 1.01, exact, Sums.naive(x));
    double levels = Math.ceil(Math.log(n) / Math.log(2)) + 8;
    within(levels * U * size, exact, Sums.pairwise(x));
    within(U * Math.abs(exact.doubleValue()) + n * n * U * U * size, exact, Sums.compensated(x));
  }

  private static void within(double bound, BigDecimal exact, double sum) {
    double error = new BigDecimal(sum).subtract(exact).abs().doubleValue();
    assertTrue(error <= bound, () -> "error " + error + ", bound " + bound);
  }
}
