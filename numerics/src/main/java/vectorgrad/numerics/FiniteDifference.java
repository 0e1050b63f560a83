package vectorgrad.numerics;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.DoubleUnaryOperator;

/// Derivatives from values alone.
///
/// | | value | truncation |
/// |---|---|---|
/// | forward | `(f(x + h) − f(x)) / h` | `h·f″/2` |
/// | backward | `(f(x) − f(x − h)) / h` | `h·f″/2` |
/// | central | `(f(x + h) − f(x − h)) / 2h` | `h²·f‴/6` |
/// | complex step | `Im f(x + h·i) / h` | `h²·f‴/6` |
/// | Richardson | central ones for `h`, `h/2`, `h/4`, …, extrapolated to 0 | one more power of `h²` each |
///
/// Truncation falls with `h`, but rounding rises: `f`'s own rounding is divided by `h`. The best
/// `h` is about `√u` for one-sided differences and `∛u` for central ones, where `u = 2⁻⁵³`. The
/// complex step subtracts nothing and so loses nothing: its `h` may be 10⁻¹⁰⁰. [#errors] measures
/// it.
public final class FiniteDifference {
  private FiniteDifference() {}

  /// A way to a derivative, with a step `h`.
  public enum Method {
    /// [FiniteDifference#forward]
    FORWARD,
    /// [FiniteDifference#backward]
    BACKWARD,
    /// [FiniteDifference#central]
    CENTRAL,
    /// [FiniteDifference#richardson], from `h` on halved up to five times
    RICHARDSON,
    /// [FiniteDifference#complexStep]
    COMPLEX_STEP;

    /// The derivative of a formula of one input.
    public double apply(Formula formula, double x, double h) {
      return switch (this) {
        case FORWARD -> forward(formula::evaluate, x, h);
        case BACKWARD -> backward(formula::evaluate, x, h);
        case CENTRAL -> central(formula::evaluate, x, h);
        case RICHARDSON -> richardson(formula::evaluate, x, h, 5);
        case COMPLEX_STEP -> complexStep(formula, x, h);
      };
    }

    /// The name as it is printed: `complex step`.
    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }
  }

  /// What a method gives with a step, and how far that is from the truth.
  ///
  /// @param method which
  /// @param step `h`
  /// @param value what it gives
  /// @param error how far that is from the derivative
  public record Sample(Method method, double step, double value, double error) {}

  /// Every method with every step, beside the derivative of the formula, which has no step.
  ///
  /// @param formula of one input
  /// @param x where
  /// @param steps each `h`
  public static List<Sample> errors(Formula formula, double x, double... steps) {
    double exact = formula.derivative(0).evaluate(x);
    List<Sample> errors = new ArrayList<>();
    for (Method method : Method.values()) {
      for (double step : steps) {
        double value = method.apply(formula, x, step);
        errors.add(new Sample(method, step, value, Math.abs(value - exact)));
      }
    }
    return List.copyOf(errors);
  }

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

  /// The imaginary part a step along the imaginary axis leads to. No two numbers are subtracted, so
  /// there is no rounding error to grow, however small `h` is.
  ///
  /// Source: W. Squire and G. Trapp, *Using complex variables to estimate derivatives of real
  /// functions*, 1998.
  ///
  /// @param formula of one input; see [Complex] for what is not analytic
  public static double complexStep(Formula formula, double x, double h) {
    return formula.evaluate(new Complex(x, h)).im() / h;
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
