package vectorgrad.tensor;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeMap;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/// What masks choose and counting finds, against loops over the elements one by one.
abstract class MaskingContract {
  abstract Device device();

  private static DType anyDType(Nasty nasty) {
    DType[] dtypes = DType.values();
    return dtypes[nasty.random().nextInt(dtypes.length)];
  }

  private static void assertList(List<Double> expected, Tensor actual) {
    assertArrayEquals(
        expected.stream().mapToDouble(Double::doubleValue).toArray(), actual.toDoubles());
  }

  @Property(tries = 80)
  @Checks({"maskedSelect", "maskedFill", "maskedScatter"})
  void aMaskChoosesInRowMajorOrder(@ForAll long seed) {
    var nasty = new Nasty(seed, device());
    Shape shape = nasty.shape();
    Tensor x = nasty.tensor(shape, anyDType(nasty));
    Tensor mask = nasty.tensor(nasty.broadcastable(shape), DType.BOOL);
    Model elements = Model.of(x);
    Model chosen = Model.of(mask);
    List<Double> selected = new ArrayList<>();
    int[] at = new int[shape.rank()];
    for (int i = 0; i < shape.size(); i++, Model.next(at, shape)) {
      if (chosen.broadcastAt(at) != 0) {
        selected.add(elements.get(at));
      }
    }
    Tensor found = x.maskedSelect(mask);
    assertEquals(1, found.rank());
    assertEquals(x.dtype(), found.dtype());
    assertList(selected, found);
    new Model(shape, i -> chosen.broadcastAt(i) != 0 ? 1 : elements.get(i))
        .assertMatches(x.maskedFill(mask, 1), 0);
    Tensor one = Tensor.ones(Shape.SCALAR, x.dtype()).to(x.device());
    assertArrayEquals(x.maskedFill(mask, 1).toDoubles(), x.maskedFill(mask, one).toDoubles());
    // put back where they came from, they are all there
    Tensor zeros = Tensor.zeros(shape, x.dtype(), device());
    new Model(shape, i -> chosen.broadcastAt(i) != 0 ? elements.get(i) : 0)
        .assertMatches(zeros.maskedScatter(mask, found), 0);
  }

  @Property(tries = 80)
  @Checks("indexBy")
  void aMaskOfTheFirstAxesChoosesParts(@ForAll long seed) {
    var nasty = new Nasty(seed, device());
    Tensor x = nasty.tensor(nasty.shape(), anyDType(nasty));
    int axes = nasty.random().nextInt(x.rank() + 1);
    Shape first = Shape.of(Arrays.copyOf(x.shape().toArray(), axes));
    Shape rest = Shape.of(Arrays.copyOfRange(x.shape().toArray(), axes, x.rank()));
    Tensor mask = nasty.tensor(first, DType.BOOL);
    Model elements = Model.of(x);
    Model chosen = Model.of(mask);
    List<Double> selected = new ArrayList<>();
    int parts = 0;
    int[] outer = new int[axes];
    for (int i = 0; i < first.size(); i++, Model.next(outer, first)) {
      if (chosen.get(outer) == 0) {
        continue;
      }
      parts++;
      int[] inner = new int[rest.rank()];
      for (int j = 0; j < rest.size(); j++, Model.next(inner, rest)) {
        int[] at = Arrays.copyOf(outer, x.rank());
        System.arraycopy(inner, 0, at, axes, inner.length);
        selected.add(elements.get(at));
      }
    }
    Tensor found = x.indexBy(mask);
    int[] sizes = new int[1 + rest.rank()];
    sizes[0] = parts;
    System.arraycopy(rest.toArray(), 0, sizes, 1, rest.rank());
    assertEquals(Shape.of(sizes), found.shape());
    assertList(selected, found);
  }

  @Property(tries = 80)
  @Checks({"nonzero", "argwhere", "countNonzero"})
  void nonzeroElementsAreFoundAndCounted(@ForAll long seed) {
    var nasty = new Nasty(seed, device());
    Tensor drawn = nasty.tensor(nasty.shape(), anyDType(nasty));
    Tensor x = drawn.dtype() == DType.BOOL ? drawn : drawn.mul(drawn.gt(0).to(drawn.dtype()));
    Model m = Model.of(x);
    List<Double> coordinates = new ArrayList<>();
    int count = 0;
    int[] at = new int[x.rank()];
    for (int i = 0; i < x.size(); i++, Model.next(at, x.shape())) {
      if (m.get(at) != 0) {
        count++;
        for (int index : at) {
          coordinates.add((double) index);
        }
      }
    }
    assertEquals(Shape.of(count, x.rank()), x.nonzero().shape());
    assertList(coordinates, x.nonzero());
    assertList(coordinates, x.argwhere());
    assertEquals(count, x.countNonzero().item());
    if (x.rank() > 0) {
      int axis = nasty.random().nextInt(x.rank());
      double[] along = x.countNonzero(axis).toDoubles();
      assertEquals(count, Arrays.stream(along).sum());
      int others = x.shape().with(axis, 1).size();
      assertEquals(others, along.length, () -> x.shape().toString());
    }
  }

  @Property(tries = 80)
  @Checks("unique")
  void uniqueElementsComeOnceInOrder(@ForAll long seed) {
    var nasty = new Nasty(seed, device());
    Tensor x = nasty.tensor(nasty.shape(), anyDType(nasty));
    x = x.dtype() == DType.F64 ? x.mul(3).to(DType.I32).to(DType.F64).div(0.5) : x;
    x = x.dtype() == DType.F32 ? x.add(1).div(x.sign().add(1)).mul(x.sign()) : x; // ∞ and NaN
    TreeMap<Double, Integer> counts = new TreeMap<>(); // NaN last, and once
    for (double element : x.toDoubles()) {
      counts.merge(element + 0.0, 1, Integer::sum);
    }
    Unique unique = x.unique();
    assertList(List.copyOf(counts.keySet()), unique.values().to(DType.F64).add(0));
    assertList(counts.values().stream().map(Integer::doubleValue).toList(), unique.counts());
    assertEquals(x.shape(), unique.inverse().shape());
    double[] expected = x.to(DType.F64).add(0).toDoubles();
    double[] back = unique.values().take(unique.inverse()).to(DType.F64).add(0).toDoubles();
    assertArrayEquals(expected, back);
  }

  @Property(tries = 80)
  @Checks({"bincount", "oneHot"})
  void numbersAreCountedAndMarked(@ForAll long seed) {
    var nasty = new Nasty(seed, device());
    Tensor x = nasty.tensor(nasty.shape(), DType.I32).abs();
    int least = nasty.random().nextInt(15);
    double[] counts = new double[Math.max(least, x.size() == 0 ? 0 : 1 + (int) x.max().item())];
    double[] sums = new double[counts.length];
    Tensor weights = nasty.tensor(x.shape(), DType.F64);
    double[] elements = x.toDoubles();
    double[] each = weights.toDoubles();
    for (int i = 0; i < elements.length; i++) {
      counts[(int) elements[i]]++;
      sums[(int) elements[i]] += each[i];
    }
    assertArrayEquals(counts, x.bincount(least).toDoubles());
    assertArrayEquals(sums, x.bincount(weights, least).toDoubles(), 1e-12);
    Model m = Model.of(x);
    int[] sizes = Arrays.copyOf(x.shape().toArray(), x.rank() + 1);
    sizes[x.rank()] = 11;
    Model marked =
        new Model(
            Shape.of(sizes),
            at -> m.get(Arrays.copyOf(at, at.length - 1)) == at[at.length - 1] ? 1 : 0);
    assertEquals(DType.I32, x.oneHot(11).dtype());
    marked.assertMatches(x.oneHot(11), 0);
    marked.assertMatches(x.oneHot(11, DType.F32), 0);
  }

  @Property(tries = 80)
  @Checks("histogram")
  void histogramsCountWhatLiesBetweenTheirEdges(@ForAll long seed) {
    var nasty = new Nasty(seed, device());
    Tensor x = nasty.tensor(nasty.shape(), nasty.random().nextBoolean() ? DType.F64 : DType.I32);
    int bins = 1 + nasty.random().nextInt(12);
    double low = -nasty.random().nextInt(3);
    double high = low + 1 + nasty.random().nextInt(4);
    counted(x, x.histogram(bins, low, high), bins, low, high);
    if (x.size() > 0 && x.min().item() < x.max().item()) {
      counted(x, x.histogram(bins), bins, x.min().item(), x.max().item());
    }
  }

  private static void counted(Tensor x, Histogram histogram, int bins, double low, double high) {
    double[] edges = histogram.edges().toDoubles();
    assertEquals(bins + 1, edges.length);
    assertEquals(low, edges[0]);
    assertEquals(high, edges[bins]);
    double[] counts = new double[bins];
    for (double element : x.toDoubles()) {
      for (int bin = 0; bin < bins; bin++) {
        boolean last = bin == bins - 1 && element == high;
        counts[bin] += element >= edges[bin] && (element < edges[bin + 1] || last) ? 1 : 0;
      }
    }
    assertArrayEquals(counts, histogram.counts().toDoubles());
  }
}
