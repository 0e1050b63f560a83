package vectorgrad.optim;

import java.util.List;
import vectorgrad.autograd.Parameter;
import vectorgrad.numerics.Formula;

/// [Adam] with its first steps rectified: as long as too few squares were seen to trust their mean
/// it steps along the plain first moment, then Adam's step is scaled by how far the mean can be
/// trusted.
///
/// ```
/// ρ∞ = 2 / (1 − β₂) − 1        ρₜ = ρ∞ − 2·t·β₂ᵗ / (1 − β₂ᵗ)
/// ρₜ > 5:  p ← p − η·r·m̂ / (√v̂ + ε),  r² = (ρₜ − 4)(ρₜ − 2)ρ∞ / ((ρ∞ − 4)(ρ∞ − 2)ρₜ)
/// else:    p ← p − η·m̂
/// ```
///
/// Weight decay is coupled. State: `firstMoment` and `secondMoment`, as Adam's. Defaults: rate
/// 0.001, betas 0.9 and 0.999, ε 10⁻⁸. Liu et al. 2020, algorithm 2; the bound of 5 and the place
/// of ε as in PyTorch.
public final class RAdam extends Tunable<RAdam.Rule, RAdam> {

  /// RAdam at a rate of 0.001.
  public RAdam(List<Parameter> parameters) {
    super(parameters, new Rule(0.9, 0.999, 1e-8, 0), 1e-3);
  }

  /// How much of the running means stays from step to step: of the gradient's and of the square's.
  public RAdam betas(double beta1, double beta2) {
    Rule r = settings();
    return with(new Rule(beta1, beta2, r.epsilon, r.weightDecay));
  }

  /// What is added to the denominator.
  public RAdam epsilon(double epsilon) {
    Rule r = settings();
    return with(new Rule(r.beta1, r.beta2, epsilon, r.weightDecay));
  }

  /// Adds `weightDecay` times the parameter to its gradient.
  public RAdam weightDecay(double weightDecay) {
    Rule r = settings();
    return with(new Rule(r.beta1, r.beta2, r.epsilon, weightDecay));
  }

  /// The update. Scalars: what multiplies `m / (√v + ε)` and what multiplies m, one of them 0.
  ///
  /// @param beta1 β₁
  /// @param beta2 β₂
  /// @param epsilon ε
  /// @param weightDecay λ, coupled
  public record Rule(double beta1, double beta2, double epsilon, double weightDecay)
      implements UpdateRule {

    /// Checks the settings.
    public Rule {
      Check.between("RAdam", "beta1", beta1, 0, 1);
      Check.between("RAdam", "beta2", beta2, 0, 1);
      Check.atLeast("RAdam", "epsilon", epsilon, 0);
      Check.atLeast("RAdam", "weight decay", weightDecay, 0);
    }

    @Override
    public List<String> state() {
      return List.of("firstMoment", "secondMoment");
    }

    @Override
    public double[] scalars(double learningRate, long step) {
      double decayed = Math.pow(beta2, (double) step);
      double most = 2 / (1 - beta2) - 1;
      double seen = most - 2 * step * decayed / (1 - decayed);
      double rate = learningRate / (1 - Math.pow(beta1, (double) step));
      if (seen <= 5) {
        return new double[] {0, rate};
      }
      double trust = Math.sqrt((seen - 4) * (seen - 2) * most / ((most - 4) * (most - 2) * seen));
      return new double[] {rate * trust * Math.sqrt(1 - decayed), 0};
    }

    @Override
    public List<Formula> update(Formula p, Formula g, List<Formula> state, List<Formula> scalars) {
      Formula slope = weightDecay == 0 ? g : g.plus(p.times(weightDecay));
      Formula m = state.get(0).times(beta1).plus(slope.times(1 - beta1));
      Formula v = state.get(1).times(beta2).plus(slope.square().times(1 - beta2));
      Formula size = scalars.get(0).over(v.sqrt().plus(epsilon)).plus(scalars.get(1));
      return List.of(p.minus(m.times(size)), m, v);
    }
  }
}
