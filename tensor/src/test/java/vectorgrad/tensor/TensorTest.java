package vectorgrad.tensor;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static vectorgrad.tensor.LayoutTest.assertMessage;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import vectorgrad.numerics.Formula;
import vectorgrad.numerics.Program;

class TensorTest {
  private static Tensor zeros(int... sizes) {
    return Tensor.zeros(Shape.of(sizes), DType.F32);
  }

  @Test
  void matmulNamesTheInnerSizesAndTheCure() {
    assertMessage(
        """
        matmul: inner sizes differ, 784 and 10
          left   (128, 784)
          right  (10, 784)
          help   right looks transposed; try b.transpose()\
        """,
        () -> zeros(128, 784).matmul(zeros(10, 784)));
    assertMessage(
        """
        matmul: inner sizes differ, 3 and 4
          left   (2, 3)
          right  (4, 5)
          rule   (…, M, K) times (…, K, N)\
        """,
        () -> zeros(2, 3).matmul(zeros(4, 5)));
    var refused = assertThrows(ShapeException.class, () -> zeros(2, 3).matmul(zeros(4, 5)));
    assertEquals("matmul", refused.operation());
    assertEquals(List.of(Shape.of(2, 3), Shape.of(4, 5)), refused.shapes());
  }

  @Test
  void broadcastingNamesTheAxisAndTheRule() {
    assertMessage(
        """
        add: shapes do not broadcast at axis -2, 3 and 4
          left   (2, 3, 5)
          right     (4, 5)
          rule   aligned from the right, sizes are equal or one of them is 1\
        """,
        () -> zeros(2, 3, 5).add(zeros(4, 5)));
  }

  @Test
  void convolutionNamesTheChannels() {
    assertMessage(
        """
        conv2d: the input has 3 channels, the filters expect 1
          input  (128, 3, 28, 28)   N C H W
          weight (16, 1, 5, 5)      out in kH kW\
        """,
        () -> zeros(128, 3, 28, 28).conv2d(zeros(16, 1, 5, 5), Conv2dGeometry.DEFAULT));
  }

  @Test
  void dtypesAndDevicesNeverMixSilently() {
    assertMessage(
        """
        mul: no dtype holds both f32 and i64
          left   (2) f32
          right  (2) i64
          help   convert one of them, perhaps with to(DType.F64)\
        """,
        () -> zeros(2).mul(Tensor.of(1L, 2L)));
    assertMessage(
        """
        add: operands live on different devices, cpu and reference
          rule   nothing moves between devices by itself
          help   move one of them with to(Device)\
        """,
        () -> zeros(2).add(zeros(2).to(Device.REFERENCE)));
    assertMessage(
        """
        device: there is no device "tpu"
          help   one of [cpu, reference]\
        """,
        () -> Device.named("tpu"));
    assertMessage(
        """
        exp: needs floating-point numbers, found i32
          shape  (2)
          help   convert with to(DType.F32)\
        """,
        () -> Tensor.of(1, 2).exp());
  }

  @Test
  void viewsShareMemoryAndCopiesDoNot() {
    Tensor x = Tensor.of(new float[] {1, 2, 3, 4, 5, 6}, Shape.of(2, 3));
    assertSame(x.memory(), x.transpose().memory());
    assertSame(x.memory(), x.reshape(3, -1).memory());
    assertArrayEquals(new float[] {1, 4, 2, 5, 3, 6}, x.transpose().toFloats());
    assertArrayEquals(new float[] {1, 4, 2, 5, 3, 6}, x.transpose().reshape(6).toFloats());
    assertArrayEquals(new float[] {3, 2, 1, 6, 5, 4}, x.flip(1).toFloats());
    assertArrayEquals(new float[] {4, 5, 6}, x.select(0, -1).toFloats());
    assertArrayEquals(new float[] {0, 1, 2, 3, 0, 4, 5, 6}, x.pad(1, 1, 0).toFloats());
    assertArrayEquals(
        new float[] {1, 2, 3, 4, 5, 6, 4, 5, 6}, Tensor.concat(0, x, x.slice(0, 1, 2)).toFloats());
    assertEquals(Shape.of(2, 2, 3), Tensor.stack(1, x, x).shape());
    assertEquals(Shape.of(6), x.flatten(0).shape());
  }

  @Test
  void emptyAndScalarTensorsBehaveAsInNumPy() {
    assertEquals(0, zeros(0, 3).sum().item());
    assertArrayEquals(new float[] {0, 0, 0}, zeros(0, 3).sum(0).toFloats());
    assertArrayEquals(new float[4], zeros(2, 0).matmul(zeros(0, 2)).toFloats());
    assertEquals(5, Tensor.scalar(2f).add(Tensor.scalar(3f)).item());
    assertMessage(
        """
        max: there is nothing to choose from
          shape  (0, 3)
          rule   an axis of size 0 has no extreme\
        """,
        () -> zeros(0, 3).max(0));
    assertMessage(
        """
        item: needs exactly one element, found 2
          shape  (2)
          help   reduce first, or read toDoubles()\
        """,
        () -> zeros(2).item());
  }

  @Test
  void permutationsHoldEveryNumberOnceAndAreFixedForever() {
    int[] order = Tensor.permutation(Seed.of(1), 1000).toInts();
    int[] sorted = order.clone();
    Arrays.sort(sorted);
    for (int i = 0; i < sorted.length; i++) {
      assertEquals(i, sorted[i]);
    }
    assertArrayEquals(order, Tensor.permutation(Seed.of(1), 1000).toInts());
    assertEquals(0, Tensor.permutation(Seed.of(1), 0).size());
  }

  @Test
  void cellsChangeInPlaceAndCountIt() {
    Cell weight = new Cell(Tensor.of(1f, 2f, 3f));
    Cell momentum = new Cell(zeros(3));
    Tensor view = weight.value();
    Formula w = Formula.input(0);
    Formula m = Formula.input(1);
    Formula next = m.times(0.5).plus(Formula.input(2));
    Program step = Program.of(w.minus(next.times(Formula.input(3))), next);
    Tensor gradient = Tensor.of(1f, 1f, 2f);
    Cell.update(
        step,
        List.of(weight, momentum),
        weight.value(),
        momentum.value(),
        gradient,
        Tensor.scalar(.1f));
    assertArrayEquals(new float[] {.9f, 1.9f, 2.8f}, view.toFloats(), 1e-6f);
    assertArrayEquals(new float[] {1, 1, 2}, momentum.value().toFloats());
    assertEquals(1, weight.version());
    weight.set(Tensor.of(7f, 8f, 9f));
    assertEquals(2, weight.version());
    assertArrayEquals(new float[] {7, 8, 9}, view.toFloats());
  }
}
