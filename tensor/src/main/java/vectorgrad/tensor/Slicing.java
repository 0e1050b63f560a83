package vectorgrad.tensor;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/// Operations that see a part of the elements, or see them in another direction. They are views:
/// they share memory and cost nothing.
sealed interface Slicing permits Tensor {

  private Tensor self() {
    return (Tensor) this;
  }

  /// What stands between NumPy's brackets, as text; axes that are not named stay whole.
  ///
  /// | text | chooses |
  /// |---|---|
  /// | `3`, `-1` | one part, and drops the axis |
  /// | `1:4`, `:-1`, `2:` | a range |
  /// | `::2`, `::-1` | every second part, all in reverse |
  /// | `...` | all of the axes between |
  /// | `None` | a new axis of size 1 |
  ///
  /// ```java
  /// pictures.slice("..., ::-1"); // every picture mirrored
  /// text.slice(":, -1"); // the last column
  /// x.slice("%d:%d, None".formatted(from, to));
  /// ```
  ///
  /// @throws ShapeException if the text cannot be read, or names more axes than there are
  /// @throws IndexException if an index lies outside its axis; ranges are cut off
  default Tensor slice(String text) {
    return self().view(new Subscript(text).applyTo(self().layout()));
  }

  /// Every `step`-th element along `axis`, from `from` up to but without `to`, by Python's rules:
  /// negative places count from the end, what lies outside is cut off, a negative step walks
  /// backwards. See [Slice], whose constants reach both ends.
  ///
  /// @throws ShapeException if `step` is 0
  default Tensor slice(int axis, int from, int to, int step) {
    Tensor x = self();
    return x.view(x.layout().slice(axis, new Slice(from, to, step).within(x.size(axis))));
  }

  /// The elements along `axis` from `from` up to but without `to`.
  default Tensor slice(int axis, int from, int to) {
    return slice(axis, from, to, 1);
  }

  /// The `length` elements along `axis` from `start` on; a negative start counts from the end.
  ///
  /// @throws ShapeException if there are not as many: unlike a slice, nothing is cut off
  default Tensor narrow(int axis, int start, int length) {
    Tensor x = self();
    int size = x.size(axis);
    long from = start < 0 ? (long) start + size : start;
    if (from < 0 || length < 0 || from + length > size) {
      throw new ShapeException(
          Message.of(
                  "narrow",
                  length + " elements from " + start + " on leave axis " + x.shape().axis(axis))
              .row("shape", x.shape())
              .row("rule", "start + length <= " + size),
          x.shape());
    }
    return slice(axis, (int) from, (int) from + length, 1);
  }

  /// The part at `index` of `axis`, without that axis; negative indices count from the end.
  ///
  /// @throws IndexException if the axis has no such part
  default Tensor select(int axis, int index) {
    return self().view(self().layout().select(axis, index));
  }

  /// All parts along `axis`, each without that axis.
  default List<Tensor> unbind(int axis) {
    return IntStream.range(0, self().size(axis)).mapToObj(i -> select(axis, i)).toList();
  }

  /// Parts of `size` along `axis`; the last one is smaller if the size does not divide the axis. An
  /// axis of size 0 is one part.
  ///
  /// @throws ShapeException if `size` is not positive
  default List<Tensor> split(int size, int axis) {
    int whole = self().size(axis);
    if (size < 1) {
      throw new ShapeException(
          Message.of("split", "parts of " + size + " elements")
              .row("shape", self().shape())
              .row("rule", "a part has at least one element"),
          self().shape());
    }
    List<Tensor> parts = new ArrayList<>();
    for (long from = 0; from < whole || from == 0; from += size) {
      parts.add(slice(axis, (int) from, (int) Math.min(whole, from + size)));
    }
    return List.copyOf(parts);
  }

  /// Parts of the given `sizes` along `axis`.
  ///
  /// @throws ShapeException if the sizes do not add to that of the axis
  default List<Tensor> split(int[] sizes, int axis) {
    Tensor x = self();
    if (IntStream.of(sizes).anyMatch(size -> size < 0)
        || IntStream.of(sizes).asLongStream().sum() != x.size(axis)) {
      throw new ShapeException(
          Message.of(
                  "split",
                  "parts of " + Shape.listed(sizes) + " elements do not make " + x.size(axis))
              .row("shape", x.shape())
              .row("rule", "the sizes add to that of axis " + x.shape().axis(axis)),
          x.shape());
    }
    List<Tensor> parts = new ArrayList<>();
    int from = 0;
    for (int size : sizes) {
      parts.add(narrow(axis, from, size));
      from += size;
    }
    return List.copyOf(parts);
  }

  /// At most `chunks` parts of equal size along `axis`, the last one smaller: parts of the size
  /// divided by `chunks`, rounded up, so that there may be fewer of them.
  ///
  /// @throws ShapeException if `chunks` is not positive
  default List<Tensor> chunk(int chunks, int axis) {
    int size = self().size(axis);
    if (chunks < 1) {
      throw new ShapeException("chunk", "needs at least one part, found " + chunks, self().shape());
    }
    return size == 0 ? split(new int[chunks], axis) : split(Math.ceilDiv(size, chunks), axis);
  }

  /// The elements along `axes` in reverse, along all axes without any.
  ///
  /// @throws ShapeException if an axis is named twice
  default Tensor flip(int... axes) {
    Layout layout = self().layout();
    boolean[] flipped = new boolean[self().rank()];
    for (int axis : axes.length == 0 ? IntStream.range(0, flipped.length).toArray() : axes) {
      int a = self().shape().axis(axis);
      if (flipped[a]) {
        throw new ShapeException(
            "flip", "axis " + a + " of " + self().shape() + " is named twice", self().shape());
      }
      layout = layout.flip(a);
      flipped[a] = true;
    }
    return self().view(layout);
  }

  /// The plane of `axis1` and `axis2` turned by `quarters` of a full turn, from `axis1` towards
  /// `axis2`; negative ones turn back.
  default Tensor rot90(int quarters, int axis1, int axis2) {
    Tensor x = self();
    if (x.shape().axis(axis1) == x.shape().axis(axis2)) {
      throw new ShapeException(
          Message.of("rot90", "needs two different axes, found " + axis1 + " and " + axis2)
              .row("shape", x.shape()),
          x.shape());
    }
    return switch (Math.floorMod(quarters, 4)) {
      case 1 -> x.flip(axis2).swapaxes(axis1, axis2);
      case 2 -> x.flip(axis1, axis2);
      case 3 -> x.swapaxes(axis1, axis2).flip(axis2);
      default -> x;
    };
  }

  /// The main diagonal of the first two axes, as a new last axis.
  default Tensor diagonal() {
    return diagonal(0, 0, 1);
  }

  /// The elements `(i, i + offset)` of the plane of `axis1` and `axis2`, as a new last axis; a
  /// negative offset names a diagonal below the main one. Empty where it leaves the plane.
  default Tensor diagonal(int offset, int axis1, int axis2) {
    return self().view(self().layout().diagonal(offset, axis1, axis2));
  }

  /// Sliding windows along `axis`: the axis counts windows, a new last axis holds each one's
  /// `kernel` elements, `dilation` apart; neighbouring windows are `stride` apart.
  default Tensor window(int axis, int kernel, int stride, int dilation) {
    return self().view(self().layout().window(axis, kernel, stride, dilation));
  }
}
