package vectorgrad.tensor;

import java.util.Arrays;
import java.util.function.DoubleUnaryOperator;

/// How likely a sample as odd as this one, or odder, would be if it came from the distribution it
/// should come from. A wrong generator gives 0 to many digits; tests refuse less than 10⁻⁴, and
/// with fixed seeds they either always pass or always fail.
final class GoodnessOfFit {
  private GoodnessOfFit() {}

  /// Kolmogorov and Smirnov: the largest distance D between the steps of the sample and its
  /// cumulative distribution; `P(D√n > λ) = 2·Σ (−1)^(k−1)·exp(−2k²λ²)`, with Stephens' correction
  /// (1970) of λ for finite n.
  static double kolmogorovSmirnov(double[] sample, DoubleUnaryOperator cumulative) {
    double[] sorted = sample.clone();
    Arrays.sort(sorted);
    int n = sorted.length;
    double distance = 0;
    for (int i = 0; i < n; i++) {
      double expected = cumulative.applyAsDouble(sorted[i]);
      distance = Math.max(distance, Math.max((i + 1.0) / n - expected, expected - (double) i / n));
    }
    double lambda = distance * (Math.sqrt(n) + 0.12 + 0.11 / Math.sqrt(n));
    double sum = 0;
    for (int k = 1; k < 100; k++) {
      sum += (k % 2 == 1 ? 2 : -2) * Math.exp(-2.0 * k * k * lambda * lambda);
    }
    return lambda < 0.2 ? 1 : Math.clamp(sum, 0, 1);
  }

  /// Pearson: `Σ (count − expected)² / expected`, against the χ² distribution with one degree of
  /// freedom less than there are counts.
  static double chiSquare(long[] counts, double[] probabilities) {
    double n = Arrays.stream(counts).sum();
    double statistic = 0;
    int degrees = -1;
    for (int i = 0; i < counts.length; i++) {
      double expected = n * probabilities[i];
      if (expected == 0 && counts[i] > 0) {
        return 0;
      }
      if (expected > 0) {
        statistic += (counts[i] - expected) * (counts[i] - expected) / expected;
        degrees++;
      }
    }
    return upperGamma(degrees / 2.0, statistic / 2);
  }

  static double chiSquare(long[] counts) {
    double[] even = new double[counts.length];
    Arrays.fill(even, 1.0 / counts.length);
    return chiSquare(counts, even);
  }

  /// The regularized incomplete gamma function `Q(a, x)`, by its series below `a + 1` and by
  /// Lentz's continued fraction above (Press et al., Numerical Recipes, §6.2).
  static double upperGamma(double a, double x) {
    double front = Math.exp(-x + a * Math.log(x) - logGamma(a));
    if (x <= 0) {
      return 1;
    }
    if (x < a + 1) {
      double term = 1 / a;
      double sum = term;
      for (double k = a + 1; term > sum * 1e-16; k++) {
        term *= x / k;
        sum += term;
      }
      return 1 - sum * front;
    }
    double b = x + 1 - a;
    double c = 1e300;
    double d = 1 / b;
    double fraction = d;
    for (int i = 1; i < 10_000; i++) {
      double numerator = -i * (i - a);
      b += 2;
      d = 1 / (numerator * d + b);
      c = b + numerator / c;
      fraction *= d * c;
      if (Math.abs(d * c - 1) < 1e-15) {
        break;
      }
    }
    return front * fraction;
  }

  /// Stirling's series for `a + 10`, brought down by `Γ(a + 1) = a·Γ(a)`.
  private static double logGamma(double a) {
    double product = 1;
    double z = a;
    for (; z < 10; z++) {
      product *= z;
    }
    double series = 1 / (12 * z) - 1 / (360 * z * z * z) + 1 / (1260 * Math.pow(z, 5));
    return (z - 0.5) * Math.log(z) - z + Math.log(2 * Math.PI) / 2 + series - Math.log(product);
  }
}
