package vectorgrad.tensor.cpu;

import java.util.Arrays;

/// [MatrixVector] for a matrix of 16 bits: what takes the time is to fetch it, and there is half as
/// much.
///
/// `y[i] = Σ_k A[i][k]·x[k]`, in f32
///
/// | matrix | shape |
/// |---|---|
/// | A | M × K, bf16 or f16, rows or columns in one piece |
/// | x | K, f32 |
/// | y | M × 1, f32 |
///
/// Every element of A is widened in a register and never written: a bf16 is the upper half of an
/// f32, so of two neighbours, read as one int, one is a shift away and the other a mask. That parts
/// even from odd elements, and x is parted alike, once for all rows.
///
/// The bits are those of [MatrixVector] with A widened before: element k goes to sum k mod 32 (to
/// sum k/2 of 16 for even ones, or of 16 for odd ones), and the sums are joined by the same
/// halving, which keeps the even ones apart until the last step.
final class LowPrecisionMatrixVector {
  private static final int SUMS = MatrixVector.SUMS;
  private static final int TOGETHER = MatrixVector.TOGETHER;

  /// Sums of even elements, and of odd ones.
  static final int PAIRS = SUMS / 2;

  private static final int TASK = 1 << 16;
  private static final int ROWS = 2048;
  private static final boolean VECTOR = Lanes.bits() > 0;

  private LowPrecisionMatrixVector() {}

  /// The definition: widen, then the product of f32.
  static void naive(Halves a, float[] x, Matrix y) {
    int columns = a.columns();
    boolean byRows = a.columnStride() == 1;
    int pitch = (byRows ? columns : a.rows()) + 1; // not 1: that would tell of rows
    float[] wide = new float[pitch * (byRows ? a.rows() : columns)];
    Matrix matrix = new Matrix(wide, 0, a.rows(), columns, byRows ? pitch : 1, byRows ? 1 : pitch);
    for (int i = 0; i < a.rows(); i++) {
      for (int k = 0; k < a.columns(); k++) {
        matrix.set(i, k, a.at(a.index(i, k)));
      }
    }
    MatrixVector.multiply(matrix, Matrix.rowMajor(x, 0, a.columns(), 1), y, false);
  }

  /// @param a see [Halves#liesInOnePiece]
  /// @param x as many elements as A has columns
  static void multiply(Halves a, float[] x, Matrix y) {
    boolean byRows = a.columnStride() == 1;
    int fewest = a.rows() < 2 * TOGETHER ? 1 : TOGETHER;
    int most = byRows ? Math.max(fewest, TASK / Math.max(1, a.columns())) : ROWS;
    int tasks = Math.ceilDiv(a.rows(), most);
    int whole = a.columns() / SUMS * SUMS;
    float[] parted = byRows ? parted(x, a.columns(), whole) : x;
    Workers.parallel(
        tasks,
        task -> {
          int begin = Tiling.start(task, tasks, a.rows());
          int end = Tiling.start(task + 1, tasks, a.rows());
          if (byRows) {
            dots(a, parted, whole, y, begin, end);
          } else {
            gather(a, x, y, begin, end);
          }
        });
  }

  /// The even elements of the first `whole`, then their odd ones, then the rest.
  private static float[] parted(float[] x, int count, int whole) {
    float[] parted = Scratch.RIGHT.floats(count);
    int half = whole / 2;
    for (int p = 0; p < half; p++) {
      parted[p] = x[2 * p];
      parted[half + p] = x[2 * p + 1];
    }
    System.arraycopy(x, whole, parted, whole, count - whole);
    return parted;
  }

  /// As the dot products of [MatrixVector].
  private static void dots(Halves a, float[] x, int whole, Matrix y, int begin, int end) {
    int step = (end - begin) / TOGETHER;
    for (int i = begin; i < begin + step; i++) {
      dots(a, x, whole, y, i, step, 0);
    }
    int rest = end - begin - TOGETHER * step;
    if (step > 0 && rest > 0) {
      dots(a, x, whole, y, end - TOGETHER, 1, TOGETHER - rest);
    } else {
      for (int i = end - rest; i < end; i++) {
        dots(a, x, whole, y, i, 0, TOGETHER - 1);
      }
    }
  }

  private static void dots(Halves a, float[] x, int whole, Matrix y, int row, int step, int first) {
    float[] sums = Scratch.TILE.floats(TOGETHER * SUMS);
    int apart = step * a.rowStride();
    boolean made =
        VECTOR
            && VectorLowPrecision.dots(
                a.data(), a.brain(), a.index(row, 0), apart, x, whole / 2, sums);
    for (int r = first; r < TOGETHER; r++) {
      int at = a.index(row + r * step, 0);
      if (!made) {
        dot(a, at, x, whole / 2, sums, r * SUMS);
      }
      y.set(row + r * step, 0, finished(a, at, x, whole, sums, r * SUMS));
    }
  }

  /// The sums with what is left of a row behind the first `whole` elements, joined.
  private static float finished(Halves a, int at, float[] x, int whole, float[] sums, int from) {
    for (int k = whole; k < a.columns(); k++) {
      int sum = from + (k - whole) / 2 + (k - whole) % 2 * PAIRS;
      sums[sum] = Math.fma(a.at(at + k), x[k], sums[sum]);
    }
    return VECTOR ? VectorLowPrecision.join(sums, from) : join(sums, from);
  }

  /// Makes the sums of the first `pairs` pairs of a row, a multiple of [#PAIRS].
  private static void dot(Halves a, int at, float[] x, int pairs, float[] sums, int from) {
    Arrays.fill(sums, from, from + SUMS, 0f);
    int odd = from + PAIRS;
    for (int begin = 0; begin < pairs; begin += PAIRS) {
      for (int s = 0; s < PAIRS; s++) {
        int p = begin + s;
        sums[from + s] = Math.fma(a.at(at + 2 * p), x[p], sums[from + s]);
        sums[odd + s] = Math.fma(a.at(at + 2 * p + 1), x[pairs + p], sums[odd + s]);
      }
    }
  }

  /// The halving of [MatrixVector#join].
  private static float join(float[] sums, int from) {
    int odd = from + PAIRS;
    for (int half = PAIRS / 2; half > 0; half /= 2) {
      for (int s = 0; s < half; s++) {
        sums[from + s] += sums[from + s + half];
        sums[odd + s] += sums[odd + s + half];
      }
    }
    return sums[from] + sums[odd];
  }

  /// The columns of A, each times its element of x, added up in order. Sums of even rows come
  /// before those of odd ones.
  private static void gather(Halves a, float[] x, Matrix y, int begin, int end) {
    int rows = end - begin;
    int even = Math.ceilDiv(rows, 2);
    float[] sums = Scratch.TILE.floats(2 * even);
    Arrays.fill(sums, 0, 2 * even, 0f);
    int done = VECTOR ? VectorLowPrecision.wholePairs(rows) : 0; // pairs
    int first = a.index(begin, 0);
    int stride = a.columnStride();
    if (done > 0 && a.brain()) {
      VectorLowPrecision.gatherBrains(a.data(), first, stride, x, a.columns(), sums, done, even);
    } else if (done > 0
        && !VectorLowPrecision.gatherHalves(
            a.data(), first, stride, x, a.columns(), sums, done, even)) {
      Arrays.fill(sums, 0, 2 * even, 0f);
      done = 0;
    }
    for (int k = 0; k < a.columns(); k++) {
      int at = a.index(begin, k);
      for (int i = 2 * done; i < rows; i++) {
        int sum = i / 2 + i % 2 * even;
        sums[sum] = Math.fma(x[k], a.at(at + i), sums[sum]);
      }
    }
    for (int i = 0; i < rows; i++) {
      y.set(begin + i, 0, sums[i / 2 + i % 2 * even]);
    }
  }
}
