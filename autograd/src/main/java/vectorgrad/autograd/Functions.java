package vectorgrad.autograd;

import static vectorgrad.numerics.Formula.ONE;
import static vectorgrad.numerics.Formula.ZERO;
import static vectorgrad.numerics.Formula.constant;
import static vectorgrad.numerics.Formula.input;

import vectorgrad.numerics.Formula;

/// Elementary functions of a [Variable]. Each is a formula, and so is its slope: written by hand
/// where the output makes it simpler, or where differentiating the formula would overflow or cancel
/// on the way. Operands broadcast and promote.
sealed interface Functions permits Variable {

  /// The operations, made once. A slope's last input is the output.
  final class Operations {
    private static final Formula X = input(0);
    private static final Formula Y = input(1);
    private static final Formula Z = input(2);

    static final Fused TAN = Fused.of("tan", X.tan(), ONE.plus(Y.square()));
    static final Fused ASIN = Fused.of("asin", 1, X.asin());
    static final Fused ACOS = Fused.of("acos", 1, X.acos());
    static final Fused ATAN = Fused.of("atan", 1, X.atan());
    static final Fused ATAN2 = Fused.of("atan2", 2, X.atan2(Y));
    static final Fused SINH = Fused.of("sinh", 1, X.sinh());
    static final Fused COSH = Fused.of("cosh", 1, X.cosh());
    static final Fused ASINH = Fused.of("asinh", 1, X.asinh());
    static final Fused ACOSH = Fused.of("acosh", 1, X.acosh());
    static final Fused ATANH = Fused.of("atanh", 1, X.atanh());
    static final Fused EXP2 = Fused.of("exp2", X.exp2(), Y.times(Math.log(2)));
    // not y + 1, which is 0 where eˣ is small
    static final Fused EXPM1 = Fused.of("expm1", 1, X.expm1());
    static final Fused LOG2 = Fused.of("log2", 1, X.log2());
    static final Fused LOG10 = Fused.of("log10", 1, X.log10());
    static final Fused LOG1P = Fused.of("log1p", 1, X.log1p());
    static final Fused CBRT = Fused.of("cbrt", X.cbrt(), ONE.over(Y.square().times(3)));
    static final Fused RSQRT = Fused.of("rsqrt", X.rsqrt(), Y.square().times(Y.times(-0.5)));
    static final Fused RECIPROCAL = Fused.of("reciprocal", X.reciprocal(), Y.square().negate());
    static final Fused POW =
        Fused.of(
            "pow",
            X.pow(Y),
            Y.equalTo(ZERO).then(ZERO, Y.times(X.pow(Y.minus(ONE)))),
            X.equalTo(ZERO).and(Y.greaterOrEqual(ZERO)).then(ZERO, Z.times(X.log())));
    static final Fused HYPOT = Fused.of("hypot", X.hypot(Y), X.over(Z), Y.over(Z));
    static final Fused ERF = Fused.of("erf", 1, X.erf());
    static final Fused ERFC = Fused.of("erfc", 1, X.erfc());
    static final Fused SOFTPLUS = Fused.of("softplus", X.softplus(), X.sigmoid());
    static final Fused LOG_SIGMOID =
        Fused.of("logSigmoid", X.logSigmoid(), ONE.over(ONE.plus(X.exp())));
    static final Fused LOGIT =
        Fused.of(
            "logit",
            X.logit(),
            X.lessThan(ZERO)
                .or(X.greaterThan(ONE))
                .then(constant(Double.NaN), ONE.over(X.times(ONE.minus(X)))));
    static final Fused LOG_ADD_EXP =
        Fused.of("logaddexp", X.logAddExp(Y), X.minus(Y).sigmoid(), Y.minus(X).sigmoid());
    static final Fused XLOGY =
        Fused.of(
            "xlogy",
            X.xlogy(Y),
            X.equalTo(ZERO).and(Y.lessOrEqual(ZERO)).then(ZERO, Y.log()),
            X.over(Y));

    private Operations() {}
  }

  private Variable self() {
    return (Variable) this;
  }

  // ---- powers, exponentials, logarithms -------------------------------------------------------

  /// `xʸ`, element by element: NaN where `x` is negative and `y` no whole number. The gradient of
  /// `y` is `xʸ·ln x`: 0 where `x = 0 ≤ y`, NaN where `x` is negative.
  default Variable pow(Variable y) {
    return Operations.POW.apply(self(), y);
  }

  /// `xʸ` for any real `y`: NaN where `x` is negative and `y` no whole number.
  default Variable pow(double y) {
    return pow(self().number(y));
  }

  /// `∛x`, of negative numbers too; the gradient at 0 is infinite.
  default Variable cbrt() {
    return Operations.CBRT.apply(self());
  }

  /// `1 / √x`
  default Variable rsqrt() {
    return Operations.RSQRT.apply(self());
  }

  /// `1 / x`
  default Variable reciprocal() {
    return Operations.RECIPROCAL.apply(self());
  }

  /// `√(x² + y²)`, without overflow on the way. The gradient at (0, 0) is NaN.
  default Variable hypot(Variable y) {
    return Operations.HYPOT.apply(self(), y);
  }

  /// `2ˣ`
  default Variable exp2() {
    return Operations.EXP2.apply(self());
  }

  /// `eˣ − 1`, exact where `x` is small.
  default Variable expm1() {
    return Operations.EXPM1.apply(self());
  }

  /// `log₂ x`; −∞ at 0, NaN below.
  default Variable log2() {
    return Operations.LOG2.apply(self());
  }

  /// `log₁₀ x`; −∞ at 0, NaN below.
  default Variable log10() {
    return Operations.LOG10.apply(self());
  }

  /// `ln(1 + x)`, exact where `x` is small; −∞ at −1, NaN below.
  default Variable log1p() {
    return Operations.LOG1P.apply(self());
  }

  // ---- angles ---------------------------------------------------------------------------------

  /// `tan x`; as [Elementwise#sin()], NaN for angles beyond 2²⁰ in F32, 2⁴⁵ in F64.
  default Variable tan() {
    return Operations.TAN.apply(self());
  }

  /// The angle in [−π/2, π/2] whose sine is `x`; NaN beyond ±1, where the gradient is infinite.
  default Variable asin() {
    return Operations.ASIN.apply(self());
  }

  /// The angle in [0, π] whose cosine is `x`; NaN beyond ±1, where the gradient is infinite.
  default Variable acos() {
    return Operations.ACOS.apply(self());
  }

  /// The angle in [−π/2, π/2] whose tangent is `x`.
  default Variable atan() {
    return Operations.ATAN.apply(self());
  }

  /// The angle of the points `(x, this)`, in [−π, π]. The gradient at (0, 0) is NaN.
  default Variable atan2(Variable x) {
    return Operations.ATAN2.apply(self(), x);
  }

  /// `(eˣ − e⁻ˣ) / 2`
  default Variable sinh() {
    return Operations.SINH.apply(self());
  }

  /// `(eˣ + e⁻ˣ) / 2`
  default Variable cosh() {
    return Operations.COSH.apply(self());
  }

  /// `ln(x + √(x² + 1))`
  default Variable asinh() {
    return Operations.ASINH.apply(self());
  }

  /// `ln(x + √(x² − 1))`; NaN below 1, where the gradient is infinite.
  default Variable acosh() {
    return Operations.ACOSH.apply(self());
  }

  /// `½·ln((1 + x) / (1 − x))`; ±∞ at ±1, NaN beyond.
  default Variable atanh() {
    return Operations.ATANH.apply(self());
  }

  // ---- probabilities --------------------------------------------------------------------------

  /// `2/√π·∫₀ˣ e^(−t²) dt`
  default Variable erf() {
    return Operations.ERF.apply(self());
  }

  /// `1 − erf x`, exact where that is small.
  default Variable erfc() {
    return Operations.ERFC.apply(self());
  }

  /// `ln(1 + eˣ)`, without overflow; its gradient is `σ(x)`.
  default Variable softplus() {
    return Operations.SOFTPLUS.apply(self());
  }

  /// `ln σ(x)`, without overflow; its gradient is `σ(−x)`.
  default Variable logSigmoid() {
    return Operations.LOG_SIGMOID.apply(self());
  }

  /// `ln(x / (1 − x))`, the inverse of [Elementwise#sigmoid()]; it and its gradient are NaN outside
  /// [0, 1].
  default Variable logit() {
    return Operations.LOGIT.apply(self());
  }

  /// `ln(eˣ + eʸ)`, without overflow; its gradients are `σ(x − y)` and `σ(y − x)`.
  default Variable logaddexp(Variable y) {
    return Operations.LOG_ADD_EXP.apply(self(), y);
  }

  /// `x·ln y`; 0 where `x` is 0, unless `y` is NaN. The gradients are `ln y`, 0 where `x = 0` and
  /// `y ≤ 0`, and `x / y`.
  default Variable xlogy(Variable y) {
    return Operations.XLOGY.apply(self(), y);
  }
}
