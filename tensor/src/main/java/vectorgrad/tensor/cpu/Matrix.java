package vectorgrad.tensor.cpu;

/// A matrix as the kernels see it: element (i, j) is `data[offset + i·rowStride + j·columnStride]`.
///
/// Strides are arbitrary: a transposition swaps them, a slice multiplies them, a flip negates them,
/// and a broadcast one is 0.
///
/// @param data the array the elements lie in
/// @param offset where element (0, 0) is
/// @param rows how many rows
/// @param columns how many columns
/// @param rowStride from one row to the next
/// @param columnStride from one column to the next
@SuppressWarnings("ArrayRecordComponent") // a view: nobody compares it
record Matrix(float[] data, int offset, int rows, int columns, int rowStride, int columnStride)
    implements Operand {

  /// Row after row from `offset` on.
  static Matrix rowMajor(float[] data, int offset, int rows, int columns) {
    return new Matrix(data, offset, rows, columns, columns, 1);
  }

  int index(int i, int j) {
    return offset + i * rowStride + j * columnStride;
  }

  float at(int i, int j) {
    return data[index(i, j)];
  }

  void set(int i, int j, float value) {
    data[index(i, j)] = value;
  }

  @Override
  public Matrix block(int i, int rows, int j, int columns) {
    return new Matrix(data, index(i, j), rows, columns, rowStride, columnStride);
  }

  @Override
  public Matrix transpose() {
    return new Matrix(data, offset, columns, rows, columnStride, rowStride);
  }

  @Override
  public int most() {
    return Integer.MAX_VALUE;
  }

  @Override
  public Matrix near() {
    return this;
  }
}
