package vectorgrad.tensor.cpu;

import java.util.function.UnaryOperator;
import vectorgrad.tensor.Conv2dGeometry;
import vectorgrad.tensor.Epilogue;
import vectorgrad.tensor.Layout;
import vectorgrad.tensor.PoolGeometry;
import vectorgrad.tensor.Shape;
import vectorgrad.tensor.Tensor;
import vectorgrad.tensor.spi.Backend;

/// [MatrixVerbs] for `float[]`: from tensors to the arrays of the kernels. Outputs are contiguous.
final class FloatMatrixVerbs extends MatrixVerbs {
  /// Products with fewer multiply-adds are shared out as they are, larger ones are split.
  private static final long WHOLE = 192L * 192 * 192;

  /// A result of so many elements is in the cache once it is complete.
  private static final int STILL_NEAR = 1 << 15;

  FloatMatrixVerbs() {}

  private static float[] floats(Tensor tensor) {
    return (float[]) tensor.memory();
  }

  private static int offset(Tensor tensor) {
    return tensor.layout().offset();
  }

  @Override
  void matmul(Tensor a, Tensor b, Tensor output) {
    int rows = output.size(-2);
    int columns = output.size(-1);
    int depth = a.size(-1);
    int batches = output.size() / Math.max(1, rows * columns);
    if (batches > 1 && isShared(b.layout())) {
      // all batches of A times the same B is one product, if A's rows follow one another
      Shape tall = Shape.of(batches * rows, depth);
      var together = a.layout().reshape(tall);
      if (together.isPresent()) {
        Operand left = operand(a, together.get(), 0);
        Operand right = operand(b, b.layout(), 0);
        MatMul.multiply(
            left,
            right,
            Matrix.rowMajor(floats(output), offset(output), batches * rows, columns),
            false);
        return;
      }
    }
    boolean whole = (long) rows * columns * depth < WHOLE;
    if (whole) {
      Workers.parallel(batches, batch -> matmul(a, b, output, batch));
    } else {
      for (int batch = 0; batch < batches; batch++) {
        matmul(a, b, output, batch);
      }
    }
  }

  @Override
  void matmul(Tensor a, Tensor b, Epilogue epilogue, Tensor output) {
    Backend backend = output.device().backend();
    if (output.rank() > 2 || output.size() <= STILL_NEAR) {
      matmul(a, b, output);
      epilogue.apply(backend, output);
      return;
    }
    int columns = output.size(1);
    MatMul.multiply(
        operand(a, a.layout(), 0),
        operand(b, b.layout(), 0),
        matrix(output, output.layout(), 0),
        part -> {
          int at = part.offset() - offset(output);
          boolean turned = part.columnStride() != 1;
          int rows = turned ? part.columns() : part.rows();
          int width = turned ? part.rows() : part.columns();
          UnaryOperator<Tensor> same =
              x -> x.narrow(0, at / columns, rows).narrow(1, at % columns, width);
          var others = epilogue.others().stream().map(same).toList();
          new Epilogue(epilogue.program(), others).apply(backend, same.apply(output));
        });
  }

  private static void matmul(Tensor a, Tensor b, Tensor output, int batch) {
    Operand left = operand(a, a.layout(), batch);
    Operand right = operand(b, b.layout(), batch);
    MatMul.multiply(left, right, matrix(output, output.layout(), batch), false);
  }

  @Override
  void attention(
      Tensor query, Tensor key, Tensor value, boolean causal, Tensor output, Tensor numbers) {
    int sharing = query.size(1) / key.size(1);
    Workers.parallel(
        query.size(0) * query.size(1),
        head ->
            blocks(query, key, causal)
                .forward(
                    matrix(query, head),
                    matrix(key, head / sharing),
                    matrix(value, head / sharing),
                    matrix(output, head),
                    matrix(numbers, head)));
  }

  @Override
  void attentionGradient(
      Tensor dy,
      Tensor query,
      Tensor key,
      Tensor value,
      boolean causal,
      Tensor output,
      Tensor numbers,
      Tensor[] gradients) {
    int sharing = query.size(1) / key.size(1);
    Workers.parallel(
        key.size(0) * key.size(1),
        shared -> {
          Matrix dk = matrix(gradients[1], shared);
          Matrix dv = matrix(gradients[2], shared);
          BlockAttention.clear(dk);
          BlockAttention.clear(dv);
          BlockAttention blocks = blocks(query, key, causal);
          for (int head = shared * sharing; head < (shared + 1) * sharing; head++) {
            blocks.backward(
                matrix(dy, head),
                matrix(query, head),
                matrix(key, shared),
                matrix(value, shared),
                matrix(output, head),
                matrix(numbers, head),
                matrix(gradients[0], head),
                dk,
                dv);
          }
        });
  }

  private static BlockAttention blocks(Tensor query, Tensor key, boolean causal) {
    return new BlockAttention(query.dtype(), causal, query.size(2), key.size(2), query.size(3));
  }

  private static Matrix matrix(Tensor tensor, int batch) {
    return matrix(tensor, tensor.layout(), batch);
  }

  /// As [#matrix], of halves too.
  private static Operand operand(Tensor tensor, Layout layout, int batch) {
    if (tensor.dtype().isHalf()) {
      return Halves.of(tensor, layout, batch);
    }
    return matrix(tensor, layout, batch);
  }

  /// Whether all batches are the same matrix.
  private static boolean isShared(Layout layout) {
    for (int axis = 0; axis < layout.shape().rank() - 2; axis++) {
      if (layout.shape().get(axis) > 1 && layout.stride(axis) != 0) {
        return false;
      }
    }
    return true;
  }

  /// The matrix in the last two axes, at place `batch` of the axes before.
  private static Matrix matrix(Tensor tensor, Layout layout, int batch) {
    Shape shape = layout.shape();
    return new Matrix(
        floats(tensor),
        start(layout, batch),
        shape.get(-2),
        shape.get(-1),
        layout.stride(-2),
        layout.stride(-1));
  }

  /// Where the matrix in the last two axes begins, at place `batch` of the axes before, in
  /// row-major order.
  static int start(Layout layout, int batch) {
    Shape shape = layout.shape();
    int offset = layout.offset();
    int rest = batch;
    for (int axis = shape.rank() - 3; axis >= 0; axis--) {
      offset += rest % shape.get(axis) * layout.stride(axis);
      rest /= shape.get(axis);
    }
    return offset;
  }

  @Override
  void conv2d(Tensor x, Tensor weight, Conv2dGeometry geometry, Tensor output) {
    convolve(Convolution::best, x, weight, geometry, x, weight, output);
  }

  @Override
  void conv2dInputGradient(Tensor dy, Tensor weight, Conv2dGeometry geometry, Tensor output) {
    convolve(ConvolutionInputGradient::best, output, weight, geometry, dy, weight, output);
  }

  @Override
  void conv2dWeightGradient(Tensor dy, Tensor x, Conv2dGeometry geometry, Tensor output) {
    convolve(ConvolutionWeightGradient::best, x, output, geometry, dy, x, output);
  }

  /// One pass of the convolution of pictures like x with filters like `weight`.
  private static void convolve(
      Convolution.Pass pass,
      Tensor x,
      Tensor weight,
      Conv2dGeometry geometry,
      Tensor first,
      Tensor second,
      Tensor result) {
    Tensor left = first.contiguous();
    Tensor right = second.contiguous();
    pass.run(
        Unfolding.of(x.shape(), weight.shape(), geometry),
        floats(left),
        offset(left),
        floats(right),
        offset(right),
        floats(result),
        offset(result));
  }

  @Override
  void maxPool2d(Tensor x, PoolGeometry geometry, Tensor values, Tensor indices) {
    Tensor pictures = x.contiguous();
    Pooling.run(
        Pooling.Planes.of(
            geometry,
            x.size(0) * x.size(1),
            x.size(2),
            x.size(3),
            floats(pictures),
            offset(pictures),
            floats(values),
            offset(values),
            (int[]) indices.memory(),
            offset(indices)));
  }
}
