package vectorgrad.autograd;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import vectorgrad.tensor.DType;
import vectorgrad.tensor.PadMode;
import vectorgrad.tensor.Shape;
import vectorgrad.tensor.ShapeException;
import vectorgrad.tensor.Tensor;

/// What tensors refuse to move, variables refuse with the same words, whether recorded or not; the
/// words themselves are pinned by the tests of tensors.
class RefusedMovesTest {
  private static final Tensor X = Tensor.arange(12, DType.F64).reshape(3, 4);
  private static final Tensor NUMBERS = Tensor.of(1, 0, 1, 0);
  private static final Tensor MASK = X.gt(3);

  private static void alike(Consumer<Tensor> tensor, Consumer<Variable> variable) {
    var theirs = assertThrows(RuntimeException.class, () -> tensor.accept(X));
    for (Variable x : new Variable[] {Variable.leaf(X), Variable.constant(X)}) {
      var ours = assertThrows(theirs.getClass(), () -> variable.accept(x));
      assertEquals(theirs.getMessage(), ours.getMessage());
    }
  }

  @Test
  void viewsRefuseAlike() {
    alike(x -> x.permute(0, 0), x -> x.permute(0, 0));
    alike(x -> x.swapaxes(0, 2), x -> x.swapaxes(0, 2));
    alike(
        x -> x.movedim(new int[] {0, 1}, new int[] {1}),
        x -> x.movedim(new int[] {0, 1}, new int[] {1}));
    alike(x -> x.reshape(5, -1), x -> x.reshape(5, -1));
    alike(x -> x.reshape(Shape.of(5)), x -> x.reshape(Shape.of(5)));
    alike(x -> x.flatten(1, 0), x -> x.flatten(1, 0));
    alike(x -> x.unflatten(1, 3, 2), x -> x.unflatten(1, 3, 2));
    alike(x -> x.squeeze(0), x -> x.squeeze(0));
    alike(x -> x.unsqueeze(4), x -> x.unsqueeze(4));
    alike(x -> x.expand(3, 5), x -> x.expand(3, 5));
    alike(x -> x.broadcastTo(Shape.of(4)), x -> x.broadcastTo(Shape.of(4)));
    alike(x -> x.flatten(0).transpose(), x -> x.flatten(0).transpose());
  }

  @Test
  void slicesRefuseAlike() {
    alike(x -> x.slice("0, 1, 2"), x -> x.slice("0, 1, 2"));
    alike(x -> x.slice("1;2"), x -> x.slice("1;2"));
    alike(x -> x.slice("5"), x -> x.slice("5"));
    alike(x -> x.slice(0, 0, 3, 0), x -> x.slice(0, 0, 3, 0));
    alike(x -> x.narrow(1, 3, 2), x -> x.narrow(1, 3, 2));
    alike(x -> x.select(0, 3), x -> x.select(0, 3));
    alike(x -> x.unbind(2), x -> x.unbind(2));
    alike(x -> x.split(0, 1), x -> x.split(0, 1));
    alike(x -> x.split(new int[] {1, 2}, 1), x -> x.split(new int[] {1, 2}, 1));
    alike(x -> x.chunk(0, 0), x -> x.chunk(0, 0));
    alike(x -> x.flip(1, -1), x -> x.flip(1, -1));
    alike(x -> x.rot90(1, 0, -2), x -> x.rot90(1, 0, -2));
    alike(x -> x.diagonal(0, 1, 1), x -> x.diagonal(0, 1, 1));
    alike(x -> x.window(0, 0, 1, 1), x -> x.window(0, 0, 1, 1));
    alike(x -> x.overlapAdd(0, 9, 1, 1), x -> x.overlapAdd(0, 9, 1, 1));
  }

  @Test
  void rearrangementsRefuseAlike() {
    alike(x -> x.pad(2, 1, 1), x -> x.pad(2, 1, 1));
    alike(x -> x.pad(0, -1, 1), x -> x.pad(0, -1, 1));
    alike(x -> x.pad(new int[] {1}, new int[] {1}, 0), x -> x.pad(new int[] {1}, new int[] {1}, 0));
    alike(x -> x.pad(0, 3, 0, PadMode.REFLECT), x -> x.pad(0, 3, 0, PadMode.REFLECT));
    alike(
        x -> x.slice(0, 0, 0).pad(0, 1, 0, PadMode.CIRCULAR),
        x -> x.slice(0, 0, 0).pad(0, 1, 0, PadMode.CIRCULAR));
    alike(x -> x.roll(1, 2), x -> x.roll(1, 2));
    alike(x -> x.roll(new int[2], new int[1]), x -> x.roll(new int[2], new int[1]));
    alike(x -> x.repeat(2), x -> x.repeat(2));
    alike(x -> x.repeat(1, -2), x -> x.repeat(1, -2));
    alike(x -> x.repeatInterleave(-1, 0), x -> x.repeatInterleave(-1, 0));
    alike(x -> x.repeatInterleave(new int[] {1}, 0), x -> x.repeatInterleave(new int[] {1}, 0));
    alike(x -> Tensor.concat(0), x -> Variable.concat(0));
    alike(x -> Tensor.concat(0, x, x.transpose()), x -> Variable.concat(0, x, x.transpose()));
    alike(x -> Tensor.stack(0), x -> Variable.stack(0));
    alike(x -> Tensor.meshgrid(x), x -> Variable.meshgrid(x));
  }

  @Test
  void diagonalsAndMasksRefuseAlike() {
    alike(x -> x.unsqueeze(0).trace(), x -> x.unsqueeze(0).trace());
    alike(x -> x.unsqueeze(0).diag(), x -> x.unsqueeze(0).diag());
    alike(x -> x.sum().diagEmbed(0), x -> x.sum().diagEmbed(0));
    alike(x -> x.flatten(0).tril(), x -> x.flatten(0).tril());
    alike(x -> x.flatten(0).triu(), x -> x.flatten(0).triu());
    alike(x -> x.maskedSelect(NUMBERS), x -> x.maskedSelect(NUMBERS));
    alike(x -> x.maskedSelect(MASK.transpose()), x -> x.maskedSelect(MASK.transpose()));
    alike(x -> x.maskedFill(NUMBERS, 1), x -> x.maskedFill(NUMBERS, 1));
    alike(x -> x.maskedFill(MASK.unsqueeze(0), 1), x -> x.maskedFill(MASK.unsqueeze(0), 1));
    alike(x -> x.maskedFill(MASK, x), x -> x.maskedFill(MASK, x));
    alike(
        x -> x.maskedFill(MASK, x.sum().to(DType.F32)),
        x -> x.maskedFill(MASK, x.sum().to(DType.F32)));
    alike(x -> x.maskedScatter(NUMBERS, x), x -> x.maskedScatter(NUMBERS, x));
    alike(x -> x.maskedScatter(MASK, x.slice("0")), x -> x.maskedScatter(MASK, x.slice("0")));
    alike(x -> x.maskedScatter(MASK, x.to(DType.F32)), x -> x.maskedScatter(MASK, x.to(DType.F32)));
    alike(x -> x.indexBy(NUMBERS), x -> x.indexBy(NUMBERS));
    alike(x -> x.indexBy(MASK.transpose()), x -> x.indexBy(MASK.transpose()));
    alike(x -> Tensor.where(NUMBERS, x, x), x -> Variable.where(NUMBERS, x, x));
    alike(x -> Tensor.where(MASK.transpose(), x, x), x -> Variable.where(MASK.transpose(), x, x));
  }

  @Test
  void aRefusalNamesTheOperationThatWasCalled() {
    var refused = assertThrows(ShapeException.class, () -> Variable.leaf(X).narrow(-1, 3, 2));
    assertEquals(
        """
        narrow: 2 elements from 3 on leave axis 1
          shape  (3, 4)
          rule   start + length <= 4\
        """,
        refused.getMessage());
  }

  /// Zero times what comes back would be NaN.
  @Test
  void whatWasNotChosenHasAGradientOfZeroWhateverComesBack() {
    for (double outside : new double[] {Double.NaN, Double.POSITIVE_INFINITY}) {
      Variable filled = Variable.leaf(Tensor.of(1.0, 2.0, 3.0));
      Tensor mask = Tensor.of(false, true, false);
      assertArrayEquals(
          new double[] {5, 0, 7}, pulledBack(filled, filled.maskedFill(mask, 9), 5, outside, 7));
      Variable matrix = Variable.leaf(Tensor.of(1.0, 2.0, 3.0, 4.0).reshape(2, 2));
      assertArrayEquals(
          new double[] {5, 0, 7, 8}, pulledBack(matrix, matrix.tril(), 5, outside, 7, 8));
      assertArrayEquals(
          new double[] {5, 7, 0, 8}, pulledBack(matrix, matrix.triu(), 5, 7, outside, 8));
      Variable framed = Variable.leaf(Tensor.of(1.0, 2.0));
      assertArrayEquals(
          new double[] {6, 7}, pulledBack(framed, framed.pad(0, 1, 1, 3), outside, 6, 7, outside));
    }
  }

  private static double[] pulledBack(Variable x, Variable y, double... dy) {
    Variable weights = Variable.constant(Tensor.of(dy).reshape(y.shape()));
    return y.mul(weights).sum().backward(x).get(x).toDoubles();
  }
}
