package vectorgrad.tensor.cpu;

import java.util.List;
import java.util.stream.Stream;
import vectorgrad.numerics.Precision;
import vectorgrad.tensor.Conv2dGeometry;
import vectorgrad.tensor.DType;
import vectorgrad.tensor.Epilogue;
import vectorgrad.tensor.PoolGeometry;
import vectorgrad.tensor.Tensor;

/// The verbs of the backend that are products or move windows over pictures, for one dtype: see
/// [vectorgrad.tensor.spi.Backend] for what each must do.
abstract class MatrixVerbs {
  /// The kernels that are written for `float[]` and read again for `double[]`; superclasses first.
  /// A method, since who names a class here loads it.
  private static List<Class<?>> scalarKernels() {
    return List.of(
        Scratch.class,
        Operand.class,
        Matrix.class,
        MicroKernel.class,
        TableKernel.class,
        StripKernel.class,
        StreamKernel.class,
        ScalarKernel.class,
        ScalarTableKernel.class,
        ScalarStripKernel.class,
        ScalarStreamKernel.class,
        Tiling.class,
        LeftOperand.class,
        Packing.class,
        MatrixVector.class,
        PackedProduct.class,
        NearProduct.class,
        MatMul.class,
        BlockAttention.class,
        Strips.class,
        TileTransform.class,
        Winograd.class,
        Depthwise.class,
        Convolution.class,
        ConvolutionInputGradient.class,
        ConvolutionWeightGradient.class,
        Pooling.class,
        FloatMatrixVerbs.class);
  }

  /// Those that mention the Vector API.
  private static List<Class<?>> vectorKernels() {
    return List.of(
        HandWrittenKernel.class,
        VectorPacking.class,
        VectorMatrixVector.class,
        VectorTileTransform.class,
        VectorUnfolding.class,
        VectorPooling.class);
  }

  private static final class Floats {
    private static final MatrixVerbs F32 = new FloatMatrixVerbs();
  }

  /// Made when the first tensor of that dtype asks for it.
  private static final class Doubles {
    private static final MatrixVerbs F64 =
        Recast.of("F64", kernels(), Precision.DOUBLE, Lanes.bits())
            .create(MatrixVerbs.class, FloatMatrixVerbs.class);
  }

  /// The kernels for F32 or F64, the dtypes in which products are computed.
  static MatrixVerbs of(DType dtype) {
    return dtype == DType.F64 ? Doubles.F64 : Floats.F32;
  }

  /// All classes that a reading of the kernels consists of.
  static List<Class<?>> kernels() {
    Stream<Class<?>> vectors = Lanes.present() ? vectorKernels().stream() : Stream.of();
    return Stream.concat(scalarKernels().stream(), vectors).toList();
  }

  abstract void matmul(Tensor a, Tensor b, Tensor output);

  abstract void matmul(Tensor a, Tensor b, Epilogue epilogue, Tensor output);

  abstract void attention(
      Tensor query, Tensor key, Tensor value, boolean causal, Tensor output, Tensor numbers);

  abstract void attentionGradient(
      Tensor dy,
      Tensor query,
      Tensor key,
      Tensor value,
      boolean causal,
      Tensor output,
      Tensor numbers,
      Tensor[] gradients);

  abstract void conv2d(Tensor x, Tensor weight, Conv2dGeometry geometry, Tensor output);

  abstract void conv2dInputGradient(
      Tensor dy, Tensor weight, Conv2dGeometry geometry, Tensor output);

  abstract void conv2dWeightGradient(Tensor dy, Tensor x, Conv2dGeometry geometry, Tensor output);

  abstract void maxPool2d(Tensor x, PoolGeometry geometry, Tensor values, Tensor indices);
}
