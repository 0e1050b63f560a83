package vectorgrad.tensor.cpu;

/// What is multiplied: a matrix of the numbers that products are computed in, as it is ([Matrix]),
/// or one of shorter numbers ([Halves]), which are widened on their way to the kernels.
///
/// Strides are those of a [Matrix].
interface Operand {
  int rows();

  int columns();

  int rowStride();

  int columnStride();

  /// The part of this matrix that begins at (i, j).
  Operand block(int i, int rows, int j, int columns);

  Operand transpose();

  /// How many elements [#near] is best asked for at a time: all, or of those that are copied what
  /// stays in the nearest cache.
  int most();

  /// The same matrix as kernels read it: this one, or a copy that is good until this thread asks
  /// for the next. Its rows or columns lie in one piece where those of this one do.
  Matrix near();
}
