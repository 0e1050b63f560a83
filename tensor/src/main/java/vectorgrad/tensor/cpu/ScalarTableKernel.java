package vectorgrad.tensor.cpu;

/// The [TableKernel] for a JVM without the Vector API: it packs its left operand, then runs the
/// other one.
final class ScalarTableKernel extends TableKernel {
  private final int rows;
  private final ScalarKernel packed;
  private final int columns;

  ScalarTableKernel(int rows, int columns) {
    this.columns = columns;
    this.rows = rows;
    this.packed = new ScalarKernel(MicroKernels.Left.PACKED, rows, columns);
  }

  @Override
  void tile(
      float[] a,
      int ao,
      int[] row,
      int ro,
      int[] step,
      int so,
      float[] b,
      int bo,
      int depth,
      float[] c,
      int co,
      int ldc,
      boolean add) {
    float[] left = Scratch.GATHERED.floats(depth * rows);
    for (int i = 0; i < rows; i++) {
      int from = ao + row[ro + i];
      for (int k = 0, to = i; k < depth; k++, to += rows) {
        left[to] = a[from + step[so + k]];
      }
    }
    packed.tile(left, 0, 0, b, bo, columns, depth, c, co, ldc, add);
  }
}
