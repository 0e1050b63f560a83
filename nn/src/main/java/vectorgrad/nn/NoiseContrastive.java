package vectorgrad.nn;

import vectorgrad.autograd.Variable;
import vectorgrad.tensor.Tensor;

/// Noise-contrastive estimation: tell what was observed from K samples of noise, knowing how likely
/// the noise makes each, and learn a normalised `log p` without ever summing over all classes.
///
/// `softplus(−Δ) + Σ softplus(Δ′)`, with `Δ = s − log(K·q)` of an observed class, `Δ′` of a drawn
/// one
///
/// | name | shape | meaning |
/// |---|---|---|
/// | scores s | (N) | of the observed classes |
/// | drawn s′ | (N, K) | of the classes drawn for each |
/// | logNoise | (N) | `log q` of the observed classes |
/// | logNoiseOfDrawn | (N, K) | `log q` of the drawn ones |
///
/// [NegativeSampling] is this without `log(K·q)`. Cost: an exponential and a logarithm a score.
///
/// Source: M. Gutmann and A. Hyvärinen, *Noise-contrastive estimation*, 2010; A. Mnih and Y. W.
/// Teh, *A fast and simple algorithm for training neural probabilistic language models*, 2012,
/// equation 8.
///
/// @param reduction mean, sum, or none
public record NoiseContrastive(Loss.Reduction reduction) {
  /// The mean over all observations.
  public NoiseContrastive() {
    this(Loss.Reduction.MEAN);
  }

  /// A copy with this reduction.
  public NoiseContrastive reduction(Loss.Reduction other) {
    return new NoiseContrastive(other);
  }

  /// The loss.
  ///
  /// @throws vectorgrad.tensor.ShapeException if the shapes are not those above
  public Variable of(Variable scores, Variable drawn, Tensor logNoise, Tensor logNoiseOfDrawn) {
    NegativeSampling.expectRows("NoiseContrastive", scores.shape(), drawn.shape());
    Variable noise = Variable.constant(logNoise);
    Variable noiseOfDrawn = Variable.constant(logNoiseOfDrawn);
    Agreement.ofShapes("NoiseContrastive", "scores", scores, "logNoise", noise);
    Agreement.ofShapes("NoiseContrastive", "drawn", drawn, "logNoiseOfDrawn", noiseOfDrawn);
    double logK = Math.log(drawn.size(1));
    return new NegativeSampling(reduction)
        .of(scores.sub(noise).sub(logK), drawn.sub(noiseOfDrawn).sub(logK));
  }
}
