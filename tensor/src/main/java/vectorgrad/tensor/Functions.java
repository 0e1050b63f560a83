package vectorgrad.tensor;

import static vectorgrad.numerics.Formula.ZERO;
import static vectorgrad.numerics.Formula.constant;
import static vectorgrad.numerics.Formula.input;

import vectorgrad.numerics.Formula;
import vectorgrad.numerics.Program;

/// Elementary functions of every element, and tests and choices among them. Each is a formula; how
/// exact it is says [vectorgrad.numerics.UnaryFunction]. Operands broadcast.
///
/// Functions whose values are no whole numbers need floating-point operands.
sealed interface Functions permits Tensor {

  /// The formulas behind the operations, each compiled once for each dtype and stride pattern.
  final class Programs {
    private static final Formula X = input(0);
    private static final Formula Y = input(1);
    private static final Formula Z = input(2);
    static final Program TAN = Program.of(X.tan());
    static final Program ASIN = Program.of(X.asin());
    static final Program ACOS = Program.of(X.acos());
    static final Program ATAN = Program.of(X.atan());
    static final Program ATAN2 = Program.of(X.atan2(Y));
    static final Program SINH = Program.of(X.sinh());
    static final Program COSH = Program.of(X.cosh());
    static final Program ASINH = Program.of(X.asinh());
    static final Program ACOSH = Program.of(X.acosh());
    static final Program ATANH = Program.of(X.atanh());
    static final Program EXP2 = Program.of(X.exp2());
    static final Program EXPM1 = Program.of(X.expm1());
    static final Program LOG2 = Program.of(X.log2());
    static final Program LOG10 = Program.of(X.log10());
    static final Program LOG1P = Program.of(X.log1p());
    static final Program CBRT = Program.of(X.cbrt());
    static final Program RSQRT = Program.of(X.rsqrt());
    static final Program RECIPROCAL = Program.of(X.reciprocal());
    static final Program POW = Program.of(X.pow(Y));
    static final Program HYPOT = Program.of(X.hypot(Y));
    static final Program ERF = Program.of(X.erf());
    static final Program ERFC = Program.of(X.erfc());
    static final Program SOFTPLUS = Program.of(X.softplus());
    static final Program LOG_SIGMOID = Program.of(X.logSigmoid());
    static final Program LOGIT = Program.of(X.logit());
    static final Program LOG_ADD_EXP = Program.of(X.logAddExp(Y));
    static final Program XLOGY = Program.of(X.xlogy(Y));
    static final Program CEIL = Program.of(X.ceil());
    static final Program FLOOR = Program.of(X.floor());
    static final Program ROUND = Program.of(X.rint());
    static final Program TRUNC = Program.of(X.trunc());
    static final Program FRAC = Program.of(X.minus(X.trunc()));
    static final Program FMOD = Program.of(X.fmod(Y));
    static final Program REMAINDER = Program.of(X.remainder(Y));
    static final Program FLOOR_DIVIDE = Program.of(X.floorDivide(Y));
    static final Program WHOLE_FLOOR_DIVIDE =
        Program.of(Y.equalTo(ZERO).then(ZERO, X.floorDivide(Y)));
    static final Program COPYSIGN = Program.of(X.copysign(Y));
    static final Program CLAMP_MIN = Program.of(X.lessThan(Y).then(Y, X));
    static final Program CLAMP_MAX = Program.of(X.greaterThan(Y).then(Y, X));
    static final Program CLAMP = Program.of(X.clamp(Y, Z));
    static final Program LERP = Program.of(X.lerp(Y, Z));
    static final Program HEAVISIDE = Program.of(X.heaviside(Y));
    static final Program ISNAN = Program.of(X.isNaN());
    static final Program ISINF = Program.of(X.isInfinite());
    static final Program ISFINITE = Program.of(X.isFinite());
    static final Program NAN_TO_NUM =
        Program.of(
            X.isNaN()
                .then(
                    Y,
                    X.equalTo(constant(Double.POSITIVE_INFINITY))
                        .then(
                            Z,
                            X.equalTo(constant(Double.NEGATIVE_INFINITY)).then(input(3), X))));
    private static final Formula P = X.equalTo(ZERO).not();
    private static final Formula Q = Y.equalTo(ZERO).not();
    static final Program LOGICAL_AND = Program.of(P.and(Q));
    static final Program LOGICAL_OR = Program.of(P.or(Q));
    static final Program LOGICAL_XOR = Program.of(P.xor(Q));
    static final Program LOGICAL_NOT = Program.of(P.not());
    // equal infinities are close, which their difference, NaN, would deny; different ones are not
    static final Program ISCLOSE =
        Program.of(
            X.equalTo(Y)
                .or(
                    X.minus(Y)
                        .abs()
                        .lessOrEqual(input(3).plus(Z.times(Y.abs())))
                        .and(X.isFinite())
                        .and(Y.isFinite())));

    private Programs() {}
  }

  private Tensor self() {
    return (Tensor) this;
  }

  private Tensor like(double value) {
    return Tensor.full(value, Shape.SCALAR, self().dtype(), self().device());
  }

  /// Refuses operands none of which is floating-point.
  private static Tensor floating(String operation, Program program, Tensor... operands) {
    for (Tensor x : operands) {
      if (x.dtype().isFloating()) {
        return Elementwise.evaluate(operation, program, operands)[0];
      }
    }
    Tensor x = operands[0];
    throw new DTypeException(
        Message.of(operation, "needs floating-point numbers, found " + x.dtype())
            .row("shape", x.shape())
            .row("help", "convert with to(DType.F32)"),
        x.shape());
  }

  private static Tensor any(String operation, Program program, Tensor... operands) {
    return Elementwise.evaluate(operation, program, operands)[0];
  }

  // ---- powers, exponentials, logarithms -------------------------------------------------------

  /// `xʸ`, element by element: NaN where `x` is negative and `y` no whole number.
  default Tensor pow(Tensor y) {
    return floating("pow", Programs.POW, self(), y);
  }

  /// `xʸ` for any real `y`: NaN where `x` is negative and `y` no whole number.
  default Tensor pow(double y) {
    return floating("pow", Programs.POW, self(), like(y));
  }

  /// `∛x`, of negative numbers too.
  default Tensor cbrt() {
    return floating("cbrt", Programs.CBRT, self());
  }

  /// `1 / √x`
  default Tensor rsqrt() {
    return floating("rsqrt", Programs.RSQRT, self());
  }

  /// `1 / x`
  default Tensor reciprocal() {
    return floating("reciprocal", Programs.RECIPROCAL, self());
  }

  /// `√(x² + y²)`, without overflow on the way.
  default Tensor hypot(Tensor y) {
    return floating("hypot", Programs.HYPOT, self(), y);
  }

  /// `2ˣ`
  default Tensor exp2() {
    return floating("exp2", Programs.EXP2, self());
  }

  /// `eˣ − 1`, exact where `x` is small.
  default Tensor expm1() {
    return floating("expm1", Programs.EXPM1, self());
  }

  /// `log₂ x`; −∞ at 0, NaN below.
  default Tensor log2() {
    return floating("log2", Programs.LOG2, self());
  }

  /// `log₁₀ x`; −∞ at 0, NaN below.
  default Tensor log10() {
    return floating("log10", Programs.LOG10, self());
  }

  /// `ln(1 + x)`, exact where `x` is small; −∞ at −1, NaN below.
  default Tensor log1p() {
    return floating("log1p", Programs.LOG1P, self());
  }

  // ---- angles ---------------------------------------------------------------------------------

  /// `tan x`; as [#sin()], NaN for angles beyond 2²⁰ in F32, 2⁴⁵ in F64.
  default Tensor tan() {
    return floating("tan", Programs.TAN, self());
  }

  /// The angle in [−π/2, π/2] whose sine is `x`; NaN beyond ±1.
  default Tensor asin() {
    return floating("asin", Programs.ASIN, self());
  }

  /// The angle in [0, π] whose cosine is `x`; NaN beyond ±1.
  default Tensor acos() {
    return floating("acos", Programs.ACOS, self());
  }

  /// The angle in [−π/2, π/2] whose tangent is `x`.
  default Tensor atan() {
    return floating("atan", Programs.ATAN, self());
  }

  /// The angle of the points `(x, this)`, in [−π, π].
  default Tensor atan2(Tensor x) {
    return floating("atan2", Programs.ATAN2, self(), x);
  }

  /// `(eˣ − e⁻ˣ) / 2`
  default Tensor sinh() {
    return floating("sinh", Programs.SINH, self());
  }

  /// `(eˣ + e⁻ˣ) / 2`
  default Tensor cosh() {
    return floating("cosh", Programs.COSH, self());
  }

  /// `ln(x + √(x² + 1))`
  default Tensor asinh() {
    return floating("asinh", Programs.ASINH, self());
  }

  /// `ln(x + √(x² − 1))`; NaN below 1.
  default Tensor acosh() {
    return floating("acosh", Programs.ACOSH, self());
  }

  /// `½·ln((1 + x) / (1 − x))`; ±∞ at ±1, NaN beyond.
  default Tensor atanh() {
    return floating("atanh", Programs.ATANH, self());
  }

  // ---- probabilities --------------------------------------------------------------------------

  /// `2/√π·∫₀ˣ e^(−t²) dt`
  default Tensor erf() {
    return floating("erf", Programs.ERF, self());
  }

  /// `1 − erf x`, exact where that is small.
  default Tensor erfc() {
    return floating("erfc", Programs.ERFC, self());
  }

  /// `ln(1 + eˣ)`, without overflow.
  default Tensor softplus() {
    return floating("softplus", Programs.SOFTPLUS, self());
  }

  /// `ln σ(x)`, without overflow.
  default Tensor logSigmoid() {
    return floating("logSigmoid", Programs.LOG_SIGMOID, self());
  }

  /// `ln(x / (1 − x))`, the inverse of [#sigmoid()]; NaN outside [0, 1].
  default Tensor logit() {
    return floating("logit", Programs.LOGIT, self());
  }

  /// `ln(eˣ + eʸ)`, without overflow.
  default Tensor logaddexp(Tensor y) {
    return floating("logaddexp", Programs.LOG_ADD_EXP, self(), y);
  }

  /// `x·ln y`; 0 where `x` is 0, unless `y` is NaN.
  default Tensor xlogy(Tensor y) {
    return floating("xlogy", Programs.XLOGY, self(), y);
  }

  // ---- whole and remaining parts --------------------------------------------------------------

  /// The smallest whole number that is not below `x`. Whole numbers stay as they are.
  default Tensor ceil() {
    return whole("ceil", Programs.CEIL);
  }

  /// The largest whole number that is not above `x`. Whole numbers stay as they are.
  default Tensor floor() {
    return whole("floor", Programs.FLOOR);
  }

  /// The nearest whole number, the even one of two. Whole numbers stay as they are.
  default Tensor round() {
    return whole("round", Programs.ROUND);
  }

  /// `x` without its fraction. Whole numbers stay as they are.
  default Tensor trunc() {
    return whole("trunc", Programs.TRUNC);
  }

  private Tensor whole(String operation, Program program) {
    Tensor x = self();
    return x.dtype().isFloating() ? any(operation, program, x) : x;
  }

  /// The fraction of `x`, with its sign.
  default Tensor frac() {
    return floating("frac", Programs.FRAC, self());
  }

  /// What is left of `x` after a whole number of `y`, exactly, with the sign of `x`: C's `fmod`. NaN
  /// after 0, of whole numbers 0.
  default Tensor fmod(Tensor y) {
    return any("fmod", Programs.FMOD, self(), y);
  }

  /// As [#fmod(Tensor)].
  default Tensor fmod(double y) {
    return fmod(like(y));
  }

  /// What is left of `x` after a whole number of `y`, with the sign of `y`: Python's `%`. NaN after
  /// 0, of whole numbers 0.
  default Tensor remainder(Tensor y) {
    return any("remainder", Programs.REMAINDER, self(), y);
  }

  /// As [#remainder(Tensor)].
  default Tensor remainder(double y) {
    return remainder(like(y));
  }

  /// The largest whole number that is not above the quotient `x / y`: Python's `//`. Of whole
  /// numbers it is one too, and 0 after division by 0.
  default Tensor floorDivide(Tensor y) {
    DType dtype = Tensor.promote("floorDivide", self(), y);
    if (dtype.isFloating()) {
      return any("floorDivide", Programs.FLOOR_DIVIDE, self(), y);
    } else if (dtype != DType.I64) {
      return any("floorDivide", Programs.WHOLE_FLOOR_DIVIDE, self(), y).to(dtype);
    }
    // F64 does not hold all of I64: what its quotient misses is divided again
    Tensor multiple = self().sub(fmod(y));
    Tensor guess = quotient(multiple, y);
    Tensor trunc = guess.add(quotient(multiple.sub(guess.mul(y)), y));
    Tensor rest = fmod(y);
    Tensor below = rest.ne(0).logicalAnd(rest.lt(0).ne(y.lt(0)));
    return Tensor.where(y.eq(0), y, trunc.sub(below.to(DType.I64)));
  }

  /// As [#floorDivide(Tensor)].
  default Tensor floorDivide(double y) {
    return floorDivide(like(y));
  }

  private static Tensor quotient(Tensor x, Tensor y) {
    return x.to(DType.F64).div(y.to(DType.F64)).round().to(DType.I64);
  }

  // ---- signs and bounds -----------------------------------------------------------------------

  /// `|x|` with the sign of `y`, that of zeros too.
  default Tensor copysign(Tensor y) {
    return floating("copysign", Programs.COPYSIGN, self(), y);
  }

  /// `x`, but `low` where it is smaller and `high` where it is larger; `high` where `low > high`.
  default Tensor clamp(Tensor low, Tensor high) {
    return any("clamp", Programs.CLAMP, self(), low, high);
  }

  /// As [#clamp(Tensor, Tensor)].
  default Tensor clamp(double low, double high) {
    return clamp(like(low), like(high));
  }

  /// `x`, but `low` where it is smaller; NaN stays.
  default Tensor clampMin(Tensor low) {
    return any("clampMin", Programs.CLAMP_MIN, self(), low);
  }

  /// `x`, but `low` where it is smaller; NaN stays.
  default Tensor clampMin(double low) {
    return clampMin(like(low));
  }

  /// `x`, but `high` where it is larger; NaN stays.
  default Tensor clampMax(Tensor high) {
    return any("clampMax", Programs.CLAMP_MAX, self(), high);
  }

  /// `x`, but `high` where it is larger; NaN stays.
  default Tensor clampMax(double high) {
    return clampMax(like(high));
  }

  /// `x + weight·(end − x)`: `x` at 0 and `end` at 1, both exactly.
  default Tensor lerp(Tensor end, Tensor weight) {
    return floating("lerp", Programs.LERP, self(), end, weight);
  }

  /// As [#lerp(Tensor, Tensor)].
  default Tensor lerp(Tensor end, double weight) {
    return lerp(end, like(weight));
  }

  /// 0 below 0, 1 above, `atZero` at it; NaN stays NaN.
  default Tensor heaviside(Tensor atZero) {
    return any("heaviside", Programs.HEAVISIDE, self(), atZero);
  }

  // ---- what is no number ----------------------------------------------------------------------

  /// BOOL: where `x` is NaN.
  default Tensor isnan() {
    return any("isnan", Programs.ISNAN, self());
  }

  /// BOOL: where `x` is ∞ or −∞.
  default Tensor isinf() {
    return floatingTest("isinf", Programs.ISINF, false);
  }

  /// BOOL: where `x` is neither infinite nor NaN.
  default Tensor isfinite() {
    return floatingTest("isfinite", Programs.ISFINITE, true);
  }

  private Tensor floatingTest(String operation, Program program, boolean ofWhole) {
    Tensor x = self();
    return x.dtype().isFloating()
        ? any(operation, program, x)
        : Tensor.full(ofWhole ? 1 : 0, x.shape(), DType.BOOL, x.device());
  }

  /// `x`, with 0 for NaN, and the largest number of the dtype, positive or negative, for infinity.
  default Tensor nanToNum() {
    DType dtype = self().dtype();
    double largest =
        dtype == DType.F16
            ? 65504
            : dtype == DType.BF16
                ? 0x1.fep127
                : dtype == DType.F64 ? Double.MAX_VALUE : Float.MAX_VALUE;
    return nanToNum(0, largest, -largest);
  }

  /// `x`, with these three numbers for NaN, ∞ and −∞.
  default Tensor nanToNum(double nan, double infinity, double minusInfinity) {
    Tensor x = self();
    return x.dtype().isFloating()
        ? any(
            "nanToNum",
            Programs.NAN_TO_NUM,
            x,
            like(nan),
            like(infinity),
            like(minusInfinity))
        : x;
  }

  // ---- truth ----------------------------------------------------------------------------------

  /// BOOL: where neither is 0.
  default Tensor logicalAnd(Tensor y) {
    return any("logicalAnd", Programs.LOGICAL_AND, self(), y);
  }

  /// BOOL: where one of both is not 0.
  default Tensor logicalOr(Tensor y) {
    return any("logicalOr", Programs.LOGICAL_OR, self(), y);
  }

  /// BOOL: where exactly one of both is 0.
  default Tensor logicalXor(Tensor y) {
    return any("logicalXor", Programs.LOGICAL_XOR, self(), y);
  }

  /// BOOL: where `x` is 0.
  default Tensor logicalNot() {
    return any("logicalNot", Programs.LOGICAL_NOT, self());
  }

  /// BOOL: where `|x − y| ≤ absolute + relative·|y|`. Equal infinities are close to each other, NaN
  /// to nothing. Whole numbers are compared in F64.
  default Tensor isclose(Tensor y, double relative, double absolute) {
    DType common = Tensor.promote("isclose", self(), y);
    DType dtype = common.isFloating() ? common : DType.F64;
    Tensor x = self().to(dtype);
    Tensor[] tolerances = {
      Tensor.full(relative, Shape.SCALAR, dtype, x.device()),
      Tensor.full(absolute, Shape.SCALAR, dtype, x.device())
    };
    return any("isclose", Programs.ISCLOSE, x, y.to(dtype), tolerances[0], tolerances[1]);
  }

  /// BOOL: where `|x − y| ≤ 10⁻⁸ + 10⁻⁵·|y|`.
  default Tensor isclose(Tensor y) {
    return isclose(y, 1e-5, 1e-8);
  }

  /// Whether every element [#isclose(Tensor, double, double)].
  default boolean allclose(Tensor y, double relative, double absolute) {
    Tensor close = isclose(y, relative, absolute);
    return close.size() == 0 || close.to(DType.I32).min().item() == 1;
  }

  /// Whether every element [#isclose(Tensor)].
  default boolean allclose(Tensor y) {
    return allclose(y, 1e-5, 1e-8);
  }
}
