package vectorgrad.tensor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Random;
import java.util.function.BinaryOperator;
import java.util.function.DoubleBinaryOperator;
import java.util.function.DoubleUnaryOperator;
import java.util.function.LongBinaryOperator;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/// Every dtype, alone and beside every other: whole numbers against a model in `long`, exactly;
/// floating ones against a model in `double`, rounded once to the dtype of the result.
abstract class DTypesContract {
  private static final DType[] ALL = DType.values();
  private static final DType[] WHOLE = {DType.I32, DType.I64, DType.U8, DType.BOOL};
  private static final DType[] HALVES = {DType.F16, DType.BF16};

  abstract Device device();

  private static <T> T any(Random random, T[] among) {
    return among[random.nextInt(among.length)];
  }

  /// The distance to the next number of a half.
  private static double ulp(double x, DType half) {
    int fraction = half == DType.F16 ? 10 : 7;
    int least = half == DType.F16 ? -14 : -126;
    return Math.scalb(1.0, Math.max(least, Math.getExponent(x)) - fraction);
  }

  // ---- two dtypes -----------------------------------------------------------------------------

  @Property(tries = 100)
  @Checks({"add", "sub", "mul", "maximum", "minimum", "lt", "le", "gt", "ge", "eq", "ne"})
  void operandsOfTwoDTypesAreConvertedAsTheyAreLoaded(@ForAll long seed) {
    Random random = new Random(seed);
    DType a = any(random, ALL);
    DType b = any(random, ALL);
    binary(seed, a, b, Tensor::add, Double::sum, Long::sum);
    if (a != DType.BOOL || b != DType.BOOL) {
      binary(seed, a, b, Tensor::sub, (x, y) -> x - y, (x, y) -> x - y);
    }
    binary(seed, a, b, Tensor::mul, (x, y) -> x * y, (x, y) -> x * y);
    binary(seed, a, b, Tensor::maximum, Math::max, Math::max);
    binary(seed, a, b, Tensor::minimum, Math::min, Math::min);
    binary(seed, a, b, Tensor::lt, (x, y) -> x < y ? 1 : 0, (x, y) -> x < y ? 1 : 0);
    binary(seed, a, b, Tensor::le, (x, y) -> x <= y ? 1 : 0, (x, y) -> x <= y ? 1 : 0);
    binary(seed, a, b, Tensor::gt, (x, y) -> x > y ? 1 : 0, (x, y) -> x > y ? 1 : 0);
    binary(seed, a, b, Tensor::ge, (x, y) -> x >= y ? 1 : 0, (x, y) -> x >= y ? 1 : 0);
    binary(seed, a, b, Tensor::eq, (x, y) -> x == y ? 1 : 0, (x, y) -> x == y ? 1 : 0);
    binary(seed, a, b, Tensor::ne, (x, y) -> x != y ? 1 : 0, (x, y) -> x != y ? 1 : 0);
  }

  private void binary(
      long seed,
      DType a,
      DType b,
      BinaryOperator<Tensor> operation,
      DoubleBinaryOperator formula,
      LongBinaryOperator wholeFormula) {
    var nasty = new Nasty(seed, device());
    Shape shape = nasty.shape();
    Tensor x = tensor(nasty, nasty.broadcastable(shape), a);
    Tensor y = tensor(nasty, shape, b);
    if (!a.promotesWith(b)) {
      assertThrows(DTypeException.class, () -> operation.apply(x, y));
      return;
    }
    DType common = a.promote(b);
    Tensor result = operation.apply(x, y);
    if (result.dtype() != DType.BOOL) {
      assertEquals(common, result.dtype());
    }
    if (common.isFloating()) {
      Model m = Model.of(x);
      Model n = Model.of(y);
      DType rounds = result.dtype() == DType.BOOL ? DType.F64 : common;
      new Model(
              shape,
              at ->
                  Model.rounded(
                      formula.applyAsDouble(m.broadcastAt(at), n.broadcastAt(at)), rounds))
          .assertMatches(result, 0);
    } else {
      WholeModel m = WholeModel.of(x);
      WholeModel n = WholeModel.of(y);
      new WholeModel(shape, at -> wholeFormula.applyAsLong(m.broadcastAt(at), n.broadcastAt(at)))
          .assertMatches(result);
    }
  }

  private static Tensor tensor(Nasty nasty, Shape shape, DType dtype) {
    boolean wide = !dtype.isFloating() && nasty.random().nextBoolean();
    return wide ? nasty.whole(shape, dtype) : nasty.tensor(shape, dtype);
  }

  @Property(tries = 80)
  @Checks({"where", "concat", "stack"})
  void whatIsChosenAndJoinedIsPromotedToo(@ForAll long seed) {
    var nasty = new Nasty(seed, device());
    DType a = any(nasty.random(), ALL);
    DType b = any(nasty.random(), ALL);
    if (!a.promotesWith(b)) {
      return;
    }
    Shape shape = nasty.shape();
    Tensor x = nasty.tensor(shape, a);
    Tensor y = nasty.tensor(shape, b);
    Tensor condition = nasty.tensor(nasty.broadcastable(shape), DType.BOOL);
    Model m = Model.of(x);
    Model n = Model.of(y);
    Model c = Model.of(condition);
    Tensor chosen = Tensor.where(condition, x, y);
    assertEquals(a.promote(b), chosen.dtype());
    new Model(shape, at -> c.broadcastAt(at) != 0 ? m.get(at) : n.get(at)).assertMatches(chosen, 0);
    Tensor stacked = Tensor.stack(0, x, y);
    assertEquals(a.promote(b), stacked.dtype());
    m.assertMatches(stacked.select(0, 0), 0);
    n.assertMatches(stacked.select(0, 1), 0);
    if (shape.rank() > 0) {
      Tensor joined = Tensor.concat(0, x, y);
      assertEquals(a.promote(b), joined.dtype());
      n.assertMatches(joined.slice(0, x.size(0), 2 * x.size(0)), 0);
    }
  }

  @Property(tries = 80)
  @Checks("div")
  void quotientsAreFloating(@ForAll long seed) {
    var nasty = new Nasty(seed, device());
    DType a = any(nasty.random(), ALL);
    DType b = any(nasty.random(), ALL);
    if (!a.promotesWith(b)) {
      return;
    }
    Shape shape = nasty.shape();
    Tensor x = nasty.tensor(shape, a);
    Tensor y = nasty.tensor(shape, b);
    DType common = a.promote(b);
    DType result = common.isFloating() ? common : DType.F64;
    Tensor quotient = x.div(y);
    assertEquals(result, quotient.dtype());
    Model m = Model.of(x);
    Model n = Model.of(y);
    new Model(shape, at -> Model.rounded(m.get(at) / n.get(at), result)).assertMatches(quotient, 0);
  }

  // ---- whole numbers --------------------------------------------------------------------------

  @Property(tries = 80)
  @Checks({"neg", "abs", "sign", "square", "relu"})
  void functionsOfWholeNumbersAreExact(@ForAll long seed) {
    for (DType dtype : new DType[] {DType.I32, DType.I64, DType.U8}) {
      var nasty = new Nasty(seed, device());
      Tensor x = nasty.whole(nasty.shape(), dtype);
      WholeModel m = WholeModel.of(x);
      // those of I32 wrap around before they are compared
      new WholeModel(x.shape(), at -> -m.get(at)).assertMatches(x.neg());
      new WholeModel(x.shape(), at -> Math.abs(m.get(at))).assertMatches(x.abs());
      new WholeModel(x.shape(), at -> Long.signum(m.get(at))).assertMatches(x.sign());
      new WholeModel(x.shape(), at -> m.get(at) * m.get(at)).assertMatches(x.square());
      new WholeModel(x.shape(), at -> Math.max(0, m.get(at))).assertMatches(x.relu());
      assertEquals(dtype, x.neg().dtype());
    }
  }

  @Property(tries = 100)
  @Checks({"sum", "prod", "max", "min"})
  void wholeNumbersAreJoinedExactly(@ForAll long seed) {
    for (DType dtype : WHOLE) {
      var nasty = new Nasty(seed, device());
      Tensor x = nasty.whole(nasty.shape(), dtype);
      int[] axes =
          IntStream.range(0, x.rank()).filter(axis -> nasty.random().nextBoolean()).toArray();
      assertEquals(DType.I64, x.sum(axes).dtype());
      joined(x, axes, 0, Long::sum).assertMatches(x.sum(true, axes));
      joined(x, axes, 1, (a, b) -> a * b).assertMatches(x.prod(true, axes));
      if (x.size() > 0) {
        assertEquals(dtype, x.max(axes).dtype());
        joined(x, axes, Long.MIN_VALUE, Math::max).assertMatches(x.max(true, axes));
        joined(x, axes, Long.MAX_VALUE, Math::min).assertMatches(x.min(true, axes));
      }
    }
  }

  private static WholeModel joined(Tensor x, int[] axes, long start, LongBinaryOperator join) {
    WholeModel m = WholeModel.of(x);
    boolean[] gone = new boolean[x.rank()];
    for (int axis = 0; axis < gone.length; axis++) {
      int a = axis;
      gone[axis] = axes.length == 0 || IntStream.of(axes).anyMatch(i -> i == a);
    }
    int[] kept = x.shape().toArray();
    for (int axis = 0; axis < kept.length; axis++) {
      kept[axis] = gone[axis] ? 1 : kept[axis];
    }
    return new WholeModel(
        Shape.of(kept),
        at -> {
          long total = start;
          int[] index = new int[x.rank()];
          for (int i = 0; i < x.size(); i++, Model.next(index, x.shape())) {
            boolean here = true;
            for (int axis = 0; axis < index.length; axis++) {
              here &= gone[axis] || index[axis] == at[axis];
            }
            if (here) {
              total = join.applyAsLong(total, m.get(index));
            }
          }
          return total;
        });
  }

  @Property(tries = 60)
  @Checks({"argmax", "gather", "scatterAdd"})
  void placesOfWholeNumbersAreThoseOfTheExactOnes(@ForAll long seed) {
    for (DType dtype : new DType[] {DType.I32, DType.I64, DType.U8}) {
      var nasty = new Nasty(seed, device());
      int n = 1 + nasty.random().nextInt(40);
      Tensor x = nasty.whole(Shape.of(3, n), dtype);
      WholeModel m = WholeModel.of(x);
      new WholeModel(
              Shape.of(3),
              at ->
                  IntStream.range(0, n)
                      .reduce(0, (best, i) -> m.get(at[0], i) > m.get(at[0], best) ? i : best))
          .assertMatches(x.argmax(1));
      int[] chosen = nasty.random().ints(3L * n, 0, n).toArray();
      Tensor index = Tensor.of(chosen, x.shape()).to(device());
      new WholeModel(x.shape(), at -> m.get(at[0], chosen[at[0] * n + at[1]]))
          .assertMatches(x.gather(1, index));
      new WholeModel(
              x.shape(),
              at ->
                  IntStream.range(0, n)
                      .filter(i -> chosen[at[0] * n + i] == at[1])
                      .mapToLong(i -> m.get(at[0], i))
                      .sum())
          .assertMatches(x.scatterAdd(1, index, n));
    }
  }

  @Property(tries = 60)
  @Checks("matmul")
  void productsOfWholeMatricesAreExact(@ForAll long seed) {
    var nasty = new Nasty(seed, device());
    DType a = any(nasty.random(), WHOLE);
    DType b = any(nasty.random(), WHOLE);
    int rows = nasty.random().nextInt(6);
    int depth = nasty.random().nextInt(20);
    Tensor x = nasty.whole(Shape.of(rows, depth), a);
    Tensor y = nasty.whole(Shape.of(depth, 5), b);
    WholeModel m = WholeModel.of(x);
    WholeModel n = WholeModel.of(y);
    Tensor product = x.matmul(y);
    assertEquals(a.promote(b), product.dtype());
    new WholeModel(
            Shape.of(rows, 5),
            at -> {
              long sum = 0;
              for (int k = 0; k < depth; k++) {
                long term = m.get(at[0], k) * n.get(k, at[1]);
                sum = product.dtype() == DType.BOOL ? sum | term : sum + term;
              }
              return sum;
            })
        .assertMatches(product);
  }

  // ---- halves ---------------------------------------------------------------------------------

  @Property(tries = 80)
  @Checks({"neg", "abs", "square", "exp", "tanh", "sigmoid", "relu", "sin", "sqrt"})
  void functionsOfHalvesAreRoundedOnce(@ForAll long seed) {
    half(seed, Tensor::neg, x -> -x, 0);
    half(seed, Tensor::abs, Math::abs, 0);
    half(seed, Tensor::square, x -> x * x, 0);
    half(seed, Tensor::relu, x -> Math.max(x, 0), 0);
    half(seed, x -> x.abs().sqrt(), x -> Math.sqrt(Math.abs(x)), 0);
    half(seed, x -> x.mul(3).sub(0.5), x -> x, -1);
    // beside a tie float32, off by two units of its last place, may decide otherwise
    half(seed, Tensor::exp, Math::exp, 1);
    half(seed, Tensor::tanh, Math::tanh, 1);
    half(seed, Tensor::sin, Math::sin, 1);
    half(seed, Tensor::sigmoid, x -> 1 / (1 + Math.exp(-x)), 1);
  }

  /// @param ulps how far off the correctly rounded value a result may be; −1: only the dtype counts
  private void half(
      long seed, UnaryOperator<Tensor> operation, DoubleUnaryOperator formula, int ulps) {
    for (DType dtype : HALVES) {
      var nasty = new Nasty(seed, device());
      Tensor x = nasty.tensor(nasty.shape(), dtype);
      Tensor result = operation.apply(x);
      assertEquals(dtype, result.dtype());
      if (ulps >= 0) {
        assertNear(x, result, formula, ulps);
      }
    }
  }

  private static void assertNear(Tensor x, Tensor result, DoubleUnaryOperator formula, int ulps) {
    Model m = Model.of(x);
    Model found = Model.of(result);
    int[] index = new int[x.rank()];
    for (int i = 0; i < x.size(); i++, Model.next(index, x.shape())) {
      double expected = Model.rounded(formula.applyAsDouble(m.get(index)), result.dtype());
      assertEquals(expected, found.get(index), ulps * ulp(expected, result.dtype()));
    }
  }

  @Property(tries = 60)
  @Checks({"sum", "mean", "max", "min", "matmul", "softmax"})
  void halvesAreJoinedInFloatsAndRoundedOnce(@ForAll long seed) {
    for (DType dtype : HALVES) {
      var nasty = new Nasty(seed, device());
      int rows = 1 + nasty.random().nextInt(70);
      int columns = 1 + nasty.random().nextInt(70);
      Tensor x = nasty.tensor(Shape.of(rows, columns), dtype);
      Tensor wide = x.to(DType.F64);
      for (int axis = 0; axis < 2; axis++) {
        assertRounded(wide.sum(axis), x.sum(axis), dtype);
        assertRounded(wide.mean(axis), x.mean(axis), dtype);
        assertRounded(wide.max(axis), x.max(axis), dtype);
        assertRounded(wide.min(axis), x.min(axis), dtype);
        assertRounded(wide.softmax(axis), x.softmax(axis), dtype);
      }
      assertRounded(wide.matmul(wide.transpose()), x.matmul(x.transpose()), dtype);
      assertRounded(wide.gather(0, x.argmax(0).unsqueeze(0)), x.max(true, 0), dtype);
    }
  }

  /// Within the rounding of the dtype, and what float32 sums of some 70 numbers are off.
  private static void assertRounded(Tensor expected, Tensor found, DType dtype) {
    assertEquals(dtype, found.dtype());
    Model m = Model.of(expected);
    Model n = Model.of(found);
    int[] index = new int[expected.rank()];
    for (int i = 0; i < expected.size(); i++, Model.next(index, expected.shape())) {
      double value = m.get(index);
      // 70 roundings of 2⁻²⁴ each, of partial sums of about 10 or the sum itself
      double accumulated = 4e-5 + 4e-6 * Math.abs(value);
      assertEquals(value, n.get(index), 0.5 * ulp(value, dtype) + accumulated);
    }
  }
}
