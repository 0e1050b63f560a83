package vectorgrad.tensor.cpu;

import vectorgrad.tensor.Layout;
import vectorgrad.tensor.Tensor;
import vectorgrad.tensor.Walk;

/// Gather and scatter-add along an axis.
///
/// The tensor that is indexed is walked without its axis, together with the index; the index adds
/// the place along the axis. Where the axis is the last one, rows do not meet, and threads share
/// them.
final class Selection {
  private static final int ELEMENTS_OF_A_TASK = 1 << 15;

  private Selection() {}

  /// `output[…, i, …] = input[…, index[…, i, …], …]`
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
            case Object other -> throw new IllegalArgumentException("adds numbers, not " + other);
          }
        });
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
