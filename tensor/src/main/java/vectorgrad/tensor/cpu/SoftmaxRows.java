package vectorgrad.tensor.cpu;

import static vectorgrad.numerics.Formula.input;
import static vectorgrad.tensor.cpu.RowPass.Joining.LARGER;
import static vectorgrad.tensor.cpu.RowPass.Joining.SUM;

import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import vectorgrad.numerics.Formula;
import vectorgrad.numerics.Precision;
import vectorgrad.numerics.Program;
import vectorgrad.tensor.DType;
import vectorgrad.tensor.Tensor;
import vectorgrad.tensor.spi.Reduction;

/// Softmax of rows that lie in the cache: their maximum; exponentials of what they are less that,
/// and their sum; the quotients. The logarithm keeps no exponentials.
///
/// The last pass is a [RowPass] that finds the maximum of the next row, too. The pass before it
/// makes exponentials while the lines they are stored in come from memory, so that each has
/// something to wait for and something to do meanwhile. The logarithm, which stores nothing before
/// its last pass, finds the maximum of the next row in the second one.
///
/// A quotient is the product with the sum's reciprocal, and what that leaves over, divided once
/// more: three multiply-adds instead of a division, to the same half unit in the last place, or
/// hardly more.
///
/// Short rows share the passes that do not need to know where a row ends, so that a batch of ten
/// logits each is still computed in whole vectors.
final class SoftmaxRows {
  private static final Program LARGEST = Program.of(input(0));
  private static final Program QUOTIENTS = // of e, Σ e, its reciprocal, the next row
      Program.of(quotient(input(0), input(1), input(2)), input(3));
  private static final Program DIFFERENCES = Program.of(input(0).minus(input(1)).minus(input(2)));
  private static final Program LOGARITHM = Program.of(input(0).log());

  /// Elements of the rows that pass together: with what becomes of them they fit the first-level
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
  private final Powers powers;

  /// The programs of a precision: `eˣ` alone; of x, its maximum and the next row `eˣ⁻ᵐ` and that
  /// row, to be joined; and the same where the exponentials are stored, too.
  private record Powers(Program alone, Program joined, Program both) {
    static final Powers SINGLE = of(Precision.SINGLE);
    static final Powers DOUBLE = of(Precision.DOUBLE);

    private static Powers of(Precision precision) {
      Formula power = precision.decay(input(0).minus(input(1)));
      return new Powers(
          Program.of(precision.decay(input(0))),
          Program.of(power, input(2)),
          Program.of(power, power));
    }
  }

  /// `x / y`, where `r` is the reciprocal of y.
  private static Formula quotient(Formula x, Formula y, Formula r) {
    Formula q = x.times(r);
    return q.negate().fma(y, x).fma(r, q);
  }

  private SoftmaxRows(Tensor x, boolean logarithm, Tensor output) {
    this.in = x.memory();
    this.out = output.memory();
    this.inOffset = x.layout().offset();
    this.outOffset = output.layout().offset();
    this.n = x.size(-1);
    this.logarithm = logarithm;
    this.dtype = x.dtype();
    this.arithmetic = Arithmetic.of(x.dtype());
    this.powers = arithmetic == Arithmetic.FLOAT ? Powers.SINGLE : Powers.DOUBLE;
  }

  /// Over the last axis of the contiguous `x` into the contiguous `output`, both f32 or f64.
  static void run(Tensor x, boolean logarithm, Tensor output) {
    SoftmaxRows softmax = new SoftmaxRows(x, logarithm, output);
    int rows = x.size() / softmax.n;
    int block = Math.min(rows, Math.max(1, BLOCK / softmax.n));
    int together = block * Reduce.together(Math.ceilDiv(rows, block), block * softmax.n);
    Queue<Block> idle = new ConcurrentLinkedQueue<>();
    Workers.parallel(
        Math.ceilDiv(rows, together),
        task -> {
          int end = Math.min(rows, (task + 1) * together);
          Block known = idle.poll();
          Block some = known == null ? softmax.new Block(block) : known;
          some.ahead = softmax.n < SHORT ? 0 : some.maximum(task * together);
          for (int from = task * together; from < end; from += block) {
            int to = Math.min(end, from + block);
            if (softmax.n < SHORT) {
              some.runShort(from, to);
            } else {
              some.run(from, to, Math.min(to, end - 1));
            }
          }
          idle.add(some);
        });
  }

  /// The rows of one task, some of them at a time, and what is known of each.
  private final class Block {
    private final Fold max = FoldCompiler.of(Reduction.MAX, arithmetic, Lanes.bits());
    private final Fold sum = FoldCompiler.of(Reduction.SUM, arithmetic, Lanes.bits());
    private final Object lanes = numbers(Fold.LANES);
    private final Object largest; // of each row
    private final Object total; // of each row: the sum, and then its logarithm
    private final Object reciprocal; // of the sums, for long rows
    private final Object exponentials; // of short rows
    private final RowPass maximum; // of long rows, as the next
    private final RowPass sums;
    private final RowPass quotients;
    private final int[] places = new int[4];
    private double ahead; // the maximum of the next row

    Block(int rows) {
      this.largest = numbers(rows);
      this.total = numbers(rows);
      this.reciprocal = numbers(rows);
      this.exponentials = n < SHORT && logarithm ? numbers(rows * n) : out;
      if (n < SHORT) {
        maximum = null;
        sums = null;
        quotients = null;
        return;
      }
      this.maximum = pass(LARGEST, List.of(LARGER), 1, in);
      this.sums =
          logarithm
              ? pass(powers.joined, List.of(SUM, LARGER), 3, in, largest, in)
              : pass(powers.both, List.of(SUM), 2, in, largest, out);
      this.quotients =
          logarithm ? null : pass(QUOTIENTS, List.of(LARGER), 4, out, total, reciprocal, in, out);
    }

    private RowPass pass(
        Program map, List<RowPass.Joining> joinings, int inputs, Object... operands) {
      DType[] dtypes = new DType[operands.length];
      int[] steps = new int[operands.length];
      for (int k = 0; k < steps.length; k++) {
        dtypes[k] = dtype;
        steps[k] = operands[k] == in || operands[k] == out ? 1 : 0;
      }
      return new RowPass(map, joinings, arithmetic, operands, dtypes, steps, inputs, n);
    }

    /// The rows from `from` up to but without `to`, of which there are no more than a block; the
    /// maximum of the first is known, and that of row `next` is to be.
    void run(int from, int to, int next) {
      int rows = to - from;
      int x = inOffset + from * n;
      int y = outOffset + from * n;
      if (logarithm) {
        logarithms(x, y, rows, next);
        return;
      }
      for (int r = 0; r < rows; r++) {
        set(largest, 0, ahead);
        sums.places[0] = x + r * n;
        sums.places[sums.outputs] = y + r * n;
        sums.run(n);
        double sum = sums.total(0);
        set(total, 0, sum);
        set(reciprocal, 0, arithmetic == Arithmetic.FLOAT ? 1 / (float) sum : 1 / sum);
        quotients.places[0] = quotients.places[quotients.outputs] = y + r * n;
        quotients.places[3] = r + 1 < rows ? x + (r + 1) * n : inOffset + next * n;
        quotients.run(n);
        ahead = quotients.total(0);
      }
    }

    private void logarithms(int x, int y, int rows, int next) {
      for (int r = 0; r < rows; r++) {
        set(largest, r, ahead);
        sums.places[0] = x + r * n;
        sums.places[1] = r;
        sums.places[2] = r + 1 < rows ? x + (r + 1) * n : inOffset + next * n;
        sums.run(n);
        set(total, r, sums.total(0));
        ahead = sums.total(1);
      }
      map(LOGARITHM, total, 0, total, 0, rows);
      finish(x, y, rows);
    }

    /// As [#run], of rows too short for a kernel each.
    void runShort(int from, int to) {
      int rows = to - from;
      int y = outOffset + from * n;
      for (int r = 0; r < rows; r++) {
        set(largest, r, max.row(in, inOffset + (from + r) * n, n, lanes));
      }
      sumsOfShort(inOffset + from * n, y, rows);
      if (logarithm) {
        map(LOGARITHM, total, 0, total, 0, rows);
      }
      finishShort(y, rows);
    }

    double maximum(int row) {
      maximum.places[0] = inOffset + row * n;
      maximum.run(n);
      return maximum.total(0);
    }

    private void map(Program program, Object x, int xOffset, Object y, int yOffset, int count) {
      Object[] arrays = {x, y};
      DType[] dtypes = {dtype, dtype};
      int[] strides = {1, 1};
      Kernels.of(program, dtypes, strides)
          .run(arrays, new int[] {xOffset, yOffset}, strides, count);
    }

    private void finish(int x, int y, int rows) {
      Object[] arrays = {in, largest, total, out};
      int[] strides = {1, 0, 0, 1};
      DType[] dtypes = {dtype, dtype, dtype, dtype};
      RowKernel kernel = Kernels.of(DIFFERENCES, dtypes, strides);
      for (int r = 0; r < rows; r++) {
        places[0] = x + r * n;
        places[1] = r;
        places[2] = r;
        places[3] = y + r * n;
        kernel.run(arrays, places, strides, n);
      }
    }

    /// Less their maximum into `out`, and the sums of their exponentials.
    private void sumsOfShort(int xOffset, int yOffset, int rows) {
      if (in instanceof float[] x) {
        float[] y = (float[]) out;
        for (int r = 0; r < rows; r++) {
          float c = ((float[]) largest)[r];
          for (int i = r * n; i < (r + 1) * n; i++) {
            y[yOffset + i] = x[xOffset + i] - c;
          }
        }
      } else {
        double[] x = (double[]) in;
        double[] y = (double[]) out;
        for (int r = 0; r < rows; r++) {
          double c = ((double[]) largest)[r];
          for (int i = r * n; i < (r + 1) * n; i++) {
            y[yOffset + i] = x[xOffset + i] - c;
          }
        }
      }
      int e = logarithm ? 0 : yOffset;
      map(powers.alone, out, yOffset, exponentials, e, rows * n);
      for (int r = 0; r < rows; r++) {
        set(total, r, sum.row(exponentials, e + r * n, n, lanes));
      }
    }

    private void finishShort(int offset, int rows) {
      if (out instanceof float[] y) {
        for (int r = 0; r < rows; r++) {
          float c = ((float[]) total)[r];
          for (int i = offset + r * n; i < offset + (r + 1) * n; i++) {
            y[i] = logarithm ? y[i] - c : y[i] / c;
          }
        }
      } else {
        double[] y = (double[]) out;
        for (int r = 0; r < rows; r++) {
          double c = ((double[]) total)[r];
          for (int i = offset + r * n; i < offset + (r + 1) * n; i++) {
            y[i] = logarithm ? y[i] - c : y[i] / c;
          }
        }
      }
    }

    private static void set(Object numbers, int row, double value) {
      if (numbers instanceof float[] f) {
        f[row] = (float) value;
      } else {
        ((double[]) numbers)[row] = value;
      }
    }
  }

  private Object numbers(int length) {
    return arithmetic == Arithmetic.FLOAT ? new float[length] : new double[length];
  }
}
