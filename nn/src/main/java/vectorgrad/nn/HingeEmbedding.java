package vectorgrad.nn;

import static vectorgrad.numerics.Formula.ONE;
import static vectorgrad.numerics.Formula.ZERO;

import vectorgrad.numerics.Formula;

/// For distances `x` of pairs that are alike (target 1) or not (−1): `x` where they are alike, else
/// `max(0, margin − x)`. What is unlike is pushed away up to the margin. At the kink the slope is
/// −1. PyTorch's; Hadsell, Chopra and LeCun 2006 square both parts.
///
/// @param margin how far apart unlike things are to be
/// @param reduction mean, sum, none, or the sum over an example
public record HingeEmbedding(double margin, Reduction reduction) implements ElementwiseLoss {
  /// Checks the margin.
  ///
  /// @throws IllegalArgumentException if it is not a finite number
  public HingeEmbedding {
    Agreement.atLeast("HingeEmbedding", "margin", margin, -Double.MAX_VALUE);
  }

  /// A margin of 1, the mean over all elements.
  public HingeEmbedding() {
    this(1, Reduction.MEAN);
  }

  /// A copy with this margin.
  public HingeEmbedding margin(double other) {
    return new HingeEmbedding(other, reduction);
  }

  /// A copy with this reduction.
  public HingeEmbedding reduction(Reduction other) {
    return new HingeEmbedding(margin, other);
  }

  @Override
  public Formula value(Formula x, Formula t) {
    Formula missing = x.negate().plus(margin);
    Formula unlike = missing.lessThan(ZERO).then(ZERO, missing);
    return t.equalTo(ONE).then(x, unlike);
  }
}
