package vectorgrad.autograd;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import vectorgrad.tensor.PoolGeometry;
import vectorgrad.tensor.Shape;
import vectorgrad.tensor.Tensor;

/// Where a function has no derivative, the gradient is PyTorch's.
class KinksTest {
  private static final float INFINITY = Float.POSITIVE_INFINITY;

  private static float[] slopes(UnaryOperator<Variable> f, float... at) {
    Variable x = Variable.leaf(Tensor.of(at));
    return f.apply(x).sum().backward().get(x).toFloats();
  }

  @Test
  void reluAndAbsAreFlatAtZero() {
    assertArrayEquals(new float[] {0, 0, 0, 1}, slopes(Variable::relu, -1, -0f, 0, 2));
    assertArrayEquals(new float[] {-1, 0, 1}, slopes(Variable::abs, -1, 0, 2));
  }

  @Test
  void reluStopsAnInfiniteGradientWhereItIsFlat() {
    assertArrayEquals(
        new float[] {0, INFINITY}, slopes(x -> x.relu().mul(Double.POSITIVE_INFINITY), -1, 1));
  }

  @Test
  void squareRootIsInfinitelySteepAtZero() {
    assertArrayEquals(new float[] {INFINITY, .25f}, slopes(Variable::sqrt, 0, 4));
  }

  @Test
  void powersOfZeroAreFlatFromTheSecondOn() {
    assertArrayEquals(new float[] {0}, slopes(x -> x.pow(0), 0));
    assertArrayEquals(new float[] {1}, slopes(x -> x.pow(1), 0));
    assertArrayEquals(new float[] {0}, slopes(x -> x.pow(2), 0));
    assertArrayEquals(new float[] {0}, slopes(x -> x.pow(3), 0));
  }

  @Test
  void equalOperandsOfMaximumAndMinimumShareEvenly() {
    Variable a = Variable.leaf(Tensor.of(1f, 5, 2));
    Variable b = Variable.leaf(Tensor.of(1f, 3, 4));
    Gradients most = a.maximum(b).sum().backward();
    assertArrayEquals(new float[] {.5f, 1, 0}, most.get(a).toFloats());
    assertArrayEquals(new float[] {.5f, 0, 1}, most.get(b).toFloats());
    Gradients least = a.minimum(b).sum().backward();
    assertArrayEquals(new float[] {.5f, 0, 1}, least.get(a).toFloats());
    assertArrayEquals(new float[] {.5f, 1, 0}, least.get(b).toFloats());
  }

  @Test
  void equalElementsOfAReductionShareEvenly() {
    assertArrayEquals(new float[] {.5f, 0, .5f}, slopes(x -> x.max(), 3, 1, 3));
    assertArrayEquals(
        new float[] {0, 0.25f, .25f, .25f, .25f}, slopes(x -> x.min(), 3, 1, 1, 1, 1));
  }

  @Test
  void theFirstOfEqualElementsOfAPoolingWindowTakesAll() {
    Variable x = Variable.leaf(Tensor.of(new float[] {2, 7, 7, 7}, Shape.of(1, 1, 2, 2)));
    Gradients gradients = x.maxPool2d(PoolGeometry.square(2)).sum().backward();
    assertArrayEquals(new float[] {0, 1, 0, 0}, gradients.get(x).toFloats());
  }

  @Test
  void secondDerivativesAtKinksAreZero() {
    Variable x = Variable.leaf(Tensor.of(-1f, 0, 1));
    Gradients first = x.relu().mul(x).sum().backwardWithGraph();
    Gradients second = first.variable(x).sum().backward();
    assertArrayEquals(new float[] {0, 0, 2}, second.get(x).toFloats());
    assertEquals(0, first.get(x).slice(0, 1, 2).item());
  }
}
