package vectorgrad.tensor.spi;

import java.util.Objects;
import vectorgrad.tensor.Tensor;

/// The verbs that go along an axis, as plain loops over Java arrays, whatever the device: rows are
/// fetched, worked on one after the other, and put back.
final class Scanning {
  private Scanning() {}

  static void scan(Backend backend, Tensor x, int axis, Scan scan, Tensor output) {
    Tensor rows = x.movedim(axis, -1).contiguous();
    Tensor target = output.movedim(axis, -1);
    Object from = backend.download(rows);
    Object to = backend.download(target.contiguous());
    int n = rows.size(-1);
    for (int first = 0; first < rows.size(); first += n) {
      if (from instanceof int[] || from instanceof long[]) {
        long[] row = new long[n];
        for (int i = 0; i < n; i++) {
          row[i] = from instanceof int[] w ? w[first + i] : ((long[]) from)[first + i];
        }
        scan.run(row, n);
        for (int i = 0; i < n; i++) {
          set(to, first + i, row[i]);
        }
      } else {
        double[] row = new double[n];
        for (int i = 0; i < n; i++) {
          row[i] = from instanceof float[] f ? f[first + i] : ((double[]) from)[first + i];
        }
        scan.run(row, n);
        for (int i = 0; i < n; i++) {
          set(to, first + i, row[i]);
        }
      }
    }
    put(backend, to, target);
  }

  static void recurrence(Backend backend, Tensor x, int axis, Tensor factors, Tensor output) {
    Object from = backend.download(x.movedim(axis, -1).contiguous());
    Object links = backend.download(factors.movedim(axis, -1).contiguous());
    Tensor target = output.movedim(axis, -1);
    Object to = backend.download(target.contiguous());
    int n = target.size(-1);
    for (int row = 0; row < target.size() / n; row++) {
      double y = 0;
      for (int i = 0; i < n; i++) {
        double factor = i == 0 ? 0 : Elements.number(x.dtype(), links, row * (n - 1) + i - 1);
        double term = Elements.number(x.dtype(), from, row * n + i);
        y = i == 0 ? term : term + factor * y;
        set(to, row * n + i, y);
      }
    }
    put(backend, to, target);
  }

  static void scatter(
      Backend backend, Tensor input, int axis, Tensor index, Scatter scatter, Tensor output) {
    Tensor target = output.movedim(axis, -1);
    Object from = backend.download(input.movedim(axis, -1).contiguous());
    Object to = backend.download(target.contiguous());
    int[] places = (int[]) backend.download(index.movedim(axis, -1).contiguous());
    int n = index.size(axis);
    int size = output.size(axis);
    for (int i = 0; i < places.length; i++) {
      int place = i / n * size + Objects.checkIndex(places[i], size);
      switch (to) {
        case float[] f -> f[place] = (float) scatter.onto(f[place], ((float[]) from)[i]);
        case double[] d -> d[place] = scatter.onto(d[place], ((double[]) from)[i]);
        case int[] w -> w[place] = (int) scatter.onto((long) w[place], ((int[]) from)[i]);
        case long[] w -> w[place] = scatter.onto(w[place], ((long[]) from)[i]);
        case Object other -> throw new IllegalArgumentException("scatters numbers, not " + other);
      }
    }
    put(backend, to, target);
  }

  private static void set(Object array, int place, double value) {
    switch (array) {
      case float[] f -> f[place] = (float) value;
      case double[] d -> d[place] = value;
      case Object other -> set(other, place, (long) value);
    }
  }

  private static void set(Object array, int place, long value) {
    switch (array) {
      case int[] w -> w[place] = (int) value;
      case long[] w -> w[place] = value;
      case Object other -> throw new IllegalArgumentException("holds no numbers: " + other);
    }
  }

  private static void put(Backend backend, Object array, Tensor output) {
    Tensor whole = Tensor.zeros(output.shape(), output.dtype(), output.device());
    backend.upload(array, whole);
    backend.copy(whole, output);
  }
}
