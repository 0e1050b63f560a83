package vectorgrad.tensor.cpu;

/// A [MicroKernel] whose right operand is found by a table: row k of B begins `step[k]` elements
/// before row k + 1.
///
/// A picture cut into [Strips] is such a matrix, so a convolution can read it without building it.
abstract class StripKernel {

  /// | | shape | where |
  /// |---|---|---|
  /// | A | rows × depth | from `a[ao]`, a packed tile |
  /// | B | depth × columns | from `b[bo]`, row k + 1 `step[so + k]` behind row k |
  /// | C | rows × columns | from `c[co]`, rows `ldc` apart |
  abstract void tile(
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
      boolean add);
}
