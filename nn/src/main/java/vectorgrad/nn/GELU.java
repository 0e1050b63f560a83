package vectorgrad.nn;

import static vectorgrad.numerics.Formula.HALF;
import static vectorgrad.numerics.Formula.ONE;
import static vectorgrad.numerics.Formula.constant;

import vectorgrad.numerics.Formula;

/// The Gaussian error linear unit in its tanh form, as GPT-2 uses it: `y = ½·x·(1 + tanh(√(2/π)·(x
/// + 0.044715·x³)))`. Within 5·10⁻⁴ of `x·Φ(x)`. Hendrycks and Gimpel 2016. It is PyTorch's
///   `GELU(approximate="tanh")`, not its default, which is [Curve#geluExact].
public record GELU() implements Activation {
  private static final double SCALE = Math.sqrt(2 / Math.PI);
  private static final double CUBIC = 0.044715;

  @Override
  public Formula value(Formula x) {
    return HALF.times(x).times(ONE.plus(bent(x)));
  }

  /// With `t` the tanh above: `½·(1 + t) + ½·x·(1 − t²)·√(2/π)·(1 + 3·0.044715·x²)`. Where `t = ±1`
  /// even in f64, `x` is held, so that its square does not overflow.
  @Override
  public Formula slope(Formula x, Formula y) {
    Formula t = bent(x);
    Formula held = x.clamp(constant(-16), constant(16));
    Formula inner = held.square().times(3 * CUBIC).plus(1).times(SCALE);
    return HALF.times(ONE.plus(t)).plus(HALF.times(held).times(ONE.minus(t.square())).times(inner));
  }

  private static Formula bent(Formula x) {
    return x.plus(x.pow(3).times(CUBIC)).times(SCALE).tanh();
  }
}
