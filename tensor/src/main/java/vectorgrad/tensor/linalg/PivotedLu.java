package vectorgrad.tensor.linalg;

import java.util.OptionalInt;

/// `A = P·L·U`: rows exchanged so that every pivot is the largest of its column, L lower triangular
/// with ones on its diagonal, U upper triangular. Costs 2·n³ / 3 flops for a square matrix.
///
/// Source: Golub & Van Loan §3.4.
///
/// @param packed (m, n): U on and above the diagonal, L below it
/// @param order row `i` of `packed` belongs to row `order[i]` of A
/// @param parity 1 if an even number of rows was exchanged, else −1
@SuppressWarnings("ArrayRecordComponent") // nobody compares it
public record PivotedLu(Matrix packed, int[] order, int parity) {

  /// Decomposes `a`: Gaussian elimination, row by row.
  public static PivotedLu of(Matrix a) {
    int m = a.rows();
    int n = a.columns();
    double[][] rows = a.copy().values();
    int[] order = new int[m];
    for (int i = 0; i < m; i++) {
      order[i] = i;
    }
    int parity = 1;
    for (int k = 0; k < Math.min(m, n); k++) {
      int largest = k;
      for (int i = k + 1; i < m; i++) {
        if (Math.abs(rows[i][k]) > Math.abs(rows[largest][k])) {
          largest = i;
        }
      }
      if (largest != k) {
        double[] row = rows[k];
        rows[k] = rows[largest];
        rows[largest] = row;
        int place = order[k];
        order[k] = order[largest];
        order[largest] = place;
        parity = -parity;
      }
      double[] pivotRow = rows[k];
      if (pivotRow[k] == 0) {
        continue; // the whole column is zero: nothing to eliminate
      }
      for (int i = k + 1; i < m; i++) {
        double factor = rows[i][k] / pivotRow[k];
        Vectors.addScaled(-factor, pivotRow, rows[i], k + 1, n);
        rows[i][k] = factor;
      }
    }
    return new PivotedLu(new Matrix(m, n, rows), order, parity);
  }

  /// The first pivot that is zero, counted from 0: the matrix is singular if there is one.
  public OptionalInt zeroPivot() {
    return Triangular.zeroPivot(packed);
  }

  /// P, (m, m): a 1 in row `order[i]` of every column `i`.
  public Matrix p() {
    Matrix p = Matrix.zeros(order.length, order.length);
    for (int i = 0; i < order.length; i++) {
      p.row(order[i])[i] = 1;
    }
    return p;
  }

  /// L, (m, min(m, n)).
  public Matrix l() {
    Matrix l = Matrix.zeros(packed.rows(), Math.min(packed.rows(), packed.columns()));
    for (int i = 0; i < l.rows(); i++) {
      System.arraycopy(packed.row(i), 0, l.row(i), 0, Math.min(i, l.columns()));
      if (i < l.columns()) {
        l.row(i)[i] = 1;
      }
    }
    return l;
  }

  /// U, (min(m, n), n).
  public Matrix u() {
    Matrix u = Matrix.zeros(Math.min(packed.rows(), packed.columns()), packed.columns());
    for (int i = 0; i < u.rows(); i++) {
      System.arraycopy(packed.row(i), i, u.row(i), i, u.columns() - i);
    }
    return u;
  }

  /// The product of the pivots, with the parity of the exchanges.
  public double determinant() {
    double determinant = parity;
    for (int i = 0; i < order.length; i++) {
      determinant *= packed.get(i, i);
    }
    return determinant;
  }

  /// −1, 0 or 1: the sign of the determinant.
  public double sign() {
    double sign = parity;
    for (int i = 0; i < order.length; i++) {
      sign *= Math.signum(packed.get(i, i));
    }
    return sign == 0 ? 0 : sign;
  }

  /// The logarithm of the size of the determinant. `StrictMath`, because the bits must be the same
  /// on every machine.
  public double logOfSize() {
    double sum = 0;
    for (int i = 0; i < order.length; i++) {
      sum += StrictMath.log(Math.abs(packed.get(i, i)));
    }
    return sum;
  }

  /// The solution X of `A·X = b` for a square, regular A.
  public Matrix solve(Matrix b) {
    double[][] exchanged = new double[b.rows()][];
    for (int i = 0; i < order.length; i++) {
      exchanged[i] = b.row(order[i]);
    }
    Matrix right = new Matrix(b.rows(), b.columns(), exchanged);
    return Triangular.solve(packed, Triangular.solve(packed, right, false, true), true, false);
  }
}
