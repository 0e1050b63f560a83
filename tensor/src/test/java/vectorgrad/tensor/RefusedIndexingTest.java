package vectorgrad.tensor;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static vectorgrad.tensor.LayoutTest.assertMessage;
import static vectorgrad.tensor.RefusedViewsTest.assertIndexMessage;

import org.junit.jupiter.api.Test;

/// What indexing, masks and counts say when they refuse, and what they do at the edges.
class RefusedIndexingTest {
  private final Tensor x = Tensor.arange(12, DType.F32).reshape(3, 4);
  private final Tensor wrong = Tensor.of(new int[] {0, 9, 1, -2, 3, 4}, Shape.of(3, 2));

  @Test
  void theWorstIndexIsNamedWithItsPlace() {
    String expected =
        """
        gather: index 9 at (0, 1) is outside axis 1 of size 4
          values (3, 4)
          index  (3, 2), 3 of 6 outside
          rule   0 <= index < 4\
        """;
    assertIndexMessage(expected, () -> x.gather(1, wrong));
    assertIndexMessage(
        expected, () -> x.to(Device.REFERENCE).gather(1, wrong.to(Device.REFERENCE)));
    assertIndexMessage(expected.replace("gather", "scatter"), () -> x.scatter(1, wrong, 1));
    var thrown =
        assertThrows(
            IndexException.class,
            () -> x.scatterAdd(1, wrong, Tensor.ones(wrong.shape(), DType.F32)));
    assertEquals(9, thrown.index());
    assertEquals(4, thrown.size());
    assertEquals("scatterAdd", thrown.operation());
    assertTrue(thrown.getMessage().startsWith("scatterAdd: index 9 at (0, 1)"));
  }

  @Test
  void indicesNeverCountFromTheEnd() {
    assertIndexMessage(
        """
        indexSelect: index -1 at (2) is outside axis 0 of size 3
          values (3, 4)
          index  (3), 1 of 3 outside
          rule   0 <= index < 3
          help   index tensors do not count from the end, as slice and select do\
        """,
        () -> x.indexSelect(0, Tensor.of(2, 0, -1)));
    assertIndexMessage(
        """
        take: index -1 at () is outside 12 elements
          values (3, 4)
          index  (), 1 of 1 outside
          rule   0 <= index < 12
          help   index tensors do not count from the end, as slice and select do\
        """,
        () -> x.take(Tensor.of(-1).squeeze()));
    assertIndexMessage(
        """
        index: index -2 at (1, 1) is outside axis 1 of size 4
          values (3, 4)
          index  (2, 2), 1 of 4 outside
          rule   0 <= index < 4
          help   index tensors do not count from the end, as slice and select do\
        """,
        () -> x.index(Tensor.of(0, 1), Tensor.of(new int[] {0, 1, 2, -2}, Shape.of(2, 2))));
    assertIndexMessage(
        """
        oneHot: index 3 at (1) is outside 3 classes
          values (2)
          index  (2), 1 of 2 outside
          rule   0 <= index < 3\
        """,
        () -> Tensor.of(0, 3).oneHot(3));
    assertIndexMessage(
        """
        bincount: index -5 at (1) is outside the numbers from 0 to 3
          values (2)
          index  (2), 1 of 2 outside
          rule   0 <= index < 4
          help   index tensors do not count from the end, as slice and select do\
        """,
        () -> Tensor.of(3, -5).bincount(0));
  }

  @Test
  void longIndicesAreNotCutToInts() {
    assertIndexMessage(
        """
        gather: index 4294967296 at (1) is outside axis 0 of size 2
          values (2)
          index  (2), 1 of 2 outside
          rule   0 <= index < 2\
        """,
        () -> Tensor.of(1f, 2f).gather(0, Tensor.of(0L, 1L << 32)));
    assertThrows(IndexException.class, () -> Tensor.of(1f, 2f).take(Tensor.of(0L, Long.MIN_VALUE)));
    assertArrayEquals(new float[] {2, 1}, Tensor.of(1f, 2f).take(Tensor.of(1L, 0L)).toFloats());
  }

  @Test
  void anEmptyAxisHasNoPlaces() {
    assertIndexMessage(
        """
        gather: index 0 at (0) is outside axis 0 of size 0
          values (0)
          index  (1), 1 of 1 outside
          rule   there are no places\
        """,
        () -> Tensor.of(new float[0]).gather(0, Tensor.of(0)));
    assertEquals(Shape.of(3, 0), x.indexSelect(1, Tensor.of(new int[0])).shape());
    assertEquals(Shape.of(0), Tensor.of(new float[0]).gather(0, Tensor.of(new int[0])).shape());
  }

  @Test
  void indicesAreWholeNumbers() {
    assertMessage(
        """
        gather: needs indices of i32 or i64, found f32
          index  (3, 4)
          help   convert with to(DType.I32)\
        """,
        () -> x.gather(1, x));
    assertMessage(
        """
        take: needs indices of i32 or i64, found bool
          index  (3, 4)
          help   a mask chooses by maskedSelect(mask) or indexBy(mask)\
        """,
        () -> x.take(x.lt(3)));
  }

  @Test
  void shapesOfIndicesAndValuesFit() {
    assertMessage(
        """
        gather: the index differs from the values outside axis 0
          values (3, 4)
          index  (3, 2)\
        """,
        () -> x.gather(0, wrong));
    assertMessage(
        """
        scatter: the index has another shape than the values
          values (3, 4)
          index  (3, 2)\
        """,
        () -> x.scatter(1, wrong, x));
    assertMessage(
        """
        takeAlongDim: the indices have another number of axes
          values (3, 4)
          index  (1)\
        """,
        () -> x.takeAlongDim(Tensor.of(0), 1));
    assertMessage(
        "indexSelect: needs a vector of indices, found (3, 2)", () -> x.indexSelect(0, wrong));
    assertMessage(
        """
        put: the index has another shape than the source
          values (3, 4)
          index  (1)\
        """,
        () -> x.put(Tensor.of(0), x, false));
    assertMessage(
        """
        index: 3 indices for 2 axes
          shape  (3, 4)
          rule   one for each of the first axes, at least one\
        """,
        () -> x.index(Tensor.of(0), Tensor.of(0), Tensor.of(0)));
    assertMessage(
        """
        scatter: needs f32, found i32
          shape  (3, 2)
          help   convert with to(DType.F32)\
        """,
        () -> x.scatter(1, wrong, wrong));
    assertMessage(
        """
        scatterAdd: needs numbers, found bool
          help   convert with to(DType.I32) to count\
        """,
        () -> x.lt(1).scatterAdd(0, x.to(DType.I32), 12));
    assertMessage(
        """
        scatterReduce: the mean of i32 is no i32
          help   convert with to(DType.F64)\
        """,
        () -> wrong.scatterReduce(0, wrong, wrong, ScatterReduction.MEAN));
  }

  @Test
  void masksAreTruthAndFit() {
    assertMessage(
        """
        maskedSelect: needs bool, found f32
          shape  (3, 4)
          help   convert with to(DType.BOOL)\
        """,
        () -> x.maskedSelect(x));
    assertMessage(
        """
        indexBy: the mask does not cover the first axes
          shape  (3, 4)
          mask   (4)
          help   maskedSelect(mask) broadcasts\
        """,
        () -> x.indexBy(Tensor.of(true, false, true, true)));
    assertMessage(
        """
        maskedFill: needs one number, found (3)
          help   where(mask, value, x) broadcasts, maskedScatter takes one by one\
        """,
        () -> x.maskedFill(x.lt(2), Tensor.of(1f, 2f, 3f)));
    assertMessage(
        """
        maskedScatter: has 1 elements for 2 places
          mask   (3, 4)
          source (1)\
        """,
        () -> x.maskedScatter(x.lt(2), Tensor.of(1f)));
    assertEquals(Shape.of(1, 0), Tensor.scalar(3f).nonzero().shape());
    assertEquals(Shape.of(0, 0), Tensor.scalar(0f).nonzero().shape());
    assertEquals(Shape.of(0, 2), x.slice("0:0").nonzero().shape());
    assertEquals(1, Tensor.scalar(Float.NaN).countNonzero().item());
    assertArrayEquals(
        new float[] {4, 5, 6, 7}, x.indexBy(Tensor.of(false, true, false)).flatten(0).toFloats());
  }

  @Test
  void countsHaveRanges() {
    assertMessage(
        """
        histogram: there are no 0 bins from 0.0 to 1.0
          rule   at least one bin, and a finite range\
        """,
        () -> x.histogram(0, 0, 1));
    assertMessage(
        """
        histogram: there are no 2 bins from NaN to NaN
          rule   at least one bin, and a finite range\
        """,
        () -> Tensor.of(1f, Float.NaN).histogram(2));
    assertMessage(
        """
        bincount: needs a weight for each element
          shape  (2)
          weights (3, 4)\
        """,
        () -> Tensor.of(1, 2).bincount(x, 0));
    assertArrayEquals(new int[] {0, 2}, Tensor.of(5f, 5f).histogram(2).counts().toInts());
    assertArrayEquals(
        new int[] {1, 2},
        Tensor.of(0f, .5f, 1f, 7f, Float.NaN).histogram(2, 0, 1).counts().toInts());
    assertArrayEquals(new int[3], Tensor.of(new int[0]).bincount(3).toInts());
  }

  @Test
  void scansSayWhatTheyNeed() {
    assertMessage(
        """
        logcumsumexp: needs floating numbers, found i32
          shape  (2)
          help   convert with to(DType.F64)\
        """,
        () -> Tensor.of(1, 2).logcumsumexp(0));
    assertMessage("diff: cannot be taken -1 times", () -> x.diff(-1, 0));
    assertMessage(
        """
        recurrence: needs floating numbers, found i32
          shape  (2)
          help   convert with to(DType.F64)\
        """,
        () -> Tensor.of(1, 2).recurrence(0, Tensor.of(1)));
    assertMessage(
        """
        recurrence: needs a factor between each two neighbours
          shape  (3)
          factors (2, 2)
          rule   they broadcast to (2)\
        """,
        () -> Tensor.of(1f, 2, 3).recurrence(0, Tensor.ones(Shape.of(2, 2), DType.F32)));
    assertArrayEquals(new int[] {1, 0, 2}, Tensor.of(3, 1, 3).argsort(0).toInts());
    assertEquals(Shape.of(0, 4), x.slice("0:0").cumsum(0).shape());
    Tensor infinite = Tensor.of(1.0, Double.NEGATIVE_INFINITY, 2.0, Double.NaN, 3.0);
    assertArrayEquals(new int[] {0, 0, 2, 3, 3}, infinite.cummax(0).indices().toInts());
    assertArrayEquals(new int[] {0, 1, 1, 3, 3}, infinite.cummin(0).indices().toInts());
  }
}
