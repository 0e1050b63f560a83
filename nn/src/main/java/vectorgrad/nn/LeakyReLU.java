package vectorgrad.nn;

import static vectorgrad.numerics.Formula.ONE;
import static vectorgrad.numerics.Formula.ZERO;
import static vectorgrad.numerics.Formula.constant;

import vectorgrad.numerics.Formula;

/// The leaky rectifier: `y = x` where `x > 0`, else `y = negativeSlope·x`; the slope is 1 or
/// `negativeSlope`. Maas, Hannun and Ng 2013.
///
/// @param negativeSlope what is let through below 0; 0.01 by default
public record LeakyReLU(double negativeSlope) implements Activation {

  /// A slope of 0.01 below 0.
  public LeakyReLU() {
    this(0.01);
  }

  @Override
  public Formula value(Formula x) {
    return x.greaterThan(ZERO).then(x, x.times(negativeSlope));
  }

  @Override
  public Formula slope(Formula x, Formula y) {
    return x.greaterThan(ZERO).then(ONE, constant(negativeSlope));
  }
}
