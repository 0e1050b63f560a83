package vectorgrad.nn;

import static vectorgrad.numerics.Formula.ONE;

import vectorgrad.numerics.Formula;

/// The logistic function: `y = 1 / (1 + e⁻ˣ)` in (0, 1), `dy/dx = y·(1 − y)`. For a loss on top of
/// it use [Losses#binaryCrossEntropyWithLogits], which does not overflow. Rumelhart, Hinton and
/// Williams 1986.
public record Sigmoid() implements Activation {
  @Override
  public Formula value(Formula x) {
    return x.sigmoid();
  }

  @Override
  public Formula slope(Formula x, Formula y) {
    return y.times(ONE.minus(y));
  }
}
