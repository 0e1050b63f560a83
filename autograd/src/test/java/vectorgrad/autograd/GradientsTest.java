package vectorgrad.autograd;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import vectorgrad.tensor.DType;
import vectorgrad.tensor.Scope;
import vectorgrad.tensor.Shape;
import vectorgrad.tensor.ShapeException;
import vectorgrad.tensor.Tensor;

class GradientsTest {
  private final Variable x = Variable.leaf(Tensor.of(3f, 4));
  private final Variable y = Variable.leaf(Tensor.of(12f));
  private final Gradients gradients =
      x.square().sum().add(y.square().sum()).mul(.5).backward(); // x and y themselves

  @Test
  void whatNothingReachedIsNamed() {
    Parameter weight = Parameter.of(Shape.of(16, 1, 5, 5)).name("0.weight");
    assertEquals(
        """
        Gradients: nothing reached "0.weight" (16, 1, 5, 5)
          why    it is not on a path to the loss, or the pass ran inside inference(...)\
        """,
        assertThrows(GradientException.class, () -> gradients.get(weight)).getMessage());
    assertFalse(gradients.has(weight));
    assertTrue(gradients.has(x));
  }

  @Test
  void gradientsFromElsewhereAreOfTheShapeOfTheirVariables() {
    Parameter weight = Parameter.of(Shape.of(2)).name("0.weight");
    Gradients made = Gradients.of(Map.of(weight, Tensor.of(3f, 4)));
    assertEquals(5, made.norm(), 1e-6);
    assertEquals(Set.of(weight), made.variables());
    assertEquals(
        """
        Gradients: a gradient is not of its variable's shape
          of     "0.weight"
          shape  (2)
          found  (3)\
        """,
        assertThrows(
                ShapeException.class,
                () -> Gradients.of(Map.of(weight, Tensor.zeros(Shape.of(3), DType.F32))))
            .getMessage());
  }

  @Test
  void theNormIsOverAllOfThem() {
    assertEquals(13, gradients.norm(), 1e-6);
  }

  @Test
  void theNormOfExplodingAndVanishingGradientsIsRight() {
    Variable loss = x.mul(x.detach()).sum();
    Gradients large = loss.backwardKeepingGraph().scale(1e30);
    assertEquals(5e30, large.norm(), 1e24);
    assertEquals(1, large.clipNorm(1).norm(), 1e-6);
    assertEquals(5e-30, loss.backward().scale(1e-30).norm(), 1e-36);
  }

  @Test
  void clippingScalesAllByOneFactorOrNone() {
    Gradients clipped = gradients.clipNorm(6.5);
    assertArrayEquals(new float[] {1.5f, 2}, clipped.get(x).toFloats(), 1e-6f);
    assertArrayEquals(new float[] {6}, clipped.get(y).toFloats(), 1e-6f);
    assertSame(gradients, gradients.clipNorm(14));
  }

  @Test
  void clippingByValueMovesEveryElementIntoItsRange() {
    Gradients clipped = gradients.scale(-1).clipValue(3.5);
    assertArrayEquals(new float[] {-3, -3.5f}, clipped.get(x).toFloats());
    assertArrayEquals(new float[] {-3.5f}, clipped.get(y).toFloats());
  }

  @Test
  void normsOfEveryOrderAreOverAllOfThem() {
    assertEquals(19, gradients.norm(1), 1e-12);
    assertEquals(Math.cbrt(27 + 64 + 1728), gradients.norm(3), 1e-12);
    assertEquals(12, gradients.norm(Double.POSITIVE_INFINITY));
    Gradients clipped = gradients.clipNorm(6, Double.POSITIVE_INFINITY);
    assertArrayEquals(new float[] {1.5f, 2}, clipped.get(x).toFloats());
    assertArrayEquals(new float[] {6}, clipped.get(y).toFloats());
    assertSame(gradients, gradients.clipNorm(19, 1));
  }

  @Test
  void whatIsNotFiniteIsNotClippedButNamed() {
    Parameter weight = Parameter.of(Tensor.of(0f, 1)).name("0.weight");
    Gradients spoilt = weight.log().sum().backward().plus(gradients); // the slope of log at 0
    assertFalse(spoilt.finite());
    assertTrue(gradients.finite());
    assertTrue(gradients.scale(1e37).finite());
    assertEquals(
        """
        clipNorm: the norm of the gradients is Infinity
          first  "0.weight" (2)
          of     1 of 3 gradients
          help   skip the step if !gradients.finite(); Anomaly.detect finds the cause\
        """,
        assertThrows(GradientException.class, () -> spoilt.clipNorm(1)).getMessage());
    var nan = assertThrows(GradientException.class, () -> spoilt.scale(0).clipNorm(1));
    assertTrue(nan.getMessage().startsWith("clipNorm: the norm of the gradients is NaN"));
    assertArrayEquals(new float[] {2, 1}, spoilt.clipValue(2).get(weight).toFloats());
  }

  @Test
  void aBoundOfNothingIsRefused() {
    assertEquals(
        "clipNorm: the bound must be above 0, found 0.0",
        assertThrows(IllegalArgumentException.class, () -> gradients.clipNorm(0)).getMessage());
    assertEquals(
        "clipValue: the bound must be above 0, found -1.0",
        assertThrows(IllegalArgumentException.class, () -> gradients.clipValue(-1)).getMessage());
    assertEquals(
        "norm: the order must be above 0, found NaN",
        assertThrows(IllegalArgumentException.class, () -> gradients.norm(Double.NaN))
            .getMessage());
  }

  @Test
  void theyCanBeAddedAndScaledAndRestricted() {
    Gradients others = x.sum().backward();
    Gradients sum = gradients.plus(others);
    assertArrayEquals(new float[] {4, 5}, sum.get(x).toFloats());
    assertArrayEquals(new float[] {12}, sum.get(y).toFloats());
    assertArrayEquals(new float[] {6, 8}, gradients.scale(2).get(x).toFloats());
    assertEquals(List.of(y), List.copyOf(gradients.restrict(List.of(y)).variables()));
  }

  @Test
  void arithmeticOnGradientsWithAGraphKeepsIt() {
    Variable z = Variable.leaf(Tensor.of(2f));
    Gradients first = z.pow(3).sum().backwardWithGraph();
    Gradients doubled = first.plus(first.scale(2)).restrict(List.of(z));
    assertEquals(36, doubled.get(z).item());
    assertEquals(36, doubled.variable(z).sum().backward().get(z).item()); // 3 · 6z
    assertFalse(gradients.scale(2).variable(x).requiresGrad());
  }

  @Test
  void anAccumulatorOutlivesTheScopesItAdds() {
    var sum = Gradients.accumulator();
    for (int i = 0; i < 3; i++) {
      try (var _ = Scope.open()) {
        sum.add(x.square().mul(.5).sum().backward());
      }
    }
    assertEquals(3, sum.passes());
    assertArrayEquals(new float[] {9, 12}, sum.sum().get(x).toFloats());
    assertArrayEquals(new float[] {3, 4}, sum.mean().get(x).toFloats(), 1e-6f);
    sum.clear();
    assertEquals(0, sum.passes());
    assertArrayEquals(new float[] {0, 0}, sum.sum().get(x).toFloats());
  }

  @Test
  void keptGradientsOutliveTheirScope() {
    Gradients kept;
    try (var _ = Scope.open()) {
      kept = x.square().sum().backward().keep();
    }
    assertArrayEquals(new float[] {6, 8}, kept.get(x).toFloats());
  }

  @Test
  void aPassInsideAScopeRunsOnAFewArrays() {
    Tensor x = Tensor.ones(Shape.of(64, 64), DType.F32);
    long activations = 32 * 4L * x.size();
    try (var step = Scope.open()) {
      Variable leaf = Variable.leaf(x);
      Variable y = leaf;
      for (int i = 0; i < 32; i++) {
        y = y.tanh(); // keeps its output
      }
      Gradients gradients = y.sum().backward();
      // what the forward pass keeps, and besides it three gradients: one that comes, one that goes,
      // one that stays
      assertTrue(step.peakBytes() < activations + 4 * 4L * x.size(), "" + step.peakBytes());
      assertTrue(gradients.get(leaf).max().item() > 0);
    }
  }

  @Test
  void gradientsThatShareMemoryAreNotLetGoTooEarly() {
    Tensor x = Tensor.normal(vectorgrad.tensor.Seed.of(3), 0, Shape.of(40, 40), DType.F32);
    java.util.function.Supplier<float[]> pass =
        () -> {
          Variable leaf = Variable.leaf(x);
          Variable a = leaf.add(leaf.transpose()); // one gradient and a view of it
          Variable b = a.reshape(1600).add(a.reshape(1600).mul(2)).reshape(40, 40);
          Gradients gradients = b.sub(a).mul(leaf).add(b).sum().backward(leaf, a, b);
          return Tensor.stack(0, gradients.get(leaf), gradients.get(a), gradients.get(b))
              .toFloats();
        };
    float[] outside = pass.get();
    try (var _ = Scope.open()) {
      assertArrayEquals(outside, pass.get());
    }
  }
}
