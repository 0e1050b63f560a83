package vectorgrad.tensor;

import static org.junit.jupiter.api.Assertions.assertNotSame;

import java.util.Arrays;
import java.util.Random;
import java.util.function.IntUnaryOperator;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/// What every copying rearrangement must show: for each index of the result, the index of the
/// element it came from.
abstract class RearrangingContract {
  abstract Device device();

  private Tensor draw(Nasty nasty) {
    DType[] dtypes = DType.values();
    return nasty.tensor(nasty.shape(), dtypes[nasty.random().nextInt(dtypes.length)]);
  }

  /// Along `axis` the result has `size` elements, each from the place that `source` names.
  private static void along(Tensor x, Tensor actual, int axis, int size, IntUnaryOperator source) {
    int[] sizes = x.shape().toArray();
    sizes[axis] = size;
    ViewsContract.assertElements(
        x,
        actual,
        sizes,
        at -> {
          int[] from = at.clone();
          from[axis] = source.applyAsInt(at[axis]);
          return from;
        });
  }

  @Property(tries = 80)
  @Checks("pad")
  void paddingContinuesAnAxis(@ForAll long seed) {
    var nasty = new Nasty(seed, device());
    Random r = nasty.random();
    Tensor x = draw(nasty);
    if (x.rank() == 0) {
      return;
    }
    int axis = r.nextInt(x.rank());
    int n = x.size(axis);
    int before = r.nextInt(Math.max(1, Math.min(n, 6)));
    int after = r.nextInt(Math.max(1, Math.min(n, 6)));
    int size = before + n + after;
    int period = Math.max(1, 2 * n - 2); // of a walk back and forth between the ends
    along(
        x,
        x.pad(axis, before, after, PadMode.REFLECT),
        axis,
        size,
        i -> {
          int phase = Math.floorMod(i - before, period);
          return phase < n ? phase : period - phase;
        });
    along(
        x,
        x.pad(axis, before, after, PadMode.REPLICATE),
        axis,
        size,
        i -> i < before ? 0 : i >= before + n ? n - 1 : i - before);
    int far = n == 0 ? 0 : 2 * n + 1;
    along(
        x,
        x.pad(axis, far, after, PadMode.CIRCULAR),
        axis,
        far + n + after,
        i -> Math.floorMod(i - far, n));
    Model m = Model.of(x);
    double value = x.dtype() == DType.BOOL ? 1 : 3;
    int[] befores = IntStream.range(0, x.rank()).map(i -> r.nextInt(3)).toArray();
    int[] afters = IntStream.range(0, x.rank()).map(i -> r.nextInt(3)).toArray();
    int[] sizes = x.shape().toArray();
    for (int i = 0; i < sizes.length; i++) {
      sizes[i] += befores[i] + afters[i];
    }
    new Model(
            Shape.of(sizes),
            at -> {
              int[] from = at.clone();
              boolean inside = true;
              for (int i = 0; i < from.length; i++) {
                from[i] -= befores[i];
                inside &= from[i] >= 0 && from[i] < x.size(i);
              }
              return inside ? m.get(from) : value;
            })
        .assertMatches(x.pad(befores, afters, value), 0);
  }

  @Property(tries = 80)
  @Checks("roll")
  void rollingComesRound(@ForAll long seed) {
    var nasty = new Nasty(seed, device());
    Random r = nasty.random();
    Tensor x = draw(nasty);
    if (x.rank() == 0) {
      return;
    }
    int axis = r.nextInt(x.rank());
    int shift = r.nextInt(41) - 20;
    along(
        x,
        x.roll(shift, axis - x.rank()),
        axis,
        x.size(axis),
        i -> Math.floorMod(i - shift, x.size(axis)));
    int other = r.nextInt(x.rank());
    Tensor both = x.roll(new int[] {shift, 1}, new int[] {axis, other});
    along(x.roll(1, other), both, axis, x.size(axis), i -> Math.floorMod(i - shift, x.size(axis)));
    assertNotSame(x.memory(), x.roll(0, axis).memory());
  }

  @Property(tries = 80)
  @Checks({"repeat", "repeatInterleave"})
  void repeatingTilesOrInterleaves(@ForAll long seed) {
    var nasty = new Nasty(seed, device());
    Random r = nasty.random();
    Tensor x = draw(nasty);
    int added = r.nextInt(2);
    int[] times = IntStream.range(0, x.rank() + added).map(i -> r.nextInt(3)).toArray();
    int[] sizes = times.clone();
    for (int axis = 0; axis < x.rank(); axis++) {
      sizes[axis + added] *= x.size(axis);
    }
    ViewsContract.assertElements(
        x,
        x.repeat(times),
        sizes,
        at -> {
          int[] from = Arrays.copyOfRange(at, added, at.length);
          for (int axis = 0; axis < from.length; axis++) {
            from[axis] %= x.size(axis);
          }
          return from;
        });
    if (x.rank() == 0) {
      return;
    }
    int axis = r.nextInt(x.rank());
    int n = x.size(axis);
    int k = r.nextInt(4);
    along(x, x.repeatInterleave(k, axis - x.rank()), axis, n * k, i -> i / k);
    int[] each = IntStream.range(0, n).map(i -> r.nextInt(3)).toArray();
    int[] source = new int[IntStream.of(each).sum()];
    for (int i = 0, place = 0; i < n; i++) {
      for (int j = 0; j < each[i]; j++) {
        source[place++] = i;
      }
    }
    along(x, x.repeatInterleave(each, axis), axis, source.length, i -> source[i]);
  }

  @Property(tries = 80)
  @Checks({"concat", "stack"})
  void joiningIsTheInverseOfTakingApart(@ForAll long seed) {
    var nasty = new Nasty(seed, device());
    Random r = nasty.random();
    Tensor x = draw(nasty);
    if (x.rank() == 0) {
      return;
    }
    int axis = r.nextInt(x.rank());
    int n = x.size(axis);
    Tensor[] parts = x.split(1 + r.nextInt(Math.max(1, n)), axis).toArray(Tensor[]::new);
    along(x, Tensor.concat(axis - x.rank(), parts), axis, n, i -> i);
    Tensor twice = Tensor.concat(axis, x, x.flip(axis));
    along(x, twice, axis, 2 * n, i -> i < n ? i : 2 * n - 1 - i);
    if (n > 0) {
      Tensor[] planes = x.unbind(axis).toArray(Tensor[]::new);
      along(x, Tensor.stack(axis, planes), axis, n, i -> i);
    }
  }

  /// Every element of the result is the sum, in the order of `k`, of what its windows hold there.
  @Property(tries = 60)
  @Checks("overlapAdd")
  void windowsAddWhereTheyOverlap(@ForAll long seed) {
    var nasty = new Nasty(seed, device());
    Random r = nasty.random();
    int[] sizes = IntStream.range(0, 1 + r.nextInt(3)).map(i -> r.nextInt(5)).toArray();
    int axis = r.nextInt(sizes.length);
    int kernel = 1 + r.nextInt(4);
    int stride = 1 + r.nextInt(3);
    int dilation = 1 + r.nextInt(3);
    int count = sizes[axis];
    int size = count == 0 ? r.nextInt(dilation * (kernel - 1) + 1) : 0;
    if (count > 0) { // as many more as no further window has room in
      size = (count - 1) * stride + dilation * (kernel - 1) + 1 + r.nextInt(stride);
    }
    int[] windows = Arrays.copyOf(sizes, sizes.length + 1);
    windows[sizes.length] = kernel;
    Tensor x = nasty.tensor(Shape.of(windows), r.nextBoolean() ? DType.F64 : DType.I32);
    Model m = Model.of(x);
    int named = r.nextBoolean() ? axis : axis - sizes.length;
    new Model(
            Shape.of(sizes).with(axis, size),
            at -> {
              double sum = 0;
              for (int k = 0; k < kernel; k++) {
                int from = at[axis] - k * dilation;
                if (from >= 0 && from % stride == 0 && from / stride < count) {
                  int[] place = Arrays.copyOf(at, at.length + 1);
                  place[axis] = from / stride;
                  place[at.length] = k;
                  sum += m.get(place);
                }
              }
              return sum;
            })
        .assertMatches(x.overlapAdd(named, size, stride, dilation), 0);
  }
}
