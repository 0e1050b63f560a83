package vectorgrad.numerics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class FiniteDifferenceTest {
  private static double f(double x) {
    return x * x * x * Math.sin(x);
  }

  private static final double AT_2 = 12 * Math.sin(2) + 8 * Math.cos(2);

  @Test
  void eachMethodHasItsOrder() {
    double h = 1e-3;
    double secants =
        Math.abs(FiniteDifference.forward(FiniteDifferenceTest::f, 2, h) - AT_2)
            / Math.abs(FiniteDifference.forward(FiniteDifferenceTest::f, 2, h / 2) - AT_2);
    double across =
        Math.abs(FiniteDifference.central(FiniteDifferenceTest::f, 2, h) - AT_2)
            / Math.abs(FiniteDifference.central(FiniteDifferenceTest::f, 2, h / 2) - AT_2);
    assertEquals(2, secants, 0.01);
    assertEquals(4, across, 0.01);
    assertEquals(
        FiniteDifference.central(FiniteDifferenceTest::f, 2, h),
        (FiniteDifference.forward(FiniteDifferenceTest::f, 2, h)
                + FiniteDifference.backward(FiniteDifferenceTest::f, 2, h))
            / 2,
        1e-9);
  }

  @Test
  void richardsonReachesWhatCentralCannot() {
    double best = Double.POSITIVE_INFINITY;
    for (double h = 1e-1; h > 1e-12; h /= 2) {
      best =
          Math.min(best, Math.abs(FiniteDifference.central(FiniteDifferenceTest::f, 2, h) - AT_2));
    }
    double error = Math.abs(FiniteDifference.richardson(FiniteDifferenceTest::f, 2, 0.1, 7) - AT_2);
    assertTrue(error < 1e-12 && error < best, () -> "richardson " + error);
  }

  @Test
  void ulpsCountNeighbours() {
    assertEquals(1, Ulps.distance(1f, Math.nextUp(1f)));
    assertEquals(2, Ulps.distance(-Float.MIN_VALUE, Float.MIN_VALUE));
    assertEquals(0, Ulps.distance(0f, -0f));
    assertEquals(0, Ulps.distance(Float.NaN, Float.NaN));
    assertEquals(Long.MAX_VALUE, Ulps.distance(1f, Float.NaN));
    assertEquals(1, Ulps.distance(1.0, Math.nextDown(1.0)));
    assertEquals(0, Ulps.distance(0.0, -0.0));
    assertEquals(Long.MAX_VALUE, Ulps.distance(-Double.MAX_VALUE, Double.MAX_VALUE));
  }
}
