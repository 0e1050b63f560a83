package vectorgrad.nn;

import static vectorgrad.numerics.Formula.ONE;

import vectorgrad.numerics.Formula;

/// The hyperbolic tangent: `y = tanh(x)` in (−1, 1), `dy/dx = 1 − y²`. LeCun et al. 1998,
/// *Efficient BackProp*, has it (scaled) for its mean of 0.
public record Tanh() implements Activation {
  @Override
  public Formula value(Formula x) {
    return x.tanh();
  }

  @Override
  public Formula slope(Formula x, Formula y) {
    return ONE.minus(y.times(y));
  }
}
