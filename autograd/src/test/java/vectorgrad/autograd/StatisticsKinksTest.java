package vectorgrad.autograd;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import vectorgrad.tensor.DType;
import vectorgrad.tensor.Seed;
import vectorgrad.tensor.Shape;
import vectorgrad.tensor.ShapeException;
import vectorgrad.tensor.Tensor;

/// Statistics, products and scans where they have no derivative, or nearly leave the numbers: the
/// gradients are PyTorch's, by its `derivatives.yaml`, unless it is said otherwise.
class StatisticsKinksTest {
  private static final double INFINITY = Double.POSITIVE_INFINITY;
  private static final double NAN = Double.NaN;

  /// The rounding of a few operations in float64.
  private static final double ROUNDING = 1e-14;

  private static double[] slopes(UnaryOperator<Variable> f, double... at) {
    Variable x = Variable.leaf(Tensor.of(at));
    return f.apply(x).sum().backward().get(x).toDoubles();
  }

  /// The gradient of the sum of the gradient.
  private static double[] bends(UnaryOperator<Variable> f, double... at) {
    Variable x = Variable.leaf(Tensor.of(at));
    Gradients first = f.apply(x).sum().backwardWithGraph();
    return first.variable(x).sum().backward(x).get(x).toDoubles();
  }

  private static double[] of(double... numbers) {
    return numbers;
  }

  private static void assertSlopes(double[] expected, UnaryOperator<Variable> f, double... at) {
    double[] slopes = slopes(f, at);
    assertEquals(expected.length, slopes.length);
    for (int i = 0; i < slopes.length; i++) {
      assertEquals(expected[i], slopes[i], ROUNDING * Math.abs(expected[i]), "at " + i);
    }
  }

  @Test
  void normsAreFlatAtZero() {
    for (double p : new double[] {-INFINITY, -1, 0, .5, 1, 1.5, 2, 3, INFINITY}) {
      assertArrayEquals(of(0, 0), slopes(x -> x.norm(p), 0, 0), "p = " + p);
    }
    for (double p : new double[] {-1, .5, 1, 1.5, 2, 3}) {
      assertArrayEquals(of(0, 0), bends(x -> x.norm(p), 0, 0), "second, p = " + p);
    }
  }

  @Test
  void aNormIsFlatInTheDirectionOfAnElementThatIsZero() {
    assertSlopes(of(0, 1), x -> x.norm(1), 0, 2);
    assertSlopes(of(0, -.8, .6), x -> x.norm(), 0, -4, 3);
    assertSlopes(of(0, 1), x -> x.norm(.5), 0, 2);
    assertSlopes(of(0, 1), x -> x.norm(1.5), 0, 2);
    assertSlopes(of(0, 0), x -> x.norm(-1), 0, 2);
    assertSlopes(of(0, 0), x -> x.norm(0), 0, 2);
    assertArrayEquals(of(0, 0), bends(x -> x.norm(1.5), 0, 2), 1e-15);
  }

  @Test
  void theLargestShareTheGradientOfTheMaximumNorm() {
    assertSlopes(of(.5, 0, -.5), x -> x.norm(INFINITY), 3, 1, -3);
    assertSlopes(of(0, .5, -.5), x -> x.norm(-INFINITY), 3, 1, -1);
  }

  @Test
  void gradientsOfNormsStayInRangeWhereTheNormDoes() {
    for (double size : new double[] {1e200, 1e-200}) {
      for (double p : new double[] {2, 3, 1.5, .5, -2}) {
        double[] small = slopes(x -> x.norm(p), 3, -4);
        assertArrayEquals(small, slopes(x -> x.norm(p), 3 * size, -4 * size), 1e-12, "p = " + p);
      }
      double[] bends = bends(x -> x.norm(), 3 * size, -4 * size);
      assertArrayEquals(
          of(.224, .168), of(bends[0] * size, bends[1] * size), 1e-12); // (y² − xΣx) / y³
    }
  }

  @Test
  void theDeviationOfEqualElementsIsFlat() {
    assertArrayEquals(of(0, 0, 0), slopes(x -> x.std(), 5, 5, 5));
    assertArrayEquals(of(0, 0, 0), bends(x -> x.std(), 5, 5, 5));
    assertArrayEquals(of(0, 0, 0), slopes(x -> x.var(), 5, 5, 5));
    assertArrayEquals(of(0), slopes(x -> x.std(0, false), 5));
  }

  @Test
  void aSpreadThatIsNoNumberHasNoGradient() {
    assertArrayEquals(of(NAN), slopes(x -> x.var(), 5));
    assertArrayEquals(of(NAN), slopes(x -> x.std(), 5));
    assertArrayEquals(of(), slopes(x -> x.var()));
    assertArrayEquals(of(), slopes(x -> x.std()));
    assertArrayEquals(of(INFINITY, -INFINITY), slopes(x -> x.var(2, false), 2, 1));
  }

  @Test
  void aDeviationOfHalvesOrFloatsTheSquaresOfWhichAreTooLargeHasItsGradient() {
    Variable x = Variable.leaf(Tensor.of(1e30f, -1e30f));
    float[] slopes = x.std(0, false).backward().get(x).toFloats();
    assertArrayEquals(new float[] {.5f, -.5f}, slopes, 1e-6f);
    Variable half = Variable.leaf(Tensor.of(60000f, 40000f, 60000f, 40000f).to(DType.F16));
    assertEquals(50000, half.mean().item(), 16); // half a unit in the last place
    assertArrayEquals(
        new double[] {.25, -.25, .25, -.25},
        half.std(0, false).backward().get(half).toDoubles(),
        1e-3);
  }

  @Test
  void equalPointsDoNotPushEachOther() {
    Variable a = Variable.leaf(Tensor.of(new double[] {1, 2, 4, 6}, Shape.of(2, 2)));
    Variable b = Variable.leaf(Tensor.of(new double[] {1, 2}, Shape.of(1, 2)));
    Gradients gradients = a.cdist(b, 2).sum().backward();
    assertArrayEquals(of(0, 0, .6, .8), gradients.get(a).toDoubles(), ROUNDING);
    assertArrayEquals(of(-.6, -.8), gradients.get(b).toDoubles(), ROUNDING);
    assertArrayEquals(of(0, 0), slopes(x -> x.dist(x.detach(), 2), 1, 2));
  }

  @Test
  void theSimilarityToNothingIsSteepButFinite() {
    Variable zeros = Variable.leaf(Tensor.of(0.0, 0));
    Variable y = Variable.leaf(Tensor.of(3.0, 4));
    Gradients gradients = zeros.cosineSimilarity(y, 0).backward();
    assertArrayEquals(of(.6e8, .8e8), gradients.get(zeros).toDoubles(), 1e-6);
    assertArrayEquals(of(0, 0), gradients.get(y).toDoubles());
    Variable half = Variable.leaf(Tensor.of(0f, 0).to(DType.F16));
    assertEquals(0, half.cosineSimilarity(half, 0).item());
  }

  @Test
  void nothingButMinusInfinityHasNoShareOfALogarithmOfSums() {
    assertArrayEquals(of(0, 0), slopes(x -> x.logsumexp(), -INFINITY, -INFINITY));
    assertArrayEquals(of(0, 0), bends(x -> x.logsumexp(), -INFINITY, -INFINITY));
    assertArrayEquals(of(0, 1), slopes(x -> x.logsumexp(), -INFINITY, 7));
    assertArrayEquals(of(), slopes(x -> x.logsumexp()));
    assertArrayEquals(of(NAN, NAN), slopes(x -> x.logsumexp(), INFINITY, 7));
    UnaryOperator<Variable> running = x -> x.logcumsumexp(0);
    assertArrayEquals(of(0, 0), slopes(running, -INFINITY, -INFINITY));
    assertArrayEquals(of(0, 0), bends(running, -INFINITY, -INFINITY));
    assertArrayEquals(of(0, 2, 0), slopes(running, -INFINITY, 7, -INFINITY));
  }

  @Test
  void sharesOfHugeNumbersAreAsThoseOfSmallOnes() {
    assertArrayEquals(of(.5, .5, 0), slopes(x -> x.logsumexp(), 1e200, 1e200, 0));
    assertArrayEquals(of(1, 0), slopes(x -> x.logsumexp(), -1e200, -2e200));
    assertArrayEquals(of(1, 1), slopes(x -> x.logcumsumexp(0), 0, 1e200));
  }

  @Test
  void whatIsNoNumberGetsNoGradient() {
    assertArrayEquals(of(1, 0, 1), slopes(x -> x.nansum(), 1, NAN, INFINITY));
    assertArrayEquals(of(.5, 0, .5), slopes(x -> x.nanmean(), 1, NAN, 2));
    // PyTorch divides by 0 here and gives NaN
    assertArrayEquals(of(0, 0), slopes(x -> x.nanmean(), NAN, NAN));
  }

  @Test
  void productsHaveTheirGradientWithAnyNumberOfZeros() {
    assertArrayEquals(of(12, 8, 6), slopes(x -> x.prod(), 2, 3, 4));
    assertArrayEquals(of(0, 8, 0), slopes(x -> x.prod(), 2, 0, 4));
    assertArrayEquals(of(0, 0, 0), slopes(x -> x.prod(), 2, 0, 0));
    assertArrayEquals(of(1), slopes(x -> x.prod(), 0));
    assertArrayEquals(of(), slopes(x -> x.prod()));
    assertArrayEquals(of(4, 6, 2), bends(x -> x.prod(), 2, 0, 4)); // sums of products of the others
    assertArrayEquals(of(0, 2, 2), bends(x -> x.prod(), 2, 0, 0));
    assertArrayEquals(of(0, 0, 0, 0), bends(x -> x.prod(), 0, 0, 0, 5));
  }

  @Test
  void runningProductsHaveTheirGradientWithAnyNumberOfZeros() {
    UnaryOperator<Variable> running = x -> x.cumprod(0);
    assertArrayEquals(of(1 + 3 + 12, 2 + 8, 6), slopes(running, 2, 3, 4));
    assertArrayEquals(of(1, 2 + 8, 0), slopes(running, 2, 0, 4));
    assertArrayEquals(of(1, 2, 0), slopes(running, 2, 0, 0));
    assertArrayEquals(of(1), slopes(running, 0));
    assertArrayEquals(of(), slopes(running));
  }

  @Test
  void gradientsOfProductsAmongZerosAgreeWithDifferences() {
    double[] factors = {2, 3, -1, .5, 2, 0, -1, .5, 0, 3, 0, .5};
    Tensor x = Tensor.of(factors, Shape.of(3, 4));
    GradCheck.of(in -> in.getFirst().prod(1).sin(), x).orThrow();
    GradCheck.of(in -> in.getFirst().prod(), x).orThrow();
    GradCheck.of(in -> in.getFirst().prod(0).sin(), Seed.of(3), 3, x).orThrow();
    GradCheck.of(in -> in.getFirst().cumprod(1).sin(), x).orThrow();
    GradCheck.of(in -> in.getFirst().cumprod(0).sin(), x).orThrow();
  }

  @Test
  void theLastOfEqualsIsTheExtremeSoFar() {
    assertArrayEquals(of(1, 1, 2, 0, 1), slopes(x -> x.cummax(0).values(), 1, 3, 3, 2, 3));
    assertArrayEquals(of(1, 1, 2, 0, 1), slopes(x -> x.cummin(0).values(), 3, 1, 1, 2, 1));
  }

  @Test
  void whatATensorRefusesAVariableRefusesInTheSameWords() {
    Tensor t = Tensor.zeros(Shape.of(2, 3), DType.F32);
    Variable x = Variable.leaf(t);
    assertSame(() -> t.var(0, 0), () -> x.var(0, 0));
    assertSame(() -> t.sum(0, -2), () -> x.sum(0, -2));
    assertSame(() -> t.prod(2), () -> x.prod(2));
    assertSame(() -> t.cumsum(2), () -> x.cumsum(2));
    assertSame(() -> t.diff(-1, 0), () -> x.diff(-1, 0));
    assertSame(() -> t.recurrence(0, t), () -> x.recurrence(0, x));
    Tensor other = Tensor.zeros(Shape.of(2, 2), DType.F32);
    Variable y = Variable.leaf(other);
    assertSame(() -> t.dist(other, 2), () -> x.dist(y, 2));
    assertSame(() -> t.cdist(other, 2), () -> x.cdist(y, 2));
    assertSame(() -> t.cosineSimilarity(other, 1), () -> x.cosineSimilarity(y, 1));
    Tensor nothing = Tensor.zeros(Shape.of(0), DType.F32);
    assertSame(() -> nothing.norm(INFINITY), () -> Variable.leaf(nothing).norm(INFINITY));
  }

  private static void assertSame(Runnable ofTensor, Runnable ofVariable) {
    assertEquals(
        assertThrows(ShapeException.class, ofTensor::run).getMessage(),
        assertThrows(ShapeException.class, ofVariable::run).getMessage());
  }
}
