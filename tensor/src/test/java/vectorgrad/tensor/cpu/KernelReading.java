package vectorgrad.tensor.cpu;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import vectorgrad.numerics.Precision;
import vectorgrad.tensor.PoolGeometry;

/// The kernels of one precision and lane width, with every array as `double[]`, so that one test
/// can hold all of them against each other.
interface KernelReading {
  /// A matrix anywhere in an array.
  @SuppressWarnings("ArrayRecordComponent") // nobody compares it
  record View(double[] data, int offset, int rows, int columns, int rowStride, int columnStride) {
    double at(int i, int j) {
      return data[offset + i * rowStride + j * columnStride];
    }

    @Override
    public String toString() {
      return "%d×%d strides %d, %d".formatted(rows, columns, rowStride, columnStride);
    }
  }

  /// What a pooling gives.
  @SuppressWarnings("ArrayRecordComponent") // nobody compares it
  record Pooled(double[] values, int[] indices) {}

  /// Copies a matrix into rows of `pitch` elements from `to[begin]` on; gives the whole array.
  double[] pack(View from, double[] to, int begin, int pitch);

  /// The names of the versions of the product, and `multiply`, which chooses among them.
  List<String> products();

  /// Writes `A·B` over, or adds it to, the rows of C, which are `rowStride` apart; gives C's whole
  /// array.
  double[] product(String name, View a, View b, View c, boolean add);

  // the versions of a convolution and its gradients are called as in their VARIANTS; any other name
  // is the version that suits the shape

  double[] forward(String name, Unfolding u, double[] x, double[] weight);

  double[] inputGradient(String name, Unfolding u, double[] dy, double[] weight);

  double[] weightGradient(String name, Unfolding u, double[] dy, double[] x);

  /// Y, and the largest score and the sum of exponentials of every query, of one head.
  double[][] attention(boolean naive, boolean causal, View q, View k, View v);

  Pooled pool(boolean naive, PoolGeometry geometry, int planes, int height, int width, double[] x);

  /// The lane widths that this machine computes with, scalar code first.
  static IntStream widths() {
    int widest = Lanes.present() ? WidestVector.bits() : 0;
    return IntStream.of(0, 128, 256, 512).filter(bits -> bits <= widest);
  }

  static KernelReading of(Precision precision, int bits) {
    List<Class<?>> templates = new ArrayList<>(MatrixVerbs.kernels());
    templates.add(FloatReading.class);
    Warmup.impatient = true; // the vector kernels are to be held against the scalar ones
    return Recast.of(precision + "x" + bits, templates, precision, bits)
        .create(KernelReading.class, FloatReading.class);
  }

  /// Every width.
  static Stream<KernelReading> all(Precision precision) {
    return widths().mapToObj(bits -> of(precision, bits));
  }
}
