package vectorgrad.autograd;

import vectorgrad.tensor.Chosen;
import vectorgrad.tensor.Shape;

/// Operations of a [Variable] whose every element sums up those before it along an axis: see
/// [ScanOps].
sealed interface Scans permits Variable {

  private Variable self() {
    return (Variable) this;
  }

  /// The sums up to each element along `axis`. Its gradient is the sums from the end on.
  default Variable cumsum(int axis) {
    return Variable.apply(new ScanOps.Cumsum(self().shape().axis(axis)), self());
  }

  /// The products up to each element along `axis`. Nothing is divided on the way back, so the
  /// gradient is right for one zero and for many, in every order.
  default Variable cumprod(int axis) {
    return Variable.apply(new ScanOps.Cumprod(self().shape().axis(axis)), self());
  }

  /// The largest up to each element along `axis`, and where it is. Of equal ones, the last takes
  /// the gradient, as it is the last that [vectorgrad.tensor.Tensor#cummax] names.
  default Picked cummax(int axis) {
    return picked(axis, self().value().cummax(axis));
  }

  /// The smallest up to each element along `axis`, and where it is. Of equal ones, the last takes
  /// the gradient.
  default Picked cummin(int axis) {
    return picked(axis, self().value().cummin(axis));
  }

  private Picked picked(int axis, Chosen chosen) {
    var gather = new SelectionOps.Gather(self().shape().axis(axis), chosen.indices());
    return new Picked(Variable.known(gather, chosen.values(), self()), chosen.indices());
  }

  /// `ln Σ eˣ` up to each element along `axis`. Nothing overflows, forward or back; where all so
  /// far are −∞ the gradient is 0.
  default Variable logcumsumexp(int axis) {
    return Variable.apply(new ScanOps.Logcumsumexp(self().shape().axis(axis)), self());
  }

  /// The linear recurrence along `axis`, `y₀ = x₀`, `yᵢ = xᵢ + fᵢ₋₁·yᵢ₋₁`, with a factor between
  /// each two neighbours: `factors` broadcast to the shape with `axis` one shorter. The gradient is
  /// the recurrence from the other end.
  default Variable recurrence(int axis, Variable factors) {
    int a = self().shape().axis(axis);
    Shape between = self().shape().with(a, Math.max(0, self().size(a) - 1));
    boolean broadcasts = Shape.broadcast("recurrence", factors.shape(), between).equals(between);
    return Variable.apply(
        new ScanOps.Recurrence(a), self(), broadcasts ? factors.expand(between) : factors);
  }

  /// The differences of neighbours along `axis`, which becomes one shorter: `yᵢ = xᵢ₊₁ − xᵢ`.
  default Variable diff(int axis) {
    return diff(1, axis);
  }

  /// The differences of neighbours along `axis`, taken `n` times; the axis becomes `n` shorter, or
  /// empty.
  default Variable diff(int n, int axis) {
    if (n < 0) {
      self().value().diff(n, axis); // throws
    }
    Variable y = self();
    for (int i = 0; i < n && y.size(axis) > 0; i++) {
      y = y.slice(axis, 1, y.size(axis)).sub(y.slice(axis, 0, y.size(axis) - 1));
    }
    return y;
  }
}
