package vectorgrad.tensor.spi;

/// What runs along an axis, so that each element becomes a summary of those up to it. The elements
/// are joined from the first to the last, one after the other, in float64 or int64, which wraps
/// around: the result of a row depends on the row alone.
///
/// A NaN stays to the end of its row.
public enum Scan {
  /// The sum so far.
  SUM,
  /// The product so far.
  PROD,
  /// `log Σ exp(x)` so far, without numbers near ∞ or 0.
  LOGSUMEXP,
  /// The place of the largest so far: the last of equals, the last NaN if there is one.
  ARGMAX,
  /// The place of the smallest so far: the last of equals, the last NaN if there is one.
  ARGMIN;

  /// Scans the first `n` numbers in place.
  public void run(double[] row, int n) {
    switch (this) {
      case SUM -> {
        double sum = 0;
        for (int i = 0; i < n; i++) {
          sum += row[i];
          row[i] = sum;
        }
      }
      case PROD -> {
        double product = 1;
        for (int i = 0; i < n; i++) {
          product *= row[i];
          row[i] = product;
        }
      }
      case LOGSUMEXP -> {
        double sum = Double.NEGATIVE_INFINITY;
        for (int i = 0; i < n; i++) {
          sum = logAddExp(sum, row[i]);
          row[i] = sum;
        }
      }
      case ARGMAX, ARGMIN -> {
        double best = Double.NaN;
        int place = -1;
        for (int i = 0; i < n; i++) {
          double x = row[i];
          boolean better = this == ARGMAX ? x >= best : x <= best; // never beside a NaN
          if (better || place < 0 || Double.isNaN(x)) {
            best = x;
            place = i;
          }
          row[i] = place;
        }
      }
    }
  }

  /// Scans the first `n` whole numbers in place.
  public void run(long[] row, int n) {
    switch (this) {
      case SUM -> {
        long sum = 0;
        for (int i = 0; i < n; i++) {
          sum += row[i];
          row[i] = sum;
        }
      }
      case PROD -> {
        long product = 1;
        for (int i = 0; i < n; i++) {
          product *= row[i];
          row[i] = product;
        }
      }
      case LOGSUMEXP -> throw new IllegalArgumentException("whole numbers have no logarithm");
      case ARGMAX, ARGMIN -> {
        long best = 0;
        int place = -1;
        for (int i = 0; i < n; i++) {
          long x = row[i];
          if (place < 0 || (this == ARGMAX ? x >= best : x <= best)) {
            best = x;
            place = i;
          }
          row[i] = place;
        }
      }
    }
  }

  /// `log(eᵃ + eᵇ)` from the larger of both, by [StrictMath], whose bits are those of fdlibm
  /// everywhere.
  private static double logAddExp(double a, double b) {
    double larger = Math.max(a, b); // NaN if either is
    double smaller = Math.min(a, b);
    return !Double.isFinite(larger)
        ? larger
        : larger + StrictMath.log1p(StrictMath.exp(smaller - larger));
  }
}
