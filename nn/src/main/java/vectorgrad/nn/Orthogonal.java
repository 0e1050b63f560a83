package vectorgrad.nn;

import vectorgrad.tensor.DType;
import vectorgrad.tensor.Message;
import vectorgrad.tensor.Seed;
import vectorgrad.tensor.Shape;
import vectorgrad.tensor.ShapeException;
import vectorgrad.tensor.Tensor;

/// A weight whose rows, or columns, are orthonormal: see [Initializer#orthogonal()].
record Orthogonal(double gain) implements Initializer {

  @Override
  public Tensor initial(Tensor present, Seed seed) {
    if (present.rank() < 2) {
      throw new ShapeException(
          Message.of("orthogonal", "a weight has at least two axes, found " + present.shape()),
          present.shape());
    }
    int rows = present.size(0);
    int columns = rows == 0 ? 0 : present.size() / rows;
    Tensor draws = Tensor.normal(seed, 0, Shape.of(rows, columns), DType.F64);
    boolean tall = rows > columns;
    double[] q = (tall ? draws.transpose() : draws).contiguous().toDoubles();
    orthonormalRows(q, Math.min(rows, columns), Math.max(rows, columns));
    Tensor matrix = Tensor.of(q, tall ? Shape.of(columns, rows) : draws.shape()).mul(gain);
    return (tall ? matrix.transpose().contiguous() : matrix)
        .reshape(present.shape().toArray())
        .to(present.dtype())
        .to(present.device());
  }

  private static void orthonormalRows(double[] q, int rows, int columns) {
    for (int i = 0; i < rows; i++) {
      for (int pass = 0; pass < 2; pass++) { // once more, for what rounding left behind
        for (int j = 0; j < i; j++) {
          double along = dot(q, i, j, columns);
          for (int k = 0; k < columns; k++) {
            q[i * columns + k] -= along * q[j * columns + k];
          }
        }
        double length = Math.sqrt(dot(q, i, i, columns));
        for (int k = 0; k < columns; k++) {
          q[i * columns + k] /= length;
        }
      }
    }
  }

  private static double dot(double[] q, int i, int j, int columns) {
    double sum = 0;
    for (int k = 0; k < columns; k++) {
      sum += q[i * columns + k] * q[j * columns + k];
    }
    return sum;
  }
}
