package vectorgrad.autograd;

import java.util.function.UnaryOperator;
import vectorgrad.tensor.Tensor;

/// Diagonals and triangles of a [Variable]: of matrices, for every batch. A diagonal is named by
/// its offset: 0 is the main one, positive ones lie above it, negative ones below.
sealed interface Diagonals permits Variable {

  private Variable self() {
    return (Variable) this;
  }

  /// The sum of the main diagonal of a matrix; its gradient is the identity matrix.
  ///
  /// @throws vectorgrad.tensor.ShapeException if this is no matrix
  default Variable trace() {
    Tensor trace = self().value().trace();
    Variable diagonal = self().diagonal();
    return Variable.known(new ViewOps.SumTo(trace.shape()), trace, diagonal);
  }

  /// The main diagonal of a matrix, or the matrix with this vector on its main diagonal.
  default Variable diag() {
    return diag(0);
  }

  /// A diagonal of a matrix, or the square matrix with this vector on that diagonal and zeros
  /// elsewhere.
  ///
  /// @throws vectorgrad.tensor.ShapeException if this is neither a vector nor a matrix
  default Variable diag(int offset) {
    return self().rank() == 1
        ? diagEmbed(offset)
        : Variable.apply(Adjoints.show("Diag", self().shape(), x -> x.diag(offset)), self());
  }

  /// Square matrices with the vectors along the last axis on the diagonal named `offset`, and zeros
  /// elsewhere: (…, N) becomes (…, N + |offset|, N + |offset|). The adjoint of a diagonal.
  ///
  /// @throws vectorgrad.tensor.ShapeException if this is a scalar
  default Variable diagEmbed(int offset) {
    Tensor matrices = self().value().diagEmbed(offset);
    return Variable.known(
        Adjoints.put("DiagEmbed", matrices.shape(), x -> x.diagonal(offset, -2, -1)),
        matrices,
        self());
  }

  /// The lower triangle of matrices (…, M, N) up to the main diagonal, and zeros above.
  default Variable tril() {
    return tril(0);
  }

  /// The lower triangle of matrices (…, M, N) up to the given `diagonal`, and zeros above: element
  /// `(i, j)` stays where `j ≤ i + diagonal`. Its own adjoint.
  ///
  /// @throws vectorgrad.tensor.ShapeException if there are fewer than two axes
  default Variable tril(int diagonal) {
    return kept("Tril", x -> x.tril(diagonal));
  }

  /// The upper triangle of matrices (…, M, N) from the main diagonal on, and zeros below.
  default Variable triu() {
    return triu(0);
  }

  /// The upper triangle of matrices (…, M, N) from the given `diagonal` on, and zeros below:
  /// element `(i, j)` stays where `j ≥ i + diagonal`. Its own adjoint.
  ///
  /// @throws vectorgrad.tensor.ShapeException if there are fewer than two axes
  default Variable triu(int diagonal) {
    return kept("Triu", x -> x.triu(diagonal));
  }

  private Variable kept(String name, UnaryOperator<Tensor> triangle) {
    return Variable.apply(Adjoints.of(name, triangle, triangle), self());
  }
}
