package vectorgrad.numerics;

import static vectorgrad.numerics.Formula.ONE;
import static vectorgrad.numerics.Formula.TWO;
import static vectorgrad.numerics.Formula.ZERO;
import static vectorgrad.numerics.Formula.constant;

/// The elementary functions of formulas. [UnaryFunction] says how exact they are.
sealed interface ElementaryFormulas permits Formula {

  private Formula self() {
    return (Formula) this;
  }

  private Formula of(UnaryFunction function) {
    return new Formula.Unary(function, self());
  }

  /// `√x`, correctly rounded.
  default Formula sqrt() {
    return of(UnaryFunction.SQRT);
  }

  /// `eˣ`
  default Formula exp() {
    return of(UnaryFunction.EXP);
  }

  /// `ln x`; NaN below 0.
  default Formula log() {
    return of(UnaryFunction.LOG);
  }

  /// `sin x`; NaN for `|x| > 2²⁰` in float32 and 2⁴⁵ in float64.
  default Formula sin() {
    return of(UnaryFunction.SIN);
  }

  /// `cos x`, as far out as [#sin].
  default Formula cos() {
    return of(UnaryFunction.COS);
  }

  /// `tan x`, as far out as [#sin].
  default Formula tan() {
    return of(UnaryFunction.TAN);
  }

  /// The angle in [−π/2, π/2] whose sine is `x`; NaN beyond ±1.
  default Formula asin() {
    return of(UnaryFunction.ASIN);
  }

  /// The angle in [0, π] whose cosine is `x`; NaN beyond ±1.
  default Formula acos() {
    return of(UnaryFunction.ACOS);
  }

  /// The angle in [−π/2, π/2] whose tangent is `x`.
  default Formula atan() {
    return of(UnaryFunction.ATAN);
  }

  /// `(eˣ − e⁻ˣ) / 2`
  default Formula sinh() {
    return of(UnaryFunction.SINH);
  }

  /// `(eˣ + e⁻ˣ) / 2`
  default Formula cosh() {
    return of(UnaryFunction.COSH);
  }

  /// `tanh x`
  default Formula tanh() {
    return of(UnaryFunction.TANH);
  }

  /// `ln(x + √(x² + 1))`
  default Formula asinh() {
    return of(UnaryFunction.ASINH);
  }

  /// `ln(x + √(x² − 1))`; NaN below 1.
  default Formula acosh() {
    return of(UnaryFunction.ACOSH);
  }

  /// `½·ln((1 + x) / (1 − x))`; NaN beyond ±1.
  default Formula atanh() {
    return of(UnaryFunction.ATANH);
  }

  /// `2ˣ`
  default Formula exp2() {
    return of(UnaryFunction.EXP2);
  }

  /// `eˣ − 1`, exact where `x` is small.
  default Formula expm1() {
    return of(UnaryFunction.EXPM1);
  }

  /// `log₂ x`; NaN below 0.
  default Formula log2() {
    return of(UnaryFunction.LOG2);
  }

  /// `log₁₀ x`; NaN below 0.
  default Formula log10() {
    return of(UnaryFunction.LOG10);
  }

  /// `ln(1 + x)`, exact where `x` is small; NaN below −1.
  default Formula log1p() {
    return of(UnaryFunction.LOG1P);
  }

  /// `∛x`, of negative numbers too.
  default Formula cbrt() {
    return of(UnaryFunction.CBRT);
  }

  /// `2/√π·∫₀ˣ e^(−t²) dt`
  default Formula erf() {
    return of(UnaryFunction.ERF);
  }

  /// `1 − erf x`, exact where that is small.
  default Formula erfc() {
    return of(UnaryFunction.ERFC);
  }

  /// `xʸ` for any real `y`; NaN where `x` is negative and `y` no whole number; 1 for `x⁰` and `1ʸ`.
  default Formula pow(Formula y) {
    return new Formula.Binary(BinaryFunction.POW, self(), y);
  }

  /// `√(x² + b²)`, without overflow on the way.
  default Formula hypot(Formula b) {
    return new Formula.Binary(BinaryFunction.HYPOT, self(), b);
  }

  /// The angle of the point `(b, x)`, in [−π, π].
  default Formula atan2(Formula b) {
    return new Formula.Binary(BinaryFunction.ATAN2, self(), b);
  }

  /// `1 / √x`
  default Formula rsqrt() {
    return ONE.over(sqrt());
  }

  // ---- of neural networks and probabilities ---------------------------------------------------

  /// `1 / (1 + e⁻ˣ)`
  default Formula sigmoid() {
    return ONE.over(ONE.plus(self().negate().exp()));
  }

  /// `ln σ(x) = −ln(1 + e⁻ˣ)`, without overflow.
  default Formula logSigmoid() {
    return self().negate().softplus().negate();
  }

  /// `ln(1 + eˣ)`, without overflow: `max(x, 0) + ln(1 + e^−|x|)`.
  default Formula softplus() {
    return self().max(ZERO).plus(self().abs().negate().exp().log1p());
  }

  /// `ln(x / (1 − x)) = 2·artanh(2x − 1)`, the inverse of [#sigmoid()]; NaN outside [0, 1].
  default Formula logit() {
    Formula x = self();
    Formula odds = x.log().minus(x.negate().log1p());
    Formula centred = x.fma(TWO, constant(-1)); // exact from ¼ on
    return x.lessThan(constant(0.25)).then(odds, centred.atanh().times(TWO));
  }

  /// `ln(eˣ + eᵇ)`, without overflow.
  default Formula logAddExp(Formula b) {
    Formula x = self();
    Formula larger = x.max(b);
    Formula sum = larger.plus(x.minus(b).abs().negate().exp().log1p());
    return x.equalTo(b).and(x.isInfinite()).then(x, sum);
  }

  /// `x·ln b`; 0 where `x` is 0, unless `b` is NaN.
  default Formula xlogy(Formula b) {
    Formula x = self();
    return x.equalTo(ZERO).and(b.isNaN().not()).then(ZERO, x.times(b.log()));
  }

  /// 0 where `x ≤ 0`, else `x`; NaN stays NaN.
  default Formula relu() {
    return self().lessOrEqual(ZERO).then(ZERO, self());
  }

  /// 0 below 0, 1 above, and `atZero` at it; NaN stays NaN.
  default Formula heaviside(Formula atZero) {
    Formula x = self();
    Formula above = x.greaterThan(ZERO).then(ONE, x);
    return x.lessThan(ZERO).then(ZERO, x.equalTo(ZERO).then(atZero, above));
  }
}
