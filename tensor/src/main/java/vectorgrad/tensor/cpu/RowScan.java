package vectorgrad.tensor.cpu;

import vectorgrad.tensor.Tensor;
import vectorgrad.tensor.Walk;
import vectorgrad.tensor.spi.Scan;

/// Scans along an axis: each row is loaded into float64 or int64, scanned there and rounded once as
/// it is stored. Rows are independent, and threads share them. Rows that lie across memory are
/// turned first, as neighbours in memory are then neighbours in a row.
final class RowScan {
  private static final int ELEMENTS_OF_A_TASK = 1 << 15;

  private RowScan() {}

  static void scan(Tensor x, int axis, Scan scan, Tensor output) {
    if (Math.abs(x.layout().stride(axis)) > 1 && x.size() > x.size(axis)) {
      Tensor turned = x.movedim(axis, -1).copy();
      Tensor scanned =
          output.dtype() == x.dtype()
              ? turned // rows are read before they are written
              : Tensor.zeros(turned.shape(), output.dtype(), output.device());
      scan(turned, turned.rank() - 1, scan, scanned);
      output.device().backend().copy(scanned, output.movedim(axis, -1));
      return;
    }
    int n = x.size(axis);
    int step = x.layout().stride(axis);
    int outputStep = output.layout().stride(axis);
    Object from = x.memory();
    Object to = output.memory();
    boolean whole = from instanceof int[] || from instanceof long[];
    Walk walk = Walk.over(x.layout().select(axis, 0), output.layout().select(axis, 0));
    int rows = walk.elements();
    int together = Math.max(1, ELEMENTS_OF_A_TASK / n);
    Workers.parallel(
        Math.ceilDiv(rows, together),
        task -> {
          double[] numbers = new double[whole ? 0 : n];
          long[] wholes = new long[whole ? n : 0];
          walk.forEachElement(
              task * together,
              Math.min(rows, (task + 1) * together),
              at -> {
                if (whole) {
                  load(from, at[0], step, wholes);
                  scan.run(wholes, n);
                  store(wholes, to, at[1], outputStep);
                } else {
                  load(from, at[0], step, numbers);
                  scan.run(numbers, n);
                  store(numbers, to, at[1], outputStep);
                }
              });
        });
  }

  static void recurrence(Tensor x, int axis, Tensor factors, Tensor output) {
    if (Math.abs(x.layout().stride(axis)) > 1 && x.size() > x.size(axis)) {
      Tensor turned = x.movedim(axis, -1).copy();
      int last = turned.rank() - 1;
      recurrence(turned, last, factors.movedim(axis, -1).copy(), turned);
      output.device().backend().copy(turned, output.movedim(axis, -1));
      return;
    }
    int n = x.size(axis);
    int step = x.layout().stride(axis);
    int factorStep = factors.layout().stride(axis);
    int outputStep = output.layout().stride(axis);
    Walk walk =
        Walk.over(
            x.layout().select(axis, 0),
            factors.layout().select(axis, 0),
            output.layout().select(axis, 0));
    int rows = walk.elements();
    int together = Math.max(1, ELEMENTS_OF_A_TASK / n);
    Workers.parallel(
        Math.ceilDiv(rows, together),
        task -> {
          double[] row = new double[n];
          double[] links = new double[n - 1];
          walk.forEachElement(
              task * together,
              Math.min(rows, (task + 1) * together),
              at -> {
                load(x.memory(), at[0], step, row);
                load(factors.memory(), at[1], factorStep, links);
                double y = row[0];
                for (int i = 0; i < links.length; i++) {
                  y = row[i + 1] + links[i] * y;
                  row[i + 1] = y;
                }
                store(row, output.memory(), at[2], outputStep);
              });
        });
  }

  private static void load(Object array, int first, int step, double[] row) {
    switch (array) {
      case float[] x -> {
        for (int i = 0, p = first; i < row.length; i++, p += step) {
          row[i] = x[p];
        }
      }
      case double[] x -> {
        for (int i = 0, p = first; i < row.length; i++, p += step) {
          row[i] = x[p];
        }
      }
      case Object other -> throw new IllegalArgumentException("scans numbers, not " + other);
    }
  }

  private static void load(Object array, int first, int step, long[] row) {
    switch (array) {
      case int[] x -> {
        for (int i = 0, p = first; i < row.length; i++, p += step) {
          row[i] = x[p];
        }
      }
      case long[] x -> {
        for (int i = 0, p = first; i < row.length; i++, p += step) {
          row[i] = x[p];
        }
      }
      case Object other -> throw new IllegalArgumentException("scans numbers, not " + other);
    }
  }

  private static void store(double[] row, Object array, int first, int step) {
    switch (array) {
      case float[] y -> {
        for (int i = 0, p = first; i < row.length; i++, p += step) {
          y[p] = (float) row[i];
        }
      }
      case double[] y -> {
        for (int i = 0, p = first; i < row.length; i++, p += step) {
          y[p] = row[i];
        }
      }
      case int[] y -> { // places
        for (int i = 0, p = first; i < row.length; i++, p += step) {
          y[p] = (int) row[i];
        }
      }
      case Object other -> throw new IllegalArgumentException("holds no numbers: " + other);
    }
  }

  private static void store(long[] row, Object array, int first, int step) {
    switch (array) {
      case int[] y -> {
        for (int i = 0, p = first; i < row.length; i++, p += step) {
          y[p] = (int) row[i];
        }
      }
      case long[] y -> {
        for (int i = 0, p = first; i < row.length; i++, p += step) {
          y[p] = row[i];
        }
      }
      case Object other -> throw new IllegalArgumentException("holds no numbers: " + other);
    }
  }
}
