package vectorgrad.tensor.cpu;

/// The innermost part of a product: one tile of C, small enough that its sums stay in registers.
///
/// `C[i][j] = Σ_k A[i][k]·B[k][j]`, or `+=`
///
/// Every sum is one chain of fused multiply-adds in the order of k, starting from zero. So all
/// kernels give the same bits, whatever their lanes, and whether their operands are packed or not.
/// How many rows and columns a tile has, and how A is laid out, is fixed in each kernel; see
/// [Tiling].
abstract class MicroKernel {

  /// | | shape | where |
  /// |---|---|---|
  /// | A | rows × depth | from `a[ao]`, laid out as [MicroKernels.Left] says; `lda` is for direct |
  /// | B | depth × columns | from `b[bo]`, rows `ldb` apart |
  /// | C | rows × columns | from `c[co]`, rows `ldc` apart |
  abstract void tile(
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
      boolean add);
}
