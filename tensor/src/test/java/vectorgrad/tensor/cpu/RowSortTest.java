package vectorgrad.tensor.cpu;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import vectorgrad.tensor.DType;
import vectorgrad.tensor.Device;
import vectorgrad.tensor.Shape;
import vectorgrad.tensor.Tensor;

/// The fast sort against the plain one, where rows are long enough to be dealt into heaps, and
/// where keys of 64 bits are equal in one half.
class RowSortTest {
  private static final int[] LENGTHS = {1, 2, 17, 511, 512, 513, 2049, 6000};

  @Property(tries = 40)
  void rowsOfEveryLengthAndKeyAreSortedAsByTheReference(@ForAll long seed) {
    Random random = new Random(seed);
    int n = LENGTHS[random.nextInt(LENGTHS.length)];
    double[] values = new double[n];
    int kind = random.nextInt(4);
    for (int i = 0; i < n; i++) {
      values[i] =
          switch (kind) {
            case 0 -> random.nextGaussian();
            case 1 -> random.nextInt(5) - 2; // many equal ones
            case 2 -> Double.longBitsToDouble(random.nextLong()); // every exponent, NaN too
            default -> 1 + Math.ulp(1.0) * random.nextInt(1000); // the upper halves are equal
          };
    }
    for (DType dtype : new DType[] {DType.F64, DType.F32, DType.I32}) {
      Tensor fast = Tensor.of(values).to(dtype);
      Tensor plain = fast.to(Device.REFERENCE);
      assertArrayEquals(plain.argsort(0).toInts(), fast.argsort(0).toInts());
      assertArrayEquals(plain.argsort(0, true).toInts(), fast.argsort(0, true).toInts());
      int k = random.nextInt(n / 8 + 1);
      assertArrayEquals(
          plain.topk(k).indices().toInts(), fast.topk(k).indices().toInts(), "the first " + k);
    }
  }

  @Property(tries = 10)
  void manyRowsAreSortedInParallelAsOneByOne(@ForAll long seed) {
    Random random = new Random(seed);
    int[] values = random.ints(200 * 130, -9, 9).toArray();
    Tensor x = Tensor.of(values, Shape.of(200, 130));
    for (int axis = 0; axis < 2; axis++) {
      assertArrayEquals(x.to(Device.REFERENCE).argsort(axis).toInts(), x.argsort(axis).toInts());
    }
  }
}
