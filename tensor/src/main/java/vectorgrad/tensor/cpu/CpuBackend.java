package vectorgrad.tensor.cpu;

import vectorgrad.numerics.Program;
import vectorgrad.tensor.Conv2dGeometry;
import vectorgrad.tensor.Distribution;
import vectorgrad.tensor.Epilogue;
import vectorgrad.tensor.PoolGeometry;
import vectorgrad.tensor.RowProgram;
import vectorgrad.tensor.Seed;
import vectorgrad.tensor.Tensor;
import vectorgrad.tensor.spi.ArrayBackend;
import vectorgrad.tensor.spi.Draws;
import vectorgrad.tensor.spi.Reduction;
import vectorgrad.tensor.spi.Scan;

/// The processor: formulas compiled to vector code, blocked products, threads. Memory is Java
/// arrays.
///
/// | verb | where |
/// |------|-------|
/// | pointwise, copy | [Rows], of kernels by [FormulaCompiler] |
/// | reduce | [Reduce] |
/// | mapRows | [SummedRows] |
/// | softmax | [SoftmaxRows] |
/// | gather, scatterAdd, argmax | [Selection] |
/// | argsort, scan | [RowSort], [RowScan] |
/// | matmul, attention, conv2d and their gradients, maxPool2d | [MatrixVerbs] |
/// | matmul of a 16-bit matrix and a vector | [LowPrecisionProduct] |
///
/// Work is split by shape, never by the number of threads ([Workers]), so the bits are always the
/// same.
public final class CpuBackend implements ArrayBackend {
  /// The random numbers of one task, a multiple of the four in a block.
  private static final int DRAWS = 1 << 13;

  /// The processor of this machine. It has no state of its own.
  public CpuBackend() {}

  @Override
  public String describe() {
    int bits = Lanes.bits();
    String lanes = bits == 0 ? "scalar loops" : bits / 32 + " lanes of f32 (" + bits + " bits)";
    return lanes + ", " + Workers.threads() + (Workers.threads() == 1 ? " thread" : " threads");
  }

  @Override
  public int threads() {
    return Workers.threads();
  }

  @Override
  public void threads(int threads) {
    Workers.threads(threads);
  }

  @Override
  public void pointwise(Program program, Tensor[] inputs, Tensor[] outputs) {
    Rows.run(program, inputs, outputs);
  }

  @Override
  public void reduce(Program map, Reduction reduction, Tensor[] inputs, Tensor output) {
    Reduce.run(map, reduction, inputs, output);
  }

  @Override
  public void mapRows(RowProgram program, Tensor[] inputs, Tensor[] sums, Tensor output) {
    if (!SummedRows.run(program, inputs, sums, output)) {
      ArrayBackend.super.mapRows(program, inputs, sums, output);
    }
  }

  @Override
  public void softmax(Tensor x, boolean logarithm, Tensor output) {
    SoftmaxRows.run(x.contiguous(), logarithm, output);
  }

  @Override
  public void gather(Tensor input, int axis, Tensor index, Tensor output) {
    Selection.gather(input, axis, index, output);
  }

  @Override
  public void scatterAdd(Tensor input, int axis, Tensor index, Tensor output) {
    Selection.scatterAdd(input, axis, index, output);
  }

  @Override
  public void argmax(Tensor x, int axis, Tensor output) {
    Selection.argmax(x, axis, output);
  }

  @Override
  public void argsort(Tensor x, int axis, boolean descending, Tensor output) {
    RowSort.argsort(x, axis, descending, output);
  }

  @Override
  public void scan(Tensor x, int axis, Scan scan, Tensor output) {
    RowScan.scan(x, axis, scan, output);
  }

  @Override
  public void recurrence(Tensor x, int axis, Tensor factors, Tensor output) {
    RowScan.recurrence(x, axis, factors, output);
  }

  @Override
  public void matmul(Tensor a, Tensor b, Tensor output) {
    if (LowPrecisionProduct.suits(a, b, output)) {
      LowPrecisionProduct.matmul(a, b, output);
    } else if (output.dtype().isFloating()) {
      MatrixVerbs.of(output.dtype()).matmul(a, b, output);
    } else {
      ArrayBackend.super.matmul(a, b, output);
    }
  }

  @Override
  public void matmul(Tensor a, Tensor b, Epilogue epilogue, Tensor output) {
    if (output.dtype().isFloating() && !LowPrecisionProduct.suits(a, b, output)) {
      MatrixVerbs.of(output.dtype()).matmul(a, b, epilogue, output);
    } else {
      ArrayBackend.super.matmul(a, b, epilogue, output);
    }
  }

  @Override
  public void attention(
      Tensor query, Tensor key, Tensor value, boolean causal, Tensor output, Tensor numbers) {
    MatrixVerbs.of(output.dtype()).attention(query, key, value, causal, output, numbers);
  }

  @Override
  public void attentionGradient(
      Tensor dy,
      Tensor query,
      Tensor key,
      Tensor value,
      boolean causal,
      Tensor output,
      Tensor numbers,
      Tensor[] gradients) {
    MatrixVerbs.of(dy.dtype())
        .attentionGradient(dy, query, key, value, causal, output, numbers, gradients);
  }

  @Override
  public void conv2d(Tensor x, Tensor weight, Conv2dGeometry geometry, Tensor output) {
    MatrixVerbs.of(output.dtype()).conv2d(x, weight, geometry, output);
  }

  @Override
  public void conv2dInputGradient(
      Tensor dy, Tensor weight, Conv2dGeometry geometry, Tensor output) {
    MatrixVerbs.of(output.dtype()).conv2dInputGradient(dy, weight, geometry, output);
  }

  @Override
  public void conv2dWeightGradient(Tensor dy, Tensor x, Conv2dGeometry geometry, Tensor output) {
    MatrixVerbs.of(output.dtype()).conv2dWeightGradient(dy, x, geometry, output);
  }

  @Override
  public void maxPool2d(Tensor x, PoolGeometry geometry, Tensor values, Tensor indices) {
    MatrixVerbs.of(values.dtype()).maxPool2d(x, geometry, values, indices);
  }

  @Override
  public void random(Distribution distribution, Seed seed, long counter, Tensor output) {
    int n = output.size();
    int offset = output.layout().offset();
    if (offset != 0) {
      ArrayBackend.super.random(distribution, seed, counter, output);
      return;
    }
    Object memory = output.memory();
    Workers.parallel(
        Math.ceilDiv(n, DRAWS),
        task -> {
          int from = task * DRAWS;
          int to = Math.min(n, from + DRAWS);
          Draws.fill(distribution, seed, counter, output.dtype(), memory, from, to);
        });
  }
}
