package vectorgrad.tensor.cpu;

import java.util.List;
import java.util.function.DoubleSupplier;
import vectorgrad.numerics.Formula;
import vectorgrad.numerics.Program;
import vectorgrad.tensor.Conv2dGeometry;
import vectorgrad.tensor.DType;
import vectorgrad.tensor.spi.Reduction;

/// The versions of our kernels for the ladders of `bench`.
///
/// They are nobody's business outside their package, so this class of the bench stands in it: the
/// bench runs on the class path, where a package may lie in two JARs, and the library need not
/// export what only a benchmark asks for.
public final class Rungs {
  private Rungs() {}

  /// The names of the matrix products, the slowest first.
  public static List<String> products() {
    return MatMul.VARIANTS.stream().map(MatMul.Variant::name).toList();
  }

  /// The names of the convolutions, the slowest first.
  public static List<String> convolutions() {
    return Convolution.VARIANTS.stream().map(Convolution.Variant::name).toList();
  }

  /// `C = A·B` of `n` × `n` elements by a version.
  public static Runnable product(String name, float[] a, float[] b, float[] c, int n) {
    var product =
        MatMul.VARIANTS.stream().filter(v -> v.name().equals(name)).findFirst().orElseThrow();
    Matrix left = Matrix.rowMajor(a, 0, n, n);
    Matrix right = Matrix.rowMajor(b, 0, n, n);
    Matrix result = Matrix.rowMajor(c, 0, n, n);
    return () -> product.product().run(left, right, result, false);
  }

  /// A padded convolution of `pictures` × `channels` × `side` × `side` with as many filters of 3 ×
  /// 3 as there are channels, by a version.
  public static Runnable convolution(
      String name, float[] x, float[] weight, float[] y, int pictures, int channels, int side) {
    var convolution =
        Convolution.VARIANTS.stream().filter(v -> v.name().equals(name)).findFirst().orElseThrow();
    var unfolding =
        new Unfolding(
            new int[] {pictures, channels, side, side},
            new int[] {channels, channels, 3, 3},
            Conv2dGeometry.DEFAULT.padding(1));
    return () -> convolution.pass().run(unfolding, x, 0, weight, 0, y, 0);
  }

  /// A formula of one number over all of `x`, by the kernel that is compiled from it.
  public static Runnable map(Formula formula, float[] x, float[] y) {
    int[] strides = {1, 1};
    DType[] dtypes = {DType.F32, DType.F32};
    Object[] arrays = {x, y};
    RowKernel kernel = Kernels.of(Program.of(formula), dtypes, strides);
    return () -> kernel.run(arrays, new int[2], strides, x.length);
  }

  /// The sum of all of `x`, by the kernel that is compiled for it.
  public static DoubleSupplier sum(float[] x) {
    Fold fold = FoldCompiler.of(Reduction.SUM, Arithmetic.of(DType.F32), Lanes.bits());
    float[] lanes = new float[Fold.LANES];
    return () -> fold.row(x, 0, x.length, lanes);
  }
}
