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
    Object array = array(tensor);
    int[] index = new int[tensor.rank()];
    for (int i = 0; i < values.length; i++, next(index, tensor.shape())) {
      int place = tensor.layout().at(index);
      values[i] =
          switch (array) {
            case float[] f -> f[place];
            case double[] d -> d[place];
            case int[] n -> n[place];
            case long[] n -> n[place];
            case byte[] b -> tensor.dtype() == DType.U8 ? b[place] & 0xff : b[place];
            case short[] s -> half(tensor.dtype(), s[place]);
            case Object other -> throw new AssertionError(other.getClass());
          };
    }
    return new Model(tensor.shape(), at -> values[number(at, tensor.shape())]);
  }

  /// All of a tensor's memory as a Java array, so that elements are found by the layout alone.
  static Object array(Tensor tensor) {
    if (tensor.memory().getClass().isArray()) {
      return tensor.memory();
    }
    Layout all = Layout.contiguous(Shape.of(tensor.storage().length()));
    return tensor.device().backend().download(tensor.view(all));
  }

  private static double half(DType dtype, short bits) {
    return dtype == DType.F16 ? Float.float16ToFloat(bits) : Float.intBitsToFloat(bits << 16);
  }

  /// A number of one dtype in another.
  public static double converted(double x, DType from, DType to) {
    return switch (to) {
      case F32, F64, F16, BF16 -> rounded(x, to);
      case I32 -> (int) x;
      case I64 -> (long) x;
      case U8 -> from.isFloating() ? Math.clamp((long) x, 0, 255) : Math.floorMod((long) x, 256);
      case BOOL -> x != 0 ? 1 : 0;
    };
  }

  /// The number of a floating dtype that is nearest, the even one of two.
  public static double rounded(double x, DType dtype) {
    if (dtype == DType.F64 || !Double.isFinite(x) || x == 0) {
      return x;
    } else if (dtype == DType.F32) {
      return (float) x;
    }
    int bits = dtype == DType.F16 ? 11 : 8;
    int largest = dtype == DType.F16 ? 15 : 127;
    int exponent = Math.max(Math.getExponent(x), 1 - largest); // subnormal numbers share the least
    double rounded = Math.scalb(Math.rint(Math.scalb(x, bits - 1 - exponent)), exponent - bits + 1);
    return Math.abs(rounded) < Math.scalb(1.0, largest + 1)
        ? rounded
        : Math.copySign(Double.POSITIVE_INFINITY, x);
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
    assertMatches(actual, relative, this);
  }

  /// The same, relative to what each element was computed from, by size.
  public void assertMatches(Tensor actual, double relative, Tensor sizes) {
    assertMatches(actual, relative, of(sizes));
  }

  private void assertMatches(Tensor actual, double relative, Model sizes) {
    assertEquals(shape, actual.shape());
    Model found = of(actual);
    int[] index = new int[shape.rank()];
    for (int i = 0; i < shape.size(); i++, next(index, shape)) {
      double expected = get(index);
      double value = found.get(index);
      double size = Math.max(1, Math.abs(sizes.get(index)));
      boolean same =
          Double.compare(expected, value) == 0 || Math.abs(expected - value) <= relative * size;
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
