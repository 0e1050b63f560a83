package vectorgrad.tensor.cpu;

import vectorgrad.numerics.BFloat16;
import vectorgrad.numerics.Half;
import vectorgrad.tensor.DType;
import vectorgrad.tensor.Layout;
import vectorgrad.tensor.Tensor;

/// A matrix of 16-bit numbers times a vector, in f32: as the matrix lies in memory, which is what
/// limits it. Of other products [Halves] are operands like any other.
final class LowPrecisionProduct {
  /// Products with fewer multiply-adds are shared out as they are, larger ones are split.
  private static final long WHOLE = 1 << 20;

  private LowPrecisionProduct() {}

  /// Whether this is such a product.
  static boolean suits(Tensor a, Tensor b, Tensor output) {
    return isColumn(a, b, output) || isRow(a, b, output);
  }

  private static boolean isColumn(Tensor a, Tensor b, Tensor output) {
    return output.size(-1) == 1 && suits(a, b);
  }

  private static boolean isRow(Tensor a, Tensor b, Tensor output) {
    return output.size(-2) == 1 && b.dtype().isHalf() && suits(b.transpose(), a);
  }

  /// As [vectorgrad.tensor.spi.Backend#matmul], into an F32 output.
  static void matmul(Tensor a, Tensor b, Tensor output) {
    if (isColumn(a, b, output)) {
      multiply(a, b, output);
    } else {
      multiply(b.transpose(), a.transpose(), output);
    }
  }

  /// Whether there is a matrix of 16 bits for each vector: one for many is no affair of memory.
  private static boolean suits(Tensor matrix, Tensor vector) {
    return matrix.dtype().isHalf()
        && (vector.dtype().isHalf() || vector.dtype() == DType.F32)
        && Halves.of(matrix, matrix.layout(), 0).liesInOnePiece()
        && !(isShared(matrix.layout()) && batches(matrix) > 1);
  }

  private static boolean isShared(Layout layout) {
    for (int axis = 0; axis < layout.shape().rank() - 2; axis++) {
      if (layout.shape().get(axis) > 1 && layout.stride(axis) == 0) {
        return true;
      }
    }
    return false;
  }

  private static int batches(Tensor matrix) {
    return matrix.size() / Math.max(1, matrix.size(-2) * matrix.size(-1));
  }

  private static void multiply(Tensor matrix, Tensor vector, Tensor output) {
    int rows = matrix.size(-2);
    int batches = batches(matrix);
    float[] y = (float[]) output.memory();
    int begin = output.layout().offset();
    if ((long) rows * matrix.size(-1) < WHOLE) {
      Workers.parallel(batches, batch -> multiply(matrix, vector, batch, y, begin + batch * rows));
    } else {
      for (int batch = 0; batch < batches; batch++) {
        multiply(matrix, vector, batch, y, begin + batch * rows);
      }
    }
  }

  private static void multiply(Tensor matrix, Tensor vector, int batch, float[] y, int begin) {
    Halves a = Halves.of(matrix, matrix.layout(), batch);
    float[] x = Scratch.LEFT.floats(a.columns());
    int stride = vector.layout().stride(-2);
    int from = FloatMatrixVerbs.start(vector.layout(), batch);
    for (int k = 0; k < a.columns(); k++) {
      x[k] = number(vector.dtype(), vector.memory(), from + k * stride);
    }
    LowPrecisionMatrixVector.multiply(a, x, Matrix.rowMajor(y, begin, a.rows(), 1));
  }

  private static float number(DType dtype, Object memory, int place) {
    return switch (dtype) {
      case BF16 -> BFloat16.bitsToFloat(((short[]) memory)[place]);
      case F16 -> Half.bitsToFloat(((short[]) memory)[place]);
      default -> ((float[]) memory)[place];
    };
  }
}
