package vectorgrad.nn;

import vectorgrad.autograd.Variable;

/// The two losses of adversarial training, on the discriminator's logits, of any shape, for real
/// examples `r` and generated ones `g`. Each is a mean.
///
/// | name | shape |
/// |---|---|
/// | r, g | any, one for each example as a rule |
/// | losses | () |
///
/// | | the discriminator minimises | the generator minimises |
/// |---|---|---|
/// | [#MINIMAX] | `softplus(−r) + softplus(g)` | `−softplus(g)` |
/// | [#NON_SATURATING] | the same | `softplus(−g)` |
/// | [#LEAST_SQUARES] | `½·(r − 1)² + ½·g²` | `½·(g − 1)²` |
/// | [#WASSERSTEIN] | `g − r` | `−g` |
/// | [#HINGE] | `max(0, 1 − r) + max(0, 1 + g)` | `−g` |
///
/// With `D = σ(logit)`, `softplus(−r) = −log D(real)` and `softplus(g) = −log(1 − D(generated))`,
/// which no logit makes overflow. Cost: a few flops a logit. Goodfellow et al. 2014, section 3, has
/// the first two; the others name their source.
///
/// ```java
/// var fake = generator.forward(noise);
/// var d = NON_SATURATING.discriminator(critic.forward(real), critic.forward(fake.detach()));
/// var g = NON_SATURATING.generator(critic.forward(fake));
/// ```
public enum GANLoss {
  /// The game as first written; the generator's gradient `−σ(g)` vanishes where it loses clearly.
  /// I. Goodfellow et al., *Generative adversarial nets*, 2014, equation 1.
  MINIMAX {
    @Override
    public Variable discriminator(Variable real, Variable generated) {
      return real.neg().softplus().mean().add(generated.softplus().mean());
    }

    @Override
    public Variable generator(Variable generated) {
      return generated.softplus().mean().neg();
    }
  },
  /// The generator makes its pictures likelier to be taken for real, so that its gradient `−σ(−g)`
  /// is largest where it loses. Goodfellow et al. 2014, section 3: what everybody uses.
  NON_SATURATING {
    @Override
    public Variable discriminator(Variable real, Variable generated) {
      return MINIMAX.discriminator(real, generated);
    }

    @Override
    public Variable generator(Variable generated) {
      return generated.neg().softplus().mean();
    }
  },
  /// Scores are pulled to 1 and 0. X. Mao et al., *Least squares generative adversarial networks*,
  /// 2017, equation 2 with a = 0, b = c = 1.
  LEAST_SQUARES {
    @Override
    public Variable discriminator(Variable real, Variable generated) {
      return real.sub(1).square().mean().add(generated.square().mean()).mul(0.5);
    }

    @Override
    public Variable generator(Variable generated) {
      return generated.sub(1).square().mean().mul(0.5);
    }
  },
  /// The discriminator is a critic whose difference of means bounds the earth mover's distance, if
  /// its slope is at most 1: see [GradientPenalty]. M. Arjovsky et al., *Wasserstein GAN*, 2017.
  WASSERSTEIN {
    @Override
    public Variable discriminator(Variable real, Variable generated) {
      return generated.mean().sub(real.mean());
    }

    @Override
    public Variable generator(Variable generated) {
      return generated.mean().neg();
    }
  },
  /// Scores beyond 1 and −1 are good enough. J. H. Lim and J. C. Ye, *Geometric GAN*, 2017.
  HINGE {
    @Override
    public Variable discriminator(Variable real, Variable generated) {
      return real.neg().add(1).clampMin(0).mean().add(generated.add(1).clampMin(0).mean());
    }

    @Override
    public Variable generator(Variable generated) {
      return generated.mean().neg();
    }
  };

  /// What the discriminator minimises, given its logits; those of generated examples should come
  /// from `fake.detach()`, so that no gradient is computed for the generator.
  public abstract Variable discriminator(Variable real, Variable generated);

  /// What the generator minimises, given the discriminator's logits of what it generated.
  public abstract Variable generator(Variable generated);

  /// What [#NON_SATURATING] means, written naively, to be read and to be tested against: in f32 `1
  /// − D` rounds to 0 from a logit of 17 on.
  static Variable naive(Variable real, Variable generated) {
    Variable yes = real.sigmoid().log().mean();
    Variable no = generated.sigmoid().neg().add(1).log().mean();
    return yes.add(no).neg();
  }
}
