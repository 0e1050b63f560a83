package vectorgrad.tensor.linalg;

/// `A = Q·R`, Q with orthonormal columns, R upper triangular with a diagonal that is never
/// negative.
///
/// Column after column is reflected onto the first axes. Works on the columns as arrays, that is,
/// on the rows of the transposed matrix. Costs 4·m·n·k flops for k = min(m, n), Q included.
///
/// Source: A. Householder, "Unitary triangularization of a nonsymmetric matrix" (1958).
///
/// @param q (m, p), p = min(m, n), or m if complete
/// @param r (p, n)
public record HouseholderQr(Matrix q, Matrix r) {

  /// Decomposes `a`. If `complete`, Q is square: its last columns span what A does not reach.
  public static HouseholderQr of(Matrix a, boolean complete) {
    int m = a.rows();
    int n = a.columns();
    int k = Math.min(m, n);
    int exponent = a.exponent();
    double[][] columns = a.scaled(-exponent).transpose().values();
    Reflection[] reflections = new Reflection[k];
    for (int j = 0; j < k; j++) {
      reflections[j] = Reflection.of(columns[j], j);
      for (int right = j + 1; right < n; right++) {
        reflections[j].applyTo(columns[right]);
      }
    }
    Matrix qColumns = Matrix.zeros(complete ? m : k, m); // row j is column j of Q
    Matrix r = Matrix.zeros(complete ? m : k, n);
    for (int j = qColumns.rows() - 1; j >= 0; j--) {
      qColumns.row(j)[j] = 1;
    }
    for (int j = k - 1; j >= 0; j--) {
      // the columns before j are still axes that this reflection leaves alone
      for (int column = j; column < qColumns.rows(); column++) {
        reflections[j].applyTo(qColumns.row(column));
      }
    }
    for (int i = 0; i < k; i++) {
      double sign = reflections[i].image() < 0 ? -1 : 1;
      Vectors.scale(sign, qColumns.row(i));
      r.row(i)[i] = Math.scalb(Math.abs(reflections[i].image()), exponent);
      for (int j = i + 1; j < n; j++) {
        r.row(i)[j] = Math.scalb(sign * columns[j][i], exponent);
      }
    }
    return new HouseholderQr(qColumns.transpose(), r);
  }
}
