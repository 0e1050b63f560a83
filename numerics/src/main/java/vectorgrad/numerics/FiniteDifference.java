package vectorgrad.numerics;

import java.util.function.DoubleUnaryOperator;

/// Derivatives from values alone.
///
/// | | value | truncation |
/// |---|---|---|
/// | forward | `(f(x + h) − f(x)) / h` | `h·f″/2` |
/// | backward | `(f(x) − f(x − h)) / h` | `h·f″/2` |
/// | central | `(f(x + h) − f(x − h)) / 2h` | `h²·f‴/6` |
/// | Richardson | central ones for `h`, `h/2`, `h/4`, …, extrapolated to 0 | one more power of `h²` each |
///
/// Truncation falls with `h`, but rounding rises: `f`'s own rounding is divided by `h`.
public final class FiniteDifference {
  private FiniteDifference() {}

  /// The slope of the secant to the right.
  public static double forward(DoubleUnaryOperator f, double x, double h) {
    return (f.applyAsDouble(x + h) - f.applyAsDouble(x)) / h;
  }

  /// The slope of the secant to the left.
  public static double backward(DoubleUnaryOperator f, double x, double h) {
    return (f.applyAsDouble(x) - f.applyAsDouble(x - h)) / h;
  }

  /// The slope of the secant across.
  public static double central(DoubleUnaryOperator f, double x, double h) {
    return (f.applyAsDouble(x + h) - f.applyAsDouble(x - h)) / (2 * h);
  }

  /// Central differences for `h` halved `halvings` times, extrapolated to 0: of all extrapolations
  /// the one that changed least from those it was made of, so neither truncation nor rounding is
  /// left to chance.
  ///
  /// Source: L. F. Richardson, 1911; C. J. F. Ridders, *Accurate computation of F′(x)*, 1982.
  public static double richardson(DoubleUnaryOperator f, double x, double h, int halvings) {
    double[] above = new double[halvings + 1];
    double best = Double.NaN;
    double leastChange = Double.POSITIVE_INFINITY;
    double step = h;
    for (int i = 0; i <= halvings; i++, step /= 2) {
      double[] row = new double[halvings + 1];
      row[0] = central(f, x, step);
      double factor = 1;
      for (int k = 1; k <= i; k++) {
        factor *= 4;
        row[k] = row[k - 1] + (row[k - 1] - above[k - 1]) / (factor - 1);
        double change = Math.max(Math.abs(row[k] - row[k - 1]), Math.abs(row[k] - above[k - 1]));
        if (change < leastChange) {
          leastChange = change;
          best = row[k];
        }
      }
      above = row;
    }
    return halvings == 0 ? above[0] : best;
  }
}
