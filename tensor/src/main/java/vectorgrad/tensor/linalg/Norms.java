package vectorgrad.tensor.linalg;

/// Sizes of a matrix that need no decomposition.
public final class Norms {
  private Norms() {}

  /// `√Σ a²`, without overflow on the way.
  public static double frobenius(Matrix a) {
    int exponent = a.exponent();
    double sum = 0;
    for (double[] row : a.scaled(-exponent).values()) {
      sum += Vectors.dot(row, row, 0, row.length);
    }
    return Math.scalb(Math.sqrt(sum), exponent);
  }

  /// The largest sum of sizes along a row, 0 without rows.
  public static double largestRow(Matrix a) {
    double largest = 0;
    for (double[] row : a.values()) {
      double sum = 0;
      for (double value : row) {
        sum += Math.abs(value);
      }
      largest = Math.max(largest, sum);
    }
    return largest;
  }
}
