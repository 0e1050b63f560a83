package vectorgrad.tensor;

/// Operations that look at the same elements in another arrangement. They share memory and cost
/// nothing, except where a sentence says that it copies.
sealed interface Views permits Tensor {

  private Tensor self() {
    return (Tensor) this;
  }

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
    int[] order = new int[x.rank()];
    for (int i = 0; i < order.length; i++) {
      order[i] = i;
    }
    order[order.length - 1] = order.length - 2;
    order[order.length - 2] = order.length - 1;
    return permute(order);
  }

  /// The axes in another order: axis `i` of the result is axis `order[i]`.
  default Tensor permute(int... order) {
    return self().view(self().layout().permute(order));
  }

  /// The same elements, in row-major order, in another shape; one size may be −1 and is found from
  /// the others. A view where no element needs to move, a copy otherwise.
  default Tensor reshape(int... sizes) {
    return reshape(complete(self().shape(), sizes));
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

  /// The axes from `startAxis` on as one.
  default Tensor flatten(int startAxis) {
    Shape shape = self().shape();
    int start = shape.axis(startAxis);
    int[] sizes = java.util.Arrays.copyOf(shape.toArray(), start + 1);
    for (int axis = start + 1; axis < shape.rank(); axis++) {
      sizes[start] *= shape.get(axis);
    }
    return reshape(Shape.of(sizes));
  }

  /// Seen in a larger shape: axes of size 1, and new ones on the left, are repeated by stride 0.
  default Tensor expand(Shape shape) {
    Tensor x = self();
    return x.shape().equals(shape) ? x : x.view(x.layout().expand(shape));
  }

  /// Every `step`-th element along `axis`, from `from` up to but without `to`; negative places
  /// count from the end.
  default Tensor slice(int axis, int from, int to, int step) {
    Tensor x = self();
    int size = x.size(axis);
    int start = from < 0 ? from + size : from;
    int end = to < 0 ? to + size : to;
    return x.view(x.layout().slice(axis, start, end, step));
  }

  /// The elements along `axis` from `from` up to but without `to`.
  default Tensor slice(int axis, int from, int to) {
    return slice(axis, from, to, 1);
  }

  /// The part at `index` of `axis`, without that axis; negative indices count from the end.
  default Tensor select(int axis, int index) {
    Tensor x = self();
    return x.view(x.layout().select(axis, index < 0 ? index + x.size(axis) : index));
  }

  /// The elements along `axis` in reverse.
  default Tensor flip(int axis) {
    return self().view(self().layout().flip(axis));
  }

  /// Sliding windows along `axis`: the axis counts windows, a new last axis holds each one's
  /// `kernel` elements, `dilation` apart; neighbouring windows are `stride` apart.
  default Tensor window(int axis, int kernel, int stride, int dilation) {
    return self().view(self().layout().window(axis, kernel, stride, dilation));
  }

  /// Without `axis`, whose size must be 1.
  default Tensor squeeze(int axis) {
    return self().view(self().layout().squeeze(axis));
  }

  /// With a new axis of size 1 before `axis`.
  default Tensor unsqueeze(int axis) {
    return self().view(self().layout().unsqueeze(axis));
  }

  /// A copy with `before` and `after` elements of 0 added along `axis`.
  default Tensor pad(int axis, int before, int after) {
    return pad(axis, before, after, 0);
  }

  /// A copy with `before` and `after` elements of the given `value` added along `axis`; itself if
  /// there is nothing to add.
  default Tensor pad(int axis, int before, int after, double value) {
    Tensor x = self();
    if (before == 0 && after == 0) {
      return x;
    }
    if (before < 0 || after < 0) {
      throw new ShapeException(
          Message.of("pad", "cannot add " + Math.min(before, after) + " elements")
              .row("shape", x.shape())
              .row("help", "slice(…) takes elements away"),
          x.shape());
    }
    int size = x.size(axis);
    Shape padded = x.shape().with(axis, size + before + after);
    Tensor result = Tensor.full(value, padded, x.dtype(), x.device());
    x.device().backend().copy(x, result.slice(axis, before, before + size, 1));
    return result;
  }

  static Tensor concat(int axis, Tensor... parts) {
    if (parts.length == 0) {
      throw new ShapeException("concat", "needs at least one tensor");
    }
    Tensor first = parts[0];
    Device device = Tensor.commonDevice("concat", parts);
    int total = 0;
    for (Tensor part : parts) {
      Tensor.commonDType("concat", first, part);
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
    Tensor result = Tensor.uninitialized(first.shape().with(axis, total), first.dtype(), device);
    int place = 0;
    for (Tensor part : parts) {
      device.backend().copy(part, result.slice(axis, place, place + part.size(axis), 1));
      place += part.size(axis);
    }
    return result;
  }

  private static Shape complete(Shape from, int[] sizes) {
    int known = 1;
    int unknown = -1;
    for (int i = 0; i < sizes.length; i++) {
      if (sizes[i] == -1 && unknown < 0) {
        unknown = i;
      } else {
        known *= sizes[i];
      }
    }
    if (unknown < 0) {
      return Shape.of(sizes);
    }
    if (known <= 0 || from.size() % known != 0) {
      throw new ShapeException(
          Message.of("reshape", "no size fits for −1")
              .row("from", from)
              .row("to", java.util.Arrays.toString(sizes))
              .row("rule", "the known sizes divide the " + from.size() + " elements"),
          from);
    }
    int[] complete = sizes.clone();
    complete[unknown] = from.size() / known;
    return Shape.of(complete);
  }
}
