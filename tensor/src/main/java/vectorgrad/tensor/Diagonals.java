package vectorgrad.tensor;

/// Diagonals and triangles of matrices, for every batch. A diagonal is named by its offset: 0 is
/// the main one, positive ones lie above it, negative ones below.
sealed interface Diagonals permits Tensor {

  private Tensor self() {
    return (Tensor) this;
  }

  /// The sum of the main diagonal of a matrix: a scalar.
  ///
  /// @throws ShapeException if this is no matrix
  default Tensor trace() {
    Tensor x = self();
    if (x.rank() != 2) {
      throw new ShapeException(
          Message.of("trace", "needs a matrix")
              .row("shape", x.shape())
              .row("help", "of batches, diagonal(0, -2, -1).sum(-1)"),
          x.shape());
    }
    return x.diagonal(0, 0, 1).sum();
  }

  /// The main diagonal of a matrix, or the matrix with this vector on its main diagonal.
  default Tensor diag() {
    return diag(0);
  }

  /// A diagonal of a matrix, which is a view, or the square matrix with this vector on that
  /// diagonal and zeros elsewhere.
  ///
  /// @throws ShapeException if this is neither a vector nor a matrix
  default Tensor diag(int offset) {
    Tensor x = self();
    return switch (x.rank()) {
      case 1 -> diagEmbed(offset);
      case 2 -> x.diagonal(offset, 0, 1);
      default ->
          throw new ShapeException(
              Message.of("diag", "needs a vector or a matrix")
                  .row("shape", x.shape())
                  .row("help", "for batches, diagEmbed makes matrices, diagonal takes them apart"),
              x.shape());
    };
  }

  /// Square matrices with the vectors along the last axis on the diagonal named `offset`, and zeros
  /// elsewhere: (…, N) becomes (…, N + |offset|, N + |offset|). The adjoint of [Tensor#diagonal].
  ///
  /// @throws ShapeException if this is a scalar
  default Tensor diagEmbed(int offset) {
    Tensor x = self();
    if (x.rank() == 0) {
      throw new ShapeException("diagEmbed", "needs vectors, found a scalar", x.shape());
    }
    int n = Math.addExact(x.size(-1), Math.absExact(offset));
    int[] sizes = java.util.Arrays.copyOf(x.shape().toArray(), x.rank() + 1);
    sizes[x.rank() - 1] = n;
    sizes[x.rank()] = n;
    Tensor result = Tensor.zeros(Shape.of(sizes), x.dtype(), x.device());
    if (x.size() > 0) {
      x.device().backend().copy(x, result.diagonal(offset, -2, -1));
    }
    return result;
  }

  /// The lower triangle of matrices (…, M, N) up to the main diagonal, and zeros above.
  default Tensor tril() {
    return tril(0);
  }

  /// The lower triangle of matrices (…, M, N) up to the given `diagonal`, and zeros above: element
  /// `(i, j)` stays where `j ≤ i + diagonal`.
  ///
  /// @throws ShapeException if there are fewer than two axes
  default Tensor tril(int diagonal) {
    return triangle("tril", self(), diagonal, true);
  }

  /// The upper triangle of matrices (…, M, N) from the main diagonal on, and zeros below.
  default Tensor triu() {
    return triu(0);
  }

  /// The upper triangle of matrices (…, M, N) from the given `diagonal` on, and zeros below:
  /// element `(i, j)` stays where `j ≥ i + diagonal`.
  ///
  /// @throws ShapeException if there are fewer than two axes
  default Tensor triu(int diagonal) {
    return triangle("triu", self(), diagonal, false);
  }

  private static Tensor triangle(String operation, Tensor x, int diagonal, boolean lower) {
    if (x.rank() < 2) {
      throw new ShapeException(operation, "needs matrices, found " + x.shape(), x.shape());
    }
    Tensor zero = Tensor.zeros(Shape.SCALAR, x.dtype(), x.device());
    Tensor inside = mask(x.size(-2), x.size(-1), diagonal, lower).to(x.device());
    return Tensor.where(inside, x, zero);
  }

  /// BOOL (M, N): where `j ≤ i + diagonal`, or where `j ≥ i + diagonal`.
  static Tensor mask(int rows, int columns, int diagonal, boolean lower) {
    Tensor i = Tensor.arange(rows, DType.I32).unsqueeze(1);
    // the first column beyond a row's diagonal; clamped, so that no place overflows
    int shift = Math.clamp(diagonal, -rows, columns);
    Tensor bound = i.add(shift);
    Tensor j = Tensor.arange(columns, DType.I32);
    return lower ? j.le(bound) : j.ge(bound);
  }
}
