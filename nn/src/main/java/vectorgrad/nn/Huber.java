package vectorgrad.nn;

import static vectorgrad.numerics.Formula.HALF;

import vectorgrad.numerics.Formula;

/// Squared near the target, absolute far from it: with `d = |x − t|`,
///
/// `½·d²` where `d ≤ δ`, else `δ·(d − ½·δ)`.
///
/// The gradient is `x − t`, cut off at ±δ: no outlier pulls harder than δ. Both pieces and their
/// slopes meet at δ; the second derivative jumps there from 1 to 0. [SmoothL1] with β = δ is this
/// divided by δ.
///
/// Source: P. J. Huber, *Robust estimation of a location parameter*, 1964.
///
/// @param delta δ, where the parabola becomes a line
/// @param reduction mean, sum, none, or the sum over an example
public record Huber(double delta, Reduction reduction) implements ElementwiseLoss {
  /// Checks δ.
  ///
  /// @throws IllegalArgumentException if it is not positive
  public Huber {
    Agreement.positive("Huber", "delta", delta);
  }

  /// δ = 1, the mean over all elements.
  public Huber() {
    this(1, Reduction.MEAN);
  }

  /// A copy with this δ.
  public Huber delta(double other) {
    return new Huber(other, reduction);
  }

  /// A copy with this reduction.
  public Huber reduction(Reduction other) {
    return new Huber(delta, other);
  }

  @Override
  public Formula value(Formula x, Formula t) {
    Formula d = x.minus(t).abs();
    Formula line = d.minus(0.5 * delta).times(delta);
    return d.lessThan(Formula.constant(delta)).then(HALF.times(d.square()), line);
  }
}
