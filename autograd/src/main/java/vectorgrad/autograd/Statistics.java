package vectorgrad.autograd;

import vectorgrad.tensor.DType;
import vectorgrad.tensor.Shape;
import vectorgrad.tensor.Tensor;

/// Operations of a [Variable] that measure: spread, norms, distances, likelihoods. See
/// [StatisticsOps] and [NormOps].
sealed interface Statistics permits Variable {

  private Variable self() {
    return (Variable) this;
  }

  /// The variance over `axes`, which disappear; over everything without axes. Divides by `n − 1`.
  default Variable var(int... axes) {
    return var(1, false, axes);
  }

  /// The variance over `axes`, which stay with size 1 if `keepDim`: `Σ (x − mean)² / max(0, n −
  /// correction)`. Where that is NaN, as for a single element with a correction of 1, the gradient
  /// is too.
  default Variable var(int correction, boolean keepDim, int... axes) {
    var op = new StatisticsOps.Var(correction, ViewOps.list(axes));
    return ReductionOps.drop(Variable.apply(op, self()), keepDim, axes);
  }

  /// The standard deviation over `axes`, which disappear: the root of [#var(int...)].
  default Variable std(int... axes) {
    return std(1, false, axes);
  }

  /// The standard deviation over `axes`, which stay with size 1 if `keepDim`: the root of
  /// [#var(int, boolean, int...)]. The gradient of equal elements, whose deviation is 0, is 0.
  default Variable std(int correction, boolean keepDim, int... axes) {
    var op = new StatisticsOps.Std(correction, ViewOps.list(axes));
    return ReductionOps.drop(Variable.apply(op, self()), keepDim, axes);
  }

  /// The Euclidean norm `√Σ x²` of all elements: a single number, with a history.
  default Variable norm() {
    return norm(2);
  }

  /// The p-norm over `axes`, which disappear; over everything without axes.
  default Variable norm(double p, int... axes) {
    return norm(p, false, axes);
  }

  /// The p-norm over `axes`, which stay with size 1 if `keepDim`, as of
  /// [Tensor][vectorgrad.tensor.Tensor#norm(double, boolean, int...)]. Of its kinks:
  ///
  /// | p | gradient |
  /// |---|---|
  /// | 0 | 0 everywhere: it counts |
  /// | 1 | the signs, 0 at 0 |
  /// | ±∞ | shared evenly by those that are largest (smallest); 0 at 0 |
  /// | any other | 0 where the element or the norm is 0 |
  default Variable norm(double p, boolean keepDim, int... axes) {
    var op = new NormOps.Norm(p, ViewOps.list(axes));
    return ReductionOps.drop(Variable.apply(op, self()), keepDim, axes);
  }

  /// The p-norm of the difference of two variables, which broadcast, over everything.
  default Variable dist(Variable y, double p) {
    Shape.broadcast("dist", self().shape(), y.shape());
    Tensor.promote("dist", self().value(), y.value());
    return self().sub(y).norm(p);
  }

  /// The distances by the p-norm between all vectors (…, M, D) of this variable and all vectors (…,
  /// N, D) of `y`: (…, M, N). Batch axes broadcast. Equal vectors have the gradient 0. A graph
  /// keeps the vectors and the distances; the M·N·D differences are there during backward only.
  default Variable cdist(Variable y, double p) {
    return Variable.apply(new NormOps.Cdist(p), self(), y);
  }

  /// The cosine of the angle between vectors along `axis`, which disappears: `Σ x·y / (‖x‖·‖y‖)`.
  /// The operands broadcast. Lengths below 1e-8 count as 1e-8, in the gradient too, so that of a
  /// vector of zeros is large but finite.
  default Variable cosineSimilarity(Variable y, int axis) {
    Shape shape = Shape.broadcast("cosineSimilarity", self().shape(), y.shape());
    DType dtype =
        Tensor.promote(
            "cosineSimilarity", Autocast.widen(self()).value(), Autocast.widen(y).value());
    int a = shape.axis(axis);
    DType wide = dtype.isHalf() ? DType.F32 : dtype; // 1e-8 is 0 in a half
    return unit(self(), wide, shape, a).mul(unit(y, wide, shape, a)).sum(a).to(dtype);
  }

  private static Variable unit(Variable x, DType dtype, Shape shape, int axis) {
    Variable vectors = x.to(dtype).expand(shape);
    return vectors.div(vectors.norm(2, true, axis).maximum(vectors.number(1e-8)));
  }

  /// `ln Σ eˣ` over `axes`, which disappear; over everything without axes.
  default Variable logsumexp(int... axes) {
    return logsumexp(false, axes);
  }

  /// `ln Σ eˣ` over `axes`, which stay with size 1 if `keepDim`. The gradient is the softmax, which
  /// overflows as little; it is 0 where all elements are −∞, NaN where one is +∞.
  default Variable logsumexp(boolean keepDim, int... axes) {
    var op = new StatisticsOps.Logsumexp(ViewOps.list(axes));
    return ReductionOps.drop(Variable.apply(op, self()), keepDim, axes);
  }

  /// The sum over `axes`, which disappear, of the elements that are not NaN. Those that are have
  /// the gradient 0.
  default Variable nansum(int... axes) {
    return self().dtype().isFloating()
        ? StatisticsOps.NUMBER_OR_ZERO.apply(self()).sum(axes)
        : self().sum(axes);
  }

  /// The mean over `axes`, which disappear, of the elements that are not NaN. Those that are have
  /// the gradient 0, even where there is no other.
  default Variable nanmean(int... axes) {
    if (!self().dtype().isFloating()) {
      return self().mean(axes);
    }
    Tensor x = self().value();
    Variable count = Variable.constant(x.eq(x).sum(axes).to(x.dtype()));
    return nansum(axes).div(count);
  }
}
