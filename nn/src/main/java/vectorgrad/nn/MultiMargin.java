package vectorgrad.nn;

import java.util.Optional;
import vectorgrad.autograd.Autocast;
import vectorgrad.autograd.Variable;
import vectorgrad.tensor.DType;
import vectorgrad.tensor.Tensor;

/// The hinge of many classes: for scores `x` and a label `k`, each other class is to stay behind by
/// a margin:
///
/// `wₖ / C · Σ over j ≠ k of max(0, margin − xₖ + xⱼ)^p`
///
/// | name | shape |
/// |---|---|
/// | scores | (N, C) |
/// | labels | (N), I32 or I64 |
/// | loss | (), or (N) without a reduction |
///
/// At the kink the slope is 0. A mean divides by N, whatever the weights. Cost: a few flops a
/// score; backward keeps the margins.
///
/// Source: K. Crammer and Y. Singer, *On the algorithmic implementation of multiclass kernel-based
/// vector machines*, 2001; as a sum over the classes, J. Weston and C. Watkins, 1999.
///
/// @param p 1 or 2
/// @param margin how far the others are to be behind
/// @param weight a factor for each class (C), 1 by default
/// @param reduction mean, sum, or none
public record MultiMargin(int p, double margin, Optional<Tensor> weight, Reduction reduction)
    implements Loss {
  /// Checks the options.
  ///
  /// @throws IllegalArgumentException if `p` is neither 1 nor 2, or the margin not finite
  public MultiMargin {
    if (p != 1 && p != 2) {
      throw new IllegalArgumentException("MultiMargin: p must be 1 or 2, found " + p);
    }
    Agreement.atLeast("MultiMargin", "margin", margin, -Double.MAX_VALUE);
  }

  /// p = 1, a margin of 1, the mean over all examples.
  public MultiMargin() {
    this(1, 1, Optional.empty(), Reduction.MEAN);
  }

  /// A copy with this exponent.
  public MultiMargin p(int other) {
    return new MultiMargin(other, margin, weight, reduction);
  }

  /// A copy with this margin.
  public MultiMargin margin(double other) {
    return new MultiMargin(p, other, weight, reduction);
  }

  /// A copy with a weight for each class.
  public MultiMargin weight(Tensor weights) {
    return new MultiMargin(p, margin, Optional.of(weights), reduction);
  }

  /// A copy with this reduction.
  public MultiMargin reduction(Reduction other) {
    return new MultiMargin(p, margin, weight, other);
  }

  /// @throws vectorgrad.tensor.ShapeException if there is not one label for each row of scores
  /// @throws vectorgrad.tensor.DTypeException if the labels are not I32 or I64
  /// @throws vectorgrad.tensor.IndexException if there is no such class
  @Override
  public Variable of(Variable scores, Tensor labels) {
    Agreement.ofLabels("MultiMargin", "scores", scores.shape(), labels);
    Variable wide = Autocast.widen(scores);
    Optional<Tensor> weights = Agreement.classWeights("MultiMargin", weight, wide);
    Tensor column = labels.unsqueeze(1);
    Variable own =
        Agreement.byLabels("MultiMargin", labels, scores.size(1), () -> wide.gather(1, column));
    Variable behind = wide.sub(own).add(margin).relu();
    Variable terms = p == 1 ? behind : behind.square();
    Tensor classes = Tensor.arange(scores.size(1), DType.I64).unsqueeze(0).to(scores.device());
    Variable losses =
        terms.maskedFill(column.to(DType.I64).eq(classes), 0).sum(1).div(scores.size(1));
    return reduction.of(
        weights.map(w -> losses.mul(Variable.constant(w.take(labels)))).orElse(losses));
  }
}
