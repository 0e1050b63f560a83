package vectorgrad.optim;

import java.util.List;
import vectorgrad.autograd.Parameter;
import vectorgrad.numerics.Formula;

/// Adaptive moments: every number has a step size of its own, from running means of its gradient
/// and of the gradient's square.
///
/// ```
/// m ← β₁·m + (1 − β₁)·g        m̂ = m / (1 − β₁ᵗ)
/// v ← β₂·v + (1 − β₂)·g²       v̂ = v / (1 − β₂ᵗ)
/// p ← p − η·m̂ / (√v̂ + ε)
/// ```
///
/// Weight decay is coupled (`g + λ·p` takes the place of `g`), so it is divided by `√v̂` with the
/// rest; [AdamW] decays the parameter itself.
///
/// State: `firstMoment` and `secondMoment`, two copies of the parameters. Defaults: rate 0.001,
/// betas 0.9 and 0.999, ε 10⁻⁸, no decay. Kingma and Ba 2015, algorithm 1.
public final class Adam extends Tunable<Adam.Rule, Adam> {

  /// Adam at a rate of 0.001.
  public Adam(List<Parameter> parameters) {
    super(parameters, new Rule(0.9, 0.999, 1e-8, 0, false, false), 1e-3);
  }

  /// How much of the running means stays from step to step: of the gradient's and of the square's.
  public Adam betas(double beta1, double beta2) {
    Rule r = settings();
    return with(new Rule(beta1, beta2, r.epsilon, r.weightDecay, r.decoupled, r.amsgrad));
  }

  /// What is added to the denominator; larger values make small gradients take smaller steps.
  public Adam epsilon(double epsilon) {
    Rule r = settings();
    return with(new Rule(r.beta1, r.beta2, epsilon, r.weightDecay, r.decoupled, r.amsgrad));
  }

  /// Adds `weightDecay` times the parameter to its gradient.
  public Adam weightDecay(double weightDecay) {
    Rule r = settings();
    return with(new Rule(r.beta1, r.beta2, r.epsilon, weightDecay, r.decoupled, r.amsgrad));
  }

  /// Divides by the largest `v` so far instead of the present one, so that no step size grows
  /// again: AMSGrad. Reddi, Kale and Kumar 2018. It remembers a third copy, `largestSecondMoment`.
  public Adam amsgrad() {
    Rule r = settings();
    return with(new Rule(r.beta1, r.beta2, r.epsilon, r.weightDecay, r.decoupled, true));
  }

  /// The update of [Adam] and [AdamW]. Scalars: `η / (1 − β₁ᵗ)`, `1 / √(1 − β₂ᵗ)` and, where the
  /// decay is decoupled, `1 − η·λ`.
  ///
  /// @param beta1 β₁
  /// @param beta2 β₂
  /// @param epsilon ε
  /// @param weightDecay λ
  /// @param decoupled whether the decay shrinks the parameter itself
  /// @param amsgrad whether to divide by the largest second moment so far
  public record Rule(
      double beta1,
      double beta2,
      double epsilon,
      double weightDecay,
      boolean decoupled,
      boolean amsgrad)
      implements UpdateRule {

    /// Checks the settings.
    public Rule {
      Check.between("Adam", "beta1", beta1, 0, 1);
      Check.between("Adam", "beta2", beta2, 0, 1);
      Check.atLeast("Adam", "epsilon", epsilon, 0);
      Check.atLeast("Adam", "weight decay", weightDecay, 0);
    }

    @Override
    public List<String> state() {
      return amsgrad
          ? List.of("firstMoment", "secondMoment", "largestSecondMoment")
          : List.of("firstMoment", "secondMoment");
    }

    @Override
    public double[] scalars(double learningRate, long step) {
      return new double[] {
        learningRate / (1 - Math.pow(beta1, (double) step)),
        1 / Math.sqrt(1 - Math.pow(beta2, (double) step)),
        1 - learningRate * weightDecay
      };
    }

    @Override
    public List<Formula> update(Formula p, Formula g, List<Formula> state, List<Formula> scalars) {
      boolean coupled = weightDecay != 0 && !decoupled;
      Formula slope = coupled ? g.plus(p.times(weightDecay)) : g;
      Formula shrunk = weightDecay != 0 && decoupled ? p.times(scalars.get(2)) : p;
      Formula m = state.get(0).times(beta1).plus(slope.times(1 - beta1));
      Formula v = state.get(1).times(beta2).plus(slope.square().times(1 - beta2));
      Formula scale = amsgrad ? state.get(2).max(v) : v;
      Formula denominator = scale.sqrt().times(scalars.get(1)).plus(epsilon);
      Formula moved = shrunk.minus(scalars.get(0).times(m).over(denominator));
      return amsgrad ? List.of(moved, m, v, scale) : List.of(moved, m, v);
    }
  }
}
