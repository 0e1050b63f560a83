package vectorgrad.nn;

import vectorgrad.autograd.Autocast;
import vectorgrad.autograd.Variable;
import vectorgrad.tensor.DType;
import vectorgrad.tensor.Message;
import vectorgrad.tensor.Shape;
import vectorgrad.tensor.ShapeException;
import vectorgrad.tensor.Tensor;

/// For pairs of vectors that are alike (target 1) or not (−1): `1 − cos(a, b)` where they are
/// alike, else `max(0, cos(a, b) − margin)`.
///
/// | name | shape |
/// |---|---|
/// | a, b | (N, D), or (D) |
/// | target | (N), or () |
/// | loss | (), or (N) without a reduction |
///
/// The cosine is `a·b / √((|a|² + ε)·(|b|² + ε))` with ε = 10⁻¹², as PyTorch's, so that a vector of
/// zeros has cosine 0 and a finite gradient. Cost: three products of vectors a pair; backward keeps
/// a and b.
///
/// @param margin from −1 to 1, sensibly from 0 to 0.5
/// @param reduction mean, sum, or none
public record CosineEmbedding(double margin, Loss.Reduction reduction) {
  private static final double EPSILON = 1e-12;

  /// Checks the margin.
  ///
  /// @throws IllegalArgumentException if it is not between −1 and 1
  public CosineEmbedding {
    if (!(margin >= -1 && margin <= 1)) {
      throw new IllegalArgumentException(
          "CosineEmbedding: the margin must be between -1 and 1, found " + margin);
    }
  }

  /// A margin of 0, the mean over all pairs.
  public CosineEmbedding() {
    this(0, Loss.Reduction.MEAN);
  }

  /// A copy with this margin.
  public CosineEmbedding margin(double other) {
    return new CosineEmbedding(other, reduction);
  }

  /// A copy with this reduction.
  public CosineEmbedding reduction(Loss.Reduction other) {
    return new CosineEmbedding(margin, other);
  }

  /// The loss.
  ///
  /// @throws ShapeException if the vectors differ in shape, or there is not one target for each
  ///   pair
  public Variable of(Variable a, Variable b, Tensor target) {
    Agreement.ofShapes("CosineEmbedding", "a", a, "b", b);
    int axis = a.rank() - 1;
    Shape pairs = axis < 0 ? a.shape() : a.value().select(axis, 0).shape();
    if (axis < 0 || !target.shape().equals(pairs)) {
      throw new ShapeException(
          Message.of("CosineEmbedding", "there is not one target for each pair")
              .row("a, b", a.shape())
              .row("target", target.shape()),
          a.shape(),
          target.shape());
    }
    Variable x = Autocast.widen(a);
    Variable y = Autocast.widen(b);
    Variable lengths =
        x.square().sum(axis).add(EPSILON).mul(y.square().sum(axis).add(EPSILON)).sqrt();
    Variable cosine = x.mul(y).sum(axis).div(lengths);
    Variable alike = cosine.neg().add(1);
    Variable unlike = cosine.sub(margin).clampMin(0);
    return reduction.of(Variable.where(target.to(DType.F32).eq(1), alike, unlike));
  }
}
