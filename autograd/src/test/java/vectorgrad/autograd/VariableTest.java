package vectorgrad.autograd;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import vectorgrad.tensor.DType;
import vectorgrad.tensor.DTypeException;
import vectorgrad.tensor.Device;
import vectorgrad.tensor.DeviceException;
import vectorgrad.tensor.Scope;
import vectorgrad.tensor.Shape;
import vectorgrad.tensor.ShapeException;
import vectorgrad.tensor.Tensor;

class VariableTest {
  private static Variable leaf(float... values) {
    return Variable.leaf(Tensor.of(values));
  }

  private static void assertMessage(String expected, Throwable found) {
    assertEquals(expected, found.getMessage());
  }

  @Test
  void theChainRuleRunsBackToTheLeaves() {
    Variable x = leaf(1, 2, 3);
    Variable y = leaf(4, 5, 6);
    Gradients gradients = x.mul(y).add(x).sum().backward();
    assertArrayEquals(new float[] {5, 6, 7}, gradients.get(x).toFloats());
    assertArrayEquals(new float[] {1, 2, 3}, gradients.get(y).toFloats());
    assertEquals(2, gradients.variables().size());
  }

  @Test
  void theGradientThatReachedNothingIsNamed() {
    Parameter weight = Parameter.of(Shape.of(16, 1, 5, 5)).name("0.weight");
    Gradients gradients = leaf(1).square().sum().backward();
    assertMessage(
        """
        Gradients: nothing reached "0.weight" (16, 1, 5, 5)
          why    it is not on a path to the loss, or the pass ran inside inference(...)\
        """,
        assertThrows(GradientException.class, () -> gradients.get(weight)));
  }

  @Test
  void backwardNeedsARecordedNumber() {
    assertMessage(
        """
        backward: needs a single number, found 2
          shape  (2)
          help   reduce first: loss.mean() or loss.sum(); or give its gradient: backward(dy)\
        """,
        assertThrows(GradientException.class, () -> leaf(1, 2).square().backward()));
    Variable x = leaf(1);
    Variable unrecorded = Mode.inference(() -> x.square().sum());
    assertMessage(
        """
        backward: nothing was recorded on the way to this number
          why    no leaf or parameter went in, or the pass ran inside inference(...)\
        """,
        assertThrows(GradientException.class, unrecorded::backward));
    assertMessage(
        """
        leaf: only floating numbers have gradients, found i32
          shape  (2)
          help   convert with to(DType.F32), or use Variable.constant\
        """,
        assertThrows(DTypeException.class, () -> Variable.leaf(Tensor.of(1, 2))));
  }

  @Test
  void backwardBeginsAtAnyGradientThatIsKnown() {
    Variable x = leaf(1, 2, 3);
    Variable y = leaf(4, 5, 6);
    Tensor dy = Tensor.of(0.1f, -2, 30);
    Gradients weighted = x.mul(y).sin().mul(Variable.constant(dy)).sum().backward();
    try (var _ = Scope.open()) { // in which a pass recycles gradients, but not this one
      Gradients known = x.mul(y).sin().backward(dy);
      assertArrayEquals(weighted.get(x).toFloats(), known.get(x).toFloats());
      assertArrayEquals(weighted.get(y).toFloats(), known.get(y).toFloats());
      Gradients only = x.mul(y).sin().backward(dy, y);
      assertArrayEquals(weighted.get(y).toFloats(), only.get(y).toFloats());
      assertFalse(only.has(x));
      Tensor made = dy.add(0); // by this scope
      x.add(y).backward(made);
      assertArrayEquals(new float[] {0.1f, -2, 30}, made.toFloats());
    }
    assertArrayEquals(dy.toFloats(), x.backward(dy).get(x).toFloats());
  }

  @Test
  void aGradientThatIsKnownFitsItsVariable() {
    Variable y = leaf(1, 2).square();
    assertMessage(
        """
        backward: the gradient is not of this variable's shape
          shape  (2)
          found  (2, 1)\
        """,
        assertThrows(
            ShapeException.class, () -> y.backward(Tensor.zeros(Shape.of(2, 1), DType.F32))));
    assertMessage(
        """
        backward: the gradient is not of this variable's dtype
          dtype  f32
          found  f64
          help   dy.to(y.dtype())\
        """,
        assertThrows(DTypeException.class, () -> y.backward(Tensor.of(1.0, 2.0))));
    assertMessage(
        """
        backward: the gradient is not of this variable's device
          device cpu
          found  reference
          help   dy.to(y.device())\
        """,
        assertThrows(
            DeviceException.class, () -> y.backward(Tensor.of(1f, 2).to(Device.REFERENCE))));
    assertMessage(
        """
        backward: nothing was recorded on the way to this variable
          why    no leaf or parameter went in, or the pass ran inside inference(...)\
        """,
        assertThrows(GradientException.class, () -> y.detach().backward(Tensor.of(1f, 2))));
    y.backward(Tensor.of(1f, 2));
    assertThrows(GradientException.class, () -> y.backward(Tensor.of(1f, 2))); // used up
  }

  @Test
  void detachAndInferenceCutTheGraph() {
    Variable x = leaf(2);
    Gradients gradients = x.detach().mul(x).sum().backward();
    assertArrayEquals(new float[] {2}, gradients.get(x).toFloats());
    assertFalse(x.detach().requiresGrad());
    assertFalse(Mode.inference(() -> x.square()).requiresGrad());
    assertEquals(Mode.TRAINING, Mode.current());
    assertTrue(Mode.TRAINING.recording(false).call(() -> Mode.current().training()));
  }

  @Test
  void gradientsOfGradientsAreVariables() {
    Variable x = leaf(2);
    Gradients first = x.pow(4).sum().backwardWithGraph();
    Gradients second = first.variable(x).sum().backwardWithGraph();
    Gradients third = second.variable(x).sum().backward();
    assertEquals(32, first.get(x).item());
    assertEquals(48, second.get(x).item());
    assertEquals(48, third.get(x).item());
  }

  @Test
  void operandsOfDifferentDTypesArePromotedAndEachGradientHasItsOwn() {
    Parameter w = Parameter.of(Tensor.of(new float[] {1, 2, 3, 4}, Shape.of(2, 2)));
    Variable x = Variable.leaf(Tensor.of(new double[] {5, 6}, Shape.of(2, 1)));
    Variable h = Variable.leaf(Tensor.of(0.5f, 2f).to(DType.F16));
    Variable product = w.matmul(x); // F64
    assertEquals(DType.F64, product.dtype());
    Variable y = w.to(DType.BF16).mul(h).add(product); // BF16 · F16 is F32, and F64
    assertEquals(DType.F64, y.dtype());
    Gradients gradients = Variable.concat(0, y, h.unsqueeze(0)).sum().backward();
    assertEquals(DType.F32, gradients.get(w).dtype());
    assertArrayEquals(new double[] {10.5, 14, 10.5, 14}, gradients.get(w).toDoubles()); // 2·x + h
    assertEquals(DType.F64, gradients.get(x).dtype());
    assertArrayEquals(new double[] {8, 12}, gradients.get(x).toDoubles());
    assertEquals(DType.F16, gradients.get(h).dtype());
    assertArrayEquals(new double[] {5, 7}, gradients.get(h).toDoubles()); // w summed, and 1
  }

  @Test
  void aNumberTakesTheVariablesDType() {
    Variable h = Variable.leaf(Tensor.of(1f, 2f).to(DType.BF16));
    assertEquals(DType.BF16, h.mul(3).add(1).dtype());
    assertEquals(DType.BF16, h.mul(3).add(1).sum().backward().get(h).dtype());
  }

  @Test
  void wholeNumbersJoinButNoGradientPassesThroughThem() {
    Variable x = leaf(1, 2);
    Variable counts = Variable.constant(Tensor.of(3, 4));
    assertEquals(DType.F64, x.mul(counts).dtype());
    assertArrayEquals(new float[] {3, 4}, x.mul(counts).sum().backward().get(x).toFloats());
    assertMessage(
        """
        mul: no dtype holds both f32 and i64
          left   (2) f32
          right  (1) i64
          help   convert one of them, perhaps with to(DType.F64)\
        """,
        assertThrows(DTypeException.class, () -> x.mul(Variable.constant(Tensor.of(1L)))));
    assertMessage(
        """
        to: no gradient passes through i32
          shape  (2)
          help   detach() first, if none shall\
        """,
        assertThrows(DTypeException.class, () -> x.to(DType.I32)));
    assertMessage(
        """
        Parameter: needs floating numbers, found i32
          shape  (2)
          help   convert with to(DType.F32)\
        """,
        assertThrows(DTypeException.class, () -> Parameter.of(Tensor.of(1, 2))));
  }

  @Test
  void formulasOfWholeNumbersAreLeftToTensors() {
    Variable counts = Variable.constant(Tensor.of(1, 2));
    assertMessage(
        """
        tanh: needs f32 or f64, found i32
          shape  (2)
          help   compute with tensors, or convert with to(DType.F32)\
        """,
        assertThrows(DTypeException.class, counts::tanh));
  }

  @Test
  void operandsThatDoNotBroadcastAreRefused() {
    Variable a = Variable.leaf(Tensor.zeros(Shape.of(2, 3, 5), DType.F32));
    Variable b = Variable.leaf(Tensor.zeros(Shape.of(4, 5), DType.F32));
    assertMessage(
        """
        add: shapes do not broadcast at axis -2, 3 and 4
          left   (2, 3, 5)
          right     (4, 5)
          rule   aligned from the right, sizes are equal or one of them is 1\
        """,
        assertThrows(ShapeException.class, () -> a.add(b)));
  }

  @Test
  void conversionsCarryGradientsBack() {
    Variable x = leaf(1, 2);
    Gradients gradients = x.to(DType.F64).square().sum().backward();
    assertEquals(DType.F32, gradients.get(x).dtype());
    assertArrayEquals(new float[] {2, 4}, gradients.get(x).toFloats());
  }

  @Test
  void frozenParametersTakeNoGradient() {
    Parameter a = Parameter.of(Tensor.of(2f));
    Parameter b = Parameter.of(Tensor.of(3f));
    b.trainable(false);
    Gradients gradients = a.mul(b).sum().backward();
    assertTrue(gradients.has(a));
    assertFalse(gradients.has(b));
  }
}
