package vectorgrad.numerics;

/// The normal distribution of mean 0 and variance 1: how likely a number below `x` is, and the
/// reverse. The bits are the same on every machine.
@SuppressWarnings("FloatingPointLiteralPrecision") // coefficients stand as their source prints them
public final class Gaussian {
  private static final double SQRT_2_PI = 2.5066282746310002;

  /// Enough for all digits from `x = 1.25` on.
  private static final int FRACTIONS = 160;

  private static final double[] CENTRE = {
    2.5090809287301226727e+3, 3.3430575583588128105e+4, 6.7265770927008700853e+4,
    4.5921953931549871457e+4, 1.3731693765509461125e+4, 1.9715909503065514427e+3,
    1.3314166789178437745e+2, 3.3871328727963666080e+0
  };

  private static final double[] CENTRE_DIVISOR = {
    5.2264952788528545610e+3, 2.8729085735721942674e+4, 3.9307895800092710610e+4,
    2.1213794301586595867e+4, 5.3941960214247511077e+3, 6.8718700749205790830e+2,
    4.2313330701600911252e+1, 1.0
  };

  private static final double[] MIDDLE = {
    7.74545014278341407640e-4, 2.27238449892691845833e-2, 2.41780725177450611770e-1,
    1.27045825245236838258e+0, 3.64784832476320460504e+0, 5.76949722146069140550e+0,
    4.63033784615654529590e+0, 1.42343711074968357734e+0
  };

  private static final double[] MIDDLE_DIVISOR = {
    1.05075007164441684324e-9, 5.47593808499534494600e-4, 1.51986665636164571966e-2,
    1.48103976427480074590e-1, 6.89767334985100004550e-1, 1.67638483018380384940e+0,
    2.05319162663775882187e+0, 1.0
  };

  private static final double[] TAIL = {
    2.01033439929228813265e-7, 2.71155556874348757815e-5, 1.24266094738807843860e-3,
    2.65321895265761230930e-2, 2.96560571828504891230e-1, 1.78482653991729133580e+0,
    5.46378491116411436990e+0, 6.65790464350110377720e+0
  };

  private static final double[] TAIL_DIVISOR = {
    2.04426310338993978564e-15, 1.42151175831644588870e-7, 1.84631831751005468180e-5,
    7.86869131145613259100e-4, 1.48753612908506148525e-2, 1.36929880922735805310e-1,
    5.99832206555887937690e-1, 1.0
  };

  private Gaussian() {}

  /// `Φ(x) = ∫ exp(−t² / 2) / √2π` from −∞ to `x`, with a small relative error in both tails as far
  /// as `double` goes (`x > −38`).
  ///
  /// Up to `|x| = 1.25` by the series `½ + φ(x)·(x + x³/3 + x⁵/(3·5) + …)`, beyond by Laplace's
  /// fraction `φ(x) / (x + 1 / (x + 2 / (x + 3 / …)))` of the tail.
  public static double cumulative(double x) {
    double size = Math.abs(x);
    double density = StrictMath.exp(-x * x / 2) / SQRT_2_PI;
    if (size <= 1.25) {
      double term = x;
      double sum = x;
      for (int odd = 3; odd < 60; odd += 2) {
        term *= x * x / odd;
        sum += term;
      }
      return 0.5 + density * sum;
    }
    double fraction =
        (size + Math.sqrt(size * size + 4 * FRACTIONS)) / 2; // about what would follow
    for (int n = FRACTIONS; n > 0; n--) {
      fraction = size + n / fraction;
    }
    double tail = density / fraction;
    return x < 0 ? tail : 1 - tail;
  }

  /// The `x` with `Φ(x) = p`, to about 16 digits: −∞ for 0, ∞ for 1, NaN outside.
  ///
  /// Source: M. Wichura, "Algorithm AS 241: the percentage points of the normal distribution"
  /// (1988), PPND16.
  public static double quantile(double p) {
    double q = p - 0.5;
    if (Math.abs(q) <= 0.425) {
      double r = 0.180625 - q * q;
      return q * polynomial(CENTRE, r) / polynomial(CENTRE_DIVISOR, r);
    }
    double outside = q < 0 ? p : 1 - p;
    if (outside == 0) {
      return q < 0 ? Double.NEGATIVE_INFINITY : Double.POSITIVE_INFINITY;
    }
    double r = Math.sqrt(-StrictMath.log(outside)); // NaN if p is outside
    double x =
        r <= 5
            ? polynomial(MIDDLE, r - 1.6) / polynomial(MIDDLE_DIVISOR, r - 1.6)
            : polynomial(TAIL, r - 5) / polynomial(TAIL_DIVISOR, r - 5);
    return q < 0 ? -x : x;
  }

  /// The coefficient of the highest power first.
  private static double polynomial(double[] coefficients, double x) {
    double sum = 0;
    for (double coefficient : coefficients) {
      sum = sum * x + coefficient;
    }
    return sum;
  }
}
