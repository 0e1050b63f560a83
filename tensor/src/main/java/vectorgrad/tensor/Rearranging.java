package vectorgrad.tensor;

import java.util.Arrays;
import java.util.function.IntUnaryOperator;
import java.util.stream.IntStream;

/// Operations that copy the elements into another arrangement: padding, rolling, repeating,
/// joining. Each reads and writes every element of its result once.
sealed interface Rearranging permits Tensor {

  private Tensor self() {
    return (Tensor) this;
  }

  // ---- padding --------------------------------------------------------------------------------

  /// A copy with `before` and `after` elements of 0 added along `axis`.
  default Tensor pad(int axis, int before, int after) {
    return pad(axis, before, after, 0);
  }

  /// A copy with `before` and `after` elements of the given `value` added along `axis`; itself if
  /// there is nothing to add.
  ///
  /// @throws ShapeException if `before` or `after` is negative
  default Tensor pad(int axis, int before, int after, double value) {
    int a = self().shape().axis(axis);
    int[] befores = new int[self().rank()];
    int[] afters = new int[self().rank()];
    befores[a] = before;
    afters[a] = after;
    return pad(befores, afters, value);
  }

  /// A copy with `before[axis]` and `after[axis]` elements of the given `value` added along every
  /// axis; itself if there is nothing to add.
  ///
  /// @throws ShapeException if one is negative, or there is not one for each axis
  default Tensor pad(int[] before, int[] after, double value) {
    Tensor x = self();
    checkPadding(x.shape(), before, after);
    int[] sizes = x.shape().toArray();
    boolean nothing = true;
    for (int axis = 0; axis < sizes.length; axis++) {
      nothing &= before[axis] == 0 && after[axis] == 0;
      sizes[axis] = Math.addExact(sizes[axis], Math.addExact(before[axis], after[axis]));
    }
    if (nothing) {
      return x;
    }
    Tensor result = Tensor.full(value, Shape.of(sizes), x.dtype(), x.device());
    Layout inner = result.layout();
    for (int axis = 0; axis < sizes.length; axis++) {
      inner = inner.slice(axis, before[axis], before[axis] + x.size(axis), 1);
    }
    if (x.size() > 0) {
      x.device().backend().copy(x, result.view(inner));
    }
    return result;
  }

  /// A copy with `before` and `after` elements added along `axis`, which `mode` chooses; itself if
  /// there is nothing to add. The axes of a picture are padded one after the other, in any order.
  ///
  /// @throws ShapeException if `before` or `after` is negative, if the mode is REFLECT and one is
  ///   not smaller than the axis, or if there is nothing to repeat
  default Tensor pad(int axis, int before, int after, PadMode mode) {
    Tensor x = self();
    int a = x.shape().axis(axis);
    int size = x.size(a);
    if (mode == PadMode.CONSTANT) {
      return pad(a, before, after, 0);
    }
    int[] befores = new int[x.rank()];
    int[] afters = new int[x.rank()];
    befores[a] = before;
    afters[a] = after;
    checkPadding(x.shape(), befores, afters);
    int widest = Math.max(before, after);
    if (widest == 0) {
      return x;
    }
    boolean tooWide = mode == PadMode.REFLECT ? widest >= size : size == 0;
    if (tooWide) {
      throw new ShapeException(
          Message.of("pad", "cannot add " + widest + " elements to axis " + a + " by " + mode)
              .row("shape", x.shape())
              .row(
                  "rule",
                  mode == PadMode.REFLECT
                      ? "a mirror shows at most "
                          + Math.max(0, size - 1)
                          + " of "
                          + size
                          + " elements"
                      : "there is nothing to repeat on an axis of size 0"),
          x.shape());
    }
    int last = size - 1;
    IntUnaryOperator place =
        switch (mode) {
          case REFLECT -> i -> last - Math.abs(last - Math.abs(i));
          case REPLICATE -> i -> Math.clamp(i, 0, last);
          default -> i -> Math.floorMod(i, size);
        };
    int[] places =
        IntStream.range(0, Math.addExact(size, Math.addExact(before, after)))
            .map(i -> place.applyAsInt(i - before))
            .toArray();
    return x.indexSelect(a, Tensor.of(places).to(x.device()));
  }

  private static void checkPadding(Shape shape, int[] before, int[] after) {
    if (before.length != shape.rank() || after.length != shape.rank()) {
      throw new ShapeException(
          Message.of("pad", "needs a width for each of " + shape.rank() + " axes")
              .row("shape", shape)
              .row("before", Arrays.toString(before))
              .row("after", Arrays.toString(after)),
          shape);
    }
    int least = IntStream.concat(IntStream.of(before), IntStream.of(after)).min().orElse(0);
    if (least < 0) {
      throw new ShapeException(
          Message.of("pad", "cannot add " + least + " elements")
              .row("shape", shape)
              .row("help", "slice(…) takes elements away"),
          shape);
    }
  }

  // ---- moving and repeating -------------------------------------------------------------------

  /// A copy in which every element is `shift` places further along `axis`; those that leave at the
  /// end come back at the beginning. A negative shift moves backwards.
  default Tensor roll(int shift, int axis) {
    Tensor x = self();
    int size = x.size(axis);
    int moved = size == 0 ? 0 : Math.floorMod(shift, size);
    return moved == 0
        ? x.copy()
        : Tensor.concat(axis, x.slice(axis, size - moved, size), x.slice(axis, 0, size - moved));
  }

  /// A copy rolled along every one of `axes` by its shift.
  ///
  /// @throws ShapeException if there are not as many shifts as axes
  default Tensor roll(int[] shifts, int[] axes) {
    Tensor x = self();
    if (shifts.length != axes.length) {
      throw new ShapeException(
          Message.of("roll", "needs one shift for each axis")
              .row("shifts", Arrays.toString(shifts))
              .row("axes", Arrays.toString(axes)),
          x.shape());
    }
    Tensor rolled = x;
    for (int i = 0; i < axes.length; i++) {
      rolled = rolled.roll(shifts[i], axes[i]);
    }
    return rolled == x ? x.copy() : rolled;
  }

  /// A copy in which the whole tensor stands `times[axis]` times along every axis, like a tiled
  /// floor; more numbers than axes add axes on the left. NumPy calls it `tile`.
  ///
  /// | | shape |
  /// |---|---|
  /// | this | (2, 3) |
  /// | `repeat(2, 2)` | (4, 6) |
  /// | `repeat(5, 1, 1)` | (5, 2, 3) |
  ///
  /// @throws ShapeException if there are fewer numbers than axes, or one is negative
  default Tensor repeat(int... times) {
    Tensor x = self();
    int rank = times.length;
    if (rank < x.rank()) {
      throw new ShapeException(
          Message.of("repeat", "needs a number for each of " + x.rank() + " axes, found " + rank)
              .row("shape", x.shape())
              .row("times", Arrays.toString(times)),
          x.shape());
    }
    Tensor tiles = x;
    int[] sizes = new int[rank];
    int[] repeated = new int[2 * rank];
    for (int axis = 0; axis < rank; axis++) {
      int old = axis - (rank - x.rank());
      int size = old < 0 ? 1 : x.size(old);
      tiles = old < 0 ? tiles.unsqueeze(0).unsqueeze(0) : tiles.unsqueeze(2 * axis);
      repeated[2 * axis] = times[axis];
      repeated[2 * axis + 1] = size;
      sizes[axis] = Math.multiplyExact(times[axis], size);
    }
    return tiles.expand(Shape.of(repeated)).copy().reshape(Shape.of(sizes));
  }

  /// A copy in which every element stands `times` times, one behind the other, along `axis`.
  ///
  /// @throws ShapeException if `times` is negative
  default Tensor repeatInterleave(int times, int axis) {
    Tensor x = self();
    int a = x.shape().axis(axis);
    int[] sizes = Arrays.copyOf(x.shape().toArray(), x.rank() + 1);
    System.arraycopy(sizes, a, sizes, a + 1, x.rank() - a);
    sizes[a + 1] = times;
    return x.unsqueeze(a + 1).expand(Shape.of(sizes)).copy().flatten(a, a + 1);
  }

  /// A copy in which part `i` along `axis` stands `times[i]` times, one behind the other.
  ///
  /// @throws ShapeException if `times` has not one number for each part, or one is negative
  default Tensor repeatInterleave(int[] times, int axis) {
    Tensor x = self();
    int a = x.shape().axis(axis);
    if (times.length != x.size(a) || IntStream.of(times).anyMatch(n -> n < 0)) {
      throw new ShapeException(
          Message.of("repeatInterleave", "needs a number for each part of axis " + a)
              .row("shape", x.shape())
              .row("times", Arrays.toString(times))
              .row("rule", x.size(a) + " numbers, none negative"),
          x.shape());
    }
    int[] places =
        IntStream.range(0, times.length)
            .flatMap(part -> IntStream.generate(() -> part).limit(times[part]))
            .toArray();
    return x.indexSelect(a, Tensor.of(places).to(x.device()));
  }

  // ---- joining --------------------------------------------------------------------------------

  /// Windows laid where [Tensor#window] saw them, and added where they overlap: its adjoint,
  /// `⟨window(x), y⟩ = ⟨x, overlapAdd(y)⟩`. With it a signal is put together from its frames.
  ///
  /// | | shape |
  /// |---|---|
  /// | this | (…, windows, …, kernel): windows along `axis` of the result |
  /// | result | (…, `size`, …) |
  ///
  /// What meets is added in the order of the elements in their windows; halves in F32, rounded
  /// once.
  ///
  /// @throws ShapeException if these are not all windows of an axis of that size
  /// @throws DTypeException for truth values, which do not add
  default Tensor overlapAdd(int axis, int size, int stride, int dilation) {
    Tensor x = self();
    if (x.dtype() == DType.BOOL) {
      throw new DTypeException(
          Message.of("overlapAdd", "needs numbers, found bool")
              .row("help", "convert with to(DType.I32)"),
          x.shape());
    }
    if (x.rank() < 2) {
      throw new ShapeException(
          "overlapAdd", "needs windows in the last axis, found " + x.shape(), x.shape());
    }
    Shape outside = Shape.of(Arrays.copyOf(x.shape().toArray(), x.rank() - 1));
    int a = outside.axis(axis);
    int kernel = x.size(-1);
    Layout whole = Layout.contiguous(outside.with(a, size));
    Shape windows = whole.window(a, kernel, stride, dilation).shape();
    if (!windows.equals(x.shape())) {
      throw new ShapeException(
          Message.of("overlapAdd", "these are not the windows of an axis of size " + size)
              .row("found", x.shape())
              .row("rule", windows),
          x.shape());
    }
    Sliding sliding = new Sliding(stride, 0, dilation);
    return Windows.overlapAdd(x.to(Convolved.wide(x.dtype())), a, size, sliding).to(x.dtype());
  }

  static Tensor concat(int axis, Tensor... parts) {
    if (parts.length == 0) {
      throw new ShapeException("concat", "needs at least one tensor");
    }
    Tensor first = parts[0];
    Device device = Tensor.commonDevice("concat", parts);
    int total = 0;
    for (Tensor part : parts) {
      if (part.rank() != first.rank()
          || !part.shape().with(axis, 0).equals(first.shape().with(axis, 0))) {
        throw new ShapeException(
            Message.of("concat", "shapes differ outside axis " + axis)
                .row("first", first.shape())
                .row("other", part.shape()),
            first.shape(),
            part.shape());
      }
      total = Math.addExact(total, part.size(axis));
    }
    DType dtype = Tensor.promote("concat", parts);
    Tensor result = Tensor.uninitialized(first.shape().with(axis, total), dtype, device);
    int place = 0;
    for (Tensor part : parts) {
      device.backend().copy(part, result.slice(axis, place, place + part.size(axis), 1));
      place += part.size(axis);
    }
    return result;
  }
}
