package vectorgrad.tensor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/// What every view must show: for each index of the result, the index of the element it came from.
abstract class ViewsContract {
  abstract Device device();

  private Tensor draw(Nasty nasty) {
    DType[] dtypes = DType.values();
    return nasty.tensor(nasty.shape(), dtypes[nasty.random().nextInt(dtypes.length)]);
  }

  /// `actual` has the given sizes, shares the memory of `x`, and its element at every index is that
  /// of `x` at the `source` of the index.
  private static void assertView(
      Tensor x, Tensor actual, int[] sizes, UnaryOperator<int[]> source) {
    assertSame(x.memory(), actual.memory());
    assertElements(x, actual, sizes, source);
  }

  static void assertElements(Tensor x, Tensor actual, int[] sizes, UnaryOperator<int[]> source) {
    assertEquals(x.dtype(), actual.dtype());
    Model m = Model.of(x);
    new Model(Shape.of(sizes), at -> m.get(source.apply(at))).assertMatches(actual, 0);
  }

  private static int axis(Nasty nasty, int rank) {
    return nasty.random().nextInt(rank);
  }

  /// The same axis, counted from the beginning or the end.
  private static int named(Random random, int axis, int rank) {
    return random.nextBoolean() ? axis : axis - rank;
  }

  private static int[] with(int[] index, int axis, int value) {
    int[] changed = index.clone();
    changed[axis] = value;
    return changed;
  }

  private static int[] inserted(int[] index, int axis, int value) {
    int[] longer = new int[index.length + 1];
    System.arraycopy(index, 0, longer, 0, axis);
    longer[axis] = value;
    System.arraycopy(index, axis, longer, axis + 1, index.length - axis);
    return longer;
  }

  private static int[] removed(int[] index, int axis) {
    return IntStream.range(0, index.length).filter(i -> i != axis).map(i -> index[i]).toArray();
  }

  @Property(tries = 60)
  @Checks({"permute", "transpose", "swapaxes", "movedim"})
  void axesChangePlaces(@ForAll long seed) {
    var nasty = new Nasty(seed, device());
    Tensor x = draw(nasty);
    int rank = x.rank();
    List<Integer> shuffled = new ArrayList<>(IntStream.range(0, rank).boxed().toList());
    java.util.Collections.shuffle(shuffled, nasty.random());
    int[] order = shuffled.stream().mapToInt(Integer::intValue).toArray();
    int[] names = IntStream.of(order).map(axis -> named(nasty.random(), axis, rank)).toArray();
    permuted(x, x.permute(names), order);
    if (rank == 0) {
      return;
    }
    int from = axis(nasty, rank);
    int to = axis(nasty, rank);
    int[] swapped = IntStream.range(0, rank).toArray();
    swapped[from] = to;
    swapped[to] = from;
    permuted(x, x.swapaxes(named(nasty.random(), from, rank), to), swapped);
    int[] moved = inserted(removed(IntStream.range(0, rank).toArray(), from), to, from);
    permuted(x, x.movedim(from, named(nasty.random(), to, rank)), moved);
    permuted(x, x.movedim(order, IntStream.range(0, rank).toArray()), order);
    if (rank > 1) {
      int[] last = IntStream.range(0, rank).toArray();
      last[rank - 1] = rank - 2;
      last[rank - 2] = rank - 1;
      permuted(x, x.transpose(), last);
    }
  }

  private static void permuted(Tensor x, Tensor actual, int[] order) {
    int[] sizes = IntStream.of(order).map(x::size).toArray();
    assertView(
        x,
        actual,
        sizes,
        at -> {
          int[] source = new int[at.length];
          for (int i = 0; i < at.length; i++) {
            source[order[i]] = at[i];
          }
          return source;
        });
  }

  @Property(tries = 60)
  @Checks({"reshape", "flatten", "unflatten"})
  void groupingKeepsTheRowMajorOrder(@ForAll long seed) {
    var nasty = new Nasty(seed, device());
    Tensor x = draw(nasty);
    double[] flat = x.toDoubles();
    same(flat, Shape.of(x.size()), x.flatten(0));
    same(flat, Shape.of(x.size()), x.size() == 0 ? x.reshape(0) : x.reshape(-1));
    if (x.rank() > 0) {
      int start = axis(nasty, x.rank());
      int end = start + nasty.random().nextInt(x.rank() - start);
      Tensor joined = x.flatten(named(nasty.random(), start, x.rank()), end);
      int[] sizes = Arrays.copyOfRange(x.shape().toArray(), start, end + 1);
      assertEquals(x.rank() - (end - start), joined.rank());
      same(flat, joined.shape(), joined);
      Tensor apart = joined.unflatten(named(nasty.random(), start, joined.rank()), sizes);
      assertSame(joined.memory(), apart.memory());
      same(flat, x.shape(), apart);
      if (x.size() > 0) {
        same(flat, x.shape(), joined.unflatten(start, with(sizes, 0, -1)));
      }
    }
  }

  private static void same(double[] flat, Shape shape, Tensor actual) {
    assertEquals(shape, actual.shape());
    org.junit.jupiter.api.Assertions.assertArrayEquals(flat, actual.toDoubles());
  }

  @Property(tries = 60)
  @Checks({"squeeze", "unsqueeze", "expand", "broadcastTo"})
  void axesOfSizeOneComeGoAndGrow(@ForAll long seed) {
    var nasty = new Nasty(seed, device());
    Tensor x = draw(nasty);
    int place = nasty.random().nextInt(x.rank() + 1);
    Tensor wider = x.unsqueeze(named(nasty.random(), place, x.rank() + 1));
    assertView(x, wider, inserted(x.shape().toArray(), place, 1), at -> removed(at, place));
    assertView(x, wider.squeeze(place), x.shape().toArray(), at -> at);
    int[] kept = IntStream.range(0, x.rank()).filter(axis -> x.size(axis) != 1).toArray();
    assertView(
        x,
        wider.squeeze(),
        IntStream.of(kept).map(x::size).toArray(),
        at -> {
          int[] source = new int[x.rank()];
          for (int i = 0; i < kept.length; i++) {
            source[kept[i]] = at[i];
          }
          return source;
        });
    int[] grown = inserted(x.shape().toArray(), 0, 3);
    UnaryOperator<int[]> repeated = at -> removed(at, 0);
    int[] keeping = new int[grown.length];
    Arrays.fill(keeping, -1);
    keeping[0] = 3;
    assertView(x, x.expand(keeping), grown, repeated);
    assertView(x, x.broadcastTo(Shape.of(grown)), grown, repeated);
    int[] five = inserted(x.shape().toArray(), place, 5);
    assertView(x, wider.expand(five), five, at -> removed(at, place));
  }

  /// Python's own rule, one index at a time: begin at `from`, go on by `step` until `to` is met.
  private static int[] places(Integer from, Integer to, int step, int size) {
    int lowest = step > 0 ? 0 : -1;
    int first = from == null ? (step > 0 ? 0 : size - 1) : cut(from, size, lowest);
    int last = to == null ? (step > 0 ? size : -1) : cut(to, size, lowest);
    List<Integer> places = new ArrayList<>();
    for (int i = first; step > 0 ? i < last : i > last; i += step) {
      places.add(i);
    }
    return places.stream().mapToInt(Integer::intValue).toArray();
  }

  private static int cut(int place, int size, int lowest) {
    int counted = place < 0 ? place + size : place;
    return Math.max(lowest, Math.min(counted, size + lowest));
  }

  @Property(tries = 150)
  @Checks("slice")
  void slicesFollowPythonsRules(@ForAll long seed) {
    var nasty = new Nasty(seed, device());
    Random r = nasty.random();
    Tensor x = draw(nasty);
    if (x.rank() == 0) {
      return;
    }
    int axis = axis(nasty, x.rank());
    int size = x.size(axis);
    int from = r.nextInt(2 * size + 7) - size - 3;
    int to = r.nextInt(2 * size + 7) - size - 3;
    int step = (1 + r.nextInt(4)) * (r.nextBoolean() ? 1 : -1);
    sliced(x, x.slice(axis, from, to, step), axis, places(from, to, step, size));
    sliced(x, x.slice(axis - x.rank(), from, to), axis, places(from, to, 1, size));
    sliced(x, x.slice(axis, -1, Slice.START, -1), axis, places(null, null, -1, size));
    sliced(x, x.slice(axis, 0, Slice.END, 2), axis, places(null, null, 2, size));
    Integer begin = r.nextBoolean() ? Integer.valueOf(from) : null;
    Integer end = r.nextBoolean() ? Integer.valueOf(to) : null;
    String range =
        (begin == null ? "" : begin) + ":" + (end == null ? "" : " " + end + " ") + ":" + step;
    String text = axis == 0 ? range : r.nextBoolean() ? ":,".repeat(axis) + range : null;
    text = text == null ? "..., " + range + ",:".repeat(x.rank() - axis - 1) : text;
    sliced(x, x.slice(text), axis, places(begin, end, step, size));
  }

  private static void sliced(Tensor x, Tensor actual, int axis, int[] places) {
    int[] sizes = with(x.shape().toArray(), axis, places.length);
    assertView(x, actual, sizes, at -> with(at, axis, places[at[axis]]));
  }

  @Property(tries = 60)
  @Checks({"select", "narrow", "unbind", "split", "chunk", "slice"})
  void partsOfAnAxisAreFoundAndMakeTheWhole(@ForAll long seed) {
    var nasty = new Nasty(seed, device());
    Random r = nasty.random();
    Tensor x = draw(nasty);
    if (x.rank() == 0) {
      return;
    }
    int axis = axis(nasty, x.rank());
    int size = x.size(axis);
    if (size > 0) {
      int index = r.nextInt(size);
      UnaryOperator<int[]> part = at -> inserted(at, axis, index);
      int[] rest = removed(x.shape().toArray(), axis);
      assertView(x, x.select(axis, named(r, index, size)), rest, part);
      assertView(x, x.unbind(axis).get(index), rest, part);
      String text = ":,".repeat(axis) + named(r, index, size) + (r.nextBoolean() ? ",..." : "");
      assertView(x, x.slice(text), rest, part);
      assertView(
          x,
          x.slice("None, ..., None" + (r.nextBoolean() ? "" : "  ")),
          inserted(inserted(x.shape().toArray(), 0, 1), x.rank() + 1, 1),
          at -> removed(removed(at, x.rank() + 1), 0));
    }
    assertEquals(size, x.unbind(axis).size());
    int start = r.nextInt(size + 1);
    int length = r.nextInt(size - start + 1);
    int named = start == size ? start : named(r, start, size);
    int[] places = IntStream.range(start, start + length).toArray();
    sliced(x, x.narrow(axis, named, length), axis, places);
    int each = 1 + r.nextInt(5);
    whole(x, x.split(each, axis), axis, Math.max(1, Math.ceilDiv(size, each)));
    whole(x, x.split(new int[] {start, 0, size - start}, axis), axis, 3);
    int width = Math.max(1, Math.ceilDiv(size, each));
    whole(x, x.chunk(each, axis), axis, size == 0 ? each : Math.ceilDiv(size, width));
  }

  private static void whole(Tensor x, List<Tensor> parts, int axis, int count) {
    assertEquals(count, parts.size());
    int from = 0;
    for (Tensor part : parts) {
      sliced(x, part, axis, IntStream.range(from, from + part.size(axis)).toArray());
      from += part.size(axis);
    }
    assertEquals(x.size(axis), from);
  }

  @Property(tries = 60)
  @Checks({"flip", "rot90"})
  void flippingAndTurning(@ForAll long seed) {
    var nasty = new Nasty(seed, device());
    Tensor x = draw(nasty);
    int[] axes = IntStream.range(0, x.rank()).filter(i -> nasty.random().nextBoolean()).toArray();
    flipped(x, x.flip(axes), axes.length == 0 ? IntStream.range(0, x.rank()).toArray() : axes);
    if (x.rank() < 2) {
      return;
    }
    int a = axis(nasty, x.rank());
    int b = (a + 1 + nasty.random().nextInt(x.rank() - 1)) % x.rank();
    int[] turned = x.shape().toArray();
    turned[a] = x.size(b);
    turned[b] = x.size(a);
    // a quarter turn carries the element at (i, j) of an n × m plane to (m − 1 − j, i)
    UnaryOperator<int[]> quarter = at -> with(with(at, a, at[b]), b, x.size(b) - 1 - at[a]);
    assertView(x, x.rot90(1, a, b), turned, quarter);
    assertView(x, x.rot90(-3, a, b), turned, quarter);
    assertView(x, x.rot90(1, a, b).rot90(3, a, b), x.shape().toArray(), at -> at);
    flipped(x, x.rot90(2, a, b), new int[] {a, b});
    assertView(x, x.rot90(4, a, b), x.shape().toArray(), at -> at);
  }

  private static void flipped(Tensor x, Tensor actual, int[] axes) {
    assertView(
        x,
        actual,
        x.shape().toArray(),
        at -> {
          int[] source = at.clone();
          for (int axis : axes) {
            source[axis] = x.size(axis) - 1 - at[axis];
          }
          return source;
        });
  }

  @Property(tries = 60)
  @Checks({"diagonal", "window"})
  void diagonalsAndWindowsAreStrides(@ForAll long seed) {
    var nasty = new Nasty(seed, device());
    Random r = nasty.random();
    Tensor x = draw(nasty);
    if (x.rank() > 0) {
      int axis = axis(nasty, x.rank());
      int kernel = 1 + r.nextInt(3);
      int stride = 1 + r.nextInt(3);
      int dilation = 1 + r.nextInt(2);
      int reach = dilation * (kernel - 1) + 1;
      int count = x.size(axis) < reach ? 0 : (x.size(axis) - reach) / stride + 1;
      int[] sizes = inserted(with(x.shape().toArray(), axis, count), x.rank(), kernel);
      assertView(
          x,
          x.window(axis, kernel, stride, dilation),
          sizes,
          at -> with(removed(at, x.rank()), axis, at[axis] * stride + at[x.rank()] * dilation));
    }
    if (x.rank() < 2) {
      return;
    }
    int a = axis(nasty, x.rank());
    int b = (a + 1 + r.nextInt(x.rank() - 1)) % x.rank();
    int shift = r.nextInt(9) - 4;
    int length = 0;
    for (int i = 0; i < x.size(a); i++) {
      length += i + shift >= 0 && i + shift < x.size(b) ? 1 : 0;
    }
    int first = Math.max(0, -shift);
    int[] rest = removed(removed(x.shape().toArray(), Math.max(a, b)), Math.min(a, b));
    assertView(
        x,
        x.diagonal(shift, named(r, a, x.rank()), b),
        inserted(rest, rest.length, length),
        at -> {
          int step = at[at.length - 1];
          int[] others = removed(at, at.length - 1);
          return a < b
              ? inserted(inserted(others, a, first + step), b, first + step + shift)
              : inserted(inserted(others, b, first + step + shift), a, first + step);
        });
    same(x.diagonal(0, 0, 1).toDoubles(), x.diagonal(0, 0, 1).shape(), x.diagonal());
  }
}
