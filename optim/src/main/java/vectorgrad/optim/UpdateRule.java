package vectorgrad.optim;

import java.util.List;
import vectorgrad.numerics.Formula;

/// An optimizer as mathematics: from a parameter, its gradient and what is remembered, the new
/// parameter and what to remember next. It is written once for a single number; [FormulaOptimizer]
/// runs it over all of them as one fused kernel.
///
/// ```java
/// record SignDescent() implements UpdateRule {
///   public List<Formula> update(Formula p, Formula g, List<Formula> state, List<Formula> scalars) {
///     return List.of(p.minus(scalars.get(0).times(g.sign())));
///   }
/// }
/// var optimizer = new FormulaOptimizer(model.parameters(), new SignDescent()).learningRate(0.01);
/// ```
///
/// Settings that stay the same (betas, ε) are constants in the formulas. What changes from step to
/// step (the rate, bias corrections) are [#scalars], so that the kernel stays the same.
public interface UpdateRule {

  /// The names of what is remembered, each as large as the parameter; by default nothing.
  default List<String> state() {
    return List.of();
  }

  /// The value that `state` begins with; by default 0.
  default double initial(String state) {
    return 0;
  }

  /// The numbers that change from step to step; by default the learning rate alone.
  ///
  /// @param learningRate the rate of this step
  /// @param step which step of this parameter it is, from 1 on
  default double[] scalars(double learningRate, long step) {
    return new double[] {learningRate};
  }

  /// Sums over all elements of the parameter that the update needs, such as the squares of norms;
  /// by default none. They follow the scalars that [#update] is given. Each one is a pass over the
  /// parameter of its own, in which what is summed is never in memory.
  ///
  /// @param scalars what [#scalars] are
  default List<Formula> sums(
      Formula parameter, Formula gradient, List<Formula> state, List<Formula> scalars) {
    return List.of();
  }

  /// The new parameter, followed by the new state in the order of [#state()].
  ///
  /// @param scalars what [#scalars] are, followed by the [#sums]
  List<Formula> update(
      Formula parameter, Formula gradient, List<Formula> state, List<Formula> scalars);
}
