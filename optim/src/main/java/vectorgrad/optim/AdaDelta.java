package vectorgrad.optim;

import java.util.List;
import vectorgrad.autograd.Parameter;
import vectorgrad.numerics.Formula;

/// Steps in the parameter's own units: the root mean square of past steps over that of the
/// gradient, `s ← ρ·s + (1 − ρ)·g²`, `d = √(u + ε) / √(s + ε) · g`, `u ← ρ·u + (1 − ρ)·d²`, `p ← p
/// − η·d`.
///
/// Weight decay is coupled. State: `squareMean` s and `stepMean` u. Defaults: rate 1, ρ 0.9, ε
/// 10⁻⁶. Zeiler 2012, algorithm 1.
public final class AdaDelta extends Tunable<AdaDelta.Rule, AdaDelta> {

  /// AdaDelta at a rate of 1.
  public AdaDelta(List<Parameter> parameters) {
    super(parameters, new Rule(0.9, 1e-6, 0), 1);
  }

  /// How much of the running means stays from step to step.
  public AdaDelta rho(double rho) {
    Rule r = settings();
    return with(new Rule(rho, r.epsilon, r.weightDecay));
  }

  /// What is added under both roots; it sets the size of the first steps.
  public AdaDelta epsilon(double epsilon) {
    Rule r = settings();
    return with(new Rule(r.rho, epsilon, r.weightDecay));
  }

  /// Adds `weightDecay` times the parameter to its gradient.
  public AdaDelta weightDecay(double weightDecay) {
    Rule r = settings();
    return with(new Rule(r.rho, r.epsilon, weightDecay));
  }

  /// The update. Scalar: the rate η.
  ///
  /// @param rho ρ
  /// @param epsilon ε
  /// @param weightDecay λ, coupled
  public record Rule(double rho, double epsilon, double weightDecay) implements UpdateRule {

    /// Checks the settings.
    public Rule {
      Check.between("AdaDelta", "rho", rho, 0, 1);
      Check.atLeast("AdaDelta", "epsilon", epsilon, 0);
      Check.atLeast("AdaDelta", "weight decay", weightDecay, 0);
    }

    @Override
    public List<String> state() {
      return List.of("squareMean", "stepMean");
    }

    @Override
    public List<Formula> update(Formula p, Formula g, List<Formula> state, List<Formula> scalars) {
      Formula slope = weightDecay == 0 ? g : g.plus(p.times(weightDecay));
      Formula s = state.get(0).times(rho).plus(slope.square().times(1 - rho));
      Formula d = state.get(1).plus(epsilon).sqrt().over(s.plus(epsilon).sqrt()).times(slope);
      Formula u = state.get(1).times(rho).plus(d.square().times(1 - rho));
      return List.of(p.minus(scalars.get(0).times(d)), s, u);
    }
  }
}
