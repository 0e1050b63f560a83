package vectorgrad.numerics;

/// Sums of many numbers, from the plainest to the most exact. `u` is half the distance from 1 to
/// the next number: 2⁻⁵³ for `double`, 2⁻²⁴ for `float`.
///
/// | | error at most | operations |
/// |---|---|---|
/// | [naive][#naive(double...)] | `(n − 1)·u·Σ\|xᵢ\|` | `n` |
/// | [pairwise][#pairwise(double...)] | `log₂ n·u·Σ\|xᵢ\|` | `n` |
/// | [compensated][#compensated(double...)] | `u·\|Σxᵢ\| + n·u²·Σ\|xᵢ\|` | `7n`, or so |
///
/// Only the last one is exact where large numbers cancel:
///
/// ```java
/// Sums.naive(1, 1e100, 1, -1e100);       // 0.0
/// Sums.compensated(1, 1e100, 1, -1e100); // 2.0
/// ```
///
/// Sources: N. J. Higham, *The accuracy of floating point summation*, 1993; A. Neumaier,
/// *Rundungsfehleranalyse einiger Verfahren zur Summation endlicher Summen*, 1974.
public final class Sums {
  /// Below this many, pairs cost more than they gain.
  private static final int FEW = 8;

  private Sums() {}

  /// One after the other.
  public static double naive(double... x) {
    double sum = 0;
    for (double term : x) {
      sum += term;
    }
    return sum;
  }

  /// One after the other, every sum rounded to a float.
  public static float naive(float... x) {
    float sum = 0;
    for (float term : x) {
      sum += term;
    }
    return sum;
  }

  /// The sum of both halves, which are summed in the same way: each number takes part in `log₂ n`
  /// roundings rather than in `n`.
  public static double pairwise(double... x) {
    return pairwise(x, 0, x.length);
  }

  private static double pairwise(double[] x, int from, int to) {
    if (to - from > FEW) {
      int middle = (from + to) >>> 1;
      return pairwise(x, from, middle) + pairwise(x, middle, to);
    }
    double sum = 0;
    for (int i = from; i < to; i++) {
      sum += x[i];
    }
    return sum;
  }

  /// The sum of both halves, every sum rounded to a float.
  public static float pairwise(float... x) {
    return pairwise(x, 0, x.length);
  }

  private static float pairwise(float[] x, int from, int to) {
    if (to - from > FEW) {
      int middle = (from + to) >>> 1;
      return pairwise(x, from, middle) + pairwise(x, middle, to);
    }
    float sum = 0;
    for (int i = from; i < to; i++) {
      sum += x[i];
    }
    return sum;
  }

  /// One after the other, with what every rounding took away summed beside it and added in the end
  /// (Kahan 1965, as mended by Neumaier 1974 for terms that are larger than the sum).
  public static double compensated(double... x) {
    double sum = 0;
    double lost = 0;
    for (double term : x) {
      double next = sum + term;
      // of two numbers, the smaller one's last digits are lost
      lost += Math.abs(sum) >= Math.abs(term) ? (sum - next) + term : (term - next) + sum;
      sum = next;
    }
    // after an overflow, or with NaN, there is nothing to mend
    return Double.isFinite(sum) ? sum + lost : sum;
  }

  /// Compensated, every operation rounded to a float.
  public static float compensated(float... x) {
    float sum = 0;
    float lost = 0;
    for (float term : x) {
      float next = sum + term;
      lost += Math.abs(sum) >= Math.abs(term) ? (sum - next) + term : (term - next) + sum;
      sum = next;
    }
    return Float.isFinite(sum) ? sum + lost : sum;
  }
}
