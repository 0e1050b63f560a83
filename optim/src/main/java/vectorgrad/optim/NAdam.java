package vectorgrad.optim;

import java.util.List;
import vectorgrad.autograd.Parameter;
import vectorgrad.numerics.Formula;

/// [Adam] with Nesterov's look ahead: the first moment that is used holds the present gradient
/// already as the next step would.
///
/// ```
/// μₜ = β₁·(1 − ½·0.96^(t·ψ))        Πₜ = μ₁·…·μₜ
/// p ← p − η·((1 − μₜ) / (1 − Πₜ)·g + μₜ₊₁ / (1 − Πₜ₊₁)·m) / (√v̂ + ε)
/// ```
///
/// Weight decay is coupled. State: `firstMoment` m and `secondMoment` v, as Adam's. Defaults: rate
/// 0.002, betas 0.9 and 0.999, ε 10⁻⁸, ψ 0.004. Dozat 2016.
public final class NAdam extends Tunable<NAdam.Rule, NAdam> {

  /// NAdam at a rate of 0.002.
  public NAdam(List<Parameter> parameters) {
    super(parameters, new Rule(0.9, 0.999, 1e-8, 0, 4e-3), 2e-3);
  }

  /// How much of the running means stays from step to step: of the gradient's and of the square's.
  public NAdam betas(double beta1, double beta2) {
    Rule r = settings();
    return with(new Rule(beta1, beta2, r.epsilon, r.weightDecay, r.momentumDecay));
  }

  /// What is added to the denominator.
  public NAdam epsilon(double epsilon) {
    Rule r = settings();
    return with(new Rule(r.beta1, r.beta2, epsilon, r.weightDecay, r.momentumDecay));
  }

  /// Adds `weightDecay` times the parameter to its gradient.
  public NAdam weightDecay(double weightDecay) {
    Rule r = settings();
    return with(new Rule(r.beta1, r.beta2, r.epsilon, weightDecay, r.momentumDecay));
  }

  /// How fast the momentum rises from half of β₁ to all of it: ψ.
  public NAdam momentumDecay(double momentumDecay) {
    Rule r = settings();
    return with(new Rule(r.beta1, r.beta2, r.epsilon, r.weightDecay, momentumDecay));
  }

  /// The update. Scalars: what multiplies g, what multiplies m, and `1 / √(1 − β₂ᵗ)`.
  ///
  /// @param beta1 β₁
  /// @param beta2 β₂
  /// @param epsilon ε
  /// @param weightDecay λ, coupled
  /// @param momentumDecay ψ
  public record Rule(
      double beta1, double beta2, double epsilon, double weightDecay, double momentumDecay)
      implements UpdateRule {

    /// A product this small no longer changes `1 − Π`.
    private static final double NOTHING = 0x1p-60;

    /// Checks the settings.
    public Rule {
      Check.between("NAdam", "beta1", beta1, 0, 1);
      Check.between("NAdam", "beta2", beta2, 0, 1);
      Check.atLeast("NAdam", "epsilon", epsilon, 0);
      Check.atLeast("NAdam", "weight decay", weightDecay, 0);
      Check.atLeast("NAdam", "momentum decay", momentumDecay, 0);
    }

    @Override
    public List<String> state() {
      return List.of("firstMoment", "secondMoment");
    }

    @Override
    public double[] scalars(double learningRate, long step) {
      double product = 1;
      for (long i = 1; i <= step && product > NOTHING; i++) {
        product *= momentum(i);
      }
      double next = momentum(step + 1);
      return new double[] {
        learningRate * (1 - momentum(step)) / (1 - product),
        learningRate * next / (1 - product * next),
        1 / Math.sqrt(1 - Math.pow(beta2, (double) step))
      };
    }

    private double momentum(long step) {
      return beta1 * (1 - 0.5 * Math.pow(0.96, step * momentumDecay));
    }

    @Override
    public List<Formula> update(Formula p, Formula g, List<Formula> state, List<Formula> scalars) {
      Formula slope = weightDecay == 0 ? g : g.plus(p.times(weightDecay));
      Formula m = state.get(0).times(beta1).plus(slope.times(1 - beta1));
      Formula v = state.get(1).times(beta2).plus(slope.square().times(1 - beta2));
      Formula direction = scalars.get(0).times(slope).plus(scalars.get(1).times(m));
      Formula denominator = v.sqrt().times(scalars.get(2)).plus(epsilon);
      return List.of(p.minus(direction.over(denominator)), m, v);
    }
  }
}
