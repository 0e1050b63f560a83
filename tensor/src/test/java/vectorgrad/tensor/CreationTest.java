package vectorgrad.tensor;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static vectorgrad.tensor.LayoutTest.assertMessage;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/// Ranges, grids and identities. The numbers are NumPy's (`src/test/golden/creation.py`).
class CreationTest {
  private static double[] arange(double start, double end, double step) {
    return Tensor.arange(start, end, step, DType.F64).toDoubles();
  }

  private static double[] linspace(double start, double end, int steps) {
    return Tensor.linspace(start, end, steps, DType.F64).toDoubles();
  }

  @Test
  @Checks("arange")
  void rangesCountAsNumPyDoes() {
    assertArrayEquals(
        new double[] {
          0.0,
          0.1,
          0.2,
          0.30000000000000004,
          0.4,
          0.5,
          0.6000000000000001,
          0.7000000000000001,
          0.8,
          0.9
        },
        arange(0, 1, 0.1));
    assertArrayEquals(new double[] {5, 3, 1}, arange(5, 0, -2));
    assertArrayEquals(new double[] {}, arange(0, -3, 1));
    // NumPy has four as well, although the last one is beyond the end; it rounds twice
    assertArrayEquals(new double[] {1.0, 1.1, 1.2, 1.3}, arange(1, 1.3, 0.1), 1e-15);
    assertArrayEquals(new int[] {-3, -1, 1, 3}, Tensor.arange(-3, 4, 2, DType.I32).toInts());
    assertArrayEquals(new int[] {0, 1, 2}, Tensor.arange(3, DType.I32).toInts());
    assertEquals(0, Tensor.arange(0, DType.F32).size());
  }

  @Test
  @Checks({"linspace", "logspace"})
  void evenStepsAreNumPysToTheBit() {
    assertArrayEquals(
        new double[] {
          0.0,
          0.16666666666666666,
          0.3333333333333333,
          0.5,
          0.6666666666666666,
          0.8333333333333333,
          1.0
        },
        linspace(0, 1, 7));
    assertArrayEquals(
        new double[] {2.5, 1.3333333333333333, 0.16666666666666652, -1.0}, linspace(2.5, -1, 4));
    assertArrayEquals(new double[] {0.1, 0.25, 0.4, 0.5499999999999999, 0.7}, linspace(.1, .7, 5));
    assertArrayEquals(new double[] {3}, linspace(3, 9, 1));
    assertArrayEquals(new double[] {}, linspace(3, 9, 0));
    double tiny = Double.MIN_VALUE;
    assertArrayEquals(new double[] {0, 0, tiny, tiny}, linspace(0, tiny, 4));
    assertArrayEquals(
        new double[] {1, 10, 100, 1000}, Tensor.logspace(0, 3, 4, 10, DType.F64).toDoubles());
    assertArrayEquals(
        new double[] {.1, 1, 10}, Tensor.logspace(-1, 1, 3, 10, DType.F64).toDoubles());
  }

  @Property(tries = 100)
  @Checks("linspace")
  void bothEndsAreExact(@ForAll long seed, @ForAll @IntRange(min = 2, max = 300) int steps) {
    var random = new java.util.Random(seed);
    double start = random.nextGaussian();
    double end = random.nextGaussian() * 1e6;
    double[] values = linspace(start, end, steps);
    assertEquals(start, values[0]);
    assertEquals(end, values[steps - 1]);
  }

  @Test
  @Checks({"eye", "tri", "trilIndices", "triuIndices", "meshgrid"})
  void identitiesAndTrianglesAreNumPys() {
    assertArrayEquals(new float[] {1, 0, 0, 0, 1, 0}, Tensor.eye(2, 3, DType.F32).toFloats());
    assertArrayEquals(new int[] {1, 0, 0, 1}, Tensor.eye(2, DType.I32).toInts());
    assertEquals(Shape.of(0, 3), Tensor.eye(0, 3, DType.F32).shape());
    assertArrayEquals(
        new float[] {1, 1, 0, 0, 1, 1, 1, 0, 1, 1, 1, 1},
        Tensor.tri(3, 4, 1, DType.F32).toFloats());
    assertArrayEquals(new float[] {0, 0, 1, 0, 1, 1}, Tensor.tri(3, 2, -1, DType.F32).toFloats());
    assertArrayEquals(
        new boolean[] {true, false, true, true}, Tensor.tri(2, 2, 0, DType.BOOL).toBooleans());
    assertArrayEquals(
        new int[] {0, 0, 1, 1, 2, 2, 0, 1, 0, 1, 0, 1}, Tensor.trilIndices(3, 2, 1).toInts());
    assertArrayEquals(new int[] {1, 0}, Tensor.trilIndices(2, 3, -1).toInts());
    assertArrayEquals(
        new int[] {0, 0, 0, 1, 1, 2, 1, 2, 3, 2, 3, 3}, Tensor.triuIndices(3, 4, 1).toInts());
    assertArrayEquals(
        new int[] {0, 0, 1, 1, 2, 0, 1, 0, 1, 1}, Tensor.triuIndices(3, 2, -1).toInts());
    assertEquals(Shape.of(2, 0), Tensor.triuIndices(3, 2, 9).shape());
    var grid = Tensor.meshgrid(Tensor.of(1, 2), Tensor.of(3, 4, 5));
    assertArrayEquals(new int[] {1, 1, 1, 2, 2, 2}, grid.get(0).toInts());
    assertArrayEquals(new int[] {3, 4, 5, 3, 4, 5}, grid.get(1).toInts());
    assertEquals(0, grid.get(0).layout().stride(1));
  }

  @Test
  @Checks({"zerosLike", "onesLike", "fullLike"})
  void whatIsLikeATensorHasItsShapeDtypeAndDevice() {
    Tensor x = Tensor.of(new int[] {1, 2}, Shape.of(2, 1)).to(Device.REFERENCE);
    assertArrayEquals(new int[] {0, 0}, Tensor.zerosLike(x).toInts());
    assertArrayEquals(new int[] {1, 1}, Tensor.onesLike(x).toInts());
    assertArrayEquals(new int[] {7, 7}, Tensor.fullLike(x, 7).toInts());
    assertEquals(Shape.of(2, 1), Tensor.fullLike(x, 7).shape());
    assertSame(Device.REFERENCE, Tensor.zerosLike(x).device());
  }

  @Test
  void whatCannotBeCountedIsRefused() {
    assertEquals(
        """
        arange: cannot count from 0.0 to 1.0 by 0.0
          rule   numbers are finite, and the step is not 0\
        """,
        assertThrows(IllegalArgumentException.class, () -> arange(0, 1, 0)).getMessage());
    assertMessage(
        """
        arange: i32 has no fractions
          start  0.0
          step   0.5
          help   take a floating dtype\
        """,
        () -> Tensor.arange(0, 3, .5, DType.I32));
    assertMessage(
        """
        arange: u8 has no number 299.0
          shape  (300)
          rule   u8 holds whole numbers from 0 to 255
          help   convert the tensor first, with to(DType.F64)\
        """,
        () -> Tensor.arange(300, DType.U8));
    assertMessage(
        """
        arange: too many elements for one Java array, 10000000000
          rule   a tensor holds at most 2^31 − 9 elements\
        """,
        () -> arange(0, 1e10, 1));
    assertMessage(
        """
        linspace: needs a floating dtype, found i32
          help   arange counts in whole numbers\
        """,
        () -> Tensor.linspace(0, 1, 3, DType.I32));
    assertMessage(
        "linspace: needs a number of steps, found -1", () -> Tensor.linspace(0, 1, -1, DType.F32));
    assertMessage(
        "meshgrid: needs vectors, found (2, 1)",
        () -> Tensor.meshgrid(Tensor.of(1, 2), Tensor.of(1, 2).unsqueeze(1)));
  }
}
