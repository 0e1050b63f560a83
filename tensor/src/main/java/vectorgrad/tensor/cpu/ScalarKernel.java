package vectorgrad.tensor.cpu;

import java.util.Arrays;
import vectorgrad.tensor.cpu.MicroKernels.Left;

/// The micro-kernel for a JVM without the Vector API, and in place of one that is not yet compiled
/// ([Warmup]): loops that C2 turns into vector code by itself.
///
/// It does so only where every array is indexed by the bare loop variable, so four rows of B are
/// copied to arrays of their own, used for all rows of the tile, and each row of sums is an array
/// too. That gives a fifth of the peak; keeping sums in scalar registers gives a tenth.
final class ScalarKernel extends MicroKernel {
  /// Rows and columns of a tile, and columns of a narrow one.
  static final int ROWS = 16;

  static final int WIDE = 128;
  static final int NARROW = 16;

  private static final int STEPS = 4;
  private static final ThreadLocal<float[][]> BUFFERS =
      ThreadLocal.withInitial(() -> new float[STEPS + ROWS][WIDE]);

  private final Left left;
  private final int rows;
  private final int columns;

  ScalarKernel(Left left, int rows, int columns) {
    this.left = left;
    this.rows = rows;
    this.columns = columns;
  }

  @Override
  void tile(
      float[] a,
      int ao,
      int lda,
      float[] b,
      int bo,
      int ldb,
      int depth,
      float[] c,
      int co,
      int ldc,
      boolean add) {
    int row = left == Left.PACKED || left == Left.COLUMNS ? 1 : lda;
    int step = left == Left.PACKED ? rows : left == Left.COLUMNS ? lda : 1;
    float[][] buffers = BUFFERS.get();
    for (int i = 0; i < rows; i++) {
      Arrays.fill(buffers[STEPS + i], 0, columns, 0f);
    }
    int k = 0;
    for (; k + STEPS <= depth; k += STEPS) {
      for (int s = 0; s < STEPS; s++) {
        System.arraycopy(b, bo + (k + s) * ldb, buffers[s], 0, columns);
      }
      for (int i = 0; i < rows; i++) {
        int at = ao + i * row + k * step;
        four(buffers, i, a[at], a[at + step], a[at + 2 * step], a[at + 3 * step]);
      }
    }
    for (; k < depth; k++) {
      System.arraycopy(b, bo + k * ldb, buffers[0], 0, columns);
      for (int i = 0; i < rows; i++) {
        one(buffers[STEPS + i], buffers[0], a[ao + i * row + k * step], columns);
      }
    }
    for (int i = 0; i < rows; i++) {
      float[] sum = buffers[STEPS + i];
      for (int j = 0, at = co + i * ldc; j < columns; j++, at++) {
        c[at] = add ? c[at] + sum[j] : sum[j];
      }
    }
  }

  private void four(float[][] buffers, int i, float a0, float a1, float a2, float a3) {
    four(
        buffers[STEPS + i],
        buffers[0],
        buffers[1],
        buffers[2],
        buffers[3],
        a0,
        a1,
        a2,
        a3,
        columns);
  }

  private static void four(
      float[] sum,
      float[] b0,
      float[] b1,
      float[] b2,
      float[] b3,
      float a0,
      float a1,
      float a2,
      float a3,
      int columns) {
    for (int j = 0; j < columns; j++) {
      float s = Math.fma(a1, b1[j], Math.fma(a0, b0[j], sum[j]));
      sum[j] = Math.fma(a3, b3[j], Math.fma(a2, b2[j], s));
    }
  }

  private static void one(float[] sum, float[] b, float a, int columns) {
    for (int j = 0; j < columns; j++) {
      sum[j] = Math.fma(a, b[j], sum[j]);
    }
  }
}
