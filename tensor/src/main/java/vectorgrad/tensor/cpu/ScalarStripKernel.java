package vectorgrad.tensor.cpu;

import vectorgrad.tensor.cpu.MicroKernels.Left;

/// The [StripKernel] for a JVM without the Vector API: it packs its right operand, then runs the
/// other one.
final class ScalarStripKernel extends StripKernel {
  private final int columns;
  private final ScalarKernel packed;

  ScalarStripKernel(int rows, int columns) {
    this.columns = columns;
    this.packed = new ScalarKernel(Left.PACKED, rows, columns);
  }

  @Override
  void tile(
      float[] a,
      int ao,
      float[] b,
      int bo,
      int[] step,
      int so,
      int depth,
      float[] c,
      int co,
      int ldc,
      boolean add) {
    float[] right = Scratch.GATHERED.floats(depth * columns);
    for (int k = 0, from = bo; k < depth; from += step[so + k], k++) {
      System.arraycopy(b, from, right, k * columns, columns);
    }
    packed.tile(a, ao, 0, right, 0, columns, depth, c, co, ldc, add);
  }
}
