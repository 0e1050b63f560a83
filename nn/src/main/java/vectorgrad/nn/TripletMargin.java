package vectorgrad.nn;

import vectorgrad.autograd.Autocast;
import vectorgrad.autograd.Variable;

/// An anchor is to be nearer to what is like it than to what is not, by a margin: `max(0, d(a, p) −
/// d(a, n) + margin)`, with the p-norm `d(x, y) = ‖x − y + ε‖`.
///
/// | name | shape |
/// |---|---|
/// | anchor, positive, negative | (N, D), or (…, D), the same |
/// | loss | (), or (N) without a reduction |
///
/// At the kink the slope is that of the side where it costs. ε keeps the norm's gradient finite
/// where two are equal. Cost: two or, with the swap, three norms a triplet.
///
/// Source: V. Balntas et al., *Learning local feature descriptors with triplets and shallow
/// convolutional neural networks*, 2016, also for the swap.
///
/// @param margin by how much
/// @param p which norm
/// @param eps ε, added to every difference
/// @param swap whether the negative's distance is the smaller of that to the anchor and that to the
///   positive
/// @param reduction mean, sum, or none
public record TripletMargin(
    double margin, double p, double eps, boolean swap, Loss.Reduction reduction) {
  /// Checks the options.
  ///
  /// @throws IllegalArgumentException if the margin or the norm is not positive, or ε negative
  public TripletMargin {
    Agreement.positive("TripletMargin", "margin", margin);
    Agreement.positive("TripletMargin", "p", p);
    Agreement.atLeast("TripletMargin", "eps", eps, 0);
  }

  /// A margin of 1, the Euclidean norm, no swap; the mean over all triplets.
  public TripletMargin() {
    this(1, 2, 1e-6, false, Loss.Reduction.MEAN);
  }

  /// A copy with this margin.
  public TripletMargin margin(double other) {
    return new TripletMargin(other, p, eps, swap, reduction);
  }

  /// A copy with this norm.
  public TripletMargin p(double other) {
    return new TripletMargin(margin, other, eps, swap, reduction);
  }

  /// A copy with this ε.
  public TripletMargin eps(double other) {
    return new TripletMargin(margin, p, other, swap, reduction);
  }

  /// A copy that swaps anchor and positive, where that is harder, if `is`.
  public TripletMargin swap(boolean is) {
    return new TripletMargin(margin, p, eps, is, reduction);
  }

  /// A copy with this reduction.
  public TripletMargin reduction(Loss.Reduction other) {
    return new TripletMargin(margin, p, eps, swap, other);
  }

  /// The loss.
  ///
  /// @throws vectorgrad.tensor.ShapeException if the three differ in shape
  public Variable of(Variable anchor, Variable positive, Variable negative) {
    Agreement.ofShapes("TripletMargin", "anchor", anchor, "positive", positive);
    Agreement.ofShapes("TripletMargin", "anchor", anchor, "negative", negative);
    Variable near = distance(anchor, positive);
    Variable far = distance(anchor, negative);
    if (swap) {
      far = far.minimum(distance(positive, negative));
    }
    return reduction.of(near.sub(far).add(margin).clampMin(0));
  }

  private Variable distance(Variable x, Variable y) {
    return Autocast.widen(x).sub(Autocast.widen(y)).add(eps).norm(p, -1); // eps is 0 in a half
  }
}
