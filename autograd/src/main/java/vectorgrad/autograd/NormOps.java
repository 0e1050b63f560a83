package vectorgrad.autograd;

import static vectorgrad.numerics.Formula.ZERO;
import static vectorgrad.numerics.Formula.input;

import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import vectorgrad.numerics.Formula;
import vectorgrad.tensor.Shape;
import vectorgrad.tensor.Tensor;

/// Norms and distances. No gradient of them overflows where they do not: it is made of ratios
/// `x/y`.
final class NormOps {
  private static final Formula DY = input(0);
  private static final Formula X = input(1);
  private static final Formula Y = input(2);
  private static final Fused GRADIENT_1 = Fused.of("dNorm1", 2, DY.times(X.sign()));
  private static final Fused GRADIENT_2 =
      Fused.of("dNorm2", 3, Y.equalTo(ZERO).then(ZERO, DY.times(X.over(Y))));
  private static final Fused GRADIENT =
      Fused.of( // the last input is p − 1
          "dNorm",
          4,
          X.equalTo(ZERO)
              .or(Y.equalTo(ZERO))
              .then(ZERO, DY.times(X.sign()).times(X.abs().over(Y).pow(input(3)))));

  /// Of whole p from 3 on: the powers are products.
  private static final ConcurrentHashMap<Integer, Fused> WHOLE = new ConcurrentHashMap<>();

  private static final int MOST_MULTIPLIED = 8;

  private NormOps() {}

  /// `y = (Σ |x|ᵖ)^(1/p)` over axes that stay with size 1, `dx = dy·sign(x)·(|x|/y)^(p−1)`, and 0
  /// where `x` or `y` is.
  record Norm(double p, List<Integer> axes) implements Op.Unary {
    @Override
    public Autocast.Policy autocast() {
      return Autocast.Policy.WIDE;
    }

    @Override
    public Tensor forward(Tensor x) {
      return x.norm(p, true, ViewOps.ints(axes));
    }

    @Override
    public Variable backward(Variable dy, Variable x, Variable y) {
      return gradient(p, dy, x, y);
    }
  }

  /// The norms of the differences of all vectors (…, M, D) and (…, N, D): (…, M, N). The
  /// differences are made in backward.
  record Cdist(double p) implements Op.Binary {
    @Override
    public Autocast.Policy autocast() {
      return Autocast.Policy.WIDE;
    }

    @Override
    public Tensor forward(Tensor a, Tensor b) {
      return a.cdist(b, p);
    }

    @Override
    public Pair backward(Variable dc, Variable a, Variable b, Variable c) {
      Variable left = a.unsqueeze(-2);
      Variable right = b.unsqueeze(b.rank() - 2);
      Variable d = gradient(p, dc.unsqueeze(-1), left.sub(right), c.unsqueeze(-1));
      return gradients(() -> summed(d, left, a.shape()), () -> summed(d, right, b.shape()).neg());
    }

    private static Variable summed(Variable d, Variable operand, Shape shape) {
      return d.sumTo(operand.shape()).reshape(shape);
    }
  }

  private static Variable gradient(double p, Variable dy, Variable x, Variable y) {
    if (p == 0) {
      return dy.number(0).expand(x.shape());
    } else if (p == 1) {
      return GRADIENT_1.apply(dy, x);
    } else if (p == 2) {
      return GRADIENT_2.apply(dy, x, y);
    } else if (Double.isInfinite(p)) {
      Variable sign = Variable.constant(x.value().sign());
      return ReductionOps.shared(dy, x.detach().abs(), y).mul(sign);
    }
    if (p > 0 && p <= MOST_MULTIPLIED && p == Math.rint(p)) {
      return WHOLE.computeIfAbsent((int) p, NormOps::ofWhole).apply(dy, x, y);
    }
    return GRADIENT.apply(dy, x, y, dy.number(p - 1));
  }

  private static Fused ofWhole(int p) {
    Formula slope = X.sign().times(X.abs().over(Y).pow(p - 1));
    return Fused.of("dNorm" + p, 3, Y.equalTo(ZERO).then(ZERO, DY.times(slope)));
  }
}
