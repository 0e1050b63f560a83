package vectorgrad.optim;

import java.util.List;
import java.util.Map;
import vectorgrad.autograd.Gradients;
import vectorgrad.autograd.Parameter;
import vectorgrad.tensor.Cell;
import vectorgrad.tensor.Tensor;

/// Changes parameters so that the loss falls. It is given gradients and keeps none:
///
/// ```java
/// var adam = new Adam(model.parameters()).learningRate(1e-3);
/// adam.step(loss.backward());
/// ```
///
/// Parameters that are frozen, or that the gradients do not hold, are left as they are, and so is
/// their state. Most optimizers are one [UpdateRule] run by a [FormulaOptimizer].
public interface Optimizer {

  /// One step down the gradients.
  ///
  /// @throws vectorgrad.tensor.DTypeException if a parameter has 16 bits, in which most steps are
  ///   too small to be seen: train F32 under [vectorgrad.autograd.Autocast]
  /// @throws vectorgrad.autograd.GradientException if the gradients hold none of the parameters:
  ///   the loss does not depend on them, or belongs to another optimizer
  void step(Gradients gradients);

  /// The parameters that this optimizer changes.
  List<Parameter> parameters();

  /// How many steps were made.
  long steps();

  /// The learning rate of the next step.
  double learningRate();

  /// What is remembered from step to step, by the parameter's name and what it is:
  /// `0.weight.firstMoment`. These cells and [#steps()] are all that a checkpoint needs to go on
  /// bit by bit.
  Map<String, Cell> state();

  /// Goes on from a saved [#state()] after `steps` steps.
  ///
  /// @throws IllegalArgumentException if names are missing or left over or shapes differ; it lists
  ///   them and changes nothing
  void restore(Map<String, Tensor> state, long steps);

  /// What decides the next steps beside parameters, gradients and [#state()]: the rule with its
  /// settings and the rates, as text. A checkpoint refuses to go on with another one.
  default String recipe() {
    return getClass().getSimpleName();
  }

  /// Several optimizers as one: parameter groups with their own rates, decays or rules. Gradients
  /// must hold a parameter of at least one of them.
  ///
  /// ```java
  /// var optimizer = Optimizer.groups(
  ///     new Adam(body.parameters()).learningRate(1e-4), new Adam(head.parameters()));
  /// ```
  ///
  /// @throws IllegalArgumentException if a parameter is in two groups, or two groups name their
  ///   state alike
  static Optimizer groups(Optimizer... groups) {
    return new Groups(List.of(groups));
  }
}
