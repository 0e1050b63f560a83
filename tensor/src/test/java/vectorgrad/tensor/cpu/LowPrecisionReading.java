package vectorgrad.tensor.cpu;

import java.util.ArrayList;
import java.util.List;
import vectorgrad.numerics.Precision;
import vectorgrad.tensor.cpu.LowPrecisionMatrixVector.Halves;

/// The product of a 16-bit matrix and a vector by the kernels of one lane width.
final class LowPrecisionReading implements LowPrecisionProducts {
  LowPrecisionReading() {}

  @Override
  public float[] product(boolean naive, View a, float[] x) {
    var matrix =
        new Halves(
            a.data(),
            a.brain(),
            a.offset(),
            a.rows(),
            a.columns(),
            a.rowStride(),
            a.columnStride());
    float[] y = new float[a.rows()];
    Matrix column = Matrix.rowMajor(y, 0, a.rows(), 1);
    if (naive) {
      LowPrecisionMatrixVector.naive(matrix, x, column);
    } else {
      LowPrecisionMatrixVector.multiply(matrix, x, column);
    }
    return y;
  }

  static LowPrecisionProducts of(int bits) {
    List<Class<?>> templates =
        new ArrayList<>(
            List.of(
                StreamKernel.class,
                ScalarStreamKernel.class,
                MatrixVector.class,
                LowPrecisionMatrixVector.class));
    if (Lanes.present()) {
      templates.addAll(List.of(VectorMatrixVector.class, VectorLowPrecision.class));
    }
    templates.add(LowPrecisionReading.class);
    return Recast.of("Low" + bits, templates, Precision.SINGLE, bits)
        .create(LowPrecisionProducts.class, LowPrecisionReading.class);
  }
}
