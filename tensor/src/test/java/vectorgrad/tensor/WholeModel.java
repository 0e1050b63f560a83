package vectorgrad.tensor;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.function.ToLongFunction;

/// What a tensor of whole numbers should be, exactly, one element at a time: a shape and a function
/// of the index. [Model] for what float64 does not hold.
public record WholeModel(Shape shape, ToLongFunction<int[]> at) {

  /// The elements of a tensor, read one by one through its layout.
  public static WholeModel of(Tensor tensor) {
    long[] values = new long[tensor.size()];
    Object array = Model.array(tensor);
    int[] index = new int[tensor.rank()];
    for (int i = 0; i < values.length; i++, Model.next(index, tensor.shape())) {
      int place = tensor.layout().at(index);
      values[i] =
          switch (array) {
            case int[] n -> n[place];
            case long[] n -> n[place];
            case byte[] b -> tensor.dtype() == DType.U8 ? Byte.toUnsignedLong(b[place]) : b[place];
            case Object other -> throw new AssertionError(other.getClass());
          };
    }
    return new WholeModel(tensor.shape(), at -> values[number(at, tensor.shape())]);
  }

  /// The element at an index.
  public long get(int... index) {
    return at.applyAsLong(index);
  }

  /// The element of this model at an index of a shape it broadcasts to.
  public long broadcastAt(int... index) {
    int[] own = new int[shape.rank()];
    for (int i = 0; i < own.length; i++) {
      own[i] = shape.get(i) == 1 ? 0 : index[index.length - own.length + i];
    }
    return get(own);
  }

  /// Every element of `actual` is this model's, modulo the size of its dtype.
  public void assertMatches(Tensor actual) {
    assertEquals(shape, actual.shape());
    WholeModel found = of(actual);
    int[] index = new int[shape.rank()];
    for (int i = 0; i < shape.size(); i++, Model.next(index, shape)) {
      long expected =
          switch (actual.dtype()) {
            case I32 -> (int) get(index);
            case U8 -> get(index) & 0xff;
            case BOOL -> get(index) != 0 ? 1 : 0;
            default -> get(index);
          };
      assertEquals(expected, found.get(index), () -> java.util.Arrays.toString(index));
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
