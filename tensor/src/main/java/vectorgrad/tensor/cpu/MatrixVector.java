package vectorgrad.tensor.cpu;

import java.util.Arrays;

/// Matrix times vector, which reads every element of the matrix once and so can only be as fast as
/// memory.
///
/// `y[i] = Σ_k A[i][k]·x[k]`, or `y += A·x`
///
/// There is nothing to reuse and so nothing to pack. Where the rows of A lie in one piece, each is
/// a dot product of [#SUMS] partial sums, element k going to sum k mod 32, joined by halving; where
/// the columns do, y gathers them, in the order of k. So lanes and threads do not show in the
/// result.
///
/// [#TOGETHER] rows are in work at a time: they share what is read of x, and memory delivers
/// several streams much faster than one, most of all if they are on pages well apart. Measured on
/// 4096 × 4096 floats, one thread of a Zen 4: 6.5 ms row by row, 4.5 in fours.
final class MatrixVector {
  /// Partial sums of a dot product: two vectors of 512 bits, or more narrower ones.
  static final int SUMS = 32;

  /// Rows whose dot products are made at the same time.
  static final int TOGETHER = 4;

  /// Elements of one task, at least.
  private static final int TASK = 1 << 16;

  /// Rows whose sums are gathered at once, in the nearest cache.
  private static final int ROWS = 2048;

  private static final boolean VECTOR = Lanes.bits() > 0;

  private MatrixVector() {}

  /// Whether the elements of A lie in rows or columns.
  static boolean suits(Matrix a) {
    return a.columnStride() == 1 || a.rowStride() == 1;
  }

  /// @param a M × K, see [#suits]
  /// @param x K × 1
  /// @param y M × 1
  static void multiply(Matrix a, Matrix x, Matrix y, boolean add) {
    int depth = a.columns();
    int rows = a.rows();
    float[] vector = Scratch.RIGHT.floats(depth);
    Packing.copy(x.transpose(), vector, 0, depth);
    boolean byRows = a.columnStride() == 1;
    int fewest = rows < 2 * TOGETHER ? 1 : TOGETHER;
    int most = byRows ? Math.max(fewest, TASK / Math.max(1, depth)) : ROWS;
    int tasks = Math.ceilDiv(rows, most);
    Workers.parallel(
        tasks,
        task -> {
          int begin = Tiling.start(task, tasks, rows);
          int end = Tiling.start(task + 1, tasks, rows);
          if (byRows) {
            dots(a, vector, y, add, begin, end);
          } else {
            gather(a, vector, y, add, begin, end);
          }
        });
  }

  private static void dots(Matrix a, float[] x, Matrix y, boolean add, int begin, int end) {
    int step = (end - begin) / TOGETHER;
    for (int i = begin; i < begin + step; i++) {
      dots(a, x, y, add, i, step, 0);
    }
    int rest = end - begin - TOGETHER * step;
    if (step > 0 && rest > 0) { // the last ones, beside some that are done
      dots(a, x, y, add, end - TOGETHER, 1, TOGETHER - rest);
    } else {
      for (int i = end - rest; i < end; i++) {
        dots(a, x, y, add, i, 0, TOGETHER - 1);
      }
    }
  }

  /// Of [#TOGETHER] rows, each `step` behind the other, those from the one numbered `first` on.
  private static void dots(
      Matrix a, float[] x, Matrix y, boolean add, int row, int step, int first) {
    float[] sums = Scratch.TILE.floats(TOGETHER * SUMS);
    if (VECTOR) {
      VectorMatrixVector.dots(
          a.data(), a.index(row, 0), step * a.rowStride(), x, a.columns(), sums);
    }
    for (int r = first; r < TOGETHER; r++) {
      int i = row + r * step;
      float sum;
      if (VECTOR) {
        sum = VectorMatrixVector.join(sums, r * SUMS, SUMS);
      } else {
        dot(a.data(), a.index(i, 0), x, a.columns(), sums);
        sum = join(sums);
      }
      y.set(i, 0, add ? y.at(i, 0) + sum : sum);
    }
  }

  /// Element k of the row goes to sum k mod [#SUMS].
  private static void dot(float[] a, int at, float[] x, int depth, float[] sums) {
    Arrays.fill(sums, 0, SUMS, 0f);
    for (int k = 0; k < depth; k += SUMS) {
      int count = Math.min(SUMS, depth - k);
      for (int s = 0; s < count; s++) {
        sums[s] = Math.fma(a[at + k + s], x[k + s], sums[s]);
      }
    }
  }

  /// Adds the upper half of the sums to the lower one, and so on, until one is left.
  private static float join(float[] sums) {
    for (int half = SUMS / 2; half > 0; half /= 2) {
      for (int s = 0; s < half; s++) {
        sums[s] += sums[s + half];
      }
    }
    return sums[0];
  }

  private static void gather(Matrix a, float[] x, Matrix y, boolean add, int begin, int end) {
    int rows = end - begin;
    float[] sums = Scratch.TILE.floats(rows);
    Arrays.fill(sums, 0, rows, 0f);
    if (VECTOR) {
      VectorMatrixVector.gather(
          a.data(), a.index(begin, 0), a.columnStride(), x, a.columns(), sums, rows);
    } else {
      for (int k = 0; k < a.columns(); k++) {
        addColumn(a.data(), a.index(begin, k), x[k], sums, rows);
      }
    }
    for (int i = 0; i < rows; i++) {
      y.set(begin + i, 0, add ? y.at(begin + i, 0) + sums[i] : sums[i]);
    }
  }

  static void addColumn(float[] a, int at, float factor, float[] sums, int rows) {
    for (int i = 0; i < rows; i++) {
      sums[i] = Math.fma(factor, a[at + i], sums[i]);
    }
  }
}
