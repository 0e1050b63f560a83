package vectorgrad.tensor;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static vectorgrad.tensor.LayoutTest.assertMessage;

import org.junit.jupiter.api.Test;

/// What ordering says when it refuses, and what it does at the edges.
class RefusedOrderingTest {
  private final Tensor x = Tensor.of(new float[] {3, 1, 2, 6, 5, 4}, Shape.of(2, 3));

  @Test
  void thereAreOnlySoManyElements() {
    assertMessage(
        """
        topk: cannot take 4 of 3 elements
          shape  (2, 3)
          rule   0 <= k <= the size of axis 1\
        """,
        () -> x.topk(4));
    assertMessage(
        """
        kthvalue: there is no element 0 of 2
          shape  (2, 3)
          rule   1 <= k <= the size of axis 0\
        """,
        () -> x.kthvalue(0, 0));
    assertMessage(
        """
        median: there is nothing to choose from
          shape  (0)
          rule   an axis of size 0 has no middle\
        """,
        () -> Tensor.of(new float[0]).median(0));
  }

  @Test
  void quantilesAreSharesOfFloatingNumbers() {
    assertMessage(
        """
        quantile: there is no share of 1.5
          rule   0 <= q <= 1\
        """,
        () -> x.quantile(1.5, 0));
    assertMessage(
        """
        quantile: needs floating numbers, found i32
          help   convert with to(DType.F64)\
        """,
        () -> Tensor.of(1, 2).quantile(0.5, 0));
  }

  @Test
  void sortedRowsAndValuesBelongTogether() {
    assertMessage(
        """
        searchsorted: the values differ from the sorted rows outside the last axis
          sorted (2, 3)
          values (3)
          help   a sorted vector takes values of any shape\
        """,
        () -> x.searchsorted(Tensor.of(1f, 2f, 3f), false));
    assertMessage(
        """
        axis: there is no axis 0
          shape  ()
          rule   a scalar has no axes\
        """,
        () -> Tensor.scalar(1f).sort(0));
  }

  @Test
  void theOrderIsWrittenDown() {
    float nan = Float.NaN;
    Tensor row = Tensor.of(nan, 1f, 0f, -0f, nan, -1f, 1f);
    assertArrayEquals(new int[] {5, 2, 3, 1, 6, 0, 4}, row.argsort(0).toInts());
    assertArrayEquals(new int[] {0, 4, 1, 6, 2, 3, 5}, row.argsort(0, true).toInts());
    assertArrayEquals(new int[] {0, 4, 1}, row.topk(3).indices().toInts());
    assertEquals(0, row.median(0).indices().item());
    assertEquals(2.5, Tensor.of(1.0, 2.0, 3.0, 4.0).quantile(0.5, 0).item());
    double infinite = Double.POSITIVE_INFINITY; // NumPy's quantile of only these is NaN
    assertEquals(infinite, Tensor.of(infinite, infinite, infinite).quantile(0.3, 0).item());
    assertEquals(2, Tensor.of(4f, 3f, 2f, 1f).median(0).values().item());
    assertEquals(Shape.of(2, 0), x.topk(0).values().shape());
    assertEquals(Shape.of(0), Tensor.of(new float[0]).argsort(0).shape());
  }
}
