package vectorgrad.optim;

import java.util.List;
import vectorgrad.autograd.Parameter;
import vectorgrad.numerics.Formula;
import vectorgrad.tensor.Message;

/// Gradient descent, with momentum if wanted: `v ← μ·v + g`, `p ← p − η·v`; without momentum `p ← p
/// − η·g`.
///
/// With [#nesterov()] the step looks ahead: `p ← p − η·(g + μ·v)`. Weight decay is coupled, `g +
/// λ·p` takes the place of `g`; for plain descent that is the same as shrinking the parameter, with
/// momentum it is not.
///
/// State: `velocity` where there is momentum. Defaults: rate 0.01, no momentum, no decay. Robbins
/// and Monro 1951; Polyak 1964; Nesterov in the form of Sutskever et al. 2013.
public final class Sgd extends Tunable<Sgd.Rule, Sgd> {

  /// Plain gradient descent at a rate of 0.01.
  public Sgd(List<Parameter> parameters) {
    super(parameters, new Rule(0, 0, false, 0), 0.01);
  }

  /// How much of the velocity stays from step to step, from 0 up to 1; usually 0.9.
  public Sgd momentum(double momentum) {
    Rule r = settings();
    return with(new Rule(momentum, r.dampening, r.nesterov, r.weightDecay));
  }

  /// How much of the gradient is held back from the velocity, from the second step on.
  public Sgd dampening(double dampening) {
    Rule r = settings();
    return with(new Rule(r.momentum, dampening, r.nesterov, r.weightDecay));
  }

  /// Looks ahead along the velocity. It needs momentum, set before.
  ///
  /// @throws IllegalArgumentException if there is no momentum, or dampening
  public Sgd nesterov() {
    Rule r = settings();
    return with(new Rule(r.momentum, r.dampening, true, r.weightDecay));
  }

  /// Adds `weightDecay` times the parameter to its gradient.
  public Sgd weightDecay(double weightDecay) {
    Rule r = settings();
    return with(new Rule(r.momentum, r.dampening, r.nesterov, weightDecay));
  }

  /// The update. Scalars: the rate η, and how much of the gradient enters the velocity.
  ///
  /// @param momentum μ
  /// @param dampening what is held back of the gradient
  /// @param nesterov whether to look ahead
  /// @param weightDecay λ, coupled
  public record Rule(double momentum, double dampening, boolean nesterov, double weightDecay)
      implements UpdateRule {

    /// Checks the settings against each other.
    public Rule {
      Check.between("Sgd", "momentum", momentum, 0, 1);
      Check.atLeast("Sgd", "weight decay", weightDecay, 0);
      if (nesterov && (momentum == 0 || dampening != 0)) {
        throw new IllegalArgumentException(
            Message.of("Sgd", "Nesterov's look ahead needs momentum and no dampening")
                .row("found", "momentum " + momentum + ", dampening " + dampening)
                .row("help", "new Sgd(parameters).momentum(0.9).nesterov()")
                .toString());
      }
    }

    @Override
    public List<String> state() {
      return momentum == 0 ? List.of() : List.of("velocity");
    }

    @Override
    public double[] scalars(double learningRate, long step) {
      return new double[] {learningRate, step == 1 ? 1 : 1 - dampening};
    }

    @Override
    public List<Formula> update(Formula p, Formula g, List<Formula> state, List<Formula> scalars) {
      Formula rate = scalars.get(0);
      Formula slope = weightDecay == 0 ? g : g.plus(p.times(weightDecay));
      if (momentum == 0) {
        return List.of(p.minus(rate.times(slope)));
      }
      Formula entering = dampening == 0 ? slope : slope.times(scalars.get(1));
      Formula velocity = state.get(0).times(momentum).plus(entering);
      Formula direction = nesterov ? slope.plus(velocity.times(momentum)) : velocity;
      return List.of(p.minus(rate.times(direction)), velocity);
    }
  }
}
