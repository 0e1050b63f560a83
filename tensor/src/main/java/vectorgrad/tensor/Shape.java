package vectorgrad.tensor;

import java.util.Arrays;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// The sizes of a tensor's axes, outermost first. `()` is a scalar. Immutable, compared by value.
///
/// Axes are counted from 0; a negative axis counts from the end, as in NumPy.
///
/// The elements of a tensor lie in one Java array and are counted by an `int`, so a shape has at
/// most 2³¹ − 9 of them. That holds for views as well, even for those whose memory is a single
/// repeated number: whatever is computed from one would not fit. Where a size is 0 it counts as 1
/// for this limit, as in NumPy, so that strides never overflow.
public final class Shape {
  /// The most elements that fit into one Java array on every JVM.
  static final int LARGEST = Integer.MAX_VALUE - 8;

  /// The shape of a single number.
  public static final Shape SCALAR = new Shape(new int[0]);

  private final int[] sizes;
  private final int size;

  private Shape(int[] sizes) {
    this.sizes = sizes;
    long product = 1; // of the sizes that are not 0
    boolean empty = false;
    for (int size : sizes) {
      if (size < 0) {
        throw new ShapeException("shape", "sizes must not be negative, found " + size);
      }
      empty |= size == 0;
      product = Math.min(product * Math.max(1, size), Integer.MAX_VALUE);
    }
    if (product > LARGEST) {
      throw new ShapeException(
          Message.of("shape", "too many elements for one Java array")
              .row("shape", listed(sizes))
              .row(
                  "rule",
                  "a tensor holds at most 2^31 − 9 elements"
                      + (empty ? ", a size of 0 counted as 1" : ""))
              .row("help", "split the work into smaller batches"));
    }
    this.size = empty ? 0 : (int) product;
  }

  /// The shape of the given `sizes`.
  ///
  /// @throws ShapeException if a size is negative, or the elements do not fit a Java array
  public static Shape of(int... sizes) {
    return sizes.length == 0 ? SCALAR : new Shape(sizes.clone());
  }

  /// The number of axes.
  public int rank() {
    return sizes.length;
  }

  /// The size of one axis; negative axes count from the end.
  public int get(int axis) {
    return sizes[axis(axis)];
  }

  /// The number of elements: the product of all sizes, 1 for a scalar.
  public int size() {
    return size;
  }

  /// A fresh array of the sizes.
  public int[] toArray() {
    return sizes.clone();
  }

  /// The axis as a number from 0 on.
  ///
  /// @throws ShapeException if there is no such axis
  public int axis(int axis) {
    int positive = axis < 0 ? axis + sizes.length : axis;
    if (positive < 0 || positive >= sizes.length) {
      throw new ShapeException(
          Message.of("axis", "there is no axis " + axis)
              .row("shape", this)
              .row(
                  "rule",
                  sizes.length == 0
                      ? "a scalar has no axes"
                      : "axes go from " + -sizes.length + " to " + (sizes.length - 1)));
    }
    return positive;
  }

  /// This shape with the size of one axis replaced.
  public Shape with(int axis, int size) {
    int[] copy = sizes.clone();
    copy[axis(axis)] = size;
    return new Shape(copy);
  }

  /// The shape that two operands of an elementwise operation broadcast to, by NumPy's rule: aligned
  /// from the right, sizes are equal or one of them is 1.
  ///
  /// @throws ShapeException naming `operation` and the first axis from the right that differs
  public static Shape broadcast(String operation, Shape left, Shape right) {
    if (right.rank() == 0 || left.equals(right)) {
      return left;
    }
    if (left.rank() == 0) {
      return right;
    }
    int rank = Math.max(left.rank(), right.rank());
    int[] sizes = new int[rank];
    for (int axis = -1; axis >= -rank; axis--) {
      int a = axis >= -left.rank() ? left.get(axis) : 1;
      int b = axis >= -right.rank() ? right.get(axis) : 1;
      if (a != b && a != 1 && b != 1) {
        int width = Math.max(left.toString().length(), right.toString().length());
        throw new ShapeException(
            Message.of(
                    operation, "shapes do not broadcast at axis " + axis + ", " + a + " and " + b)
                .row("left", alignRight(left, width))
                .row("right", alignRight(right, width))
                .row("rule", "aligned from the right, sizes are equal or one of them is 1"),
            left,
            right);
      }
      sizes[rank + axis] = a == 1 ? b : a;
    }
    return new Shape(sizes);
  }

  @Override
  public boolean equals(Object other) {
    return this == other || (other instanceof Shape that && Arrays.equals(sizes, that.sizes));
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(sizes);
  }

  /// As Python prints a tuple, `(2, 3)`; a vector is `(3)`, a scalar `()`.
  @Override
  public String toString() {
    return listed(sizes);
  }

  private static String alignRight(Shape shape, int width) {
    return " ".repeat(width - shape.toString().length()) + shape;
  }

  static String listed(int[] sizes) {
    return IntStream.of(sizes)
        .mapToObj(Integer::toString)
        .collect(Collectors.joining(", ", "(", ")"));
  }
}
