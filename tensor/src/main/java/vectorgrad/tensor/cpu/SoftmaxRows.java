package vectorgrad.tensor.cpu;

import static vectorgrad.numerics.Formula.ONE;
import static vectorgrad.numerics.Formula.input;
import static vectorgrad.tensor.cpu.RowPass.Joining.LARGER;
import static vectorgrad.tensor.cpu.RowPass.Joining.SUM;

import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import vectorgrad.numerics.Formula;
import vectorgrad.numerics.Precision;
import vectorgrad.numerics.Program;
import vectorgrad.tensor.DType;
import vectorgrad.tensor.Tensor;
import vectorgrad.tensor.spi.Reduction;

/// Softmax of rows that lie in the cache: their maximum; exponentials of what they are less that,
/// and their sum; the exponentials' shares of it. The logarithm keeps no exponentials.
///
/// The last pass finds the maximum of the next row, too: reading that from memory has something to
/// wait for and something to do meanwhile. Both passes are one kernel, a [WholeRow]. 4096 rows of
/// 1024 floats take 365 ns each, 410 with a kernel for each pass, and a third more if the maximum
/// has a pass of its own (Zen 4, AVX-512). The logarithm, which stores nothing before its last
/// pass, finds the maximum of the next row in the one before, and takes the logarithms of many sums
/// at once: that of one takes as long as the exponentials of a short row.
///
/// A share is a product with the sum's reciprocal: two roundings instead of a division's one. To
/// undo that takes as long as a tenth of the softmax, and the exponential is off by as much.
///
/// Short rows share the passes that do not need to know where a row ends, so that a batch of ten
/// logits each is still computed in whole vectors.
final class SoftmaxRows {
  private static final Program LARGEST = Program.of(input(0));
  private static final Program SHARES = // of e, 1 / Σ e, the next row
      Program.of(input(0).times(input(1)), input(2));
  private static final Program DIFFERENCES = Program.of(input(0).minus(input(1)).minus(input(2)));
  private static final Program LOGARITHM = Program.of(input(0).log());

  // What a kernel for both passes reads and writes, and the steps in it.
  private static final int X = 0;
  private static final int NEXT = 1; // row of x
  private static final int MAXIMUM = 2;
  private static final int TOTAL = 3;
  private static final int Y = 4;
  private static final int[] STEPS = {1, 1, 0, 0, 1};

  /// Elements of the rows that pass together: with what becomes of them they fit the first-level
  /// cache.
  private static final int BLOCK = 2048;

  /// A kernel for every row costs more than the row below this length.
  private static final int SHORT = Fold.LANES;

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
  /// row, to be joined; and the same where the exponentials are stored, too. In `whole` the last
  /// pass follows.
  private record Powers(Program alone, Program joined, Program both, List<WholeRow.Pass> whole) {
    static final Powers SINGLE = of(Precision.SINGLE);
    static final Powers DOUBLE = of(Precision.DOUBLE);

    private static Powers of(Precision precision) {
      Formula power = precision.decay(input(0).minus(input(1)));
      Program both = Program.of(power, power);
      Program shares = Program.of(input(0).times(ONE.over(input(1))), input(2));
      return new Powers(
          Program.of(precision.decay(input(0))),
          Program.of(power, input(2)),
          both,
          List.of(
              WholeRow.pass(both, SUM, TOTAL, X, MAXIMUM, Y),
              WholeRow.pass(shares, LARGER, MAXIMUM, Y, TOTAL, NEXT, Y)));
    }
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
    Optional<RowsKernel> whole = softmax.whole();
    if (whole.isPresent()) {
      int each = Reduce.together(rows, softmax.n);
      Workers.parallel(
          Math.ceilDiv(rows, each),
          task -> softmax.run(whole.get(), task * each, Math.min(rows, (task + 1) * each)));
      return;
    }
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

  /// The kernel for both passes over all rows, if it is not too long.
  private Optional<RowsKernel> whole() {
    return logarithm || n < SHORT
        ? Optional.empty()
        : WholeRow.of(powers.both, () -> powers.whole, arithmetic, STEPS, n);
  }

  /// Rows `from` up to but without `to`. Behind the last there is none: it is its own next one.
  private void run(RowsKernel kernel, int from, int to) {
    Object maximum = numbers(1);
    RowPass first = pass(LARGEST, List.of(LARGER), 1, in);
    first.places[0] = inOffset + from * n;
    first.run(n);
    set(maximum, 0, first.total(0));
    Object[] arrays = {in, in, maximum, numbers(1), out};
    int[] advances = {n, n, 0, 0, n};
    int x = inOffset + from * n;
    int y = outOffset + from * n;
    int others = to - from - 1;
    kernel.run(arrays, new int[] {x, x + n, 0, 0, y}, n, advances, others);
    x += others * n;
    y += others * n;
    kernel.run(arrays, new int[] {x, x, 0, 0, y}, n, advances, 1);
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

  /// The rows of one task, some of them at a time, and what is known of each.
  private final class Block {
    private final Fold max = FoldCompiler.of(Reduction.MAX, arithmetic, Lanes.bits());
    private final Fold sum = FoldCompiler.of(Reduction.SUM, arithmetic, Lanes.bits());
    private final Object lanes = numbers(Fold.LANES);
    private final Object largest; // of each row
    private final Object total; // of each row: the sum, and then its logarithm
    private final Object reciprocal; // of the sum of a long row
    private final Object exponentials; // of short rows
    private final RowPass maximum; // of long rows, as the next
    private final RowPass sums;
    private final RowPass shares;
    private final int[] places = new int[4];
    private double ahead; // the maximum of the next row

    Block(int rows) {
      this.largest = numbers(rows);
      this.total = numbers(rows);
      this.reciprocal = numbers(1);
      this.exponentials = n < SHORT && logarithm ? numbers(rows * n) : out;
      if (n < SHORT) {
        maximum = null;
        sums = null;
        shares = null;
        return;
      }
      this.maximum = pass(LARGEST, List.of(LARGER), 1, in);
      this.sums =
          logarithm
              ? pass(powers.joined, List.of(SUM, LARGER), 3, in, largest, in)
              : pass(powers.both, List.of(SUM), 2, in, largest, out);
      this.shares = logarithm ? null : pass(SHARES, List.of(LARGER), 3, out, reciprocal, in, out);
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
        set(reciprocal, 0, arithmetic == Arithmetic.FLOAT ? 1 / (float) sum : 1 / sum);
        shares.places[0] = shares.places[shares.outputs] = y + r * n;
        shares.places[2] = r + 1 < rows ? x + (r + 1) * n : inOffset + next * n;
        shares.run(n);
        ahead = shares.total(0);
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
  }

  private static void set(Object numbers, int row, double value) {
    if (numbers instanceof float[] f) {
      f[row] = (float) value;
    } else {
      ((double[]) numbers)[row] = value;
    }
  }

  private Object numbers(int length) {
    return arithmetic == Arithmetic.FLOAT ? new float[length] : new double[length];
  }
}
