package vectorgrad.nn;

import static vectorgrad.numerics.Formula.ONE;

import vectorgrad.numerics.Formula;

/// The sigmoid-weighted linear unit, also called swish: `y = x·σ(x)`, `dy/dx = σ(x)·(1 + x·(1 −
/// σ(x)))`. Elfwing, Uchibe and Doya 2018.
public record SiLU() implements Activation {
  @Override
  public Formula value(Formula x) {
    return x.times(x.sigmoid());
  }

  @Override
  public Formula slope(Formula x, Formula y) {
    Formula s = x.sigmoid();
    return s.times(ONE.plus(x.times(ONE.minus(s))));
  }
}
