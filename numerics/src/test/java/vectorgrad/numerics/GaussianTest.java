package vectorgrad.numerics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

@SuppressWarnings("FloatingPointLiteralPrecision") // numbers stand as they were computed
class GaussianTest {
  /// Of `golden/gaussian.py`.
  private static final double[][] CUMULATIVE = {
    {-37, 5.72557122252457682e-300},
    {-20.5, 1.07646732587909603e-93},
    {-8, 6.22096057427178412e-16},
    {-3, 1.34989803163009453e-3},
    {-1.5, 6.68072012688580660e-2},
    {-1.2501, 1.05631509899856016e-1},
    {-1.25, 1.05649773666855258e-1},
    {-1, 1.58655253931457051e-1},
    {-0.1, 4.60172162722971016e-1},
    {0, 5.00000000000000000e-1},
    {0.25, 5.98706325682923724e-1},
    {1.2, 8.84930329778291723e-1},
    {1.3, 9.03199515414389674e-1},
    {2, 9.77249868051820793e-1},
    {6, 9.99999999013412355e-1}
  };

  /// A few roundings, and that of `x²` in the exponent.
  private static double tolerance(double x) {
    return (10 + x * x) * 0x1p-53;
  }

  @Test
  void theTailsKeepTheirDigits() {
    for (double[] row : CUMULATIVE) {
      double found = Gaussian.cumulative(row[0]);
      assertEquals(1, found / row[1], tolerance(row[0]), () -> "at " + row[0]);
    }
    assertEquals(0, Gaussian.cumulative(Double.NEGATIVE_INFINITY));
    assertEquals(1, Gaussian.cumulative(Double.POSITIVE_INFINITY));
    assertTrue(Double.isNaN(Gaussian.cumulative(Double.NaN)));
  }

  @Test
  void quantilesAreTheReverse() {
    for (double x = -37; x < 5; x += 0.0173) {
      // p is rounded, which moves x by that much of p over the density
      double p = Gaussian.cumulative(x);
      double density = Math.exp(-x * x / 2) / Math.sqrt(2 * Math.PI);
      double blur = (p * tolerance(x) + Math.ulp(p)) / density;
      assertEquals(x, Gaussian.quantile(p), 4e-15 * Math.max(1, Math.abs(x)) + blur);
    }
    assertEquals(0, Gaussian.quantile(0.5));
    assertEquals(-Gaussian.quantile(0.25), Gaussian.quantile(0.75));
    assertEquals(Double.NEGATIVE_INFINITY, Gaussian.quantile(0));
    assertEquals(Double.POSITIVE_INFINITY, Gaussian.quantile(1));
    assertTrue(Double.isNaN(Gaussian.quantile(-0.1)));
    assertTrue(Double.isNaN(Gaussian.quantile(1.1)));
    assertTrue(Double.isNaN(Gaussian.quantile(Double.NaN)));
  }
}
