package vectorgrad.autograd;

import java.util.function.DoubleUnaryOperator;

/// The slope of `t ↦ f(t)` at 0 from values of `f` alone: central differences for steps halved
/// again and again, `(f(h) − f(−h)) / 2h`, whose errors of order h², h⁴, … Richardson's
/// extrapolation takes away one after the other. Of the triangle of estimates, the one that differs
/// least from its neighbours: smaller steps lose more to rounding than they gain.
///
/// Source: L. F. Richardson, 1911; the choice in the triangle is C. J. F. Ridders', 1982.
///
/// @param value the slope
/// @param step the smallest step in it
record Slope(double value, double step) {
  private static final double FIRST_STEP = 1.0 / 16;
  private static final int HALVINGS = 7;

  static Slope of(DoubleUnaryOperator f) {
    double[][] triangle = new double[HALVINGS][HALVINGS];
    double best = Double.NaN;
    double bestStep = Double.NaN;
    double leastChange = Double.POSITIVE_INFINITY;
    double h = FIRST_STEP;
    for (int i = 0; i < HALVINGS; i++, h /= 2) {
      triangle[i][0] = (f.applyAsDouble(h) - f.applyAsDouble(-h)) / (2 * h);
      double factor = 1;
      for (int k = 1; k <= i; k++) {
        factor *= 4;
        triangle[i][k] =
            triangle[i][k - 1] + (triangle[i][k - 1] - triangle[i - 1][k - 1]) / (factor - 1);
        double change =
            Math.max(
                Math.abs(triangle[i][k] - triangle[i][k - 1]),
                Math.abs(triangle[i][k] - triangle[i - 1][k - 1]));
        if (change < leastChange) {
          leastChange = change;
          best = triangle[i][k];
          bestStep = h;
        }
      }
    }
    return new Slope(best, bestStep);
  }
}
