package vectorgrad.autograd;

import vectorgrad.tensor.DType;
import vectorgrad.tensor.Shape;

/// Operations of a [Variable] that join the elements along axes: see [ReductionOps].
sealed interface Reductions permits Variable {

  private Variable self() {
    return (Variable) this;
  }

  /// The sum over `axes`, which disappear; over everything without axes.
  default Variable sum(int... axes) {
    return sum(false, axes);
  }

  /// The sum over `axes`, which stay with size 1 if `keepDim`.
  default Variable sum(boolean keepDim, int... axes) {
    if (axes.length == 0 && !keepDim) {
      return self().sumTo(Shape.SCALAR);
    }
    Shape kept = ReductionOps.kept(self().shape(), axes);
    return ReductionOps.drop(self().sumTo(kept), keepDim, axes);
  }

  /// The mean over `axes`, which disappear; over everything without axes.
  default Variable mean(int... axes) {
    return mean(false, axes);
  }

  /// The mean over `axes`, which stay with size 1 if `keepDim`.
  default Variable mean(boolean keepDim, int... axes) {
    if (self().dtype().isHalf()) { // whose sum may be too large for them
      DType dtype = Autocast.widen(self()).dtype();
      return self().to(DType.F32).mean(keepDim, axes).to(dtype);
    }
    Variable sum = sum(keepDim, axes);
    return sum.div((double) self().size() / Math.max(1, sum.size()));
  }

  /// The largest element over `axes`, which disappear; over everything without axes. Equal ones
  /// share the gradient evenly.
  default Variable max(int... axes) {
    return max(false, axes);
  }

  /// The largest element over `axes`, which stay with size 1 if `keepDim`.
  default Variable max(boolean keepDim, int... axes) {
    Variable kept = Variable.apply(new ReductionOps.Max(ViewOps.list(axes)), self());
    return ReductionOps.drop(kept, keepDim, axes);
  }

  /// The smallest element over `axes`, which disappear; over everything without axes. Equal ones
  /// share the gradient evenly.
  default Variable min(int... axes) {
    return min(false, axes);
  }

  /// The smallest element over `axes`, which stay with size 1 if `keepDim`.
  default Variable min(boolean keepDim, int... axes) {
    Variable kept = Variable.apply(new ReductionOps.Min(ViewOps.list(axes)), self());
    return ReductionOps.drop(kept, keepDim, axes);
  }

  /// The product over `axes`, which disappear; over everything without axes.
  default Variable prod(int... axes) {
    return prod(false, axes);
  }

  /// The product over `axes`, which stay with size 1 if `keepDim`. The gradient of a factor is the
  /// product of the others, for one zero and for many, in every order.
  default Variable prod(boolean keepDim, int... axes) {
    Variable kept = Variable.apply(new ReductionOps.Prod(ViewOps.list(axes)), self());
    return ReductionOps.drop(kept, keepDim, axes);
  }
}
