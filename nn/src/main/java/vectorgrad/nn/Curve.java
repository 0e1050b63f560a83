package vectorgrad.nn;

import static vectorgrad.numerics.Formula.HALF;
import static vectorgrad.numerics.Formula.ONE;
import static vectorgrad.numerics.Formula.ZERO;
import static vectorgrad.numerics.Formula.constant;
import static vectorgrad.numerics.Formula.input;

import vectorgrad.numerics.Formula;
import vectorgrad.tensor.Message;

/// An activation as data: a name, a formula of `x` and its slope. The static methods are those of
/// PyTorch that need neither a parameter nor a neighbour; where one has a kink, its slope there is
/// PyTorch's. All of them, and all slopes, are finite for `|x| ≤ 10⁴` and far beyond.
///
/// | name | y | source |
/// |------|---|--------|
/// | ELU(α) | `x > 0: x, else α·(eˣ − 1)` | Clevert, Unterthiner and Hochreiter 2016 |
/// | SELU | `1.0507·ELU(1.6733)(x)` | Klambauer et al. 2017 |
/// | CELU(α) | `x > 0: x, else α·(eˣᐟᵅ − 1)` | Barron 2017 |
/// | GELUExact | `x·Φ(x)` | Hendrycks and Gimpel 2016; PyTorch's `GELU()` |
/// | Mish | `x·tanh(ln(1 + eˣ))` | Misra 2019 |
/// | Softplus(β) | `ln(1 + e^(β·x)) / β` | Dugas et al. 2001 |
/// | Softsign | `x / (1 + |x|)` | Bergstra et al. 2009 |
/// | LogSigmoid | `−ln(1 + e⁻ˣ)` | |
/// | Tanhshrink | `x − tanh x` | |
/// | Hardtanh(low, high), ReLU6 | `x` cut off at `low` and `high` | Collobert 2004; Krizhevsky 2010 |
/// | Hardsigmoid | `x / 6 + ½` cut off at 0 and 1 | Courbariaux et al. 2015 |
/// | Hardswish | `x·Hardsigmoid(x)` | Howard et al. 2019 |
/// | Softshrink(λ) | `x` moved towards 0 by `λ` | |
/// | Hardshrink(λ) | `|x| > λ: x, else 0` | |
/// | Threshold(t, v) | `x > t: x, else v` | |
///
/// @param name the name and settings
/// @param y the output, a formula of `input(0)`
/// @param dy its slope, a formula of `input(0)`, the input, and `input(1)`, the output
public record Curve(String name, Formula y, Formula dy) implements Activation {
  private static final Formula X = input(0);
  private static final Formula POSITIVE = X.greaterThan(ZERO);
  static final double ALPHA = 1.6732632423543772;
  static final double SCALE = 1.0507009873554805;
  private static final Formula MISH_TANH = X.softplus().tanh();

  private static final Curve SELU = elu("SELU", ALPHA, SCALE, 1);
  private static final Curve GELU =
      new Curve(
          "GELUExact",
          HALF.times(X).times(below()),
          HALF.times(below())
              .plus(X.times(X.square().times(-0.5).exp()).times(1 / Math.sqrt(2 * Math.PI))));
  private static final Curve MISH =
      new Curve(
          "Mish",
          X.times(MISH_TANH),
          MISH_TANH.plus(X.times(ONE.minus(MISH_TANH.square())).times(X.sigmoid())));
  private static final Curve SOFTSIGN =
      new Curve("Softsign", X.over(X.abs().plus(1)), X.abs().plus(1).reciprocal().square());
  private static final Curve LOG_SIGMOID =
      new Curve("LogSigmoid", X.logSigmoid(), X.negate().sigmoid());
  private static final Curve TANHSHRINK =
      new Curve("Tanhshrink", X.minus(X.tanh()), X.tanh().square());
  private static final Curve HARDSIGMOID =
      new Curve("Hardsigmoid", gate(), within(-3, 3, constant(1 / 6.0)));
  private static final Curve HARDSWISH =
      new Curve(
          "Hardswish",
          X.times(gate()),
          X.lessThan(constant(-3))
              .then(ZERO, X.greaterOrEqual(constant(3)).then(ONE, X.over(3).plus(HALF))));

  @Override
  public Formula value(Formula x) {
    return y.substitute(x);
  }

  @Override
  public Formula slope(Formula x, Formula y) {
    return dy.substitute(x, y);
  }

  @Override
  public String label() {
    return name;
  }

  @Override
  public String toString() {
    return tree();
  }

  /// `x` above 0, `alpha·(eˣ − 1)` below.
  public static Curve elu(double alpha) {
    return elu("ELU(" + alpha + ")", alpha, 1, 1);
  }

  /// The ELU whose outputs keep mean 0 and variance 1 from layer to layer, if weights begin as N(0,
  /// 1 / fanIn).
  public static Curve selu() {
    return SELU;
  }

  /// `x` above 0, `alpha·(eˣᐟᵅ − 1)` below: smooth at 0 for every alpha.
  ///
  /// @throws IllegalArgumentException if alpha is 0
  public static Curve celu(double alpha) {
    return elu("CELU(" + positive("CELU", "alpha", alpha) + ")", alpha, 1, 1 / alpha);
  }

  private static Curve elu(String name, double alpha, double scale, double rate) {
    Formula xr = X.times(rate);
    return new Curve(
        name,
        POSITIVE.then(X.times(scale), xr.expm1().times(alpha * scale)),
        POSITIVE.then(constant(scale), xr.exp().times(alpha * scale * rate)));
  }

  /// `x·Φ(x)`, Φ being the normal distribution: what the tanh form of [GELU] comes near to.
  public static Curve geluExact() {
    return GELU;
  }

  /// `2·Φ(x)`, without cancellation far below 0.
  private static Formula below() {
    return X.times(-Math.sqrt(0.5)).erfc();
  }

  /// `x·tanh(ln(1 + eˣ))`.
  public static Curve mish() {
    return MISH;
  }

  /// `ln(1 + e^(beta·x)) / beta`, a smooth rectifier. PyTorch's turns into `x` above `beta·x = 20`;
  /// this one need not, for it does not overflow.
  ///
  /// @throws IllegalArgumentException if beta is not positive
  public static Curve softplus(double beta) {
    Formula bx = X.times(positive("Softplus", "beta", beta));
    return new Curve("Softplus(" + beta + ")", bx.softplus().over(beta), bx.sigmoid());
  }

  /// `x / (1 + |x|)`.
  public static Curve softsign() {
    return SOFTSIGN;
  }

  /// `−ln(1 + e⁻ˣ)`.
  public static Curve logSigmoid() {
    return LOG_SIGMOID;
  }

  /// `x − tanh x`.
  public static Curve tanhshrink() {
    return TANHSHRINK;
  }

  /// `x` cut off at `low` and `high`; the slope at both is 0.
  ///
  /// @throws IllegalArgumentException if `low` is not below `high`
  public static Curve hardtanh(double low, double high) {
    if (!(low < high)) {
      throw new IllegalArgumentException(
          Message.of("Hardtanh", "low must be below high, found " + low + " and " + high)
              .toString());
    }
    String name = low == 0 && high == 6 ? "ReLU6" : "Hardtanh(" + low + ", " + high + ")";
    return new Curve(name, X.clamp(constant(low), constant(high)), within(low, high, ONE));
  }

  /// `x / 6 + ½` cut off at 0 and 1.
  public static Curve hardsigmoid() {
    return HARDSIGMOID;
  }

  /// `x·hardsigmoid(x)`.
  public static Curve hardswish() {
    return HARDSWISH;
  }

  private static Formula gate() {
    return X.plus(3).clamp(ZERO, constant(6)).over(6);
  }

  private static Formula within(double low, double high, Formula slope) {
    Formula inside = X.greaterThan(constant(low)).and(X.lessThan(constant(high)));
    return inside.then(slope, ZERO);
  }

  /// `x` moved towards 0 by `lambda`, at most to 0.
  ///
  /// @throws IllegalArgumentException if lambda is negative
  public static Curve softshrink(double lambda) {
    if (!(lambda >= 0)) {
      throw new IllegalArgumentException(
          Message.of("Softshrink", "lambda must not be negative, found " + lambda).toString());
    }
    return new Curve(
        "Softshrink(" + lambda + ")",
        X.minus(X.clamp(constant(-lambda), constant(lambda))),
        outside(lambda).then(ONE, ZERO));
  }

  /// `x`, but 0 in `[−lambda, lambda]`.
  public static Curve hardshrink(double lambda) {
    Formula outside = outside(lambda);
    return new Curve("Hardshrink(" + lambda + ")", outside.then(X, ZERO), outside.then(ONE, ZERO));
  }

  private static Formula outside(double lambda) {
    return X.abs().greaterThan(constant(lambda));
  }

  /// `x` above `threshold`, `value` elsewhere.
  public static Curve threshold(double threshold, double value) {
    Formula above = X.greaterThan(constant(threshold));
    return new Curve(
        "Threshold(" + threshold + ", " + value + ")",
        above.then(X, constant(value)),
        above.then(ONE, ZERO));
  }

  private static double positive(String name, String setting, double value) {
    if (!(value > 0)) {
      throw new IllegalArgumentException(
          Message.of(name, setting + " must be positive, found " + value).toString());
    }
    return value;
  }
}
