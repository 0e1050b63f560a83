package vectorgrad.tensor.cpu;

/// A [MicroKernel] whose left operand is found by two tables: `A[i][k] = a[ao + row[i] + step[k]]`.
///
/// An unfolded picture is such a matrix: each row is a place in the filter, each step a place where
/// the filter is laid on the picture. So a convolution can read it without ever building it.
abstract class TableKernel {

  /// | | shape | where |
  /// |---|---|---|
  /// | A | rows × depth | `a[ao + row[ro + i] + step[so + k]]` |
  /// | B | depth × columns | from `b[bo]`, row after row |
  /// | C | rows × columns | from `c[co]`, rows `ldc` apart |
  abstract void tile(
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
      boolean add);
}
