package vectorgrad.tensor;

/// What index tensors have in common: they hold whole numbers, i32 or i64, that count from 0. They
/// never count from the end, since a −1 or −100 among labels is more often a mistake than a wish;
/// `slice` and `select`, which a person writes, do.
final class Places {
  private Places() {}

  /// The index as backends know it, I32. What lies outside of `int` stays outside of every axis.
  static Tensor of(String operation, Tensor index) {
    if (index.dtype() == DType.I64) {
      return index.maximum(like(-1, index)).minimum(like(Integer.MAX_VALUE, index)).to(DType.I32);
    }
    if (index.dtype() != DType.I32) {
      throw new DTypeException(
          Message.of(operation, "needs indices of i32 or i64, found " + index.dtype())
              .row("index", index.shape())
              .row(
                  "help",
                  index.dtype() == DType.BOOL
                      ? "a mask chooses by maskedSelect(mask) or indexBy(mask)"
                      : "convert with to(DType.I32)"),
          index.shape());
    }
    return index;
  }

  private static Tensor like(int value, Tensor x) {
    return Tensor.full(value, Shape.SCALAR, x.dtype(), x.device());
  }

  /// The index as backends know it, once all of it is below `size`; errors say `where` it is not.
  static Tensor within(String operation, Tensor index, Tensor x, String where, int size) {
    Tensor places = of(operation, index);
    if (places.size() > 0 && (places.min().item() < 0 || places.max().item() >= size)) {
      throw outside(operation, index, x.shape(), where, size);
    }
    return places;
  }

  /// Runs a verb of a backend that refuses an index outside of `axis` of the given `size`, and says
  /// which index that was.
  static void run(String operation, Tensor index, Tensor x, int axis, int size, Runnable verb) {
    if (size == 0 && index.size() > 0) {
      throw outside(operation, index, x.shape(), where(axis, size), size);
    }
    try {
      verb.run();
    } catch (IndexOutOfBoundsException e) {
      IndexException found = outside(operation, index, x.shape(), where(axis, size), size);
      if (found.index() >= 0 && found.index() < size) {
        throw e; // all indices are right: a kernel is not
      }
      found.initCause(e);
      throw found;
    }
  }

  private static String where(int axis, int size) {
    return "axis " + axis + " of size " + size;
  }

  /// The error that names the index that is furthest outside, the first of equals.
  static IndexException outside(
      String operation, Tensor index, Shape values, String where, int size) {
    long[] places = index.toLongs();
    int worst = 0;
    int wrong = 0;
    for (int i = 0; i < places.length; i++) {
      wrong += distance(places[i], size) > 0 ? 1 : 0;
      worst = distance(places[i], size) > distance(places[worst], size) ? i : worst;
    }
    long named = places[worst];
    Message message =
        Message.of(
                operation,
                "index " + named + " at " + position(worst, index.shape()) + " is outside " + where)
            .row("values", values)
            .row("index", index.shape() + ", " + wrong + " of " + places.length + " outside")
            .row("rule", size == 0 ? "there are no places" : "0 <= index < " + size);
    if (named < 0) {
      message.row("help", "index tensors do not count from the end, as slice and select do");
    }
    return new IndexException(message, named, size);
  }

  private static long distance(long place, int size) {
    return place < 0 ? Math.abs(Math.max(place, -Long.MAX_VALUE)) : Math.max(0, place - size + 1);
  }

  /// The index of an element by its number in row-major order.
  private static Shape position(int number, Shape shape) {
    int[] at = new int[shape.rank()];
    int rest = number;
    for (int axis = at.length - 1; axis >= 0; axis--) {
      at[axis] = rest % shape.get(axis);
      rest /= shape.get(axis);
    }
    return Shape.of(at);
  }
}
