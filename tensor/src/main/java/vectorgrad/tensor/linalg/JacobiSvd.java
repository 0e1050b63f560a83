package vectorgrad.tensor.linalg;

import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;

/// `A = U·diag(s)·Vᵀ`: orthonormal directions that A stretches by `s` and turns to others.
///
/// One-sided Jacobi: rotate two rows of a square matrix W at a time so that they become orthogonal,
/// until all are. `W = J·(diag(s)·X)`, with J the product of the rotations and X the rows at length
/// 1. Each angle is that which makes a 2×2 matrix of products diagonal. W is the triangle R of `A =
///    Q·R`, hence `U = Q·J` and `Vᵀ = X`: the reflections make a tall matrix small, and gather what
///    is large in the first rows, which saves sweeps.
///
/// Of the methods for singular values this is the shortest, and the most accurate: small values
/// have a small *relative* error wherever the entries determine them. It takes about eight sweeps
/// of 6·n³ flops, where bidiagonal QR takes 20·n³ in all.
///
/// Source: M. Hestenes (1958); J. Demmel, K. Veselić, "Jacobi's method is more accurate than QR"
/// (1992); Z. Drmač, K. Veselić, "New fast and accurate Jacobi SVD algorithm" (2008).
///
/// @param u row `i` is left singular vector `i`, (k, m)
/// @param s the k = min(m, n) singular values, descending
/// @param v row `i` is right singular vector `i`, (k, n); the first of its largest components is
///   positive
@SuppressWarnings("ArrayRecordComponent") // nobody compares it
public record JacobiSvd(Matrix u, double[] s, Matrix v) {
  /// Six to ten are usual.
  private static final int SWEEPS = 60;

  /// Rows shorter than this are zero beside the longest, which is near 1.
  private static final double NOTHING = 1e-290;

  /// Decomposes `a`.
  ///
  /// @throws ArithmeticException if the sweeps do not converge
  public static JacobiSvd of(Matrix a) {
    return of(a, SWEEPS);
  }

  static JacobiSvd of(Matrix a, int sweeps) {
    if (a.rows() < a.columns()) {
      JacobiSvd transposed = of(a.transpose(), sweeps);
      return signed(transposed.v, transposed.s, transposed.u);
    }
    int exponent = a.exponent();
    HouseholderQr qr = HouseholderQr.of(a.scaled(-exponent), false);
    int n = a.columns();
    Matrix rows = qr.r().copy();
    Matrix left = qr.q().transpose(); // rotated along, row i becomes left vector i
    orthogonalize(rows, left, sweeps);

    double[] lengths = new double[n];
    for (int i = 0; i < n; i++) {
      lengths[i] = Math.sqrt(Vectors.dot(rows.row(i), rows.row(i), 0, n));
    }
    int[] order =
        IntStream.range(0, n)
            .boxed()
            .sorted(Comparator.comparingDouble(i -> -lengths[i]))
            .mapToInt(Integer::intValue)
            .toArray();
    double[] s = new double[n];
    Matrix u = Matrix.zeros(n, a.rows());
    Matrix v = Matrix.zeros(n, n);
    int rank = 0;
    for (int i = 0; i < n; i++) {
      u.values()[i] = left.row(order[i]);
      double length = lengths[order[i]];
      if (length * length > NOTHING) {
        s[i] = Math.scalb(length, exponent);
        v.values()[i] = rows.row(order[i]);
        for (int j = 0; j < n; j++) {
          v.row(i)[j] /= length;
        }
        rank++;
      }
    }
    complete(v, rank);
    return signed(u, s, v);
  }

  /// Rotates pairs of `rows` until each pair's cosine is below the rounding error of a dot product.
  private static void orthogonalize(Matrix rows, Matrix left, int sweeps) {
    int n = rows.rows();
    double tolerance = 0x1p-53 * Math.max(10, n);
    double[] squares = new double[n];
    boolean rotated = true;
    for (int sweep = 0; rotated; sweep++) {
      if (sweep == sweeps) {
        throw new ArithmeticException("rows were not orthogonal after " + sweeps + " sweeps");
      }
      rotated = false;
      for (int i = 0; i < n; i++) {
        squares[i] = Vectors.dot(rows.row(i), rows.row(i), 0, n);
      }
      for (int i = 0; i < n; i++) {
        for (int j = i + 1; j < n; j++) {
          double[] x = rows.row(i);
          double[] y = rows.row(j);
          double xy = Vectors.dot(x, y, 0, n);
          double t = tangent(squares[i], squares[j], xy, tolerance);
          if (t != 0) {
            double c = 1 / Math.sqrt(1 + t * t);
            Vectors.rotate(x, y, c, c * t);
            Vectors.rotate(left.row(i), left.row(j), c, c * t);
            squares[i] = turned(squares[i], t * xy, x);
            squares[j] = turned(squares[j], -t * xy, y);
            rotated = true;
          }
        }
      }
    }
  }

  /// The tangent of the angle by which rows of products `xx`, `yy` and `xy` are turned: the smaller
  /// root of `t² + 2ζt − 1 = 0`, so they turn as little as possible; 0 if they are orthogonal.
  private static double tangent(double xx, double yy, double xy, double tolerance) {
    boolean vanishes = xx <= NOTHING || yy <= NOTHING;
    if (vanishes || Math.abs(xy) <= tolerance * Math.sqrt(xx) * Math.sqrt(yy)) {
      return 0;
    }
    double zeta = (xx - yy) / (2 * xy);
    double size = Math.abs(zeta);
    double root = size > 1e8 ? 0.5 / size : 1 / (size + Math.sqrt(1 + size * size));
    return Math.copySign(root, zeta);
  }

  /// The squared length of a row that was turned, computed anew where the difference would keep too
  /// few digits.
  private static double turned(double square, double change, double[] row) {
    double sum = square + change;
    return sum > square / 16 ? sum : Vectors.dot(row, row, 0, row.length);
  }

  /// Fills the rows from `rank` on with directions across those before: the last columns of a
  /// complete Q.
  static void complete(Matrix rows, int rank) {
    if (rank < rows.rows()) {
      Matrix q = HouseholderQr.of(rows.firstRows(rank).transpose(), true).q().transpose();
      for (int i = rank; i < rows.rows(); i++) {
        rows.values()[i] = q.row(i);
      }
    }
  }

  /// All rows of a square orthogonal matrix that begins with those of `rows`.
  public static Matrix completed(Matrix rows) {
    Matrix all = Matrix.zeros(rows.columns(), rows.columns());
    System.arraycopy(rows.values(), 0, all.values(), 0, rows.rows());
    complete(all, rows.rows());
    return all;
  }

  private static JacobiSvd signed(Matrix u, double[] s, Matrix v) {
    for (int i = 0; i < s.length; i++) {
      if (Vectors.pointsBackwards(v.row(i))) {
        Vectors.scale(-1, u.row(i));
        Vectors.scale(-1, v.row(i));
      }
    }
    return new JacobiSvd(u, Arrays.copyOf(s, s.length), v);
  }
}
