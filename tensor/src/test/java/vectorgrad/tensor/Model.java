package vectorgrad.tensor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.fail;

import java.util.function.ToDoubleFunction;

/// What a tensor should be, one element at a time: a shape and a function of the index. No strides,
/// no kernels, no shared code with what it tests.
public record Model(Shape shape, ToDoubleFunction<int[]> at) {

  /// The elements of a tensor, read one by one through its layout.
  public static Model of(Tensor tensor) {
    double[] values = new double[tensor.size()];
    int[] index = new int[tensor.rank()];
    for (int i = 0; i < values.length; i++, next(index, tensor.shape())) {
      int place = tensor.layout().at(index);
      values[i] =
          switch (tensor.memory()) {
            case float[] f -> f[place];
            case double[] d -> d[place];
            case int[] n -> n[place];
            case byte[] b -> b[place];
            case Object other -> throw new AssertionError(other.getClass());
          };
    }
    return new Model(tensor.shape(), at -> values[number(at, tensor.shape())]);
  }

  /// The element of this model at an index of a shape it broadcasts to.
  public double broadcastAt(int... index) {
    int[] own = new int[shape.rank()];
    for (int i = 0; i < own.length; i++) {
      own[i] = shape.get(i) == 1 ? 0 : index[index.length - own.length + i];
    }
    return at.applyAsDouble(own);
  }

  /// The element at an index.
  public double get(int... index) {
    return at.applyAsDouble(index);
  }

  /// Every element of `actual` is this model's, within `relative` of it or of 1, or both are NaN.
  public void assertMatches(Tensor actual, double relative) {
    assertEquals(shape, actual.shape());
    Model found = of(actual);
    int[] index = new int[shape.rank()];
    for (int i = 0; i < shape.size(); i++, next(index, shape)) {
      double expected = get(index);
      double value = found.get(index);
      boolean same =
          Double.compare(expected, value) == 0
              || Math.abs(expected - value) <= relative * Math.max(1, Math.abs(expected));
      if (!same) {
        fail(
            "at %s expected %s, found %s, of shape %s"
                .formatted(java.util.Arrays.toString(index), expected, value, shape));
      }
    }
  }

  /// Moves to the next index in row-major order.
  public static void next(int[] index, Shape shape) {
    for (int axis = index.length - 1; axis >= 0; axis--) {
      if (++index[axis] < shape.get(axis)) {
        return;
      }
      index[axis] = 0;
    }
  }

  private static int number(int[] index, Shape shape) {
    int number = 0;
    for (int axis = 0; axis < index.length; axis++) {
      number = number * shape.get(axis) + index[axis];
    }
    return number;
  }
}
