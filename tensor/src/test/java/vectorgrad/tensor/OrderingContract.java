package vectorgrad.tensor;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/// What every operation on the order of elements must find, against rows that are read one element
/// at a time and sorted by the JDK.
abstract class OrderingContract {
  abstract Device device();

  /// Numbers with many equal ones, both zeros, both infinities and NaN among them.
  private Tensor draw(Nasty nasty) {
    DType[] dtypes = DType.values();
    Random r = nasty.random();
    DType dtype = dtypes[r.nextInt(dtypes.length)];
    Tensor x = nasty.tensor(nasty.shape(), dtype);
    if (!dtype.isFloating() || r.nextInt(3) == 0) {
      return x;
    }
    double[] special = {
      0, -0.0, 1, -1, Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY
    };
    Tensor table = Tensor.of(special).to(dtype).to(device());
    int[] chosen = r.ints(x.size(), 0, r.nextBoolean() ? 4 : special.length).toArray();
    Tensor index = Tensor.of(chosen, x.shape()).to(device());
    return table.gather(0, index.flatten(0)).reshape(x.shape());
  }

  /// The order of the elements: NaN last, zeros equal.
  private static int compare(double a, double b) {
    return Double.isNaN(a) || Double.isNaN(b)
        ? Boolean.compare(Double.isNaN(a), Double.isNaN(b))
        : Double.compare(a + 0.0, b + 0.0);
  }

  /// For every row along `axis`, in row-major order of the others: `expected` of the row's elements
  /// is the row of `actual`.
  private static void assertRows(
      Tensor x, int axis, Tensor actual, java.util.function.Function<double[], double[]> expected) {
    Tensor rows = x.movedim(axis, -1);
    Tensor found = actual.movedim(axis, -1);
    assertEquals(rows.shape().with(-1, 0), found.shape().with(-1, 0));
    double[] elements = rows.toDoubles();
    double[] results = found.toDoubles();
    int n = rows.size(-1);
    int k = found.size(-1);
    int count = n == 0 ? 0 : elements.length / n;
    for (int row = 0; row < count; row++) {
      double[] part = java.util.Arrays.copyOfRange(elements, row * n, (row + 1) * n);
      double[] result = java.util.Arrays.copyOfRange(results, row * k, (row + 1) * k);
      assertArrayEquals(expected.apply(part), result);
    }
  }

  private static List<Integer> order(double[] row, boolean descending) {
    Comparator<Integer> byElement = (i, j) -> compare(row[i], row[j]);
    return IntStream.range(0, row.length)
        .boxed()
        .sorted(descending ? byElement.reversed() : byElement)
        .toList();
  }

  private static double[] list(int n, IntFunction<Number> element) {
    return IntStream.range(0, n).mapToDouble(i -> element.apply(i).doubleValue()).toArray();
  }

  @Property(tries = 100)
  @Checks({"sort", "argsort"})
  void sortingIsStableWithNaNLast(@ForAll long seed) {
    var nasty = new Nasty(seed, device());
    Tensor x = draw(nasty);
    if (x.rank() == 0) {
      return;
    }
    int axis = nasty.random().nextInt(x.rank());
    boolean descending = nasty.random().nextBoolean();
    Sorted sorted = x.sort(axis - x.rank(), descending);
    assertEquals(x.dtype(), sorted.values().dtype());
    assertEquals(DType.I32, sorted.indices().dtype());
    assertRows(x, axis, sorted.indices(), row -> list(row.length, order(row, descending)::get));
    assertRows(
        x, axis, sorted.values(), row -> list(row.length, i -> row[order(row, descending).get(i)]));
    assertRows(x, axis, x.argsort(axis), row -> list(row.length, order(row, false)::get));
    assertRows(x, axis, x.sort(axis).indices(), row -> list(row.length, order(row, false)::get));
  }

  @Property(tries = 40)
  @Checks({"sort", "topk", "unique", "searchsorted"})
  void wholeNumbersOfAnySizeAreToldApart(@ForAll long seed) {
    Random r = new Random(seed);
    long[] values = r.longs(1 + r.nextInt(60)).map(x -> x >> r.nextInt(64)).toArray();
    Tensor x = Tensor.of(values).to(device());
    long[] sorted = values.clone();
    java.util.Arrays.sort(sorted);
    assertArrayEquals(sorted, x.sort(0).values().toLongs());
    assertEquals(sorted[values.length - 1], x.topk(1).values().toLongs()[0]);
    assertArrayEquals(
        java.util.stream.LongStream.of(sorted).distinct().toArray(), x.unique().values().toLongs());
    int place = x.sort(0).values().searchsorted(x.slice(0, 0, 1), false).toInts()[0];
    assertEquals(values[0], sorted[place]);
  }

  @Property(tries = 100)
  @Checks({"topk", "kthvalue"})
  void theBestAreTheFirstInOrder(@ForAll long seed) {
    var nasty = new Nasty(seed, device());
    Tensor x = draw(nasty);
    if (x.rank() == 0) {
      return;
    }
    int axis = nasty.random().nextInt(x.rank());
    int k =
        nasty
            .random()
            .nextInt(1 + (nasty.random().nextBoolean() ? x.size(axis) : x.size(axis) / 8));
    boolean largest = nasty.random().nextBoolean();
    Sorted best = x.topk(k, axis, largest);
    assertRows(x, axis, best.indices(), row -> list(k, order(row, largest)::get));
    assertRows(x, axis, best.values(), row -> list(k, i -> row[order(row, largest).get(i)]));
    if (k > 0) {
      Chosen kth = x.kthvalue(k, axis);
      assertRows(
          x,
          axis,
          kth.indices().unsqueeze(axis),
          row -> list(1, i -> order(row, false).get(k - 1)));
      assertRows(
          x,
          axis,
          kth.values().unsqueeze(axis),
          row -> list(1, i -> row[order(row, false).get(k - 1)]));
    }
    assertRows(
        x,
        x.rank() - 1,
        x.topk(x.size(-1)).indices(),
        row -> list(row.length, order(row, true)::get));
  }

  @Property(tries = 80)
  @Checks({"median", "quantile"})
  void quantilesLieBetweenTheElementsInOrder(@ForAll long seed) {
    var nasty = new Nasty(seed, device());
    Tensor x = draw(nasty);
    if (x.size() == 0 || x.rank() == 0) {
      return;
    }
    int axis = nasty.random().nextInt(x.rank());
    int n = x.size(axis);
    Chosen median = x.median(axis);
    assertRows(
        x,
        axis,
        median.indices().unsqueeze(axis),
        row ->
            list(
                1,
                i -> {
                  int nan =
                      IntStream.range(0, n)
                          .filter(j -> Double.isNaN(row[j]))
                          .findFirst()
                          .orElse(-1);
                  return nan >= 0 ? nan : order(row, false).get((n - 1) / 2);
                }));
    assertEquals(x.dtype(), median.values().dtype());
    if (x.dtype() != DType.F64) {
      return;
    }
    double q = nasty.random().nextInt(5) / 4.0;
    assertRows(
        x,
        axis,
        x.quantile(q, axis).unsqueeze(axis),
        row ->
            list(
                1,
                i -> {
                  double place = q * (n - 1);
                  double low = row[order(row, false).get((int) place)];
                  double high = row[order(row, false).get((int) Math.ceil(place))];
                  double last = row[order(row, false).get(n - 1)];
                  double between = low == high ? low : low + (high - low) * (place - (int) place);
                  return Double.isNaN(last) ? last : between;
                }));
  }

  @Property(tries = 100)
  @Checks("searchsorted")
  void searchingCountsWhatComesBefore(@ForAll long seed) {
    var nasty = new Nasty(seed, device());
    Tensor x = draw(nasty);
    if (x.rank() == 0) {
      return;
    }
    Tensor sorted = x.sort(-1).values();
    boolean right = nasty.random().nextBoolean();
    Tensor values = x.flip(-1).slice(-1, 0, 1 + nasty.random().nextInt(9));
    int m = values.size(-1);
    int n = x.size(-1);
    double[] rows = sorted.toDoubles();
    double[] wanted = values.toDoubles();
    double[] found = sorted.searchsorted(values, right).toDoubles();
    for (int i = 0; i < wanted.length; i++) {
      int row = i / m;
      int before = 0;
      for (int j = 0; j < n; j++) {
        int compared = compare(rows[row * n + j], wanted[i]);
        before += compared < 0 || (right && compared == 0) ? 1 : 0;
      }
      assertEquals(before, found[i]);
    }
    if (x.size() > 0) {
      Tensor first = sorted.flatten(0).slice(0, 0, n);
      assertArrayEquals(
          first.searchsorted(x.flatten(0), right).toInts(), first.searchsorted(x, right).toInts());
    }
  }
}
