package vectorgrad.tensor.cpu;

import vectorgrad.numerics.Formula;
import vectorgrad.numerics.Program;
import vectorgrad.tensor.DType;
import vectorgrad.tensor.Layout;
import vectorgrad.tensor.Tensor;
import vectorgrad.tensor.Walk;
import vectorgrad.tensor.spi.Backend;
import vectorgrad.tensor.spi.Elements;

/// Gather, scatter-add and the place of the maximum along an axis.
///
/// The tensor that is indexed is walked without its axis, together with the index; the index adds
/// the place along the axis. Where the axis is the last one, rows do not meet, and threads share
/// them.
final class Selection {
  private static final Program SUM = Program.of(Formula.input(0).plus(Formula.input(1)));
  private static final int ELEMENTS_OF_A_TASK = 1 << 15;

  private Selection() {}

  /// `output[…, i, …] = input[…, index[…, i, …], …]`
  @SuppressWarnings("SuspiciousSystemArraycopy") // both are arrays of the tensor's dtype
  static void gather(Tensor input, int axis, Tensor index, Tensor output) {
    int size = input.size(axis);
    int step = input.layout().stride(axis);
    int[] chosen = (int[]) index.memory();
    Walk walk = Walk.over(start(input, axis, index), index.layout(), output.layout());
    int n = walk.rowLength();
    int[] s = walk.rowStrides();
    inParallel(
        walk,
        walk.rows(),
        at -> {
          if (s[0] == 1 && s[1] == 0 && s[2] == 1) { // one index for all of the row
            int from = at[0] + check(chosen[at[1]], size) * step;
            System.arraycopy(input.memory(), from, output.memory(), at[2], n);
            return;
          }
          switch (input.memory()) {
            case float[] x -> {
              float[] y = (float[]) output.memory();
              for (int i = 0, p = at[0], q = at[1], r = at[2];
                  i < n;
                  i++, p += s[0], q += s[1], r += s[2]) {
                y[r] = x[p + check(chosen[q], size) * step];
              }
            }
            case double[] x -> {
              double[] y = (double[]) output.memory();
              for (int i = 0, p = at[0], q = at[1], r = at[2];
                  i < n;
                  i++, p += s[0], q += s[1], r += s[2]) {
                y[r] = x[p + check(chosen[q], size) * step];
              }
            }
            case int[] x -> {
              int[] y = (int[]) output.memory();
              for (int i = 0, p = at[0], q = at[1], r = at[2];
                  i < n;
                  i++, p += s[0], q += s[1], r += s[2]) {
                y[r] = x[p + check(chosen[q], size) * step];
              }
            }
            case byte[] x -> {
              byte[] y = (byte[]) output.memory();
              for (int i = 0, p = at[0], q = at[1], r = at[2];
                  i < n;
                  i++, p += s[0], q += s[1], r += s[2]) {
                y[r] = x[p + check(chosen[q], size) * step];
              }
            }
            case long[] x -> {
              long[] y = (long[]) output.memory();
              for (int i = 0, p = at[0], q = at[1], r = at[2];
                  i < n;
                  i++, p += s[0], q += s[1], r += s[2]) {
                y[r] = x[p + check(chosen[q], size) * step];
              }
            }
            case short[] x -> {
              short[] y = (short[]) output.memory();
              for (int i = 0, p = at[0], q = at[1], r = at[2];
                  i < n;
                  i++, p += s[0], q += s[1], r += s[2]) {
                y[r] = x[p + check(chosen[q], size) * step];
              }
            }
            case Object other -> throw new IllegalArgumentException("not an array: " + other);
          }
        });
  }

  /// `output[…, index[…, i, …], …] += input[…, i, …]`, in row-major order of the input.
  static void scatterAdd(Tensor input, int axis, Tensor index, Tensor output) {
    int size = output.size(axis);
    int step = output.layout().stride(axis);
    int[] chosen = (int[]) index.memory();
    Walk walk = Walk.over(start(output, axis, index), index.layout(), input.layout());
    int n = walk.rowLength();
    int[] s = walk.rowStrides();
    // rows along the axis have outputs of their own; others may meet, and keep their order on one
    // thread
    boolean apart = axis == input.rank() - 1 && n == input.size(axis);
    inParallel(
        walk,
        apart ? walk.rows() : 1,
        at -> {
          if (s[1] == 0 && s[0] != 0) { // one index for all of the row
            Object[] arrays = {output.memory(), input.memory(), output.memory()};
            int to = at[0] + check(chosen[at[1]], size) * step;
            DType[] dtypes = {output.dtype(), input.dtype(), output.dtype()};
            int[] strides = {s[0], s[2], s[0]};
            Kernels.of(SUM, dtypes, strides).run(arrays, new int[] {to, at[2], to}, strides, n);
            return;
          }
          switch (output.memory()) {
            case float[] y -> {
              float[] x = (float[]) input.memory();
              for (int i = 0, p = at[0], q = at[1], r = at[2];
                  i < n;
                  i++, p += s[0], q += s[1], r += s[2]) {
                y[p + check(chosen[q], size) * step] += x[r];
              }
            }
            case double[] y -> {
              double[] x = (double[]) input.memory();
              for (int i = 0, p = at[0], q = at[1], r = at[2];
                  i < n;
                  i++, p += s[0], q += s[1], r += s[2]) {
                y[p + check(chosen[q], size) * step] += x[r];
              }
            }
            case int[] y -> {
              int[] x = (int[]) input.memory();
              for (int i = 0, p = at[0], q = at[1], r = at[2];
                  i < n;
                  i++, p += s[0], q += s[1], r += s[2]) {
                y[p + check(chosen[q], size) * step] += x[r];
              }
            }
            case long[] y -> {
              long[] x = (long[]) input.memory();
              for (int i = 0, p = at[0], q = at[1], r = at[2];
                  i < n;
                  i++, p += s[0], q += s[1], r += s[2]) {
                y[p + check(chosen[q], size) * step] += x[r];
              }
            }
            case Object _ -> {
              DType dtype = output.dtype();
              for (int i = 0, p = at[0], q = at[1], r = at[2];
                  i < n;
                  i++, p += s[0], q += s[1], r += s[2]) {
                add(dtype, output.memory(), p + check(chosen[q], size) * step, input.memory(), r);
              }
            }
          }
        });
  }

  /// Of the dtypes that are not computed in their own arrays' numbers.
  private static void add(DType dtype, Object sums, int place, Object terms, int at) {
    if (dtype.isFloating()) {
      double sum = Elements.number(dtype, sums, place) + Elements.number(dtype, terms, at);
      Elements.set(dtype, sums, place, sum);
    } else {
      long sum = Elements.whole(dtype, sums, place) + Elements.whole(dtype, terms, at);
      Elements.set(dtype, sums, place, sum);
    }
  }

  /// The index of the largest element along `axis`: the first of equals, the first NaN if there is
  /// one.
  static void argmax(Tensor x, int axis, Tensor output) {
    int n = x.size(axis);
    int step = x.layout().stride(axis);
    Walk walk = Walk.over(x.layout().select(axis, 0), output.layout());
    int[] y = (int[]) output.memory();
    int together = Math.max(1, ELEMENTS_OF_A_TASK / n);
    int rows = walk.elements();
    Workers.parallel(
        Math.ceilDiv(rows, together),
        task -> {
          DType dtype = x.dtype() == DType.I64 ? DType.I64 : DType.F64; // which holds the others
          Object row = Elements.array(dtype, n);
          Object[] arrays = {x.memory(), row};
          int[] strides = {step, 1};
          DType[] dtypes = {x.dtype(), dtype};
          RowKernel load = Kernels.of(Backend.identity(), dtypes, strides);
          walk.forEachElement(
              task * together,
              Math.min(rows, (task + 1) * together),
              at -> {
                load.run(arrays, new int[] {at[0], 0}, strides, n);
                y[at[1]] = row instanceof long[] whole ? first(whole) : first((double[]) row);
              });
        });
  }

  private static int first(double[] row) {
    int largest = 0;
    for (int i = 1; i < row.length && !Double.isNaN(row[largest]); i++) {
      if (!(row[i] <= row[largest])) {
        largest = i;
      }
    }
    return largest;
  }

  private static int first(long[] row) {
    int largest = 0;
    for (int i = 1; i < row.length; i++) {
      if (row[i] > row[largest]) {
        largest = i;
      }
    }
    return largest;
  }

  /// Splits the rows into at most `most` tasks of a size that is worth a thread.
  private static void inParallel(Walk walk, int most, Walk.Row row) {
    int rows = walk.rows();
    int together = Math.max(1, ELEMENTS_OF_A_TASK / Math.max(1, walk.rowLength()));
    int tasks = Math.min(most, Math.ceilDiv(rows, together));
    if (tasks <= 1) {
      walk.forEachRow(row);
      return;
    }
    Workers.parallel(
        tasks,
        task -> walk.forEachRow(task * together, Math.min(rows, (task + 1) * together), row));
  }

  /// The first element along `axis`, repeated over the index's shape by stride 0.
  private static Layout start(Tensor tensor, int axis, Tensor index) {
    return tensor.layout().slice(axis, 0, Math.min(1, tensor.size(axis)), 1).expand(index.shape());
  }

  private static int check(int index, int size) {
    if (index < 0 || index >= size) {
      throw new IndexOutOfBoundsException("index " + index + " is outside an axis of size " + size);
    }
    return index;
  }
}
