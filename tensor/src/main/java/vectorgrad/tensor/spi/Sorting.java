package vectorgrad.tensor.spi;

import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import vectorgrad.tensor.Tensor;

/// What sorting means: the places of a row, put in order by comparing what stands there.
final class Sorting {
  private Sorting() {}

  static void argsort(Backend backend, Tensor x, int axis, boolean descending, Tensor output) {
    Tensor rows = x.movedim(axis, -1).contiguous();
    Tensor places = output.movedim(axis, -1);
    Comparator<Integer> order = order(backend.download(rows));
    int n = rows.size(-1);
    int taken = places.size(-1);
    int[] sorted = new int[places.size()];
    for (int row = 0; row < rows.size() / n; row++) {
      List<Integer> all =
          IntStream.range(row * n, (row + 1) * n)
              .boxed()
              .sorted(descending ? order.reversed() : order) // stable
              .toList();
      for (int i = 0; i < taken; i++) {
        sorted[row * taken + i] = all.get(i) - row * n;
      }
    }
    backend.copy(Tensor.of(sorted, places.shape()).to(x.device()), places);
  }

  private static Comparator<Integer> order(Object array) {
    return switch (array) {
      case float[] f -> (i, j) -> compare(f[i], f[j]);
      case double[] d -> (i, j) -> compare(d[i], d[j]);
      case int[] n -> (i, j) -> Integer.compare(n[i], n[j]);
      case long[] n -> (i, j) -> Long.compare(n[i], n[j]);
      case Object other -> throw new IllegalArgumentException("sorts numbers, not " + other);
    };
  }

  /// −0 equals 0; NaN equals NaN and is larger than every number.
  private static int compare(double a, double b) {
    return a < b ? -1 : a > b ? 1 : Boolean.compare(Double.isNaN(a), Double.isNaN(b));
  }
}
