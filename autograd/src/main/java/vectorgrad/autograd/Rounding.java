package vectorgrad.autograd;

import static vectorgrad.numerics.Formula.ONE;
import static vectorgrad.numerics.Formula.ZERO;
import static vectorgrad.numerics.Formula.input;

import vectorgrad.numerics.Formula;
import vectorgrad.tensor.Tensor;

/// Whole parts, remainders and bounds of a [Variable], and what is flat between them. What is flat
/// has the gradient 0, at its jumps too. Operands broadcast and promote.
sealed interface Rounding permits Variable {

  /// The operations, made once. A slope's last input is the output.
  final class Operations {
    private static final Formula X = input(0);
    private static final Formula Y = input(1);
    private static final Formula Z = input(2);

    static final Fused CEIL = Fused.of("ceil", 1, X.ceil());
    static final Fused FLOOR = Fused.of("floor", 1, X.floor());
    static final Fused ROUND = Fused.of("round", 1, X.rint());
    static final Fused TRUNC = Fused.of("trunc", 1, X.trunc());
    static final Fused FRAC = Fused.of("frac", 1, X.minus(X.trunc()));
    static final Fused FMOD = Fused.of("fmod", X.fmod(Y), ONE, wholes());
    static final Fused REMAINDER = Fused.of("remainder", X.remainder(Y), ONE, wholes());
    static final Fused COPYSIGN = Fused.of("copysign", 2, X.copysign(Y));
    static final Fused CLAMP_MIN =
        Fused.of(
            "clampMin", X.lessThan(Y).then(Y, X), where(X.greaterOrEqual(Y)), where(X.lessThan(Y)));
    static final Fused CLAMP_MAX =
        Fused.of(
            "clampMax",
            X.greaterThan(Y).then(Y, X),
            where(X.lessOrEqual(Y)),
            where(X.greaterThan(Y)));
    static final Fused CLAMP =
        Fused.of(
            "clamp",
            X.clamp(Y, Z),
            where(X.greaterOrEqual(Y).and(X.lessOrEqual(Z))),
            where(X.lessThan(Y).and(Y.lessThan(Z))),
            where(X.greaterThan(Z).or(Z.lessThan(Y))));
    static final Fused LERP = Fused.of("lerp", X.lerp(Y, Z), ONE.minus(Z), Z, Y.minus(X));
    static final Fused HEAVISIDE =
        Fused.of("heaviside", X.heaviside(Y), ZERO, where(X.equalTo(ZERO)));

    private Operations() {}

    private static Formula where(Formula condition) {
      return condition.then(ONE, ZERO);
    }

    /// Minus how often `y` was taken from `x` to leave the output. The quotient is a whole number
    /// but for its rounding, which `x / y` need not be near.
    private static Formula wholes() {
      return X.minus(Z).over(Y).rint().negate();
    }
  }

  private Variable self() {
    return (Variable) this;
  }

  // ---- whole and remaining parts --------------------------------------------------------------

  /// The smallest whole number that is not below `x`; the gradient is 0.
  default Variable ceil() {
    return Operations.CEIL.apply(self());
  }

  /// The largest whole number that is not above `x`; the gradient is 0.
  default Variable floor() {
    return Operations.FLOOR.apply(self());
  }

  /// The nearest whole number, the even one of two; the gradient is 0.
  default Variable round() {
    return Operations.ROUND.apply(self());
  }

  /// `x` without its fraction; the gradient is 0.
  default Variable trunc() {
    return Operations.TRUNC.apply(self());
  }

  /// The fraction of `x`, with its sign; the gradient is 1.
  default Variable frac() {
    return Operations.FRAC.apply(self());
  }

  /// What is left of `x` after a whole number `n` of `y`, exactly, with the sign of `x`: C's
  /// `fmod`. The gradients are 1 and `−n`, at the jumps too.
  default Variable fmod(Variable y) {
    return Operations.FMOD.apply(self(), y);
  }

  /// As [#fmod(Variable)].
  default Variable fmod(double y) {
    return fmod(self().number(y));
  }

  /// What is left of `x` after a whole number `n` of `y`, with the sign of `y`: Python's `%`. The
  /// gradients are 1 and `−n`, at the jumps too.
  default Variable remainder(Variable y) {
    return Operations.REMAINDER.apply(self(), y);
  }

  /// As [#remainder(Variable)].
  default Variable remainder(double y) {
    return remainder(self().number(y));
  }

  // ---- signs and bounds -----------------------------------------------------------------------

  /// `|x|` with the sign of `y`, that of zeros too. The gradient of `x` at 0 is 0, that of `y`
  /// everywhere.
  default Variable copysign(Variable y) {
    return Operations.COPYSIGN.apply(self(), y);
  }

  /// `x`, but `low` where it is smaller and `high` where it is larger; `high` where `low > high`.
  /// The gradient goes to `x` from bound to bound, including both, to `low` below and to `high`
  /// above or where `low > high`. Below two equal bounds, nothing has any.
  default Variable clamp(Variable low, Variable high) {
    return Operations.CLAMP.apply(self(), low, high);
  }

  /// As [#clamp(Variable, Variable)].
  default Variable clamp(double low, double high) {
    return clamp(self().number(low), self().number(high));
  }

  /// `x`, but `low` where it is smaller; NaN stays, and has no gradient. Where both are equal, `x`
  /// has it.
  default Variable clampMin(Variable low) {
    return Operations.CLAMP_MIN.apply(self(), low);
  }

  /// As [#clampMin(Variable)].
  default Variable clampMin(double low) {
    return clampMin(self().number(low));
  }

  /// `x`, but `high` where it is larger; NaN stays, and has no gradient. Where both are equal, `x`
  /// has it.
  default Variable clampMax(Variable high) {
    return Operations.CLAMP_MAX.apply(self(), high);
  }

  /// As [#clampMax(Variable)].
  default Variable clampMax(double high) {
    return clampMax(self().number(high));
  }

  /// `x + weight·(end − x)`: `x` at 0 and `end` at 1, both exactly.
  default Variable lerp(Variable end, Variable weight) {
    return Operations.LERP.apply(self(), end, weight);
  }

  /// As [#lerp(Variable, Variable)].
  default Variable lerp(Variable end, double weight) {
    return lerp(end, self().number(weight));
  }

  /// 0 below 0, 1 above, `atZero` at it; NaN stays NaN. The gradient of `x` is 0; that of `atZero`
  /// is 1 where `x` is 0. (PyTorch has none.)
  default Variable heaviside(Variable atZero) {
    return Operations.HEAVISIDE.apply(self(), atZero);
  }

  // ---- what is no number ----------------------------------------------------------------------

  /// `x`, with 0 for NaN, and the largest number of the dtype, positive or negative, for infinity;
  /// the gradient of what was replaced is 0.
  default Variable nanToNum() {
    return finiteOr(self().value().nanToNum());
  }

  /// `x`, with these three numbers for NaN, ∞ and −∞; the gradient of what was replaced is 0.
  default Variable nanToNum(double nan, double infinity, double minusInfinity) {
    return finiteOr(self().value().nanToNum(nan, infinity, minusInfinity));
  }

  private Variable finiteOr(Tensor replaced) {
    return Variable.where(self().value().isfinite(), self(), Variable.unrecorded(replaced));
  }
}
