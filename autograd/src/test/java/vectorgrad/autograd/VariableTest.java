package vectorgrad.autograd;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import vectorgrad.numerics.Formula;
import vectorgrad.tensor.DType;
import vectorgrad.tensor.DTypeException;
import vectorgrad.tensor.Scope;
import vectorgrad.tensor.Seed;
import vectorgrad.tensor.Shape;
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
  void backwardReturnsGradientsAndKeepsNothing() {
    Variable x = leaf(3);
    Variable loss = x.square().sum();
    assertArrayEquals(new float[] {6}, loss.backward().get(x).toFloats());
    assertArrayEquals(new float[] {6}, loss.backward().get(x).toFloats());
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
          help   reduce first: loss.mean() or loss.sum()\
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
        leaf: only f32 and f64 have gradients, found i32
          shape  (2)
          help   convert with to(DType.F32), or use Variable.constant\
        """,
        assertThrows(DTypeException.class, () -> Variable.leaf(Tensor.of(1, 2))));
  }

  @Test
  void anInPlaceWriteBetweenForwardAndBackwardIsRefused() {
    Parameter weight = Parameter.of(Tensor.of(1f, 2f)).name("weight");
    Variable loss = weight.square().sum();
    weight.set(Tensor.of(3f, 4f));
    String message = assertThrows(GradientException.class, loss::backward).getMessage();
    assertTrue(
        message.startsWith(
            """
            backward: "weight" was changed after the forward pass
              op     square
              saved  version 0
              now    version 1
            """),
        message);
    assertTrue(message.endsWith("or forward again after it"), message);
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
  void onlyWhatLeadsToTheWantedVariablesIsComputed() {
    AtomicInteger computed = new AtomicInteger();
    record Counting(AtomicInteger count) implements Op.Binary {
      @Override
      public Tensor forward(Tensor a, Tensor b) {
        return a.mul(b);
      }

      @Override
      public Pair backward(Variable dc, Variable a, Variable b, Variable c) {
        return gradients(
            () -> {
              count.incrementAndGet();
              return dc.mul(b);
            },
            () -> dc.mul(a));
      }
    }
    Variable a = leaf(2);
    Variable b = leaf(3);
    Variable loss = a.apply(new Counting(computed), b).sum();
    Gradients gradients = loss.backward(b);
    assertEquals(0, computed.get());
    assertFalse(gradients.has(a));
    assertArrayEquals(new float[] {2}, gradients.get(b).toFloats());
    Variable middle = a.square();
    Gradients inner = middle.mul(b).sum().backward(middle, b);
    assertArrayEquals(new float[] {3}, inner.get(middle).toFloats());
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
  void graphsMayBeAHundredThousandNodesDeep() {
    Variable x = leaf(1);
    Variable y = x;
    for (int i = 0; i < 100_000; i++) {
      y = y.add(x);
    }
    assertEquals(100_001, y.sum().backward().get(x).item());
  }

  @Test
  void kinksAndTiesFollowPyTorch() {
    Variable x = leaf(-1, 0, 2);
    assertArrayEquals(new float[] {0, 0, 1}, x.relu().sum().backward().get(x).toFloats());
    assertArrayEquals(new float[] {-1, 0, 1}, x.abs().sum().backward().get(x).toFloats());
    Variable zero = leaf(0);
    assertEquals(Double.POSITIVE_INFINITY, zero.sqrt().sum().backward().get(zero).item());
    Variable a = leaf(1, 5);
    Variable b = leaf(1, 3);
    Gradients most = a.maximum(b).sum().backward();
    assertArrayEquals(new float[] {.5f, 1}, most.get(a).toFloats());
    assertArrayEquals(new float[] {.5f, 0}, most.get(b).toFloats());
    Variable ties = leaf(3, 1, 3);
    assertArrayEquals(new float[] {.5f, 0, .5f}, ties.max().backward().get(ties).toFloats());
  }

  @Test
  void aUsersOwnFormulaHasAllDerivatives() {
    record Swish() implements Pointwise {
      @Override
      public Formula value(Formula x) {
        return x.times(x.sigmoid());
      }
    }
    GradCheck.of(xs -> xs.get(0).map(new Swish()), Tensor.of(-2.0, 0, .3, 4)).orThrow();
    record Hypotenuse() implements Pointwise.Binary {
      @Override
      public Formula value(Formula a, Formula b) {
        return a.square().plus(b.square()).sqrt();
      }
    }
    GradCheck.of(
            xs -> xs.get(0).map(new Hypotenuse(), xs.get(1)),
            Tensor.of(new double[] {1, 2, 3, 4}, Shape.of(2, 2)),
            Tensor.of(-1.0, 5))
        .orThrow();
  }

  @Test
  void conversionsCarryGradientsBack() {
    Variable x = leaf(1, 2);
    Gradients gradients = x.to(DType.F64).square().sum().backward();
    assertEquals(DType.F32, gradients.get(x).dtype());
    assertArrayEquals(new float[] {2, 4}, gradients.get(x).toFloats());
  }

  @Test
  void gradientsCanBeAddedScaledClippedAndAccumulated() {
    Variable x = leaf(3, 4);
    Gradients gradients = x.square().mul(.5).sum().backward();
    assertEquals(5, gradients.norm(), 1e-6);
    assertArrayEquals(new float[] {.6f, .8f}, gradients.clipNorm(1).get(x).toFloats(), 1e-6f);
    assertArrayEquals(new float[] {3, 3.5f}, gradients.clipValue(3.5).get(x).toFloats());
    assertArrayEquals(new float[] {6, 8}, gradients.plus(gradients).get(x).toFloats());
    assertArrayEquals(new float[] {6, 8}, gradients.scale(2).get(x).toFloats());
    assertEquals(0, gradients.restrict(List.of()).variables().size());
    var sum = Gradients.accumulator();
    for (int i = 0; i < 3; i++) {
      try (var _ = Scope.open()) {
        sum.add(x.square().mul(.5).sum().backward());
      }
    }
    assertArrayEquals(new float[] {9, 12}, sum.sum().get(x).toFloats());
    assertArrayEquals(new float[] {3, 4}, sum.mean().get(x).toFloats(), 1e-6f);
    sum.clear();
    assertArrayEquals(new float[] {0, 0}, sum.sum().get(x).toFloats());
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

  @Property(tries = 60)
  void randomProgramsAgreeWithDifferences(@ForAll long seed) {
    GradCheck.of(
            xs -> program(new Random(seed), xs),
            Seed.of(seed),
            2,
            Tensor.normal(Seed.of(seed), 0, Shape.of(3, 3), DType.F64).mul(.5),
            Tensor.normal(Seed.of(seed), 100, Shape.of(3), DType.F64).mul(.5),
            Tensor.normal(Seed.of(seed), 200, Shape.of(3, 1), DType.F64).mul(.5))
        .orThrow();
  }

  /// A random expression with sharing, broadcasting and reshaping; smooth everywhere.
  private static Variable program(Random random, List<Variable> inputs) {
    var pool = new java.util.ArrayList<>(inputs);
    Shape square = Shape.of(3, 3);
    for (int step = 0; step < 8; step++) {
      Variable a = pool.get(random.nextInt(pool.size()));
      Variable b = pool.get(random.nextInt(pool.size()));
      pool.add(
          switch (random.nextInt(10)) {
            case 0 -> a.add(b);
            case 1 -> a.mul(b).tanh();
            case 2 -> a.sub(b).sin();
            case 3 -> a.div(b.square().add(1));
            case 4 -> a.expand(square).matmul(b.expand(square)).mul(.3);
            case 5 -> a.expand(square).transpose().softmax(-1);
            case 6 -> a.expand(square).reshape(9).flip(0).reshape(3, 3).sigmoid();
            case 7 -> a.expand(square).sum(true, 0).mul(.3);
            case 8 -> a.square().add(1).log();
            default -> a.cos().mul(b);
          });
    }
    return pool.get(pool.size() - 1);
  }
}
