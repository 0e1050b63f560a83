package vectorgrad.tensor.linalg;

import java.util.OptionalInt;

/// Systems with a triangular matrix, solved by substitution: n² flops a right side.
public final class Triangular {
  private Triangular() {}

  /// The solution X of `T·X = b`, where T is the `upper` or the lower triangle of `t`, with ones on
  /// its diagonal if `unit`. Nothing else of `t` is read.
  public static Matrix solve(Matrix t, Matrix b, boolean upper, boolean unit) {
    int n = b.rows();
    Matrix x = b.copy();
    for (int step = 0; step < n; step++) {
      int i = upper ? n - 1 - step : step;
      double[] row = x.row(i);
      for (int known = upper ? i + 1 : 0; known < (upper ? n : i); known++) {
        Vectors.addScaled(-t.get(i, known), x.row(known), row, 0, row.length);
      }
      if (!unit) {
        for (int j = 0; j < row.length; j++) {
          row[j] /= t.get(i, i);
        }
      }
    }
    return x;
  }

  /// The first element of the diagonal that is zero, counted from 0, if there is one.
  public static OptionalInt zeroPivot(Matrix t) {
    for (int i = 0; i < Math.min(t.rows(), t.columns()); i++) {
      if (t.get(i, i) == 0) {
        return OptionalInt.of(i);
      }
    }
    return OptionalInt.empty();
  }
}
