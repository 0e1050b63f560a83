package vectorgrad.tensor.cpu;

import java.util.List;
import vectorgrad.numerics.Precision;
import vectorgrad.tensor.Conv2dGeometry;
import vectorgrad.tensor.DType;
import vectorgrad.tensor.PoolGeometry;
import vectorgrad.tensor.Tensor;

/// The verbs of the backend that are products or move windows over pictures, for one dtype: see
/// [vectorgrad.tensor.spi.Backend] for what each must do.
abstract class MatrixVerbs {
  /// The kernels that are written for `float[]` and read again for `double[]`; superclasses first.
  static final List<Class<?>> KERNELS =
      List.of(
          Scratch.class,
          Matrix.class,
          MicroKernel.class,
          TableKernel.class,
          ScalarKernel.class,
          ScalarTableKernel.class,
          HandWrittenKernel.class,
          Tiling.class,
          LeftOperand.class,
          Packing.class,
          VectorPacking.class,
          MatrixVector.class,
          VectorMatrixVector.class,
          MatMul.class,
          VectorUnfolding.class,
          Convolution.class,
          ConvolutionGradients.class,
          VectorPooling.class,
          Pooling.class,
          FloatMatrixVerbs.class);

  private static final class Floats {
    private static final MatrixVerbs F32 = new FloatMatrixVerbs();
  }

  /// Made when the first tensor of that dtype asks for it.
  private static final class Doubles {
    private static final MatrixVerbs F64 =
        Recast.of("F64", KERNELS, Precision.DOUBLE, Lanes.bits())
            .create(MatrixVerbs.class, FloatMatrixVerbs.class);
  }

  /// The kernels for a floating dtype.
  static MatrixVerbs of(DType dtype) {
    return dtype == DType.F64 ? Doubles.F64 : Floats.F32;
  }

  abstract void matmul(Tensor a, Tensor b, Tensor output);

  abstract void conv2d(Tensor x, Tensor weight, Conv2dGeometry geometry, Tensor output);

  abstract void conv2dInputGradient(
      Tensor dy, Tensor weight, Conv2dGeometry geometry, Tensor output);

  abstract void conv2dWeightGradient(Tensor dy, Tensor x, Conv2dGeometry geometry, Tensor output);

  abstract void maxPool2d(Tensor x, PoolGeometry geometry, Tensor values, Tensor indices);
}
