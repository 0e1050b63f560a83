package vectorgrad.tensor.cpu;

import java.util.ArrayList;
import java.util.List;
import vectorgrad.numerics.Precision;

/// The products of 16-bit matrices by the kernels of one lane width.
final class LowPrecisionReading implements LowPrecisionProducts {
  LowPrecisionReading() {}

  private static Halves halves(View a) {
    return new Halves(
        a.data(), a.brain(), a.offset(), a.rows(), a.columns(), a.rowStride(), a.columnStride());
  }

  @Override
  public float[] product(boolean naive, View a, float[] x) {
    float[] y = new float[a.rows()];
    Matrix column = Matrix.rowMajor(y, 0, a.rows(), 1);
    if (naive) {
      LowPrecisionMatrixVector.naive(halves(a), x, column);
    } else {
      LowPrecisionMatrixVector.multiply(halves(a), x, column);
    }
    return y;
  }

  @Override
  public float[] product(View a, View b, boolean wideA, boolean wideB) {
    float[] c = new float[a.rows() * b.columns()];
    MatMul.multiply(
        operand(a, wideA), operand(b, wideB), Matrix.rowMajor(c, 0, a.rows(), b.columns()), false);
    return c;
  }

  private static Operand operand(View a, boolean wide) {
    if (wide) {
      return widened(a);
    }
    return halves(a);
  }

  /// Element by element, to where it stood.
  private static Matrix widened(View a) {
    Halves halves = halves(a);
    float[] wide = new float[a.data().length];
    for (int place = 0; place < wide.length; place++) {
      wide[place] = halves.at(place);
    }
    return new Matrix(wide, a.offset(), a.rows(), a.columns(), a.rowStride(), a.columnStride());
  }

  @Override
  public float[] near(View a) {
    Matrix near = halves(a).near();
    float[] elements = new float[a.rows() * a.columns()];
    for (int at = 0; at < elements.length; at++) {
      elements[at] = near.at(at / a.columns(), at % a.columns());
    }
    return elements;
  }

  static LowPrecisionProducts of(int bits) {
    List<Class<?>> templates = new ArrayList<>(MatrixVerbs.kernels());
    templates.add(Halves.class);
    templates.add(LowPrecisionMatrixVector.class);
    if (Lanes.present()) {
      templates.add(VectorLowPrecision.class);
    }
    templates.add(LowPrecisionReading.class);
    Warmup.impatient = true; // the vector kernels are to be held against the scalar ones
    return Recast.of("Low" + bits, templates, Precision.SINGLE, bits)
        .create(LowPrecisionProducts.class, LowPrecisionReading.class);
  }
}
