package vectorgrad.tensor.linalg;

import java.util.OptionalInt;

/// `A = L·Lᵀ` of a symmetric positive definite matrix, L lower triangular with a positive diagonal.
/// Reads the lower triangle of A alone. Costs n³ / 3 flops.
///
/// Source: Golub & Van Loan §4.2; Commandant A.-L. Cholesky, published 1924.
///
/// @param l the factor, complete only if nothing failed
/// @param failedMinor the order of the first leading minor that is not positive, if there is one
public record Cholesky(Matrix l, OptionalInt failedMinor) {

  /// Decomposes `a`. `L[i, j] = (A[i, j] − Σ_k<j L[i, k]·L[j, k]) / L[j, j]`.
  public static Cholesky of(Matrix a) {
    int n = a.rows();
    Matrix l = Matrix.zeros(n, n);
    for (int i = 0; i < n; i++) {
      double[] row = l.row(i);
      for (int j = 0; j < i; j++) {
        row[j] = (a.get(i, j) - Vectors.dot(row, l.row(j), 0, j)) / l.get(j, j);
      }
      double pivot = a.get(i, i) - Vectors.dot(row, row, 0, i);
      if (!(pivot > 0)) {
        return new Cholesky(l, OptionalInt.of(i + 1));
      }
      row[i] = Math.sqrt(pivot);
    }
    return new Cholesky(l, OptionalInt.empty());
  }
}
