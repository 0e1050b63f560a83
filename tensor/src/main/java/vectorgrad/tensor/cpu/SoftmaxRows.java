package vectorgrad.tensor.cpu;

import static vectorgrad.numerics.Formula.input;

import vectorgrad.numerics.Program;
import vectorgrad.tensor.DType;
import vectorgrad.tensor.Tensor;
import vectorgrad.tensor.spi.Reduction;

/// Softmax of rows that lie in the cache: the maximum, the exponentials of what is below it, their
/// sum, and the quotients, each one pass over the row.
final class SoftmaxRows {
  private static final Program SHIFTED_EXP = Program.of(input(0).minus(input(1)).exp());
  private static final Program QUOTIENT = Program.of(input(0).over(input(1)));
  private static final Program LOGARITHM =
      Program.of(input(0).minus(input(1)).minus(input(2).log()));
  private static final int ELEMENTS_OF_A_TASK = 1 << 14;

  private SoftmaxRows() {}

  /// Over the last axis of the contiguous `x` into the contiguous `output`.
  static void run(Tensor x, boolean logarithm, Tensor output) {
    int n = x.size(-1);
    int rows = x.size() / n;
    int together = Math.max(1, ELEMENTS_OF_A_TASK / n);
    Workers.parallel(
        Math.ceilDiv(rows, together),
        task -> {
          Rows r = new Rows(x, output, n);
          for (int row = task * together; row < Math.min(rows, (task + 1) * together); row++) {
            r.run(row, logarithm);
          }
        });
  }

  /// One thread's view of the rows.
  private static final class Rows {
    private final Object in;
    private final Object out;
    private final int inOffset;
    private final int outOffset;
    private final int n;
    private final Object max;
    private final Object sum;
    private final Object parts;

    Rows(Tensor x, Tensor output, int n) {
      this.in = x.memory();
      this.out = output.memory();
      this.inOffset = x.layout().offset();
      this.outOffset = output.layout().offset();
      this.n = n;
      boolean single = x.dtype() == DType.F32;
      this.max = single ? new float[1] : new double[1];
      this.sum = single ? new float[1] : new double[1];
      this.parts = single ? new float[64] : new double[64];
    }

    void run(int row, boolean logarithm) {
      int from = inOffset + row * n;
      int to = outOffset + row * n;
      set(max, join(Reduction.MAX, in, from));
      map(SHIFTED_EXP, new Object[] {in, max, out}, new int[] {from, 0, to}, 1, 0, 1);
      set(sum, join(Reduction.SUM, out, to));
      if (logarithm) {
        map(LOGARITHM, new Object[] {in, max, sum, out}, new int[] {from, 0, 0, to}, 1, 0, 0, 1);
      } else {
        map(QUOTIENT, new Object[] {out, sum, out}, new int[] {to, 0, to}, 1, 0, 1);
      }
    }

    private void map(Program program, Object[] arrays, int[] offsets, int... strides) {
      Kernels.of(program, arrays, strides).run(arrays, offsets, strides, n);
    }

    private double join(Reduction reduction, Object values, int from) {
      return values instanceof float[] f
          ? Joining.join(reduction, f, from, n, (float[]) parts)
          : Joining.join(reduction, (double[]) values, from, n, (double[]) parts);
    }

    private static void set(Object cell, double value) {
      if (cell instanceof float[] f) {
        f[0] = (float) value;
      } else {
        ((double[]) cell)[0] = value;
      }
    }
  }
}
