package vectorgrad.optim;

import java.util.List;
import vectorgrad.autograd.Parameter;

/// An optimizer whose settings are those of its rule, changed one at a time:
///
/// ```java
/// var adam = new Adam(model.parameters()).learningRate(1e-3).betas(0.9, 0.95);
/// ```
///
/// Settings may be changed between two steps; what is remembered is kept.
///
/// @param <R> the rule
/// @param <S> the class itself, so that each setting returns it
public abstract class Tunable<R extends UpdateRule, S extends Tunable<R, S>>
    extends FormulaOptimizer {

  Tunable(List<Parameter> parameters, R rule, double learningRate) {
    super(parameters, rule, Schedule.constant(learningRate));
  }

  @SuppressWarnings("unchecked") // every subclass names itself as S
  private S self() {
    return (S) this;
  }

  @SuppressWarnings("unchecked") // only `with` replaces the rule
  final R settings() {
    return (R) rule();
  }

  /// Goes on with other settings.
  final S with(R changed) {
    rule(changed);
    return self();
  }

  @Override
  public final S learningRate(double rate) {
    super.learningRate(rate);
    return self();
  }

  @Override
  public final S learningRate(Schedule rate) {
    super.learningRate(rate);
    return self();
  }

  @Override
  public final S maximize() {
    super.maximize();
    return self();
  }

  @Override
  public final S l1(double strength) {
    super.l1(strength);
    return self();
  }

  @Override
  public final S maxNorm(double most) {
    super.maxNorm(most);
    return self();
  }

  @Override
  public final S maxNorm(double most, int axis) {
    super.maxNorm(most, axis);
    return self();
  }

  @Override
  public final S decoupledDecay(double weightDecay) {
    super.decoupledDecay(weightDecay);
    return self();
  }
}
