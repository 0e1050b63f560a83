package vectorgrad.nn;

import static vectorgrad.numerics.Formula.HALF;

import vectorgrad.autograd.Autocast;
import vectorgrad.autograd.Pointwise;
import vectorgrad.autograd.Variable;
import vectorgrad.numerics.Formula;
import vectorgrad.tensor.Message;
import vectorgrad.tensor.Seed;
import vectorgrad.tensor.ShapeException;
import vectorgrad.tensor.Tensor;

/// The loss of a variational autoencoder: the negative evidence lower bound, with the encoder's
/// Gaussian of mean `μ` and logarithm of variance `v` in each latent dimension,
///
/// `reconstruction + β·KL`, `KL = ½·Σ (μ² + eᵛ − 1 − v)`
///
/// | name | shape |
/// |---|---|
/// | decoded, x | (N, …) |
/// | mean, logVariance | (N, Z) |
/// | loss | (), or (N) without a reduction |
///
/// Reconstruction and divergence are sums over an example: a mean over the pixels would make the
/// divergence count as many times more as there are pixels. Cost: that of the reconstruction, and
/// an exponential for each latent dimension.
///
/// ```java
/// var z = ELBO.sample(mean, logVariance, seed);
/// var loss = new ELBO().of(decoder.forward(z), pictures, mean, logVariance);
/// ```
///
/// Source: D. P. Kingma and M. Welling, *Auto-encoding variational Bayes*, 2014, appendix B; for β,
/// I. Higgins et al., *beta-VAE*, 2017.
///
/// @param reconstruction the loss of the decoded example, without a reduction
/// @param beta β, the weight of the divergence
/// @param reduction mean, sum, or none
public record ELBO(Loss reconstruction, double beta, Loss.Reduction reduction) {
  /// Checks β.
  ///
  /// @throws IllegalArgumentException if it is negative
  public ELBO {
    Agreement.atLeast("ELBO", "beta", beta, 0);
  }

  /// For logits of pixels in [0, 1]; β = 1, the mean over the examples.
  public ELBO() {
    this(new BinaryCrossEntropyWithLogits().reduction(Loss.Reduction.NONE), 1, Loss.Reduction.MEAN);
  }

  /// A copy with this loss of the decoded example, such as `new MSE().reduction(NONE)`.
  public ELBO reconstruction(Loss other) {
    return new ELBO(other, beta, reduction);
  }

  /// A copy with this β.
  public ELBO beta(double other) {
    return new ELBO(reconstruction, other, reduction);
  }

  /// A copy with this reduction.
  public ELBO reduction(Loss.Reduction other) {
    return new ELBO(reconstruction, beta, other);
  }

  /// The loss.
  ///
  /// @throws ShapeException if the reconstruction is reduced, or mean and logVariance differ in
  ///   shape
  public Variable of(Variable decoded, Tensor x, Variable mean, Variable logVariance) {
    Variable losses = reconstruction.of(decoded, x);
    if (losses.rank() == 0 || losses.size(0) != mean.size(0)) {
      throw new ShapeException(
          Message.of("ELBO", "the reconstruction has no loss for each example")
              .row("losses", losses.shape())
              .row("mean", mean.shape())
              .row("help", "reconstruction(new MSE().reduction(NONE))"),
          losses.shape(),
          mean.shape());
    }
    Variable perExample = losses.rank() == 1 ? losses : losses.flatten(1).sum(1);
    return reduction.of(perExample.add(divergence(mean, logVariance).mul(beta)));
  }

  /// The divergence of each Gaussian (N, Z) from the standard one, (N).
  ///
  /// @throws ShapeException if the shapes differ, or there are no two axes
  public static Variable divergence(Variable mean, Variable logVariance) {
    Agreement.ofShapes("ELBO", "mean", mean, "logVariance", logVariance);
    return Autocast.widen(mean)
        .map(new Divergence(), Autocast.widen(logVariance))
        .flatten(1)
        .sum(1);
  }

  /// Draws from each Gaussian as `μ + e^(v/2)·ε`, `ε` from the standard one: the way of the
  /// gradient to `μ` and `v` is not cut by the draw (the reparametrisation trick).
  public static Variable sample(Variable mean, Variable logVariance, Seed seed) {
    Agreement.ofShapes("ELBO", "mean", mean, "logVariance", logVariance);
    Tensor epsilon = Tensor.normal(seed, 0, mean.shape(), mean.dtype()).to(mean.device());
    return logVariance.mul(0.5).exp().mul(Variable.constant(epsilon)).add(mean);
  }

  /// `½·(μ² + eᵛ − 1 − v)`, `d/dμ = μ`, `d/dv = ½·(eᵛ − 1)`.
  record Divergence() implements Pointwise.Binary {
    @Override
    public Formula value(Formula mean, Formula v) {
      return HALF.times(mean.square().plus(v.expm1().minus(v)));
    }

    @Override
    public Formula slopeA(Formula mean, Formula v, Formula y) {
      return mean;
    }

    @Override
    public Formula slopeB(Formula mean, Formula v, Formula y) {
      return HALF.times(v.expm1());
    }
  }
}
