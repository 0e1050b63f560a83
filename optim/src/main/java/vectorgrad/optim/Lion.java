package vectorgrad.optim;

import java.util.List;
import vectorgrad.autograd.Parameter;
import vectorgrad.numerics.Formula;

/// Steps of one size along the sign of a momentum: `c = β₁·m + (1 − β₁)·g`, `p ← p − η·(sign(c) +
/// λ·p)`, `m ← β₂·m + (1 − β₂)·g`. Half of Adam's memory; it wants rates three to ten times
/// smaller, and decays as much larger.
///
/// Weight decay is decoupled. State: `momentum`. Defaults: rate 0.0001, betas 0.9 and 0.99, no
/// decay. Chen et al. 2023, program 1.
public final class Lion extends Tunable<Lion.Rule, Lion> {

  /// Lion at a rate of 0.0001.
  public Lion(List<Parameter> parameters) {
    super(parameters, new Rule(0.9, 0.99, 0), 1e-4);
  }

  /// How much of the momentum is in the step, and how much of it stays from step to step.
  public Lion betas(double beta1, double beta2) {
    Rule r = settings();
    return with(new Rule(beta1, beta2, r.weightDecay));
  }

  /// The share of the parameter, times the rate, that goes at every step.
  public Lion weightDecay(double weightDecay) {
    Rule r = settings();
    return with(new Rule(r.beta1, r.beta2, weightDecay));
  }

  /// The update. Scalar: the rate η.
  ///
  /// @param beta1 β₁
  /// @param beta2 β₂
  /// @param weightDecay λ, decoupled
  public record Rule(double beta1, double beta2, double weightDecay) implements UpdateRule {

    /// Checks the settings.
    public Rule {
      Check.between("Lion", "beta1", beta1, 0, 1);
      Check.between("Lion", "beta2", beta2, 0, 1);
      Check.atLeast("Lion", "weight decay", weightDecay, 0);
    }

    @Override
    public List<String> state() {
      return List.of("momentum");
    }

    @Override
    public List<Formula> update(Formula p, Formula g, List<Formula> state, List<Formula> scalars) {
      Formula direction = state.get(0).times(beta1).plus(g.times(1 - beta1)).sign();
      Formula step = weightDecay == 0 ? direction : direction.plus(p.times(weightDecay));
      Formula momentum = state.get(0).times(beta2).plus(g.times(1 - beta2));
      return List.of(p.minus(scalars.get(0).times(step)), momentum);
    }
  }
}
