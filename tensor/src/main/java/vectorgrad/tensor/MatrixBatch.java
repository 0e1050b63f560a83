package vectorgrad.tensor;

import java.util.Arrays;
import java.util.function.IntFunction;
import vectorgrad.tensor.linalg.Matrix;

/// The matrices in the last two axes of a tensor, fetched as arrays of f64, and tensors made of
/// results again: the same dtype, on the same device.
final class MatrixBatch {
  private final String operation;
  private final Tensor tensor;
  private final double[] values;
  private final int rows;
  private final int columns;

  private MatrixBatch(String operation, Tensor tensor) {
    this.operation = operation;
    this.tensor = tensor;
    this.values = tensor.toDoubles();
    this.rows = tensor.size(-2);
    this.columns = tensor.size(-1);
  }

  /// The matrices of `a`, all of whose elements must be finite.
  static MatrixBatch of(String operation, Tensor a) {
    return anyContent(operation, a).expectFinite(false);
  }

  /// The square matrices of `a`, of which the lower triangles are read and must be finite.
  static MatrixBatch symmetric(String operation, Tensor a) {
    return anyContent(operation, a).expectSquare().expectFinite(true);
  }

  /// The square matrices of `a`, all of whose elements must be finite.
  static MatrixBatch square(String operation, Tensor a) {
    return anyContent(operation, a).expectSquare().expectFinite(false);
  }

  private static MatrixBatch anyContent(String operation, Tensor a) {
    expectMatrices(operation, a);
    return new MatrixBatch(operation, a);
  }

  static void expectMatrices(String operation, Tensor a) {
    if (a.dtype() != DType.F64 && a.dtype() != DType.F32) {
      throw new DTypeException(
          Message.of(operation, "needs f32 or f64, found " + a.dtype())
              .row("shape", a.shape())
              .row("help", "convert with to(DType.F64)"),
          a.shape());
    }
    if (a.rank() < 2) {
      throw new ShapeException(
          Message.of(operation, "needs a matrix, at least two axes")
              .row("shape", a.shape())
              .row("help", "unsqueeze(0) makes a row, unsqueeze(1) a column"),
          a.shape());
    }
  }

  private MatrixBatch expectSquare() {
    if (rows != columns) {
      throw new ShapeException(
          Message.of(operation, "needs square matrices, found " + rows + " × " + columns)
              .row("shape", tensor.shape()),
          tensor.shape());
    }
    return this;
  }

  private MatrixBatch expectFinite(boolean lowerTriangle) {
    for (int i = 0; i < values.length; i++) {
      int row = i / columns % rows;
      int column = i % columns;
      if (!Double.isFinite(values[i]) && !(lowerTriangle && column > row)) {
        throw failure(
            i / (rows * columns),
            "the matrix holds " + values[i] + " in row " + row + ", column " + column,
            "only finite numbers can be decomposed");
      }
    }
    return this;
  }

  /// The number of matrices.
  int count() {
    return batchShape(tensor).size();
  }

  int rows() {
    return rows;
  }

  int columns() {
    return columns;
  }

  /// Matrix `index` of the batch, in row-major order.
  Matrix get(int index) {
    Matrix matrix = Matrix.zeros(rows, columns);
    for (int i = 0; i < rows; i++) {
      System.arraycopy(values, (index * rows + i) * columns, matrix.row(i), 0, columns);
    }
    return matrix;
  }

  /// An error about matrix `index`, which is named if there are others.
  LinalgException failure(int index, String problem, String help) {
    Message message = Message.of(operation, problem).row("shape", tensor.shape());
    if (tensor.rank() > 2) {
      message.row("matrix", batchIndex(index));
    }
    return new LinalgException(message.row("help", help), tensor.shape());
  }

  private String batchIndex(int index) {
    int[] sizes = batchShape(tensor).toArray();
    int[] place = new int[sizes.length];
    for (int axis = sizes.length - 1, rest = index; axis >= 0; axis--) {
      place[axis] = rest % sizes[axis];
      rest /= sizes[axis];
    }
    return Arrays.toString(place);
  }

  /// The result of `decompose` for matrix `index`, whose failure to converge names it.
  <T> T decompose(int index, java.util.function.Function<Matrix, T> decompose) {
    try {
      return decompose.apply(get(index));
    } catch (ArithmeticException e) {
      throw failure(index, "does not converge, " + e.getMessage(), "please report this matrix");
    }
  }

  /// A tensor of one matrix for each of the batch.
  Tensor matrices(int rows, int columns, IntFunction<Matrix> result) {
    double[] all = new double[Shape.of(count(), rows, columns).size()];
    for (int index = 0; index < count(); index++) {
      Matrix matrix = result.apply(index);
      for (int i = 0; i < rows; i++) {
        System.arraycopy(matrix.row(i), 0, all, (index * rows + i) * columns, columns);
      }
    }
    return tensor(all, rows, columns);
  }

  /// A tensor of one vector for each of the batch.
  Tensor vectors(int length, IntFunction<double[]> result) {
    double[] all = new double[Shape.of(count(), length).size()];
    for (int index = 0; index < count(); index++) {
      System.arraycopy(result.apply(index), 0, all, index * length, length);
    }
    return tensor(all, length);
  }

  /// A tensor of one number for each of the batch.
  Tensor numbers(IntFunction<Double> result) {
    double[] all = new double[count()];
    for (int index = 0; index < all.length; index++) {
      all[index] = result.apply(index);
    }
    return tensor(all);
  }

  private Tensor tensor(double[] values, int... last) {
    int batch = tensor.rank() - 2;
    int[] sizes = Arrays.copyOf(tensor.shape().toArray(), batch + last.length);
    System.arraycopy(last, 0, sizes, batch, last.length);
    return Tensor.of(values, Shape.of(sizes)).to(tensor.dtype()).to(tensor.device());
  }

  static Shape batchShape(Tensor a) {
    return Shape.of(Arrays.copyOf(a.shape().toArray(), a.rank() - 2));
  }

  /// `a` with its batch axes expanded to `batch`.
  static Tensor expand(Tensor a, Shape batch) {
    int[] sizes = Arrays.copyOf(batch.toArray(), batch.rank() + 2);
    sizes[batch.rank()] = a.size(-2);
    sizes[batch.rank() + 1] = a.size(-1);
    return a.expand(Shape.of(sizes));
  }
}
