package vectorgrad.tensor.cpu;

import java.util.List;
import java.util.stream.Stream;
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
  public double[] forward(boolean naive, Unfolding u, double[] x, double[] weight) {
    float[] y = new float[u.pictures * u.filters * u.pixels];
    if (naive) {
      Convolution.naive(u, floats(x), 0, floats(weight), 0, y, 0);
    } else {
      Convolution.forward(u, floats(x), 0, floats(weight), 0, y, 0);
    }
    return doubles(y);
  }

  @Override
  public double[] inputGradient(boolean naive, Unfolding u, double[] dy, double[] weight) {
    float[] dx = new float[u.pictures * u.pictureSize()];
    if (naive) {
      ConvolutionGradients.naiveInputGradient(u, floats(dy), 0, floats(weight), 0, dx, 0);
    } else {
      ConvolutionGradients.inputGradient(u, floats(dy), 0, floats(weight), 0, dx, 0);
    }
    return doubles(dx);
  }

  @Override
  public double[] weightGradient(boolean naive, Unfolding u, double[] dy, double[] x) {
    float[] dw = new float[u.filters * u.depth];
    if (naive) {
      ConvolutionGradients.naiveWeightGradient(u, floats(dy), 0, floats(x), 0, dw, 0);
    } else {
      ConvolutionGradients.weightGradient(u, floats(dy), 0, floats(x), 0, dw, 0);
    }
    return doubles(dw);
  }

  @Override
  public Pooled pool(
      boolean naive, PoolGeometry geometry, int planes, int height, int width, double[] x) {
    int size = planes * geometry.outputHeight(height) * geometry.outputWidth(width);
    float[] values = new float[size];
    int[] indices = new int[size];
    var p =
        new Pooling.Planes(geometry, planes, height, width, floats(x), 0, values, 0, indices, 0);
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
