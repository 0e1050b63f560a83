package vectorgrad.autograd;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import vectorgrad.tensor.DType;
import vectorgrad.tensor.DTypeException;
import vectorgrad.tensor.IndexException;
import vectorgrad.tensor.ScatterReduction;
import vectorgrad.tensor.Shape;
import vectorgrad.tensor.ShapeException;
import vectorgrad.tensor.Tensor;

/// Which element has the gradient where several are equal or meet at one place: PyTorch's rules,
/// and ours where PyTorch leaves it open.
class OrderingKinksTest {
  private static final float NAN = Float.NaN;

  /// The gradient of the sum of the outputs, weighted by 1, 10, 100, ….
  private static float[] slopes(UnaryOperator<Variable> f, float... at) {
    Variable x = Variable.leaf(Tensor.of(at));
    return weighed(f.apply(x)).backward().get(x).toFloats();
  }

  private static Variable weighed(Variable y) {
    Tensor weights = Tensor.arange(y.size(), y.dtype()).mul(Math.log(10)).exp();
    return y.mul(Variable.constant(weights.add(1e-3).floor().reshape(y.shape()))).sum();
  }

  private static float[] floats(double... numbers) {
    float[] floats = new float[numbers.length];
    for (int i = 0; i < floats.length; i++) {
      floats[i] = (float) numbers[i];
    }
    return floats;
  }

  @Test
  void sortedElementsThatAreEqualKeepTheirOrderAndTheirGradients() {
    assertArrayEquals(floats(10, 1, 100), slopes(x -> x.sort(0).values(), 2, 1, 2));
    assertArrayEquals(floats(1, 100, 10), slopes(x -> x.sort(0, true).values(), 2, 1, 2));
    assertArrayEquals(floats(1, 10), slopes(x -> x.sort(0).values(), -0f, 0));
    assertArrayEquals(floats(100, 1, 10), slopes(x -> x.sort(0).values(), NAN, 1, 2));
  }

  @Test
  void theFirstOfEqualElementsAreAmongTheTop() {
    assertArrayEquals(floats(0, 1, 10, 0), slopes(x -> x.topk(2).values(), 1, 5, 5, 5));
    assertArrayEquals(floats(1, 0, 10), slopes(x -> x.topk(2, 0, false).values(), 3, 4, 3));
    assertArrayEquals(floats(0, 1), slopes(x -> x.topk(1).values(), 3, NAN));
  }

  @Test
  void oneOfEqualElementsIsTheMiddle() {
    assertArrayEquals(floats(0, 0, 1, 0), slopes(x -> x.kthvalue(3, 0).values(), 1, 1, 1, 1));
    assertArrayEquals(floats(0, 1, 0), slopes(x -> x.median(0).values(), 7, 7, 7));
    assertArrayEquals(floats(1, 0, 0, 0), slopes(x -> x.median(0).values(), 2, 1, 3, 4));
    assertArrayEquals(floats(0, 1, 0), slopes(x -> x.median(0).values(), 1, NAN, NAN));
  }

  @Test
  void theElementsAroundAQuantileHaveTheirSharesEqualOrNot() {
    assertArrayEquals(floats(0, .75, .25), slopes(x -> x.quantile(.625, 0), 1, 2, 3));
    assertArrayEquals(floats(0, .75, .25), slopes(x -> x.quantile(.625, 0), 3, 3, 3));
    assertArrayEquals(floats(.25, .75), slopes(x -> x.quantile(.25, 0), 3, 2));
    assertArrayEquals(floats(0, 1, 0), slopes(x -> x.quantile(.5, 0), 3, 3, 3));
    assertArrayEquals(floats(0, 1, 0), slopes(x -> x.quantile(.25, 0), 1, NAN, 2));
    float infinity = Float.POSITIVE_INFINITY;
    assertEquals(infinity, Variable.leaf(Tensor.of(infinity, infinity)).quantile(.3, 0).item());
  }

  @Test
  void theFirstOfTheLargestIsPickedAndHasTheGradient() {
    assertArrayEquals(floats(0, 1, 0), slopes(x -> x.maxWithIndices(0, false).values(), 1, 4, 4));
    assertArrayEquals(floats(1, 0, 0), slopes(x -> x.minWithIndices(0, true).values(), 1, 4, 1));
    assertArrayEquals(floats(0, 1, 0), slopes(x -> x.minWithIndices(0, true).values(), 1, NAN, 0));
  }

  @Test
  void whatIsPickedTwiceHasTheSumOfBothGradients() {
    Tensor twice = Tensor.of(1, 1, 0);
    float[] expected = floats(100, 11, 0);
    assertArrayEquals(expected, slopes(x -> x.gather(0, twice), 5, 6, 7));
    assertArrayEquals(expected, slopes(x -> x.takeAlongDim(twice, 0), 5, 6, 7));
    assertArrayEquals(expected, slopes(x -> x.take(twice), 5, 6, 7));
    assertArrayEquals(expected, slopes(x -> x.index(twice), 5, 6, 7));
    assertArrayEquals(expected, slopes(x -> x.indexSelect(0, twice), 5, 6, 7));
  }

  /// An operation of what is there and of the source.
  private interface Placing {
    Variable of(Variable x, Variable source);
  }

  private static void expect(
      Placing placing, float[] at, float[] source, float[] result, float[] dx, float[] ds) {
    Variable x = Variable.leaf(Tensor.of(at));
    Variable s = Variable.leaf(Tensor.of(source));
    Variable y = placing.of(x, s);
    assertArrayEquals(result, y.value().toFloats());
    Gradients gradients = weighed(y).backward();
    assertArrayEquals(dx, gradients.get(x).toFloats());
    assertArrayEquals(ds, gradients.get(s).toFloats());
  }

  /// PyTorch gives a gradient to every one of several elements written to one place, whichever of
  /// them stayed. Here the last one stays, and has it.
  @Test
  void theLastElementWrittenToAPlaceHasTheGradient() {
    Tensor index = Tensor.of(2, 0, 2, 2);
    float[] x = {1, 2, 3};
    float[] s = {4, 5, 6, 7};
    float[] y = {5, 2, 7};
    float[] dx = {0, 10, 0};
    float[] ds = {0, 1, 0, 100};
    expect((a, b) -> a.scatter(0, index, b), x, s, y, dx, ds);
    expect((a, b) -> a.put(index, b, false), x, s, y, dx, ds);
    expect((a, b) -> a.indexPut(b, false, index), x, s, y, dx, ds);
    assertArrayEquals(dx, slopes(a -> a.scatter(0, index, 9), x));
  }

  @Test
  void everyElementAddedToAPlaceHasTheGradient() {
    Tensor index = Tensor.of(2, 0, 2, 2);
    float[] x = {1, 2, 3};
    float[] s = {4, 5, 6, 7};
    float[] y = {6, 2, 20};
    float[] dx = {1, 10, 100};
    float[] ds = {100, 1, 100, 100};
    expect((a, b) -> a.scatterAdd(0, index, b), x, s, y, dx, ds);
    expect((a, b) -> a.indexAdd(0, index, b), x, s, y, dx, ds);
    expect((a, b) -> a.put(index, b, true), x, s, y, dx, ds);
    expect((a, b) -> a.indexPut(b, true, index), x, s, y, dx, ds);
    expect((a, b) -> a.scatterReduce(0, index, b, ScatterReduction.SUM), x, s, y, dx, ds);
  }

  private static void expectReduced(
      ScatterReduction reduction,
      float[] x,
      float[] s,
      float[] result,
      float[] dx,
      float[] ds,
      int... index) {
    Tensor places = Tensor.of(index);
    expect((a, b) -> a.scatterReduce(0, places, b, reduction), x, s, result, dx, ds);
  }

  @Test
  void whatJoinsAMeanSharesEvenlyWithWhatWasThere() {
    float[] y = {3, 2};
    expectReduced(
        ScatterReduction.MEAN,
        floats(1, 2),
        floats(5, 2, 4),
        y,
        floats(.25, 10),
        floats(.25, .25, .25),
        new int[] {0, 0, 0});
  }

  @Test
  void equalExtremesShareEvenlyWithWhatWasThere() {
    int[] index = {0, 0, 1};
    expectReduced(
        ScatterReduction.MAX,
        floats(5, 1, 8),
        floats(5, 5, 1),
        floats(5, 1, 8),
        floats(1 / 3f, 5, 100),
        floats(1 / 3f, 1 / 3f, 5),
        index);
    expectReduced(
        ScatterReduction.MIN,
        floats(5, 1, 8),
        floats(4, 4, 2),
        floats(4, 1, 8),
        floats(0, 10, 100),
        floats(.5, .5, 0),
        index);
  }

  @Test
  void aProductWithZerosHasTheProductOfTheOthersAsGradient() {
    int[] index = {0, 0, 1, 1};
    expectReduced(
        ScatterReduction.PROD,
        floats(2, 0, 3),
        floats(0, 5, 7, 4),
        floats(0, 0, 3),
        floats(0, 280, 100),
        floats(10, 0, 0, 0),
        index);
    expectReduced(
        ScatterReduction.PROD,
        floats(2, 1, 3),
        floats(0, 0, 0, 4),
        floats(0, 0, 3),
        floats(0, 0, 100),
        floats(0, 0, 40, 0),
        index);
  }

  /// Where PyTorch refuses: two zeros that meet, differentiated twice.
  @Test
  void aProductWithTwoZerosHasSecondDerivatives() {
    Variable x = Variable.leaf(Tensor.of(2f));
    Variable s = Variable.leaf(Tensor.of(0f, 5, 0));
    Variable y = x.scatterReduce(0, Tensor.of(0, 0, 0), s, ScatterReduction.PROD);
    Gradients first = y.sum().backwardWithGraph();
    assertArrayEquals(floats(0, 0, 0), first.get(s).toFloats());
    Gradients second = first.variable(s).slice(0, 0, 1).sum().backwardWithGraph();
    assertArrayEquals(floats(0, 0, 10), second.get(s).toFloats()); // ∂²/∂s₀∂s₂ = x·s₁
    Gradients third = second.variable(s).slice(0, 2, 3).sum().backward();
    assertArrayEquals(floats(0, 2, 0), third.get(s).toFloats());
    assertArrayEquals(floats(5), third.get(x).toFloats());
  }

  @Test
  void aGradientThatIsInfiniteStaysWhereItBelongs() {
    float infinity = Float.POSITIVE_INFINITY;
    Variable x = Variable.leaf(Tensor.of(1f, 2));
    Variable s = Variable.leaf(Tensor.of(3f, 4));
    Variable y = x.scatter(0, Tensor.of(0, 0), s).mul(Double.POSITIVE_INFINITY);
    Gradients gradients = y.sum().backward();
    assertArrayEquals(new float[] {0, infinity}, gradients.get(x).toFloats());
    assertArrayEquals(new float[] {0, infinity}, gradients.get(s).toFloats());
  }

  @Test
  void emptyOnesAreFine() {
    Tensor none = Tensor.zeros(Shape.of(0), DType.I32);
    Tensor empty = Tensor.zeros(Shape.of(0), DType.F32);
    for (ScatterReduction reduction : ScatterReduction.values()) {
      Variable x = Variable.leaf(Tensor.of(1f, 2));
      Variable s = Variable.leaf(empty);
      Gradients gradients = weighed(x.scatterReduce(0, none, s, reduction)).backward();
      assertArrayEquals(floats(1, 10), gradients.get(x).toFloats(), reduction.name());
      assertEquals(empty.shape(), gradients.get(s).shape());
    }
    assertArrayEquals(floats(1, 10), slopes(a -> a.scatter(0, none, 5), 1, 2));
    assertArrayEquals(
        floats(1, 10), slopes(a -> a.indexPut(Variable.leaf(empty), false, none), 1, 2));
    Variable x = Variable.leaf(Tensor.of(1f, 2));
    assertArrayEquals(floats(0, 0), x.gather(0, none).sum().backward().get(x).toFloats());
    assertArrayEquals(floats(0, 0), x.index(none).sum().backward().get(x).toFloats());
    assertArrayEquals(floats(0, 0), x.take(none).sum().backward().get(x).toFloats());
    Variable e = Variable.leaf(Tensor.zeros(Shape.of(3, 0), DType.F32));
    assertEquals(e.shape(), e.sort(0).values().sum().backward().get(e).shape());
    assertEquals(e.shape(), e.quantile(.3, 0).sum().backward().get(e).shape());
  }

  @Test
  void singleNumbersArePickedAndWrittenToo() {
    Variable x = Variable.leaf(Tensor.of(1f, 2));
    Tensor one = Tensor.of(new int[] {1}, Shape.SCALAR);
    assertEquals(Shape.SCALAR, x.take(one).shape());
    assertArrayEquals(floats(0, 1), x.take(one).backward().get(x).toFloats());
    assertArrayEquals(floats(0, 1), x.index(one).backward().get(x).toFloats());
    Variable s = Variable.leaf(Tensor.scalar(3f));
    Gradients gradients = weighed(x.put(one, s, false)).backward();
    assertArrayEquals(floats(1, 0), gradients.get(x).toFloats());
    assertEquals(10, gradients.get(s).item());
  }

  @Test
  void wholeNumbersAreConstants() {
    Variable x = Variable.constant(Tensor.of(3, 1, 2));
    assertArrayEquals(new int[] {1, 2, 3}, x.sort(0).values().value().toInts());
    assertArrayEquals(new int[] {3, 9, 2}, x.scatter(0, Tensor.of(1), 9).value().toInts());
    assertEquals(2, x.median(0).values().value().item());
  }

  /// They are the tensor's own, which checks first.
  @Test
  void whatATensorRefusesAVariableRefuses() {
    Variable x = Variable.leaf(Tensor.of(1f, 2));
    Variable doubles = Variable.leaf(Tensor.of(1.0, 2.0));
    Tensor index = Tensor.of(0, 2);
    assertEquals(
        """
        topk: cannot take 3 of 2 elements
          shape  (2)
          rule   0 <= k <= the size of axis 0\
        """,
        assertThrows(ShapeException.class, () -> x.topk(3)).getMessage());
    assertEquals(
        """
        quantile: there is no share of 1.5
          rule   0 <= q <= 1\
        """,
        assertThrows(ShapeException.class, () -> x.quantile(1.5, 0)).getMessage());
    assertThrows(DTypeException.class, () -> x.scatter(0, Tensor.of(0, 1), doubles));
    assertThrows(DTypeException.class, () -> x.scatterAdd(0, Tensor.of(0, 1), doubles));
    assertThrows(IndexException.class, () -> x.put(index, x, false));
    assertThrows(IndexException.class, () -> x.index(index));
    assertThrows(IndexException.class, () -> x.indexPut(x, true, index));
    assertThrows(ShapeException.class, () -> x.index());
    assertThrows(ShapeException.class, () -> x.index(index, index));
    assertThrows(
        ShapeException.class, () -> x.indexAdd(0, Tensor.zeros(Shape.of(2, 1), DType.I32), x));
  }
}
