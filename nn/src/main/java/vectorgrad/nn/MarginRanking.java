package vectorgrad.nn;

import vectorgrad.autograd.Autocast;
import vectorgrad.autograd.Variable;
import vectorgrad.tensor.Tensor;

/// For scores of pairs of which the first is to rank higher (target 1) or the second (−1): `max(0,
/// −t·(a − b) + margin)`. At the kink the slope is that of the side where it costs.
///
/// | name | shape |
/// |---|---|
/// | a, b, target | any, the same |
/// | loss | (), or that shape without a reduction |
///
/// Cost: a few flops an element; backward keeps the sign of each. Herbrich, Graepel and Obermayer
/// 1999; PyTorch's `MarginRankingLoss`.
///
/// @param margin by how much
/// @param reduction mean, sum, none, or the sum over an example
public record MarginRanking(double margin, Loss.Reduction reduction) {
  /// Checks the margin.
  ///
  /// @throws IllegalArgumentException if it is not a finite number
  public MarginRanking {
    Agreement.atLeast("MarginRanking", "margin", margin, -Double.MAX_VALUE);
  }

  /// A margin of 0, the mean over all pairs.
  public MarginRanking() {
    this(0, Loss.Reduction.MEAN);
  }

  /// A copy with this margin.
  public MarginRanking margin(double other) {
    return new MarginRanking(other, reduction);
  }

  /// A copy with this reduction.
  public MarginRanking reduction(Loss.Reduction other) {
    return new MarginRanking(margin, other);
  }

  /// The loss.
  ///
  /// @throws vectorgrad.tensor.ShapeException if the three differ in shape
  public Variable of(Variable a, Variable b, Tensor target) {
    Variable t = Variable.constant(target);
    Agreement.ofShapes("MarginRanking", "a", a, "b", b);
    Agreement.ofShapes("MarginRanking", "scores", a, "target", t);
    return reduction.of(Autocast.widen(b).sub(Autocast.widen(a)).mul(t).add(margin).clampMin(0));
  }
}
