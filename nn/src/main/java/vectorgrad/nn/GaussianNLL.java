package vectorgrad.nn;

import vectorgrad.autograd.Variable;
import vectorgrad.tensor.Message;
import vectorgrad.tensor.Tensor;

/// Negative log-likelihood of targets `t` under Gaussians whose mean `x` and variance `v` are both
/// predicted: `½·(log v + (x − t)² / v)`.
///
/// | name | shape |
/// |---|---|
/// | mean, target | any, the same |
/// | variance | that shape, or one that broadcasts to it |
///
/// Variances below ε count as ε; their gradient is what it is at ε, as PyTorch's, so that a network
/// can leave the bound again. Cost: a logarithm and a quotient an element; backward keeps all
/// three.
///
/// Source: D. A. Nix and A. S. Weigend, *Estimating the mean and variance of the target probability
/// distribution*, 1994.
///
/// @param full whether the constant `½·log 2π` is added
/// @param eps ε, the smallest variance
/// @param reduction mean, sum, none, or the sum over an example
public record GaussianNLL(boolean full, double eps, Loss.Reduction reduction) {
  /// Checks ε.
  ///
  /// @throws IllegalArgumentException if it is not positive
  public GaussianNLL {
    Agreement.positive("GaussianNLL", "eps", eps);
  }

  /// ε = 10⁻⁶, without the constant; the mean over all elements.
  public GaussianNLL() {
    this(false, 1e-6, Loss.Reduction.MEAN);
  }

  /// A copy with the constant if `is`.
  public GaussianNLL full(boolean is) {
    return new GaussianNLL(is, eps, reduction);
  }

  /// A copy with this ε.
  public GaussianNLL eps(double other) {
    return new GaussianNLL(full, other, reduction);
  }

  /// A copy with this reduction.
  public GaussianNLL reduction(Loss.Reduction other) {
    return new GaussianNLL(full, eps, other);
  }

  /// The loss.
  ///
  /// @throws vectorgrad.tensor.ShapeException if mean and target differ in shape, or the variance
  ///   does not broadcast to it
  /// @throws IllegalArgumentException if a variance is negative
  public Variable of(Variable mean, Tensor target, Variable variance) {
    Variable fixed = Variable.constant(target);
    Agreement.ofShapes("GaussianNLL", "mean", mean, "target", fixed);
    Agreement.broadcast("GaussianNLL", variance.value(), mean);
    if (variance.value().lt(0).any().item() != 0) {
      throw new IllegalArgumentException(
          Message.of("GaussianNLL", "a variance is negative")
              .row("least", variance.value().min().item())
              .row("help", "let the network predict its logarithm, or end it in softplus()")
              .toString());
    }
    // ε where the variance is less, with the gradient of the variance everywhere
    Variable bounded = variance.add(variance.detach().clampMin(eps).sub(variance.detach()));
    Variable losses = bounded.log().add(mean.sub(fixed).square().div(bounded)).mul(0.5);
    return reduction.of(full ? losses.add(0.5 * Math.log(2 * Math.PI)) : losses);
  }
}
