package vectorgrad.tensor.cpu;

/// The innermost part of a product of a large matrix A and a few vectors x: some rows or columns of
/// A, each read once, for all of the vectors. How many of both, and what becomes of them
/// ([StreamKernels.Form]), is fixed in each kernel; see [MatrixVector].
abstract class StreamKernel {
  /// | | what | where |
  /// |---|---|---|
  /// | A | the streams | from `a[ao]`, each `lda` behind the one before |
  /// | x | the vectors | from `x[xo]`, each `ldx` behind the one before |
  /// | sums, dot | those of stream r and vector v | from `sums[so + (r·vectors + v)·lds]` |
  /// | sums, axpy | those of vector v | from `sums[so + v·lds]` |
  ///
  /// @param length how many elements of each stream there are from its begin on: of a dot product,
  ///   those that fill no vector are left out; of the columns, there are none
  /// @param add whether sums are added to; otherwise those of a dot product begin at zero
  abstract void run(
      float[] a,
      int ao,
      int lda,
      float[] x,
      int xo,
      int ldx,
      int length,
      float[] sums,
      int so,
      int lds,
      boolean add);

  /// Adds what is left of a dot product of `depth` elements, behind those that fill vectors, to its
  /// `size` sums.
  void rest(float[] a, int ao, float[] x, int xo, int depth, float[] sums, int so, int size) {
    VectorMatrixVector.rest(a, ao, x, xo, depth, sums, so, size);
  }

  /// Joins the sums, `size` each, of `count` dot products: the upper half of each is added to the
  /// lower one, and so on, until the first of each is the product. Emitted kernels are vector code,
  /// so this is, too.
  void join(float[] sums, int count, int size) {
    VectorMatrixVector.joinAll(sums, count, size);
  }
}
