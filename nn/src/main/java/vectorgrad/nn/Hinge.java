package vectorgrad.nn;

import static vectorgrad.numerics.Formula.ONE;
import static vectorgrad.numerics.Formula.ZERO;

import vectorgrad.numerics.Formula;

/// The loss of a support vector machine: for scores `x` and targets `t` of −1 or 1, `max(0, 1 −
/// t·x)`, or its square.
///
/// What is right by a margin of 1 costs nothing and has no gradient. At the kink the slope is that
/// of the side where it costs, `−t`, as in PyTorch's losses that clamp; the square has no kink.
///
/// Source: C. Cortes and V. Vapnik, *Support-vector networks*, 1995. PyTorch has no such loss.
///
/// @param squared whether the square is taken
/// @param reduction mean, sum, none, or the sum over an example
public record Hinge(boolean squared, Reduction reduction) implements ElementwiseLoss {
  /// Not squared, the mean over all elements.
  public Hinge() {
    this(false, Reduction.MEAN);
  }

  /// A copy that is squared if `is`.
  public Hinge squared(boolean is) {
    return new Hinge(is, reduction);
  }

  /// A copy with this reduction.
  public Hinge reduction(Reduction other) {
    return new Hinge(squared, other);
  }

  @Override
  public Formula value(Formula x, Formula t) {
    Formula missing = ONE.minus(t.times(x));
    Formula hinge = missing.lessThan(ZERO).then(ZERO, missing);
    return squared ? hinge.square() : hinge;
  }
}
