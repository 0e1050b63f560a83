package vectorgrad.tensor.cpu;

import static vectorgrad.numerics.Formula.input;

import vectorgrad.numerics.Program;
import vectorgrad.tensor.DType;
import vectorgrad.tensor.Tensor;
import vectorgrad.tensor.spi.Reduction;

/// Softmax of rows that lie in the cache: less their maximum, exponentials, their sum, and the
/// quotients, each one pass. Short rows share the passes that do not need to know where a row ends,
/// so that a batch of ten logits each is still computed in whole vectors.
final class SoftmaxRows {
  private static final Program DIFFERENCE = Program.of(input(0).minus(input(1)));
  private static final Program QUOTIENT = Program.of(input(0).over(input(1)));
  private static final Program EXPONENTIAL = Program.of(input(0).exp());
  private static final Program LOGARITHM = Program.of(input(0).log());

  /// Elements of the rows that pass together: with their exponentials they fit the first-level
  /// cache.
  private static final int BLOCK = 2048;

  /// A kernel for every row costs more than the row below this length.
  private static final int SHORT = 32;

  private final Object in;
  private final Object out;
  private final int inOffset;
  private final int outOffset;
  private final int n;
  private final boolean logarithm;
  private final DType dtype;
  private final Arithmetic arithmetic;

  private SoftmaxRows(Tensor x, boolean logarithm, Tensor output) {
    this.in = x.memory();
    this.out = output.memory();
    this.inOffset = x.layout().offset();
    this.outOffset = output.layout().offset();
    this.n = x.size(-1);
    this.logarithm = logarithm;
    this.dtype = x.dtype();
    this.arithmetic = Arithmetic.of(x.dtype());
  }

  /// Over the last axis of the contiguous `x` into the contiguous `output`, both f32 or f64.
  static void run(Tensor x, boolean logarithm, Tensor output) {
    SoftmaxRows softmax = new SoftmaxRows(x, logarithm, output);
    int rows = x.size() / softmax.n;
    int block = Math.max(1, BLOCK / softmax.n);
    Reduce.inParallel(
        Math.ceilDiv(rows, block),
        (long) block * softmax.n,
        task -> softmax.new Block(block).run(task * block, Math.min(rows, (task + 1) * block)));
  }

  /// The rows of one task, and what is known of each.
  private final class Block {
    private final Fold max = FoldCompiler.of(Reduction.MAX, arithmetic, Lanes.bits());
    private final Fold sum = FoldCompiler.of(Reduction.SUM, arithmetic, Lanes.bits());
    private final Object lanes = numbers(Fold.LANES);
    private final Object ofRow;
    private final Object exponentials;

    Block(int rows) {
      this.ofRow = numbers(rows);
      this.exponentials = logarithm ? numbers(rows * n) : out;
    }

    void run(int from, int to) {
      int rows = to - from;
      int x = inOffset + from * n;
      int y = outOffset + from * n;
      int e = logarithm ? 0 : y;
      for (int r = 0; r < rows; r++) {
        set(r, max.row(in, x + r * n, n, lanes));
      }
      eachRow(false, in, x, y, rows);
      map(EXPONENTIAL, out, y, exponentials, e, rows * n);
      for (int r = 0; r < rows; r++) {
        set(r, sum.row(exponentials, e + r * n, n, lanes));
      }
      if (logarithm) {
        map(LOGARITHM, ofRow, 0, ofRow, 0, rows);
      }
      eachRow(!logarithm, out, y, y, rows);
    }

    private void map(Program program, Object x, int xOffset, Object y, int yOffset, int count) {
      Object[] arrays = {x, y};
      DType[] dtypes = {dtype, dtype};
      int[] strides = {1, 1};
      Kernels.of(program, dtypes, strides)
          .run(arrays, new int[] {xOffset, yOffset}, strides, count);
    }

    /// Row by row the difference or the quotient of the elements and the row's own number, into
    /// `out`.
    private void eachRow(boolean quotient, Object x, int xOffset, int yOffset, int rows) {
      if (n < SHORT) {
        shortRows(quotient, x, xOffset, yOffset, rows);
        return;
      }
      Object[] arrays = {x, ofRow, out};
      DType[] dtypes = {dtype, dtype, dtype};
      int[] strides = {1, 0, 1};
      RowKernel kernel = Kernels.of(quotient ? QUOTIENT : DIFFERENCE, dtypes, strides);
      for (int r = 0; r < rows; r++) {
        kernel.run(arrays, new int[] {xOffset + r * n, r, yOffset + r * n}, strides, n);
      }
    }

    private void shortRows(boolean quotient, Object from, int xOffset, int yOffset, int rows) {
      if (from instanceof float[] x) {
        float[] y = (float[]) out;
        for (int r = 0; r < rows; r++) {
          float c = ((float[]) ofRow)[r];
          for (int i = r * n; i < (r + 1) * n; i++) {
            y[yOffset + i] = quotient ? x[xOffset + i] / c : x[xOffset + i] - c;
          }
        }
      } else {
        double[] x = (double[]) from;
        double[] y = (double[]) out;
        for (int r = 0; r < rows; r++) {
          double c = ((double[]) ofRow)[r];
          for (int i = r * n; i < (r + 1) * n; i++) {
            y[yOffset + i] = quotient ? x[xOffset + i] / c : x[xOffset + i] - c;
          }
        }
      }
    }

    private void set(int row, double value) {
      if (ofRow instanceof float[] f) {
        f[row] = (float) value;
      } else {
        ((double[]) ofRow)[row] = value;
      }
    }
  }

  private Object numbers(int length) {
    return arithmetic == Arithmetic.FLOAT ? new float[length] : new double[length];
  }
}
