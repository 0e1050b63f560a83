package vectorgrad.tensor;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigInteger;
import java.util.function.BinaryOperator;
import java.util.function.DoubleBinaryOperator;
import java.util.function.DoubleUnaryOperator;
import java.util.function.UnaryOperator;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/// Elementary functions, whole parts and questions, over nasty shapes and layouts, against `Math`
/// and the formulas of textbooks, one element at a time in float64.
abstract class FunctionsContract {
  /// A few roundings in f32 of numbers of about the size of 1.
  private static final double ROUNDED = 1e-6;

  /// A few roundings in f64, and those of the textbook's formula.
  private static final double NEARLY = 1e-13;

  private static final double INF = Double.POSITIVE_INFINITY;
  private static final double NAN = Double.NaN;

  abstract Device device();

  private void unary(long seed, UnaryOperator<Tensor> operation, DoubleUnaryOperator formula) {
    unary(seed, x -> x, operation, formula);
  }

  /// @param domain brings random numbers to where the function is defined
  private void unary(
      long seed,
      UnaryOperator<Tensor> domain,
      UnaryOperator<Tensor> operation,
      DoubleUnaryOperator formula) {
    for (DType dtype : new DType[] {DType.F32, DType.F64}) {
      var nasty = new Nasty(seed, device());
      Tensor x = domain.apply(nasty.tensor(nasty.shape(), dtype));
      Model m = Model.of(x);
      new Model(x.shape(), index -> formula.applyAsDouble(m.get(index)))
          .assertMatches(operation.apply(x), dtype == DType.F32 ? ROUNDED : NEARLY);
    }
  }

  @Property(tries = 30)
  @Checks({"exp2", "expm1", "log2", "log10", "log1p", "cbrt", "rsqrt", "reciprocal"})
  void powersAndLogarithmsFollowTheirFormula(@ForAll long seed) {
    unary(seed, Tensor::exp2, x -> Math.pow(2, x));
    unary(seed, Tensor::expm1, Math::expm1);
    unary(seed, Tensor::cbrt, Math::cbrt);
    UnaryOperator<Tensor> positive = x -> x.abs().add(0.25);
    unary(seed, positive, Tensor::log2, x -> Math.log(x) / Math.log(2));
    unary(seed, positive, Tensor::log10, Math::log10);
    unary(seed, positive, Tensor::log1p, Math::log1p);
    unary(seed, positive, Tensor::rsqrt, x -> 1 / Math.sqrt(x));
    unary(seed, positive, Tensor::reciprocal, x -> 1 / x);
  }

  @Property(tries = 30)
  @Checks({"tan", "asin", "acos", "atan", "sinh", "cosh", "asinh", "acosh", "atanh"})
  void anglesFollowTheirFormula(@ForAll long seed) {
    unary(seed, x -> x.mul(0.3), Tensor::tan, Math::tan);
    unary(seed, Tensor::tanh, Tensor::asin, Math::asin);
    unary(seed, Tensor::tanh, Tensor::acos, Math::acos);
    unary(seed, Tensor::atan, Math::atan);
    unary(seed, x -> x.mul(0.5), Tensor::sinh, Math::sinh);
    unary(seed, x -> x.mul(0.5), Tensor::cosh, Math::cosh);
    unary(seed, Tensor::asinh, x -> Math.signum(x) * Math.log(Math.abs(x) + Math.sqrt(x * x + 1)));
    unary(
        seed,
        x -> x.square().add(1),
        Tensor::acosh,
        x -> Math.log(x + Math.sqrt((x - 1) * (x + 1))));
    unary(seed, x -> x.mul(0.2), Tensor::atanh, x -> Math.log((1 + x) / (1 - x)) / 2);
  }

  @Property(tries = 30)
  @Checks({"erf", "erfc", "softplus", "logSigmoid", "logit"})
  void probabilitiesFollowTheirFormula(@ForAll long seed) {
    unary(seed, Tensor::erf, FunctionsContract::erf);
    unary(seed, Tensor::erfc, x -> 1 - erf(x));
    unary(seed, Tensor::softplus, x -> Math.log(1 + Math.exp(x)));
    unary(seed, Tensor::logSigmoid, x -> -Math.log(1 + Math.exp(-x)));
    unary(seed, Tensor::sigmoid, Tensor::logit, x -> Math.log(x / (1 - x)));
  }

  /// `2/√π·e^(−x²)·(x + 2x³/3 + 4x⁵/15 + …)`
  private static double erf(double x) {
    double sum = 0;
    double term = x;
    for (int k = 1; Math.abs(term) > 1e-20 * Math.abs(sum); k++) {
      sum += term;
      term *= 2 * x * x / (2 * k + 1);
    }
    return 2 / Math.sqrt(Math.PI) * Math.exp(-x * x) * sum;
  }

  @Property(tries = 30)
  @Checks({"ceil", "floor", "round", "trunc", "frac", "isnan", "isinf", "isfinite", "logicalNot"})
  void partsAndQuestionsFollowTheirFormula(@ForAll long seed) {
    UnaryOperator<Tensor> halves = x -> x.mul(4).round().div(2);
    unary(seed, halves, Tensor::ceil, Math::ceil);
    unary(seed, halves, Tensor::floor, Math::floor);
    unary(seed, halves, Tensor::round, Math::rint);
    unary(seed, halves, Tensor::trunc, x -> x < 0 ? Math.ceil(x) : Math.floor(x));
    unary(seed, Tensor::frac, x -> x % 1);
    UnaryOperator<Tensor> mixed = x -> x.add(1).log().div(x.floor()); // NaN, ±∞, numbers, 0
    unary(seed, mixed, Tensor::isnan, x -> Double.isNaN(x) ? 1 : 0);
    unary(seed, mixed, Tensor::isinf, x -> Double.isInfinite(x) ? 1 : 0);
    unary(seed, mixed, Tensor::isfinite, x -> Double.isFinite(x) ? 1 : 0);
    unary(seed, mixed, Tensor::logicalNot, x -> x == 0 ? 1 : 0);
    unary(seed, mixed, x -> x.nanToNum(5, 6, 7), x -> noNumber(x));
  }

  private static double noNumber(double x) {
    return Double.isNaN(x) ? 5 : x == INF ? 6 : x == -INF ? 7 : x;
  }

  private void binary(
      long seed, BinaryOperator<Tensor> operation, DoubleBinaryOperator formula, DType... dtypes) {
    for (DType dtype : dtypes) {
      var nasty = new Nasty(seed, device());
      Shape shape = nasty.shape();
      Tensor x = nasty.tensor(nasty.broadcastable(shape), dtype);
      Tensor y = nasty.tensor(shape, dtype);
      Model a = Model.of(x);
      Model b = Model.of(y);
      new Model(shape, at -> formula.applyAsDouble(a.broadcastAt(at), b.broadcastAt(at)))
          .assertMatches(operation.apply(x, y), dtype == DType.F32 ? ROUNDED : NEARLY);
    }
  }

  @Property(tries = 30)
  @Checks({"pow", "hypot", "atan2", "copysign", "logaddexp", "xlogy", "lerp"})
  void functionsOfTwoFollowTheirFormula(@ForAll long seed) {
    DType[] floats = {DType.F32, DType.F64};
    binary(seed, (x, y) -> x.exp().pow(y), (x, y) -> Math.pow(Math.exp(x), y), DType.F64);
    binary(
        seed,
        (x, y) -> x.abs().pow(y.tanh()),
        (x, y) -> Math.pow(Math.abs(x), Math.tanh(y)),
        DType.F64);
    binary(seed, (x, y) -> x.pow(3.0).add(y), (x, y) -> x * x * x + y, DType.F64);
    binary(seed, Tensor::hypot, Math::hypot, floats);
    binary(seed, Tensor::atan2, Math::atan2, floats);
    binary(seed, Tensor::copysign, Math::copySign, floats);
    binary(seed, Tensor::logaddexp, (x, y) -> Math.log(Math.exp(x) + Math.exp(y)), floats);
    binary(seed, (x, y) -> x.xlogy(y.abs()), (x, y) -> x * Math.log(Math.abs(y)), floats);
    binary(seed, (x, y) -> x.lerp(y, 0.75), (x, y) -> x / 4 + 0.75 * y, floats);
    binary(seed, (x, y) -> x.lerp(y, y), (x, y) -> x + y * (y - x), DType.F64);
  }

  @Property(tries = 30)
  @Checks({"fmod", "remainder", "floorDivide"})
  void divisionsLeaveARemainder(@ForAll long seed) {
    DType[] floats = {DType.F32, DType.F64};
    binary(seed, Tensor::fmod, (x, y) -> x % y, floats);
    binary(seed, Tensor::remainder, (x, y) -> x - y * Math.floor(x / y), floats);
    binary(seed, Tensor::floorDivide, (x, y) -> Math.floor(x / y), DType.F64);
    DType[] whole = {DType.I32, DType.I64, DType.U8};
    binary(seed, Tensor::fmod, (x, y) -> y == 0 ? 0 : x % y, whole);
    binary(seed, Tensor::remainder, (x, y) -> y == 0 ? 0 : x - y * Math.floor(x / y), whole);
    binary(seed, Tensor::floorDivide, (x, y) -> y == 0 ? 0 : Math.floor(x / y), whole);
    var nasty = new Nasty(seed, device());
    Tensor x = nasty.tensor(nasty.shape(), DType.I32);
    assertEquals(DType.I32, x.floorDivide(3).dtype());
    assertEquals(DType.I32, x.remainder(3).dtype());
    assertEquals(DType.I32, x.fmod(3).dtype());
  }

  @Property(tries = 30)
  @Checks("floorDivide")
  void longsAreDividedExactly(@ForAll long x, @ForAll long y) {
    Tensor a = Tensor.of(new long[] {x, x}, Shape.of(2)).to(device());
    Tensor b = Tensor.of(new long[] {y, y >> 40}, Shape.of(2)).to(device());
    long[] expected = {divide(x, y), divide(x, y >> 40)};
    assertArrayEquals(expected, (long[]) a.floorDivide(b).to(Device.CPU).memory());
  }

  private static long divide(long x, long y) {
    if (y == 0) {
      return 0;
    }
    BigInteger[] parts = BigInteger.valueOf(x).divideAndRemainder(BigInteger.valueOf(y));
    boolean below = parts[1].signum() * Long.signum(y) < 0;
    return parts[0].longValue() - (below ? 1 : 0);
  }

  @Property(tries = 30)
  @Checks({"clamp", "clampMin", "clampMax", "heaviside"})
  void boundsAreKept(@ForAll long seed) {
    DType[] all = {DType.F32, DType.F64, DType.I32};
    binary(seed, Tensor::clampMin, Math::max, all);
    binary(seed, Tensor::clampMax, Math::min, all);
    binary(
        seed, (x, y) -> x.clampMin(1).clampMax(2).add(y), (x, y) -> Math.clamp(x, 1, 2) + y, all);
    binary(seed, (x, y) -> x.clamp(-1, 1).add(y), (x, y) -> Math.clamp(x, -1, 1) + y, all);
    binary(seed, (x, y) -> x.clamp(y, y.add(1)), (x, y) -> Math.clamp(x, y, y + 1), DType.F64);
    binary(seed, (x, y) -> x.clamp(y.add(1), y), (x, y) -> y, DType.F64, DType.I32);
    binary(seed, Tensor::heaviside, (x, y) -> x < 0 ? 0 : x > 0 ? 1 : y, all);
  }

  @Property(tries = 30)
  @Checks({"logicalAnd", "logicalOr", "logicalXor", "isclose", "allclose"})
  void truthIsTold(@ForAll long seed) {
    DType[] all = {DType.BOOL, DType.I32, DType.U8, DType.F32};
    binary(seed, Tensor::logicalAnd, (x, y) -> x != 0 && y != 0 ? 1 : 0, all);
    binary(seed, Tensor::logicalOr, (x, y) -> x != 0 || y != 0 ? 1 : 0, all);
    binary(seed, Tensor::logicalXor, (x, y) -> x != 0 ^ y != 0 ? 1 : 0, all);
    binary(
        seed,
        (x, y) -> x.isclose(y, 0.1, 0.2),
        (x, y) -> Math.abs(x - y) <= 0.2 + 0.1 * Math.abs(y) ? 1 : 0,
        DType.F64,
        DType.I32,
        DType.I64);
    var nasty = new Nasty(seed, device());
    Tensor x = nasty.tensor(nasty.shape(), DType.F32);
    assertTrue(x.allclose(x.mul(1 + 1e-6)));
    assertEquals(x.size() == 0, x.allclose(x.add(1), 1e-9, 1e-9));
  }

  private Tensor of(double... values) {
    return Tensor.of(values).to(device());
  }

  @Example
  @Checks({"nanToNum", "isclose", "clamp", "pow"})
  void whatIsNoNumberIsTreatedAsDocumented() {
    Tensor odd = of(NAN, INF, -INF, -0.0, 2);
    double most = Double.MAX_VALUE;
    assertArrayEquals(new double[] {0, most, -most, -0.0, 2}, odd.nanToNum().toDoubles());
    Tensor single = odd.to(DType.F32).nanToNum();
    assertEquals(Float.MAX_VALUE, single.toDoubles()[1]);
    assertEquals(65504, odd.to(DType.F16).nanToNum().toDoubles()[1]);
    assertEquals(0x1.fep127, odd.to(DType.BF16).nanToNum().toDoubles()[1]);
    Tensor whole = Tensor.of(1, 2).to(device());
    assertSame(whole, whole.nanToNum());
    assertSame(whole, whole.floor());
    assertArrayEquals(new double[] {0, 1, 1, 1, 1}, odd.isclose(odd).toDoubles());
    assertArrayEquals(new double[] {0, 0, 0, 0, 0}, odd.isclose(odd.neg().add(1)).toDoubles());
    assertFalse(odd.allclose(odd));
    assertArrayEquals(new double[] {NAN, 1, -1, -0.0, 1}, odd.clamp(-1, 1).toDoubles());
    assertArrayEquals(new double[] {NAN, INF, INF, 0, 4}, odd.pow(2.0).toDoubles());
    assertArrayEquals(
        new double[] {NAN, NAN, NAN, -0.0, 2}, odd.remainder(of(NAN, 3, 3, 3, 3)).toDoubles());
  }

  @Example
  void wholeNumbersAreRefusedWithTheCure() {
    Tensor whole = Tensor.of(1, 2).to(device());
    assertEquals(
        """
        atan2: needs floating-point numbers, found i32
          shape  (2)
          help   convert with to(DType.F32)\
        """,
        assertThrows(DTypeException.class, () -> whole.atan2(whole)).getMessage());
    assertEquals(DType.F64, whole.atan2(of(1, 2)).dtype());
    assertEquals(DType.F64, whole.to(DType.U8).pow(of(1, 2)).dtype());
    assertEquals(DType.F16, whole.to(DType.F16).erf().dtype());
  }
}
