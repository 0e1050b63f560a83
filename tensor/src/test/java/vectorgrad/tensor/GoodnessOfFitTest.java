package vectorgrad.tensor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// The judges are judged first.
class GoodnessOfFitTest {
  @Test
  void quantilesOfTheChiSquareDistributionAreThoseOfTheTables() {
    assertEquals(0.05, GoodnessOfFit.upperGamma(0.5, 3.841459 / 2), 1e-6);
    assertEquals(0.01, GoodnessOfFit.upperGamma(5, 23.209251 / 2), 1e-6);
    assertEquals(0.95, GoodnessOfFit.upperGamma(50, 77.929465 / 2), 1e-6);
  }

  @Test
  void evenlySpacedNumbersFitAndCrowdedOnesDoNot() {
    double[] even = IntStream.range(0, 1000).mapToDouble(i -> (i + 0.5) / 1000).toArray();
    assertEquals(1, GoodnessOfFit.kolmogorovSmirnov(even, x -> x));
    assertTrue(GoodnessOfFit.kolmogorovSmirnov(even, x -> x * x) < 1e-10);
    // D·√n = 1.3581 is exceeded once in 20 times
    double[] shifted =
        IntStream.range(0, 10_000).mapToDouble(i -> i / 10_000.0 + 1.3581 / 100).toArray();
    assertEquals(0.05, GoodnessOfFit.kolmogorovSmirnov(shifted, x -> x), 3e-3);
  }

  @Test
  void countsThatNeverVaryAreAsOddAsCountsThatVaryTooMuch() {
    assertEquals(1, GoodnessOfFit.chiSquare(new long[] {100, 100, 100}), 1e-12);
    assertTrue(GoodnessOfFit.chiSquare(new long[] {100, 200, 100}) < 1e-8);
    assertEquals(0, GoodnessOfFit.chiSquare(new long[] {1, 1}, new double[] {1, 0}));
  }
}
