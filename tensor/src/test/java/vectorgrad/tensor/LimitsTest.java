package vectorgrad.tensor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static vectorgrad.tensor.LayoutTest.assertMessage;

import org.junit.jupiter.api.Test;

/// Where counting ends: shapes and views of more elements than an array, axes of size 0, sizes that
/// overflow an `int`.
class LimitsTest {
  private static final int LARGEST = Integer.MAX_VALUE - 8;

  private static Tensor zeros(int... sizes) {
    return Tensor.zeros(Shape.of(sizes), DType.F32);
  }

  @Test
  void aShapeHasNoMoreElementsThanAnArray() {
    assertEquals(LARGEST, Shape.of(LARGEST).size());
    assertEquals(LARGEST, Shape.of(1, LARGEST, 1).size());
    for (int[] sizes : new int[][] {{LARGEST + 1}, {1 << 16, 1 << 16}, {1 << 30, 1 << 30, 16}}) {
      assertMessage(
          """
          shape: too many elements for one Java array
            shape  %s
            rule   a tensor holds at most 2^31 − 9 elements
            help   split the work into smaller batches\
          """
              .formatted(Shape.listed(sizes)),
          () -> Shape.of(sizes));
    }
    assertMessage("shape: sizes must not be negative, found -1", () -> Shape.of(2, -1));
  }

  @Test
  void aSizeOfZeroCountsAsOneAsInNumPy() {
    assertEquals(0, Shape.of(0, LARGEST).size());
    assertEquals(0, Shape.of(LARGEST, 0).size());
    assertEquals(1, Layout.contiguous(Shape.of(LARGEST, 0)).stride(0));
    for (int[] sizes : new int[][] {{0, 65536, 65536}, {65536, 65536, 0}}) {
      assertMessage(
          """
          shape: too many elements for one Java array
            shape  %s
            rule   a tensor holds at most 2^31 − 9 elements, a size of 0 counted as 1
            help   split the work into smaller batches\
          """
              .formatted(Shape.listed(sizes)),
          () -> Shape.of(sizes));
    }
  }

  @Test
  void aViewIsCountedLikeATensorOfItsOwn() {
    Tensor one = Tensor.scalar(1f);
    Tensor wide = one.expand(Shape.of(LARGEST)); // four bytes
    assertEquals(LARGEST, wide.size());
    assertEquals(1, wide.select(0, LARGEST - 1).item());
    assertEquals(1, wide.slice(0, 0, LARGEST, 1 << 30).flip(0).sum().item() / 2);
    assertMessage(
        """
        shape: too many elements for one Java array
          shape  (50000, 50000)
          rule   a tensor holds at most 2^31 − 9 elements
          help   split the work into smaller batches\
        """,
        () -> one.expand(Shape.of(50000, 50000)));
    assertMessage(
        """
        shape: too many elements for one Java array
          shape  (50000, 50000)
          rule   a tensor holds at most 2^31 − 9 elements
          help   split the work into smaller batches\
        """,
        () -> zeros(50000, 1).add(zeros(50000)));
    assertMessage(
        """
        shape: too many elements for one Java array
          shape  (60000, 60000)
          rule   a tensor holds at most 2^31 − 9 elements
          help   split the work into smaller batches\
        """,
        () -> zeros(60000, 1).matmul(zeros(1, 60000)));
  }

  @Test
  void aFullHeapSaysWhatWasAskedFor() {
    long heap = Runtime.getRuntime().maxMemory();
    assumeTrue(heap < 16L << 30, "sixteen gigabytes would fit");
    Shape shape = Shape.of(LARGEST);
    var error = assertThrows(OutOfMemoryError.class, () -> Tensor.zeros(shape, DType.F64));
    assertEquals(
        """
        tensor: there is no memory for 17,179,869,112 bytes
          tensor 2,147,483,639 elements of f64
          heap   %,d bytes at most
          help   a larger heap (-Xmx), smaller batches, or a Scope for each step\
        """
            .replace("%,d", String.format(java.util.Locale.ROOT, "%,d", heap)),
        error.getMessage());
  }

  @Test
  void stepsAndWindowsThatOverflowLeadNowhere() {
    Layout vector = Layout.contiguous(Shape.of(5));
    assertEquals(Shape.of(1), vector.slice(0, 4, 5, Integer.MAX_VALUE).shape());
    assertEquals(Shape.of(1), vector.slice(0, 4, -1, Integer.MIN_VALUE).shape());
    assertMessage(
        """
        slice: from -2147483648 to 2147483647 step 1 leaves axis 0
          shape  (5)
          rule   0 <= from <= to <= 5 for a positive step, which is not 0\
        """,
        () -> vector.slice(0, Integer.MIN_VALUE, Integer.MAX_VALUE, 1));
    assertEquals(Shape.of(0, 3), vector.window(0, 3, 1, Integer.MAX_VALUE).shape());
    assertEquals(Shape.of(1, 2), vector.window(0, 2, Integer.MAX_VALUE, 4).shape());
    assertMessage(
        """
        window: kernel 2, stride 0, dilation 1
          shape  (5)
          rule   all three are at least 1\
        """,
        () -> vector.window(0, 2, 0, 1));
  }

  @Test
  void aViewNeverLeavesItsMemory() {
    Tensor x = zeros(6);
    assertMessage(
        """
        view: places go from 2 to 8
          layout (3) strides (3) offset 2
          rule   the memory has 6 elements, from 0 on\
        """,
        () -> x.view(Layout.of(Shape.of(3), 2, 3)));
    assertMessage(
        """
        view: places go from -1 to 1
          layout (3) strides (-1) offset 1
          rule   the memory has 6 elements, from 0 on\
        """,
        () -> x.view(Layout.of(Shape.of(3), 1, -1)));
    assertMessage(
        """
        view: places go from 0 to 2147483648
          layout (3) strides (1073741824) offset 0
          rule   the memory has 6 elements, from 0 on\
        """,
        () -> x.view(Layout.of(Shape.of(3), 0, 1 << 30)));
    assertEquals(0, x.view(Layout.of(Shape.of(0, 9), 100, 9, 1)).size());
  }

  @Test
  void axesOfSizeZeroAndScalarsWorkAsInNumPy() {
    assertEquals(Shape.of(0, 4), zeros(0, 4).add(zeros(4)).shape());
    assertEquals(Shape.of(2, 0), zeros(2, 1).mul(zeros(0)).shape());
    assertEquals(Shape.of(0, 5), zeros(0, 3).matmul(zeros(3, 5)).shape());
    assertEquals(0, zeros(2, 0).sum().item());
    assertEquals(1, zeros(2, 0).prod(1).select(0, 1).item());
    assertEquals(Double.NaN, zeros(0).mean().item());
    assertEquals(Double.NaN, zeros(0).var().item());
    assertEquals(0, zeros(0).norm());
    assertEquals(Double.NEGATIVE_INFINITY, zeros(0).logsumexp().item());
    assertEquals(Shape.of(3), zeros(0, 3).logsumexp(0).shape());
    assertEquals(Shape.of(0), zeros(0, 3).max(1).shape());
    assertEquals(Shape.of(0), zeros(0, 3).argmin(1).shape());
    assertEquals(Shape.SCALAR, Tensor.scalar(2f).max().shape());
    assertEquals(Shape.SCALAR, Tensor.scalar(2f).argmax().shape());
    assertEquals(2, Tensor.scalar(2f).logsumexp().item(), 1e-6);
    assertEquals(1, Tensor.scalar(2f).any().item());
    assertEquals(Shape.of(2, 3), Tensor.einsum("ik,kj", zeros(2, 0), zeros(0, 3)).shape());
  }
}
