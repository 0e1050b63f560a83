package vectorgrad.optim;

import static vectorgrad.numerics.Formula.constant;

import java.util.List;
import vectorgrad.autograd.Parameter;
import vectorgrad.numerics.Formula;

/// [AdamW]'s direction, in steps as long as the parameter is large: each parameter (a layer's
/// weight or bias) moves by the rate's share of its own norm, so that batches of thousands can be
/// learnt from at large rates.
///
/// ```
/// m ← β₁·m + (1 − β₁)·g        m̂ = m / (1 − β₁ᵗ)
/// v ← β₂·v + (1 − β₂)·g²       v̂ = v / (1 − β₂ᵗ)
/// u = m̂ / (√v̂ + ε) + λ·p
/// p ← p − η·φ(‖p‖) / ‖u‖·u
/// ```
///
/// `φ` is the norm itself, or held between [#norms]. Where `φ(‖p‖)` or `‖u‖` is 0 (a bias that
/// begins at zeros), their quotient counts as 1. Weight decay is part of `u`, so it is decoupled
/// from the gradient's size but not from the norm.
///
/// Cost: two passes that sum, and the fused update. Norms are summed in the parameter's dtype.
/// State: `firstMoment` and `secondMoment`, as Adam's. Defaults: rate 0.001, betas 0.9 and 0.999, ε
/// 10⁻⁶, decay 0.01. You et al. 2020, algorithm 2.
public final class Lamb extends Tunable<Lamb.Rule, Lamb> {

  /// LAMB at a rate of 0.001 and a decay of 0.01.
  public Lamb(List<Parameter> parameters) {
    super(parameters, new Rule(0.9, 0.999, 1e-6, 0.01, 0, Double.MAX_VALUE), 1e-3);
  }

  /// How much of the running means stays from step to step: of the gradient's and of the square's.
  public Lamb betas(double beta1, double beta2) {
    Rule r = settings();
    return with(new Rule(beta1, beta2, r.epsilon, r.weightDecay, r.least, r.most));
  }

  /// What is added to the denominator.
  public Lamb epsilon(double epsilon) {
    Rule r = settings();
    return with(new Rule(r.beta1, r.beta2, epsilon, r.weightDecay, r.least, r.most));
  }

  /// How much of the parameter is added to its direction.
  public Lamb weightDecay(double weightDecay) {
    Rule r = settings();
    return with(new Rule(r.beta1, r.beta2, r.epsilon, weightDecay, r.least, r.most));
  }

  /// Counts a smaller norm of a parameter as `least` and a larger one as `most`: `φ(z) = min(max(z,
  /// least), most)`.
  public Lamb norms(double least, double most) {
    Rule r = settings();
    return with(new Rule(r.beta1, r.beta2, r.epsilon, r.weightDecay, least, most));
  }

  /// The update. Scalars: `1 / (1 − β₁ᵗ)`, `1 / √(1 − β₂ᵗ)` and the rate η; sums: `‖p‖²` and
  /// `‖u‖²`.
  ///
  /// @param beta1 β₁
  /// @param beta2 β₂
  /// @param epsilon ε
  /// @param weightDecay λ
  /// @param least the norm that smaller ones count as
  /// @param most the norm that larger ones count as
  public record Rule(
      double beta1, double beta2, double epsilon, double weightDecay, double least, double most)
      implements UpdateRule {

    /// Checks the settings.
    public Rule {
      Check.between("Lamb", "beta1", beta1, 0, 1);
      Check.between("Lamb", "beta2", beta2, 0, 1);
      Check.atLeast("Lamb", "epsilon", epsilon, 0);
      Check.atLeast("Lamb", "weight decay", weightDecay, 0);
      Check.atLeast("Lamb", "the least norm", least, 0);
      Check.atLeast("Lamb", "the largest norm", most, least);
    }

    @Override
    public List<String> state() {
      return List.of("firstMoment", "secondMoment");
    }

    @Override
    public double[] scalars(double learningRate, long step) {
      return new double[] {
        1 / (1 - Math.pow(beta1, (double) step)),
        1 / Math.sqrt(1 - Math.pow(beta2, (double) step)),
        learningRate
      };
    }

    @Override
    public List<Formula> sums(Formula p, Formula g, List<Formula> state, List<Formula> scalars) {
      Formula direction = direction(p, first(g, state), second(g, state), scalars);
      return List.of(p.square(), direction.square());
    }

    @Override
    public List<Formula> update(Formula p, Formula g, List<Formula> state, List<Formula> scalars) {
      Formula m = first(g, state);
      Formula v = second(g, state);
      Formula size = size(scalars.get(3).sqrt());
      Formula length = scalars.get(4).sqrt();
      Formula both = size.min(length).greaterThan(constant(0));
      Formula trust = both.then(size.over(length), constant(1));
      Formula step = scalars.get(2).times(trust).times(direction(p, m, v, scalars));
      return List.of(p.minus(step), m, v);
    }

    private Formula first(Formula g, List<Formula> state) {
      return state.get(0).times(beta1).plus(g.times(1 - beta1));
    }

    private Formula second(Formula g, List<Formula> state) {
      return state.get(1).times(beta2).plus(g.square().times(1 - beta2));
    }

    private Formula direction(Formula p, Formula m, Formula v, List<Formula> scalars) {
      Formula denominator = v.sqrt().times(scalars.get(1)).plus(epsilon);
      Formula adam = m.times(scalars.get(0)).over(denominator);
      return weightDecay == 0 ? adam : adam.plus(p.times(weightDecay));
    }

    private Formula size(Formula norm) {
      Formula raised = least == 0 ? norm : norm.max(constant(least));
      return most == Double.MAX_VALUE ? raised : raised.min(constant(most));
    }
  }
}
