package vectorgrad.optim;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import vectorgrad.numerics.Formula;
import vectorgrad.tensor.Message;

/// What every optimizer can do to gradient and parameter before its own rule sees them; part of the
/// same fused formula. Scalars: those of the rule and, where the parameter decays, `1 − η·λ`.
///
/// @param rule the optimizer's own
/// @param maximize whether to climb: `−g` takes the place of `g`
/// @param l1 what multiplies the sign of the parameter, which is added to the gradient
/// @param decay λ, decoupled: the rule begins at `p·(1 − η·λ)`
record Prepared(UpdateRule rule, boolean maximize, double l1, double decay) implements UpdateRule {
  Prepared {
    if (decay != 0 && rule instanceof Adam.Rule adam && adam.decoupled()) {
      throw new IllegalArgumentException(
          Message.of("decoupledDecay", "AdamW decays its parameters already")
              .row("help", "say how much with weightDecay(" + decay + ")")
              .toString());
    }
  }

  @Override
  public List<String> state() {
    return rule.state();
  }

  @Override
  public double initial(String state) {
    return rule.initial(state);
  }

  @Override
  public double[] scalars(double learningRate, long step) {
    double[] scalars = rule.scalars(learningRate, step);
    if (decay == 0) {
      return scalars;
    }
    double[] more = Arrays.copyOf(scalars, scalars.length + 1);
    more[scalars.length] = 1 - learningRate * decay;
    return more;
  }

  @Override
  public List<Formula> sums(Formula p, Formula g, List<Formula> state, List<Formula> scalars) {
    return rule.sums(shrunk(p, scalars), slope(p, g), state, own(scalars));
  }

  @Override
  public List<Formula> update(Formula p, Formula g, List<Formula> state, List<Formula> scalars) {
    return rule.update(shrunk(p, scalars), slope(p, g), state, own(scalars));
  }

  private Formula slope(Formula p, Formula g) {
    Formula up = maximize ? g.negate() : g;
    return l1 == 0 ? up : up.plus(p.sign().times(l1));
  }

  private Formula shrunk(Formula p, List<Formula> scalars) {
    return decay == 0 ? p : p.times(scalars.get(last()));
  }

  /// Where the factor of the decay stands: behind the rule's scalars, before its sums.
  private int last() {
    return rule.scalars(1, 1).length;
  }

  private List<Formula> own(List<Formula> scalars) {
    if (decay == 0) {
      return scalars;
    }
    List<Formula> own = new ArrayList<>(scalars);
    own.remove(last());
    return own;
  }
}
