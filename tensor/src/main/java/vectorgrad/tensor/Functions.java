package vectorgrad.tensor;

import static vectorgrad.numerics.Formula.input;

import vectorgrad.numerics.Formula;
import vectorgrad.numerics.Program;

/// Elementary functions of every element. Each is a formula; how exact it is says
/// [vectorgrad.numerics.UnaryFunction]. Operands broadcast and promote, and one of them is
/// floating-point: of whole numbers, convert them first.
sealed interface Functions permits Tensor {

  /// The formulas behind the operations, each compiled once for each dtype and stride pattern.
  final class Programs {
    private static final Formula X = input(0);
    private static final Formula Y = input(1);

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

    private Programs() {}
  }

  private Tensor self() {
    return (Tensor) this;
  }

  private Tensor like(double value) {
    return Tensor.full(value, Shape.SCALAR, self().dtype(), self().device());
  }

  private static Tensor floating(String operation, Program program, Tensor... operands) {
    return Elementwise.floating(operation, program, operands);
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
}
