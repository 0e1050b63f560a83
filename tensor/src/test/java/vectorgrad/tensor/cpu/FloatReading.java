package vectorgrad.tensor.cpu;

import java.util.List;
import java.util.stream.Stream;
import vectorgrad.tensor.DType;
import vectorgrad.tensor.PoolGeometry;

/// [KernelReading] for `float[]`, itself read again for the others.
final class FloatReading implements KernelReading {
  FloatReading() {}

  private static float[] floats(double[] values) {
    float[] floats = new float[values.length];
    for (int i = 0; i < floats.length; i++) {
      floats[i] = (float) values[i];
    }
    return floats;
  }

  private static double[] doubles(float[] values) {
    double[] doubles = new double[values.length];
    for (int i = 0; i < doubles.length; i++) {
      doubles[i] = values[i];
    }
    return doubles;
  }

  private static Matrix matrix(View v) {
    return new Matrix(
        floats(v.data()), v.offset(), v.rows(), v.columns(), v.rowStride(), v.columnStride());
  }

  @Override
  public double[] pack(View from, double[] to, int begin, int pitch) {
    float[] result = floats(to);
    Packing.copy(matrix(from), result, begin, pitch);
    return doubles(result);
  }

  @Override
  public List<String> products() {
    return Stream.concat(MatMul.VARIANTS.stream().map(v -> v.name()), Stream.of("multiply"))
        .toList();
  }

  @Override
  public double[] product(String name, View a, View b, View c, boolean add) {
    MatMul.Product product = MatMul::multiply;
    for (MatMul.Variant variant : MatMul.VARIANTS) {
      if (variant.name().equals(name)) {
        product = variant.product();
      }
    }
    Matrix result = matrix(c);
    product.run(matrix(a), matrix(b), result, add);
    return doubles(result.data());
  }

  @Override
  public double[] forward(String name, Unfolding u, double[] x, double[] weight) {
    float[] y = new float[u.pictures * u.filters * u.pixels];
    return run(Convolution.VARIANTS, name, Convolution::best, u, x, weight, y);
  }

  @Override
  public double[] inputGradient(String name, Unfolding u, double[] dy, double[] weight) {
    float[] dx = new float[u.pictures * u.pictureSize()];
    return run(
        ConvolutionInputGradient.VARIANTS, name, ConvolutionInputGradient::best, u, dy, weight, dx);
  }

  @Override
  public double[] weightGradient(String name, Unfolding u, double[] dy, double[] x) {
    float[] dw = new float[u.filters * u.depth];
    return run(
        ConvolutionWeightGradient.VARIANTS, name, ConvolutionWeightGradient::best, u, dy, x, dw);
  }

  private static double[] run(
      List<Convolution.Variant> variants,
      String name,
      Convolution.Pass best,
      Unfolding u,
      double[] first,
      double[] second,
      float[] result) {
    Convolution.Pass pass = best;
    for (Convolution.Variant variant : variants) {
      if (variant.name().equals(name)) {
        pass = variant.pass();
      }
    }
    pass.run(u, floats(first), 0, floats(second), 0, result, 0);
    return doubles(result);
  }

  @Override
  public double[][] attention(boolean naive, boolean causal, View q, View k, View v) {
    Matrix y = Matrix.rowMajor(new float[q.rows() * v.columns()], 0, q.rows(), v.columns());
    Matrix numbers = Matrix.rowMajor(new float[2 * q.rows()], 0, q.rows(), 2);
    if (naive) {
      BlockAttention.naive(matrix(q), matrix(k), matrix(v), causal, y, numbers);
    } else {
      new BlockAttention(dtype(y), causal, q.rows(), k.rows(), q.columns())
          .forward(matrix(q), matrix(k), matrix(v), y, numbers);
    }
    return new double[][] {doubles(y.data()), doubles(numbers.data())};
  }

  private static DType dtype(Matrix matrix) {
    Object data = matrix.data();
    return data.getClass().getComponentType() == double.class ? DType.F64 : DType.F32;
  }

  @Override
  public Pooled pool(
      boolean naive, PoolGeometry geometry, int planes, int height, int width, double[] x) {
    int size = planes * geometry.outputHeight(height) * geometry.outputWidth(width);
    float[] values = new float[size];
    int[] indices = new int[size];
    var p = Pooling.Planes.of(geometry, planes, height, width, floats(x), 0, values, 0, indices, 0);
    if (naive) {
      for (int plane = 0; plane < planes; plane++) {
        Pooling.naive(p, plane);
      }
    } else {
      Pooling.run(p);
    }
    return new Pooled(doubles(values), indices);
  }
}
