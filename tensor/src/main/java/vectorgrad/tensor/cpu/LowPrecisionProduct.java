package vectorgrad.tensor.cpu;

import vectorgrad.numerics.BFloat16;
import vectorgrad.numerics.Half;
import vectorgrad.tensor.DType;
import vectorgrad.tensor.Layout;
import vectorgrad.tensor.Tensor;
import vectorgrad.tensor.cpu.LowPrecisionMatrixVector.Halves;

/// Products of 16-bit operands in f32: a matrix times a vector as it lies in memory, which is what
/// limits it; the others, where it is not, by operands that are widened before.
final class LowPrecisionProduct {
  /// Products with fewer multiply-adds are shared out as they are, larger ones are split.
  private static final long WHOLE = 1 << 20;

  private LowPrecisionProduct() {}

  /// As [vectorgrad.tensor.spi.Backend#matmul], into an F32 output.
  static void matmul(Tensor a, Tensor b, Tensor output) {
    if (output.size(-1) == 1 && suits(a, b)) {
      multiply(a, b, output);
    } else if (output.size(-2) == 1 && suits(b.transpose(), a)) {
      multiply(b.transpose(), a.transpose(), output);
    } else {
      MatrixVerbs.of(DType.F32).matmul(a.to(DType.F32), b.to(DType.F32), output);
    }
  }

  /// Whether there is a matrix of 16 bits for each vector: one for many is no affair of memory.
  private static boolean suits(Tensor matrix, Tensor vector) {
    return matrix.dtype().isHalf()
        && (vector.dtype().isHalf() || vector.dtype() == DType.F32)
        && halves(matrix, 0).suits()
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
    Halves a = halves(matrix, batch);
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

  private static Halves halves(Tensor tensor, int batch) {
    Layout layout = tensor.layout();
    return new Halves(
        (short[]) tensor.memory(),
        tensor.dtype() == DType.BF16,
        FloatMatrixVerbs.start(layout, batch),
        tensor.size(-2),
        tensor.size(-1),
        layout.stride(-2),
        layout.stride(-1));
  }
}
