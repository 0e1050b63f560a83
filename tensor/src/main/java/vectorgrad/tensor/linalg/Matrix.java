package vectorgrad.tensor.linalg;

/// A matrix of f64 numbers as an array of its rows, each an array: loops over a row then index all
/// arrays alike, which is what the compiler turns into vector code.
///
/// @param rows the number of rows
/// @param columns the length of each
/// @param values the rows themselves, no copy
@SuppressWarnings("ArrayRecordComponent") // nobody compares it
public record Matrix(int rows, int columns, double[][] values) {

  /// Zeros.
  public static Matrix zeros(int rows, int columns) {
    return new Matrix(rows, columns, new double[rows][columns]);
  }

  /// Ones on the diagonal, zeros elsewhere.
  public static Matrix identity(int n) {
    Matrix identity = zeros(n, n);
    for (int i = 0; i < n; i++) {
      identity.values[i][i] = 1;
    }
    return identity;
  }

  /// The element in row `i`, column `j`.
  public double get(int i, int j) {
    return values[i][j];
  }

  /// Row `i` itself, no copy.
  public double[] row(int i) {
    return values[i];
  }

  /// Rows and columns exchanged, in a copy.
  public Matrix transpose() {
    Matrix transposed = zeros(columns, rows);
    for (int i = 0; i < rows; i++) {
      for (int j = 0; j < columns; j++) {
        transposed.values[j][i] = values[i][j];
      }
    }
    return transposed;
  }

  /// A copy.
  public Matrix copy() {
    return firstRows(rows);
  }

  /// A copy of the first `count` rows.
  Matrix firstRows(int count) {
    double[][] copy = new double[count][];
    for (int i = 0; i < count; i++) {
      copy[i] = values[i].clone();
    }
    return new Matrix(count, columns, copy);
  }

  /// The largest exponent of two among the elements. Divided by that power, which is exact, no
  /// element exceeds 2, and sums of squares can neither overflow nor vanish as a whole.
  int exponent() {
    double largest = 0;
    for (double[] row : values) {
      for (double value : row) {
        largest = Math.max(largest, Math.abs(value));
      }
    }
    return largest == 0 ? 0 : Math.max(Math.getExponent(largest), Double.MIN_EXPONENT);
  }

  /// A copy with every element times `2^exponent`.
  Matrix scaled(int exponent) {
    Matrix copy = copy();
    for (double[] row : copy.values) {
      for (int j = 0; j < columns; j++) {
        row[j] = Math.scalb(row[j], exponent);
      }
    }
    return copy;
  }
}
