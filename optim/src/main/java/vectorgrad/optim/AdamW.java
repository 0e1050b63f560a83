package vectorgrad.optim;

import java.util.List;
import vectorgrad.autograd.Parameter;

/// [Adam] with decoupled weight decay: before the step, `p ← p − η·λ·p`. Every number decays at the
/// same rate, whatever the size of its gradients.
///
/// State: `firstMoment` and `secondMoment`. Defaults: rate 0.001, betas 0.9 and 0.999, ε 10⁻⁸,
/// decay 0.01. Loshchilov and Hutter 2019, algorithm 2.
public final class AdamW extends Tunable<Adam.Rule, AdamW> {

  /// AdamW at a rate of 0.001 and a decay of 0.01.
  public AdamW(List<Parameter> parameters) {
    super(parameters, new Adam.Rule(0.9, 0.999, 1e-8, 0.01, true, false), 1e-3);
  }

  /// How much of the running means stays from step to step: of the gradient's and of the square's.
  public AdamW betas(double beta1, double beta2) {
    Adam.Rule r = settings();
    return with(new Adam.Rule(beta1, beta2, r.epsilon(), r.weightDecay(), true, r.amsgrad()));
  }

  /// What is added to the denominator.
  public AdamW epsilon(double epsilon) {
    Adam.Rule r = settings();
    return with(new Adam.Rule(r.beta1(), r.beta2(), epsilon, r.weightDecay(), true, r.amsgrad()));
  }

  /// The share of the parameter, times the rate, that goes at every step.
  public AdamW weightDecay(double weightDecay) {
    Adam.Rule r = settings();
    return with(new Adam.Rule(r.beta1(), r.beta2(), r.epsilon(), weightDecay, true, r.amsgrad()));
  }

  /// Divides by the largest second moment so far: see [Adam#amsgrad()].
  public AdamW amsgrad() {
    Adam.Rule r = settings();
    return with(new Adam.Rule(r.beta1(), r.beta2(), r.epsilon(), r.weightDecay(), true, true));
  }
}
