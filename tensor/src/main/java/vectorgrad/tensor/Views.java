package vectorgrad.tensor;

import java.util.Arrays;
import java.util.stream.IntStream;

/// Operations that see the same elements with their axes in another order or grouping. They share
/// memory and cost nothing, except where a sentence says that it copies.
sealed interface Views permits Tensor {

  private Tensor self() {
    return (Tensor) this;
  }

  // ---- the order of the axes ------------------------------------------------------------------

  /// The last two axes exchanged.
  default Tensor transpose() {
    Tensor x = self();
    if (x.rank() < 2) {
      throw new ShapeException(
          Message.of("transpose", "needs at least two axes")
              .row("shape", x.shape())
              .row("help", "unsqueeze(0) makes a row, unsqueeze(1) a column"),
          x.shape());
    }
    return swapaxes(-1, -2);
  }

  /// The axes in another order: axis `i` of the result is axis `order[i]`; negative axes count from
  /// the end.
  default Tensor permute(int... order) {
    return self().view(self().layout().permute(order));
  }

  /// Two axes exchanged.
  default Tensor swapaxes(int axis1, int axis2) {
    Shape shape = self().shape();
    int[] order = IntStream.range(0, shape.rank()).toArray();
    order[shape.axis(axis1)] = shape.axis(axis2);
    order[shape.axis(axis2)] = shape.axis(axis1);
    return permute(order);
  }

  /// The axis `from` at place `to`; the others keep their order.
  default Tensor movedim(int from, int to) {
    return movedim(new int[] {from}, new int[] {to});
  }

  /// The axes `from` at the places `to`, one for each; the others keep their order in the places
  /// that are left.
  ///
  /// @throws ShapeException if there are not as many places as axes, or one is named twice
  default Tensor movedim(int[] from, int[] to) {
    Shape shape = self().shape();
    int[] order = new int[shape.rank()];
    Arrays.fill(order, -1);
    boolean[] moved = new boolean[order.length];
    boolean valid = from.length == to.length;
    for (int i = 0; valid && i < from.length; i++) {
      int source = shape.axis(from[i]);
      int target = shape.axis(to[i]);
      valid = !moved[source] && order[target] < 0;
      moved[source] = true;
      order[target] = source;
    }
    if (!valid) {
      throw new ShapeException(
          Message.of(
                  "movedim", "cannot move " + Arrays.toString(from) + " to " + Arrays.toString(to))
              .row("shape", shape)
              .row("rule", "as many places as axes, each named once"),
          shape);
    }
    for (int place = 0, axis = 0; place < order.length; place++) {
      if (order[place] < 0) {
        while (moved[axis]) {
          axis++;
        }
        order[place] = axis++;
      }
    }
    return permute(order);
  }

  // ---- the grouping of the elements -----------------------------------------------------------

  /// The same elements, in row-major order, in another shape; one size may be −1 and is found from
  /// the others. A view where no element needs to move, a copy otherwise.
  default Tensor reshape(int... sizes) {
    return reshape(complete("reshape", self().shape(), self().size(), sizes));
  }

  /// The same elements, in row-major order, in another shape. A view where possible, otherwise a
  /// copy.
  default Tensor reshape(Shape shape) {
    Tensor x = self();
    return x.layout()
        .reshape(shape)
        .map(x::view)
        .orElseGet(() -> x.copy().view(Layout.contiguous(shape)));
  }

  /// The axes from `startAxis` on as one; a scalar becomes a vector. A view where possible,
  /// otherwise a copy.
  default Tensor flatten(int startAxis) {
    return flatten(startAxis, -1);
  }

  /// The axes from `startAxis` to `endAxis`, both included, as one; a scalar becomes a vector. A
  /// view where possible, otherwise a copy.
  ///
  /// @throws ShapeException if `endAxis` is before `startAxis`
  default Tensor flatten(int startAxis, int endAxis) {
    Shape shape = self().shape();
    if (shape.rank() == 0 && (startAxis == 0 || startAxis == -1) && endAxis == -1) {
      return reshape(1);
    }
    int start = shape.axis(startAxis);
    int end = shape.axis(endAxis);
    if (end < start) {
      throw new ShapeException(
          Message.of("flatten", "axis " + startAxis + " is behind axis " + endAxis)
              .row("shape", shape),
          shape);
    }
    int[] sizes = new int[shape.rank() - (end - start)];
    for (int axis = 0; axis < shape.rank(); axis++) {
      int target = axis <= start ? axis : Math.max(start, axis - (end - start));
      sizes[target] =
          axis > start && axis <= end ? sizes[target] * shape.get(axis) : shape.get(axis);
    }
    return reshape(Shape.of(sizes));
  }

  /// One axis as several, whose sizes multiply to its size; one of them may be −1. The inverse of
  /// [#flatten(int, int)], and always a view.
  default Tensor unflatten(int axis, int... sizes) {
    Shape shape = self().shape();
    int a = shape.axis(axis);
    int[] parts = complete("unflatten", shape, shape.get(a), sizes).toArray();
    int[] all = Arrays.copyOf(shape.toArray(), shape.rank() - 1 + parts.length);
    System.arraycopy(parts, 0, all, a, parts.length);
    for (int i = a + 1; i < shape.rank(); i++) {
      all[i - 1 + parts.length] = shape.get(i);
    }
    if (Arrays.stream(parts).reduce(1, (x, y) -> x * y) != shape.get(a)) {
      throw new ShapeException(
          Message.of("unflatten", Shape.of(parts) + " does not make " + shape.get(a))
              .row("shape", shape)
              .row("rule", "the sizes multiply to that of axis " + a),
          shape);
    }
    return reshape(Shape.of(all));
  }

  /// Without any of the axes of size 1.
  default Tensor squeeze() {
    Layout layout = self().layout();
    for (int axis = self().rank() - 1; axis >= 0; axis--) {
      layout = layout.shape().get(axis) == 1 ? layout.squeeze(axis) : layout;
    }
    return self().view(layout);
  }

  /// Without `axis`, whose size must be 1.
  default Tensor squeeze(int axis) {
    return self().view(self().layout().squeeze(axis));
  }

  /// With a new axis of size 1 before `axis`; negative places count from the end of the result.
  default Tensor unsqueeze(int axis) {
    return self().view(self().layout().unsqueeze(axis));
  }

  // ---- repetition -----------------------------------------------------------------------------

  /// Seen in a larger shape: axes of size 1, and new ones on the left, are repeated by stride 0.
  default Tensor expand(Shape shape) {
    Tensor x = self();
    return x.shape().equals(shape) ? x : x.within(x.layout().expand(shape));
  }

  /// Seen in a larger shape, as [#expand(Shape)]; −1 keeps the size of an axis.
  default Tensor expand(int... sizes) {
    Shape shape = self().shape();
    int[] complete = sizes.clone();
    int added = sizes.length - shape.rank();
    for (int i = Math.max(0, added); i < sizes.length; i++) {
      complete[i] = sizes[i] == -1 ? shape.get(i - added) : sizes[i];
    }
    return expand(Shape.of(complete));
  }

  /// [#expand(Shape)], by the name it has in NumPy.
  default Tensor broadcastTo(Shape shape) {
    return expand(shape);
  }

  private static Shape complete(String operation, Shape from, int elements, int[] sizes) {
    long known = 1;
    int unknown = -1;
    for (int i = 0; i < sizes.length; i++) {
      if (sizes[i] == -1 && unknown < 0) {
        unknown = i;
      } else {
        known = Math.clamp(known * sizes[i], -1, Integer.MAX_VALUE);
      }
    }
    if (unknown < 0) {
      return Shape.of(sizes);
    }
    if (known <= 0 || elements % known != 0) {
      throw new ShapeException(
          Message.of(operation, "no size fits for −1")
              .row("from", from)
              .row("to", Arrays.toString(sizes))
              .row("rule", "the known sizes divide the " + elements + " elements"),
          from);
    }
    int[] complete = sizes.clone();
    complete[unknown] = (int) (elements / known);
    return Shape.of(complete);
  }
}
