package vectorgrad.tensor.linalg;

/// The four loops that all decompositions are made of. Where a whole vector of partial results is
/// independent, the compiler uses vector instructions; the order of every sum is fixed.
final class Vectors {
  private Vectors() {}

  /// `Σ x[i]·y[i]` from `from` up to but without `to`, in four sums that need not wait for each
  /// other.
  static double dot(double[] x, double[] y, int from, int to) {
    double a = 0;
    double b = 0;
    double c = 0;
    double d = 0;
    int i = from;
    for (; i + 3 < to; i += 4) {
      a += x[i] * y[i];
      b += x[i + 1] * y[i + 1];
      c += x[i + 2] * y[i + 2];
      d += x[i + 3] * y[i + 3];
    }
    for (; i < to; i++) {
      a += x[i] * y[i];
    }
    return (a + b) + (c + d);
  }

  /// `y += factor·x` from `from` up to but without `to`.
  static void addScaled(double factor, double[] x, double[] y, int from, int to) {
    for (int i = from; i < to; i++) {
      y[i] += factor * x[i];
    }
  }

  /// Turns the pair by an angle of cosine `c` and sine `s`: `x ← c·x + s·y`, `y ← c·y − s·x`.
  static void rotate(double[] x, double[] y, double c, double s) {
    for (int i = 0; i < x.length; i++) {
      double xi = x[i];
      double yi = y[i];
      x[i] = c * xi + s * yi;
      y[i] = c * yi - s * xi;
    }
  }

  /// `x ← factor·x`.
  static void scale(double factor, double[] x) {
    for (int i = 0; i < x.length; i++) {
      x[i] *= factor;
    }
  }

  /// Whether the sign of `x` is against the convention: the first of its largest components is
  /// negative. A component counts among the largest if it is within 10⁻⁹ of the largest, so that
  /// rounding does not decide between equals.
  static boolean pointsBackwards(double[] x) {
    double largest = 0;
    for (double value : x) {
      largest = Math.max(largest, Math.abs(value));
    }
    for (double value : x) {
      if (Math.abs(value) >= largest * (1 - 1e-9)) {
        return value < 0;
      }
    }
    return false;
  }
}
