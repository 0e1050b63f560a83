package vectorgrad.tensor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/// What tensors look like. Brackets, alignment, wrapping and blank lines are NumPy's
/// (`src/test/golden/printing.py` prints them to be compared); every row of a tensor has as many
/// decimals, and what is shown alone decides how many.
class PrintingTest {
  private static final float INFINITY = Float.POSITIVE_INFINITY;

  private static void assertPrints(String expected, Tensor tensor) {
    assertEquals(expected, tensor.toString());
  }

  @Test
  void columnsAreAligned() {
    assertPrints(
        """
        [[ 1.0, -2.5],
         [ 3.0, 10.0]] (2, 2) f32 on cpu\
        """,
        Tensor.of(new float[] {1, -2.5f, 3, 10}, Shape.of(2, 2)));
    assertPrints("[ true, false] (2) bool on cpu", Tensor.of(true, false));
    assertPrints("[ -1, 100] (2) i32 on reference", Tensor.of(-1, 100).to(Device.REFERENCE));
  }

  @Test
  void decimalsAreAsManyAsTheBitsTake() {
    assertPrints("[2., 4., 6.] (3) f32 on cpu", Tensor.of(2f, 4f, 6f));
    assertPrints("[0.1, 0.5] (2) f32 on cpu", Tensor.of(.1f, .5f));
    assertPrints("[0.1, 0.5] (2) f64 on cpu", Tensor.of(.1, .5));
    assertPrints("[0.1000, 0.3333] (2) f32 on cpu", Tensor.of(.1f, 1 / 3f));
    assertPrints("[0.3000] (1) f64 on cpu", Tensor.of(.1 + .2)); // not the number 0.3
    assertPrints("[-0.,  0.] (2) f64 on cpu", Tensor.of(-0., 0.));
    Tensor tenth = Tensor.of(.1f, 2f); // of halves, the one nearest to 0.1
    assertPrints("[0.1, 2.0] (2) bf16 on cpu", tenth.to(DType.BF16));
    assertPrints("[0.1, 2.0] (2) f16 on cpu", tenth.to(DType.F16));
    assertPrints("[0.1001, 2.0000] (2) f32 on cpu", tenth.to(DType.BF16).to(DType.F32));
  }

  @Test
  void wholeNumbersAreExact() {
    assertPrints(
        "[-9223372036854775808,  9223372036854775807] (2) i64 on cpu",
        Tensor.of(Long.MIN_VALUE, Long.MAX_VALUE));
    assertPrints("[  7, 255] (2) u8 on cpu", Tensor.of((byte) 7, (byte) -1));
  }

  @Test
  void sizesThatDifferTooMuchAreScientific() {
    assertPrints("[ 1.0e+10,  1.0e+00, -2.5e-03] (3) f32 on cpu", Tensor.of(1e10f, 1f, -2.5e-3f));
    assertPrints("[1e-05, 2e-05] (2) f64 on cpu", Tensor.of(1e-5, 2e-5));
    assertPrints("[1.2346e+20] (1) f64 on cpu", Tensor.of(123456789e12));
    assertPrints("[      1., 2000000.] (2) f64 on cpu", Tensor.of(1., 2e6));
  }

  @Test
  void whatIsNotFiniteDoesNotDecide() {
    assertPrints(
        "[ 1., NaN,  -∞,   ∞] (4) f32 on cpu", Tensor.of(1, Float.NaN, -INFINITY, INFINITY));
    assertPrints("[0.5, NaN] (2) f32 on cpu", Tensor.of(.5f, Float.NaN));
    assertPrints("[NaN] (1) f64 on cpu", Tensor.of(Double.NaN));
  }

  @Test
  void scalarsAndNothingHaveTheirForms() {
    assertPrints("7. () f32 on cpu", Tensor.scalar(7f));
    assertPrints("NaN () f64 on cpu", Tensor.scalar(Double.NaN));
    assertPrints("[] (0) f32 on cpu", Tensor.zeros(Shape.of(0), DType.F32));
    assertPrints("[] (2, 0, 3) i32 on cpu", Tensor.zeros(Shape.of(2, 0, 3), DType.I32));
  }

  @Test
  void matricesOfACubeAreSetApart() {
    assertPrints(
        """
        [[[ 0,  1],
          [ 2,  3],
          [ 4,  5]],

         [[ 6,  7],
          [ 8,  9],
          [10, 11]]] (2, 3, 2) i32 on cpu\
        """,
        Tensor.arange(12, DType.I32).reshape(2, 3, 2));
  }

  @Test
  void longRowsAreWrapped() {
    assertPrints(
        """
        [ 0.0,  1.5,  3.0,  4.5,  6.0,  7.5,  9.0, 10.5, 12.0, 13.5, 15.0, 16.5, 18.0,
         19.5, 21.0, 22.5, 24.0, 25.5, 27.0, 28.5, 30.0, 31.5, 33.0, 34.5, 36.0, 37.5,
         39.0, 40.5, 42.0, 43.5, 45.0, 46.5, 48.0, 49.5, 51.0, 52.5, 54.0, 55.5, 57.0,
         58.5] (40) f64 on cpu\
        """,
        Tensor.arange(0, 60, 1.5, DType.F64));
    assertPrints(
        """
        [[0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 0, 1, 2, 3, 4, 5,
          6, 7, 8, 9],
         [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 0, 1, 2, 3, 4, 5,
          6, 7, 8, 9]] (2, 30) i32 on cpu\
        """,
        Tensor.arange(10, DType.I32).unsqueeze(0).expand(Shape.of(6, 10)).reshape(2, 30));
  }

  @Test
  void theMiddleOfLongAxesIsLeftOut() {
    assertPrints(
        "[   0,    1,    2, …, 1998, 1999, 2000] (2001) i32 on cpu",
        Tensor.arange(2001, DType.I32));
    assertPrints(
        """
        [[   0,    1,    2, …,   97,   98,   99],
         [ 100,  101,  102, …,  197,  198,  199],
         [ 200,  201,  202, …,  297,  298,  299],
         …,
         [9700, 9701, 9702, …, 9797, 9798, 9799],
         [9800, 9801, 9802, …, 9897, 9898, 9899],
         [9900, 9901, 9902, …, 9997, 9998, 9999]] (100, 100) i32 on cpu\
        """,
        Tensor.arange(10_000, DType.I32).reshape(100, 100));
    assertPrints(
        """
        [[[0, 1],
          [0, 1]],

         [[0, 1],
          [0, 1]],

         [[0, 1],
          [0, 1]],

         …,

         [[0, 1],
          [0, 1]],

         [[0, 1],
          [0, 1]],

         [[0, 1],
          [0, 1]]] (500, 2, 2) i32 on cpu\
        """,
        Tensor.arange(2, DType.I32).expand(Shape.of(500, 2, 2)));
  }

  @Test
  void onlyWhatIsShownIsReadAndDecides() {
    float[] values = new float[3000];
    values[1500] = 1e-20f; // out of sight
    assertPrints("[0., 0., 0., …, 0., 0., 0.] (3000) f32 on cpu", Tensor.of(values));
    // two thousand million elements, of which one is in memory
    Tensor huge = Tensor.scalar(1f).expand(Shape.of(2, 1000, 1000, 1000));
    assertTrue(huge.toString().endsWith("] (2, 1000, 1000, 1000) f32 on cpu"));
    assertTrue(huge.toString().lines().count() < 200);
  }

  @Test
  void describingSaysWhoseMemoryItIs() {
    Tensor x = Tensor.zeros(Shape.of(2, 3), DType.F32);
    assertEquals(
        "f32 (2, 3) strides (3, 1) offset 0 on cpu, all of its memory, 24 bytes", x.describe());
    assertEquals(
        "f32 (3, 2) strides (1, 3) offset 0 on cpu, a view, 24 bytes of 24",
        x.transpose().describe());
    assertEquals(
        "f32 (3) strides (1) offset 3 on cpu, a view, 12 bytes of 24", x.select(0, 1).describe());
    assertEquals(
        "f32 (1000, 3) strides (0, 1) offset 0 on cpu, a view that repeats 12 bytes of 24",
        x.select(0, 0).expand(Shape.of(1000, 3)).describe());
    assertEquals(
        "bool (0, 5) strides (5, 1) offset 0 on cpu, all of its memory, 0 bytes",
        Tensor.zeros(Shape.of(0, 5), DType.BOOL).describe());
  }
}
