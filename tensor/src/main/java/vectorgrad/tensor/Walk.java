package vectorgrad.tensor;

/// A walk over the elements of several tensors of one shape, handed out as *rows*: runs of elements
/// whose places advance by a constant stride for every operand. The walk drops axes of size 1 and
/// merges neighbouring axes that every operand crosses evenly, so two contiguous tensors are a
/// single row, whatever their rank. Kernels see rows and never an index.
public final class Walk {
  private final int operands;
  private final int count; // of axes, with the row itself
  private final int axes; // outer axes, without it
  private final int[] sizes; // of the axes
  private final int[][] strides; // [axis][operand]
  private final int[] start; // the offset of every operand
  private final int[] rowStrides;
  private final int rowLength;
  private final int rows;

  /// What is done with one row. `offsets` holds the place of the row's first element in every
  /// operand; it is the walk's own array, valid during the call.
  @FunctionalInterface
  public interface Row {
    /// Works on the row whose operands begin at `offsets`.
    void at(int[] offsets);
  }

  /// What is done with some elements of a row.
  @FunctionalInterface
  public interface Run {
    /// Works on `count` elements, the first of which are at `places`, an array to be used up.
    void at(int[] places, int count);
  }

  private Walk(Shape shape, Layout[] layouts) {
    operands = layouts.length;
    int rank = shape.rank();
    int[] merged = new int[rank];
    int[][] steps = new int[rank][];
    int left = 0;
    for (int axis = 0; axis < rank; axis++) {
      int size = shape.get(axis);
      if (size == 1) {
        continue;
      }
      int[] step = new int[operands];
      for (int i = 0; i < operands; i++) {
        step[i] = layouts[i].stride(axis);
      }
      if (left > 0 && follows(steps[left - 1], step, size)) {
        merged[left - 1] *= size;
        steps[left - 1] = step;
      } else {
        merged[left] = size;
        steps[left++] = step;
      }
    }
    start = new int[operands];
    for (int i = 0; i < operands; i++) {
      start[i] = layouts[i].offset();
    }
    count = left;
    axes = Math.max(0, left - 1);
    rowLength = left == 0 ? 1 : merged[left - 1];
    rowStrides = left == 0 ? new int[operands] : steps[left - 1];
    sizes = merged;
    strides = steps;
    int product = shape.size() == 0 ? 0 : 1;
    for (int axis = 0; axis < axes && product > 0; axis++) {
      product *= sizes[axis];
    }
    rows = product;
  }

  /// A walk over operands that all have the same shape, broadcast ones expanded already.
  public static Walk over(Layout... operands) {
    Shape shape = operands[0].shape();
    for (Layout operand : operands) {
      if (!operand.shape().equals(shape)) {
        throw new ShapeException(
            Message.of("walk", "operands differ in shape, " + shape + " and " + operand.shape())
                .row("rule", "expand operands to one shape first"),
            shape,
            operand.shape());
      }
    }
    return new Walk(shape, operands);
  }

  private static boolean follows(int[] outer, int[] inner, int size) {
    for (int i = 0; i < inner.length; i++) {
      if (outer[i] != inner[i] * size) {
        return false;
      }
    }
    return true;
  }

  /// The number of rows.
  public int rows() {
    return rows;
  }

  /// The number of elements in a row.
  public int rowLength() {
    return rowLength;
  }

  /// The distance, within a row, from one element of `operand` to the next.
  public int rowStride(int operand) {
    return rowStrides[operand];
  }

  /// The distances within a row of all operands, a fresh array.
  public int[] rowStrides() {
    return rowStrides.clone();
  }

  /// The number of axes that are left, the row among them as the last one; 0 for a single element.
  public int axes() {
    return count;
  }

  /// The number of elements along an axis that is left.
  public int size(int axis) {
    return sizes[axis];
  }

  /// The distance from one element of `operand` to the next along an axis that is left.
  public int stride(int axis, int operand) {
    return strides[axis][operand];
  }

  /// The place of the first element of `operand`.
  public int start(int operand) {
    return start[operand];
  }

  /// Visits all rows in row-major order.
  public void forEachRow(Row row) {
    forEachRow(0, rows, row);
  }

  /// Visits the rows from number `from` up to but without `to`, in row-major order.
  public void forEachRow(int from, int to, Row row) {
    if (from >= to) {
      return;
    }
    int[] index = new int[axes];
    int[] offsets = start.clone();
    int rest = from;
    for (int axis = axes - 1; axis >= 0; axis--) {
      index[axis] = rest % sizes[axis];
      rest /= sizes[axis];
      move(offsets, axis, index[axis]);
    }
    for (int number = from; ; ) {
      row.at(offsets);
      if (++number == to) {
        return;
      }
      int axis = axes - 1;
      while (++index[axis] == sizes[axis]) {
        move(offsets, axis, 1 - sizes[axis]);
        index[axis--] = 0;
      }
      move(offsets, axis, 1);
    }
  }

  /// The number of elements.
  public int elements() {
    return rows * rowLength;
  }

  /// Visits the elements from number `from` up to but without `to` one by one, in row-major order.
  public void forEachElement(int from, int to, Row element) {
    forEachRun(
        from,
        to,
        (places, count) -> {
          for (int i = 0; i < count; i++) {
            element.at(places);
            for (int k = 0; k < operands; k++) {
              places[k] += rowStrides[k];
            }
          }
        });
  }

  /// Visits the elements from number `from` up to but without `to`, in row-major order, as rows of
  /// which the first and the last need not be whole.
  public void forEachRun(int from, int to, Run run) {
    if (from >= to) {
      return;
    }
    int[] places = new int[operands];
    int[] number = {from - from % rowLength};
    forEachRow(
        from / rowLength,
        Math.ceilDiv(to, rowLength),
        offsets -> {
          int first = Math.max(from, number[0]) - number[0];
          int last = Math.min(to, number[0] + rowLength) - number[0];
          for (int k = 0; k < operands; k++) {
            places[k] = offsets[k] + first * rowStrides[k];
          }
          run.at(places, last - first);
          number[0] += rowLength;
        });
  }

  private void move(int[] offsets, int axis, int by) {
    int[] step = strides[axis];
    for (int i = 0; i < operands; i++) {
      offsets[i] += by * step[i];
    }
  }
}
