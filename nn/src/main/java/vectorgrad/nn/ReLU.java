package vectorgrad.nn;

import static vectorgrad.numerics.Formula.ONE;
import static vectorgrad.numerics.Formula.ZERO;

import vectorgrad.numerics.Formula;

/// The rectifier: `y = max(x, 0)`, `dy/dx = 1` where `y > 0`, else 0 (at 0 too). NaN stays NaN.
/// Nair and Hinton 2010.
public record ReLU() implements Activation {
  @Override
  public Formula value(Formula x) {
    return x.relu();
  }

  @Override
  public Formula slope(Formula x, Formula y) {
    return y.greaterThan(ZERO).then(ONE, ZERO);
  }
}
