package vectorgrad.tensor;

import java.util.Arrays;
import java.util.Optional;

/// Where the elements of a tensor lie in its array: element `(i, j, …)` is at `offset + i·stride(0)
/// + j·stride(1) + …`. Immutable.
///
/// This is, with [Walk], the only place with index arithmetic. Every view is a new layout over the
/// same array: broadcasting is stride 0, a slice is an offset, a flip is a negative stride, a
/// transposition swaps strides. Nothing is copied.
public final class Layout {
  private final Shape shape;
  private final int offset;
  private final int[] strides;
  private final boolean contiguous;

  private Layout(Shape shape, int offset, int[] strides) {
    this(shape, offset, strides, isContiguous(shape, strides));
  }

  private Layout(Shape shape, int offset, int[] strides, boolean contiguous) {
    this.shape = shape;
    this.offset = offset;
    this.strides = strides;
    this.contiguous = contiguous;
  }

  /// Row-major from the array's first element on: the last axis has stride 1.
  public static Layout contiguous(Shape shape) {
    int[] strides = new int[shape.rank()];
    int stride = 1;
    for (int axis = shape.rank() - 1; axis >= 0; axis--) {
      strides[axis] = stride;
      stride *= Math.max(1, shape.get(axis));
    }
    return new Layout(shape, 0, strides, true);
  }

  /// A layout with the given strides, in elements. Whether a memory is large enough for it is asked
  /// when a tensor is seen through it ([Tensor#view]).
  public static Layout of(Shape shape, int offset, int... strides) {
    if (strides.length != shape.rank()) {
      throw new ShapeException(
          "layout", "needs one stride for each axis, found " + strides.length, shape);
    }
    return new Layout(shape, offset, strides.clone());
  }

  /// Refuses a layout that has places outside of a memory of `length` elements. Where there are no
  /// elements there are no places.
  void expectWithin(int length) {
    long first = offset;
    long last = offset;
    for (int axis = 0; axis < strides.length; axis++) {
      long reach = (shape.get(axis) - 1L) * strides[axis];
      first += Math.min(0, reach);
      last += Math.max(0, reach);
    }
    if (shape.size() > 0 && (first < 0 || last >= length)) {
      throw new ShapeException(
          Message.of("view", "places go from " + first + " to " + last)
              .row("layout", this)
              .row("rule", "the memory has " + length + " elements, from 0 on"),
          shape);
    }
  }

  /// The sizes of the axes.
  public Shape shape() {
    return shape;
  }

  /// The place of the first element.
  public int offset() {
    return offset;
  }

  /// The distance from one element to the next along `axis`.
  public int stride(int axis) {
    return strides[shape.axis(axis)];
  }

  /// The place of the element with the given indices, one for each axis.
  public int at(int... indices) {
    int place = offset;
    for (int axis = 0; axis < indices.length; axis++) {
      place += indices[axis] * strides[axis];
    }
    return place;
  }

  /// Whether the elements lie one behind the other in row-major order, from [#offset()] on.
  public boolean isContiguous() {
    return contiguous;
  }

  private static boolean isContiguous(Shape shape, int[] strides) {
    int expected = 1;
    for (int axis = strides.length - 1; axis >= 0; axis--) {
      int size = shape.get(axis);
      if (size != 1 && strides[axis] != expected) {
        return shape.size() == 0;
      }
      expected *= size;
    }
    return true;
  }

  /// Whether this is what [#contiguous(Shape)] gives, but for strides that nothing depends on.
  boolean isRowMajor() {
    return contiguous && offset == 0 && shape.size() > 0;
  }

  /// The axes in another order; axis `i` of the result is axis `order[i]` of this layout.
  public Layout permute(int... order) {
    int rank = shape.rank();
    boolean[] seen = new boolean[rank];
    int[] sizes = new int[rank];
    int[] permuted = new int[rank];
    boolean valid = order.length == rank;
    for (int i = 0; valid && i < rank; i++) {
      int axis = shape.axis(order[i]);
      valid = !seen[axis];
      seen[axis] = true;
      sizes[i] = shape.get(axis);
      permuted[i] = strides[axis];
    }
    if (!valid) {
      throw new ShapeException(
          Message.of("permute", Arrays.toString(order) + " is not an order of the axes")
              .row("shape", shape)
              .row("rule", "every axis is named exactly once"),
          shape);
    }
    return new Layout(Shape.of(sizes), offset, permuted);
  }

  /// This layout seen in the larger `target` shape: axes of size 1, and new axes on the left, are
  /// repeated by stride 0.
  public Layout expand(Shape target) {
    if (target.equals(shape)) {
      return this;
    }
    int added = target.rank() - shape.rank();
    int[] expanded = new int[target.rank()];
    for (int axis = 0; axis < target.rank(); axis++) {
      int size = axis < added ? 1 : shape.get(axis - added);
      boolean fits = added >= 0 && (size == target.get(axis) || size == 1);
      if (!fits) {
        throw expandRefused(target);
      }
      expanded[axis] = size == target.get(axis) && axis >= added ? strides[axis - added] : 0;
    }
    if (added < 0) {
      throw expandRefused(target);
    }
    return new Layout(target, offset, expanded);
  }

  private ShapeException expandRefused(Shape target) {
    return new ShapeException(
        Message.of("expand", shape + " does not expand to " + target)
            .row("rule", "aligned from the right, only axes of size 1 grow"),
        shape,
        target);
  }

  /// Every `step`-th element along `axis`, from index `from` up to but without `to`. A negative
  /// `step` walks backwards, from `from` down to but without `to`.
  public Layout slice(int axis, int from, int to, int step) {
    int a = shape.axis(axis);
    int size = shape.get(a);
    long count = step == 0 ? -1 : Math.ceilDiv((long) to - from, (long) step);
    long last = from + (count - 1) * step;
    if (count < 0 || (count > 0 && (outside(from, size) || outside(last, size)))) {
      throw new ShapeException(
          Message.of("slice", "from " + from + " to " + to + " step " + step + " leaves axis " + a)
              .row("shape", shape)
              .row("rule", "0 <= from <= to <= " + size + " for a positive step, which is not 0"),
          shape);
    }
    int[] sliced = strides.clone();
    sliced[a] *= step;
    int start = count == 0 ? offset : offset + from * strides[a];
    return new Layout(shape.with(a, (int) count), start, sliced);
  }

  /// The places of a slice that is [Slice#within] its axis.
  Layout slice(int axis, Slice places) {
    return slice(axis, places.from(), places.to(), places.step());
  }

  private static boolean outside(long index, int size) {
    return index < 0 || index >= size;
  }

  /// The elements along `axis` in reverse: a negative stride.
  public Layout flip(int axis) {
    int size = shape.get(axis);
    return size == 0 ? this : slice(axis, size - 1, -1, -1);
  }

  /// Sliding windows along `axis`, seen without copying: the axis becomes the number of windows,
  /// and a new last axis holds the `kernel` elements of each, `dilation` apart.
  ///
  /// @throws ShapeException if one of the three is not positive
  public Layout window(int axis, int kernel, int stride, int dilation) {
    int a = shape.axis(axis);
    if (kernel < 1 || stride < 1 || dilation < 1) {
      throw new ShapeException(
          Message.of("window", "kernel " + kernel + ", stride " + stride + ", dilation " + dilation)
              .row("shape", shape)
              .row("rule", "all three are at least 1"),
          shape);
    }
    long room = shape.get(a) - (long) dilation * (kernel - 1) - 1;
    int count = room < 0 ? 0 : (int) (room / stride) + 1;
    int rank = shape.rank();
    int[] sizes = Arrays.copyOf(shape.toArray(), rank + 1);
    int[] windowed = Arrays.copyOf(strides, rank + 1);
    sizes[a] = count;
    windowed[a] = strides[a] * stride;
    sizes[rank] = kernel;
    windowed[rank] = strides[a] * dilation;
    return new Layout(Shape.of(sizes), offset, windowed);
  }

  /// A new axis of size 1 before `axis`, which may be the rank.
  public Layout unsqueeze(int axis) {
    int rank = shape.rank();
    int a = axis < 0 ? axis + rank + 1 : axis;
    if (a < 0 || a > rank) {
      throw new ShapeException("unsqueeze", "there is no place " + axis + " in " + shape, shape);
    }
    int[] sizes = new int[rank + 1];
    int[] wider = new int[rank + 1];
    for (int i = 0; i <= rank; i++) {
      sizes[i] = i == a ? 1 : shape.get(i < a ? i : i - 1);
      wider[i] = i == a ? 0 : strides[i < a ? i : i - 1];
    }
    return new Layout(Shape.of(sizes), offset, wider);
  }

  /// Without `axis`, whose size must be 1.
  public Layout squeeze(int axis) {
    int a = shape.axis(axis);
    if (shape.get(a) != 1) {
      throw new ShapeException(
          "squeeze",
          "axis " + axis + " of " + shape + " has size " + shape.get(a) + ", not 1",
          shape);
    }
    return select(a, 0);
  }

  /// The part at `index` of `axis`, without that axis; negative indices count from the end.
  ///
  /// @throws IndexException if the axis has no such part
  public Layout select(int axis, int index) {
    int a = shape.axis(axis);
    int size = shape.get(a);
    int place = index < 0 ? index + size : index;
    if (outside(place, size)) {
      throw new IndexException(
          Message.of("select", "index " + index + " is outside axis " + a + " of size " + size)
              .row("shape", shape)
              .row(
                  "rule",
                  size == 0 ? "an axis of size 0 has no parts" : -size + " … " + (size - 1)),
          index,
          size);
    }
    return without(a, -1, offset + place * strides[a]);
  }

  /// The elements along which `axis1` and `axis2` advance together, as a new last axis. A positive
  /// `shift` begins that much further along `axis2`, a negative one along `axis1`.
  public Layout diagonal(int shift, int axis1, int axis2) {
    int first = shape.axis(axis1);
    int second = shape.axis(axis2);
    if (first == second) {
      throw new ShapeException(
          Message.of("diagonal", "needs two different axes, found " + axis1 + " and " + axis2)
              .row("shape", shape),
          shape);
    }
    long down = Math.max(0, -(long) shift);
    long right = Math.max(0, (long) shift);
    int count = (int) Math.max(0, Math.min(shape.get(first) - down, shape.get(second) - right));
    int start =
        count == 0 ? offset : offset + (int) (down * strides[first] + right * strides[second]);
    Layout rest = without(Math.min(first, second), Math.max(first, second), start);
    int rank = rest.shape.rank();
    int[] sizes = Arrays.copyOf(rest.shape.toArray(), rank + 1);
    int[] wider = Arrays.copyOf(rest.strides, rank + 1);
    sizes[rank] = count;
    wider[rank] = strides[first] + strides[second];
    return new Layout(Shape.of(sizes), start, wider);
  }

  /// Without one axis, or two, from another `place` on.
  private Layout without(int axis, int other, int place) {
    int rank = shape.rank() - (other < 0 ? 1 : 2);
    int[] sizes = new int[rank];
    int[] narrower = new int[rank];
    for (int i = 0, kept = 0; i < shape.rank(); i++) {
      if (i != axis && i != other) {
        sizes[kept] = shape.get(i);
        narrower[kept++] = strides[i];
      }
    }
    return new Layout(Shape.of(sizes), place, narrower);
  }

  /// This layout in another shape of as many elements, in row-major order, if no element needs to
  /// move; otherwise empty. One pass: groups of old and new axes of equal product are matched, and
  /// a group of old axes must be evenly strided.
  public Optional<Layout> reshape(Shape target) {
    if (target.size() != shape.size()) {
      throw new ShapeException(
          Message.of(
              "reshape",
              shape + " has " + shape.size() + " elements, " + target + " needs " + target.size()),
          shape,
          target);
    }
    if (isContiguous()) {
      Layout row = contiguous(target);
      return Optional.of(new Layout(target, offset, row.strides));
    }
    int[] result = new int[target.rank()];
    int old = shape.rank() - 1;
    int young = target.rank() - 1;
    while (young >= 0) {
      if (target.get(young) == 1) {
        young--;
        continue;
      }
      while (shape.get(old) == 1) {
        old--;
      }
      int stride = strides[old];
      int sizeOld = shape.get(old);
      int sizeYoung = 1;
      int group = stride;
      while (true) {
        // the next new axis of this group
        result[young] = group;
        group *= target.get(young);
        sizeYoung *= target.get(young);
        young--;
        while (sizeOld < sizeYoung) {
          old--;
          if (shape.get(old) == 1) {
            continue;
          }
          if (strides[old] != stride * sizeOld) {
            return Optional.empty();
          }
          sizeOld *= shape.get(old);
        }
        if (sizeOld == sizeYoung) {
          old--;
          break;
        }
      }
    }
    return Optional.of(new Layout(target, offset, result));
  }

  @Override
  public boolean equals(Object other) {
    return this == other
        || (other instanceof Layout that
            && offset == that.offset
            && shape.equals(that.shape)
            && Arrays.equals(strides, that.strides));
  }

  @Override
  public int hashCode() {
    return 31 * (31 * shape.hashCode() + Arrays.hashCode(strides)) + offset;
  }

  /// `(2, 3) strides (3, 1) offset 0`
  @Override
  public String toString() {
    return shape
        + " strides "
        + Arrays.toString(strides).replace('[', '(').replace(']', ')')
        + " offset "
        + offset;
  }
}
