package vectorgrad.autograd;

import java.util.function.DoubleFunction;
import java.util.function.DoubleUnaryOperator;

/// The slope of `t ↦ f(t)` at 0 from values of `f` alone: central differences for steps halved
/// again and again, `(f(h) − f(−h)) / 2h`, whose errors of order h², h⁴, … Richardson's
/// extrapolation takes away one after the other. Of the triangle of estimates, the one that differs
/// least from its neighbours: smaller steps lose more to rounding than they gain.
///
/// Source: L. F. Richardson, 1911; the choice in the triangle is C. J. F. Ridders', 1982.
///
/// @param value the slope
/// @param change how much it differs from its neighbours
/// @param step the smallest step in it
record Slope(double value, double change, double step) {
  private static final double FIRST_STEP = 1.0 / 16;
  private static final int HALVINGS = 7;

  /// The slope of a function with one value.
  static Slope of(DoubleUnaryOperator f) {
    return ofAll(t -> new double[] {f.applyAsDouble(t)})[0];
  }

  /// The slopes of all values of a function, from the same few calls of it.
  static Slope[] ofAll(DoubleFunction<double[]> f) {
    double[][] ahead = new double[HALVINGS][];
    double[][] behind = new double[HALVINGS][];
    double h = FIRST_STEP;
    for (int i = 0; i < HALVINGS; i++, h /= 2) {
      ahead[i] = f.apply(h);
      behind[i] = f.apply(-h);
    }
    Slope[] slopes = new Slope[ahead[0].length];
    for (int k = 0; k < slopes.length; k++) {
      double[] differences = new double[HALVINGS];
      double[] sums = new double[HALVINGS];
      for (int i = 0; i < HALVINGS; i++) {
        differences[i] = ahead[i][k] - behind[i][k];
        sums[i] = ahead[i][k] + behind[i][k];
      }
      Slope smooth = extrapolated(differences);
      slopes[k] = new Slope(smooth.value, Math.max(smooth.change, bend(sums)), smooth.step);
    }
    return slopes;
  }

  private static Slope extrapolated(double[] differences) {
    double[][] triangle = new double[HALVINGS][HALVINGS];
    Slope best = new Slope(Double.NaN, Double.POSITIVE_INFINITY, Double.NaN);
    double h = FIRST_STEP;
    for (int i = 0; i < HALVINGS; i++, h /= 2) {
      triangle[i][0] = differences[i] / (2 * h);
      double factor = 1;
      for (int k = 1; k <= i; k++) {
        factor *= 4;
        triangle[i][k] =
            triangle[i][k - 1] + (triangle[i][k - 1] - triangle[i - 1][k - 1]) / (factor - 1);
        double change =
            Math.max(
                Math.abs(triangle[i][k] - triangle[i][k - 1]),
                Math.abs(triangle[i][k] - triangle[i - 1][k - 1]));
        if (change < best.change) {
          best = new Slope(triangle[i][k], change, h);
        }
      }
    }
    return best;
  }

  /// How far the slopes on both sides are apart: `f(h) + f(−h)` falls with h² where `f` is smooth,
  /// but with h at a kink, whose central differences settle on the mean of its two slopes.
  private static double bend(double[] sums) {
    boolean bends = Math.abs(sums[0] - sums[1]) > 1e-9 * Math.abs(sums[0]);
    for (int i = 0; i + 2 < sums.length && bends; i++) {
      bends = Math.abs(sums[i + 1] - sums[i + 2]) > 0.4 * Math.abs(sums[i] - sums[i + 1]);
    }
    return bends ? Math.abs(sums[0] - sums[1]) / FIRST_STEP : 0;
  }
}
