package vectorgrad.autograd;

import static vectorgrad.numerics.Formula.ZERO;
import static vectorgrad.numerics.Formula.constant;
import static vectorgrad.numerics.Formula.input;

import vectorgrad.numerics.Formula;
import vectorgrad.numerics.Program;
import vectorgrad.tensor.Tensor;

/// Operations whose every element sums up those before it along an axis. What is read in backward
/// sums up those behind it: the same operations from the other end.
final class ScanOps {
  private static final Formula X = input(0);
  private static final Formula Y = input(1);
  private static final Formula NOTHING = Y.equalTo(constant(Double.NEGATIVE_INFINITY));

  /// `eˣ⁻ʸ`, the share of `eˣ` in a sum `eʸ`: 0 where that is 0, and no NaN.
  private static final Formula SHARE_FORMULA = NOTHING.then(ZERO, X.minus(Y).exp());

  static final Program SHARE_PROGRAM = Program.of(SHARE_FORMULA);
  private static final Fused SHARE = Fused.of("share", 2, SHARE_FORMULA);

  /// `s·eˣ⁻ʸ`
  static final Fused SHARE_OF =
      Fused.of("shareOf", 3, NOTHING.then(ZERO, input(2).times(X.minus(Y).exp())));

  private ScanOps() {}

  /// The sums so far. Its adjoint sums up from the end.
  record Cumsum(int axis) implements Op.Linear {
    @Override
    public Autocast.Policy autocast() {
      return Autocast.Policy.WIDE;
    }

    @Override
    public Tensor forward(Tensor x) {
      return x.cumsum(axis);
    }

    @Override
    public Variable backward(Variable dy, Variable x, Variable y) {
      return dy.flip(axis).cumsum(axis).flip(axis);
    }
  }

  /// `y₀ = x₀`, `yᵢ = xᵢ + fᵢ₋₁·yᵢ₋₁`. The gradient goes back the same way, `dxᵢ = dyᵢ + fᵢ·dxᵢ₊₁`,
  /// and `dfᵢ = dxᵢ₊₁·yᵢ`.
  record Recurrence(int axis) implements Op.Binary {
    @Override
    public Tensor forward(Tensor x, Tensor factors) {
      return x.recurrence(axis, factors);
    }

    @Override
    public Pair backward(Variable dy, Variable x, Variable factors, Variable y) {
      Variable dx = backwards(axis, dy, factors);
      return gradients(() -> dx, () -> behind(axis, dx).mul(before(axis, y)));
    }
  }

  /// `y₀ = x₀`, `yᵢ = xᵢ·yᵢ₋₁`, with no division in backward, so that zeros are numbers as others:
  /// `dxᵢ = yᵢ₋₁·sᵢ`, where `sᵢ = dyᵢ + xᵢ₊₁·sᵢ₊₁`.
  record Cumprod(int axis) implements Op.Unary {
    @Override
    public Autocast.Policy autocast() {
      return Autocast.Policy.WIDE;
    }

    @Override
    public Tensor forward(Tensor x) {
      return x.cumprod(axis);
    }

    @Override
    public Variable backward(Variable dy, Variable x, Variable y) {
      if (x.size(axis) < 2) {
        return dy;
      }
      Variable s = backwards(axis, dy, behind(axis, x));
      return Variable.concat(axis, s.slice(axis, 0, 1), behind(axis, s).mul(before(axis, y)));
    }
  }

  /// `yᵢ = ln Σ eˣ` so far: `dxᵢ = e^(xᵢ − yᵢ)·sᵢ`, where `sᵢ = dyᵢ + e^(yᵢ − yᵢ₊₁)·sᵢ₊₁`. No
  /// exponent is above 0, so nothing overflows.
  record Logcumsumexp(int axis) implements Op.Unary {
    @Override
    public Autocast.Policy autocast() {
      return Autocast.Policy.WIDE;
    }

    @Override
    public Tensor forward(Tensor x) {
      return x.logcumsumexp(axis);
    }

    @Override
    public Variable backward(Variable dy, Variable x, Variable y) {
      Variable factors = SHARE.apply(before(axis, y), behind(axis, y));
      return SHARE_OF.apply(x, y, backwards(axis, dy, factors));
    }
  }

  /// The recurrence from the last element to the first.
  private static Variable backwards(int axis, Variable x, Variable factors) {
    return x.flip(axis).recurrence(axis, factors.flip(axis)).flip(axis);
  }

  /// All but the last.
  private static Variable before(int axis, Variable x) {
    return x.slice(axis, 0, Math.max(0, x.size(axis) - 1));
  }

  /// All but the first.
  private static Variable behind(int axis, Variable x) {
    return x.slice(axis, 1, x.size(axis));
  }
}
