package vectorgrad.optim;

import java.util.ArrayList;
import java.util.List;
import vectorgrad.autograd.Parameter;
import vectorgrad.numerics.Formula;

/// Divides the gradient by a running root mean square of itself: `s ← α·s + (1 − α)·g²`, `p ← p −
/// η·g / (√s + ε)`.
///
/// With [#centered()] the running mean `a` of the gradient is taken out, `√(s − a²)`; with
/// [#momentum] the quotient drives a velocity, `v ← μ·v + g / (√s + ε)`, `p ← p − η·v`. Weight
/// decay is coupled.
///
/// State: `squareMean`, and `mean` and `velocity` where they are used. Defaults: rate 0.01, α 0.99,
/// ε 10⁻⁸. Tieleman and Hinton 2012; centered: Graves 2013.
public final class RmsProp extends Tunable<RmsProp.Rule, RmsProp> {

  /// RMSProp at a rate of 0.01.
  public RmsProp(List<Parameter> parameters) {
    super(parameters, new Rule(0.99, 1e-8, 0, 0, false), 0.01);
  }

  /// How much of the running mean of squares stays from step to step.
  public RmsProp alpha(double alpha) {
    Rule r = settings();
    return with(new Rule(alpha, r.epsilon, r.weightDecay, r.momentum, r.centered));
  }

  /// What is added to the denominator.
  public RmsProp epsilon(double epsilon) {
    Rule r = settings();
    return with(new Rule(r.alpha, epsilon, r.weightDecay, r.momentum, r.centered));
  }

  /// Adds `weightDecay` times the parameter to its gradient.
  public RmsProp weightDecay(double weightDecay) {
    Rule r = settings();
    return with(new Rule(r.alpha, r.epsilon, weightDecay, r.momentum, r.centered));
  }

  /// How much of the velocity stays from step to step.
  public RmsProp momentum(double momentum) {
    Rule r = settings();
    return with(new Rule(r.alpha, r.epsilon, r.weightDecay, momentum, r.centered));
  }

  /// Divides by the standard deviation of the gradient instead of its root mean square.
  public RmsProp centered() {
    Rule r = settings();
    return with(new Rule(r.alpha, r.epsilon, r.weightDecay, r.momentum, true));
  }

  /// The update. Scalar: the rate η.
  ///
  /// @param alpha α
  /// @param epsilon ε
  /// @param weightDecay λ, coupled
  /// @param momentum μ
  /// @param centered whether the mean is taken out
  public record Rule(
      double alpha, double epsilon, double weightDecay, double momentum, boolean centered)
      implements UpdateRule {

    /// Checks the settings.
    public Rule {
      Check.between("RmsProp", "alpha", alpha, 0, 1);
      Check.atLeast("RmsProp", "epsilon", epsilon, 0);
      Check.atLeast("RmsProp", "weight decay", weightDecay, 0);
      Check.between("RmsProp", "momentum", momentum, 0, 1);
    }

    @Override
    public List<String> state() {
      List<String> names = new ArrayList<>(List.of("squareMean"));
      if (centered) {
        names.add("mean");
      }
      if (momentum > 0) {
        names.add("velocity");
      }
      return names;
    }

    @Override
    public List<Formula> update(Formula p, Formula g, List<Formula> state, List<Formula> scalars) {
      Formula slope = weightDecay == 0 ? g : g.plus(p.times(weightDecay));
      Formula s = state.get(0).times(alpha).plus(slope.square().times(1 - alpha));
      List<Formula> results = new ArrayList<>(List.of(s));
      Formula variance = s;
      if (centered) {
        Formula mean = state.get(1).times(alpha).plus(slope.times(1 - alpha));
        results.add(mean);
        variance = s.minus(mean.square());
      }
      Formula direction = slope.over(variance.sqrt().plus(epsilon));
      if (momentum > 0) {
        direction = state.getLast().times(momentum).plus(direction);
        results.add(direction);
      }
      results.addFirst(p.minus(scalars.get(0).times(direction)));
      return results;
    }
  }
}
