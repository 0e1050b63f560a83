package vectorgrad.optim;

import java.util.List;
import vectorgrad.autograd.Parameter;
import vectorgrad.numerics.Formula;

/// Divides the gradient by the root of the sum of all its squares: `s ← s + g²`, `p ← p − η·g / (√s
/// + ε)`. The steps only ever become smaller; rare features keep large ones.
///
/// Weight decay is coupled. State: `squareSum`. Defaults: rate 0.01, ε 10⁻¹⁰, first sum 0. Duchi,
/// Hazan and Singer 2011.
public final class AdaGrad extends Tunable<AdaGrad.Rule, AdaGrad> {

  /// AdaGrad at a rate of 0.01.
  public AdaGrad(List<Parameter> parameters) {
    super(parameters, new Rule(1e-10, 0, 0, 0), 0.01);
  }

  /// What is added to the denominator.
  public AdaGrad epsilon(double epsilon) {
    Rule r = settings();
    return with(new Rule(epsilon, r.weightDecay, r.rateDecay, r.firstSum));
  }

  /// Adds `weightDecay` times the parameter to its gradient.
  public AdaGrad weightDecay(double weightDecay) {
    Rule r = settings();
    return with(new Rule(r.epsilon, weightDecay, r.rateDecay, r.firstSum));
  }

  /// Divides the rate by `1 + (step − 1)·rateDecay`.
  public AdaGrad rateDecay(double rateDecay) {
    Rule r = settings();
    return with(new Rule(r.epsilon, r.weightDecay, rateDecay, r.firstSum));
  }

  /// What the sums begin with, before the first step.
  public AdaGrad firstSum(double firstSum) {
    Rule r = settings();
    return with(new Rule(r.epsilon, r.weightDecay, r.rateDecay, firstSum));
  }

  /// The update. Scalar: the decayed rate.
  ///
  /// @param epsilon ε
  /// @param weightDecay λ, coupled
  /// @param rateDecay how fast the rate decays
  /// @param firstSum what the sums begin with
  public record Rule(double epsilon, double weightDecay, double rateDecay, double firstSum)
      implements UpdateRule {

    /// Checks the settings.
    public Rule {
      Check.atLeast("AdaGrad", "epsilon", epsilon, 0);
      Check.atLeast("AdaGrad", "weight decay", weightDecay, 0);
      Check.atLeast("AdaGrad", "rate decay", rateDecay, 0);
      Check.atLeast("AdaGrad", "first sum", firstSum, 0);
    }

    @Override
    public List<String> state() {
      return List.of("squareSum");
    }

    @Override
    public double initial(String state) {
      return firstSum;
    }

    @Override
    public double[] scalars(double learningRate, long step) {
      return new double[] {learningRate / (1 + (step - 1) * rateDecay)};
    }

    @Override
    public List<Formula> update(Formula p, Formula g, List<Formula> state, List<Formula> scalars) {
      Formula slope = weightDecay == 0 ? g : g.plus(p.times(weightDecay));
      Formula sum = state.get(0).plus(slope.square());
      Formula step = scalars.get(0).times(slope).over(sum.sqrt().plus(epsilon));
      return List.of(p.minus(step), sum);
    }
  }
}
