package vectorgrad.nn;

import vectorgrad.autograd.Autocast;
import vectorgrad.autograd.Pointwise;
import vectorgrad.autograd.Variable;
import vectorgrad.numerics.Formula;
import vectorgrad.tensor.Tensor;

/// A loss of every element by itself, written once as a formula of the prediction and the target:
/// one kernel forward, one backward, on every device.
///
/// | name | shape |
/// |---|---|
/// | prediction, target | any, the same: nothing broadcasts in a loss, where it is a mistake more often than not |
/// | loss | (), or that shape without a reduction |
///
/// ```java
/// record LogCosh(Reduction reduction) implements ElementwiseLoss {
///   public Formula value(Formula prediction, Formula target) {
///     return prediction.minus(target).cosh().log();
///   }
/// }
/// ```
///
/// Cost: a pass over both, and a reduction; backward keeps both, and nothing of its own.
public interface ElementwiseLoss extends Loss, Pointwise.Binary {
  /// How the losses of the elements become one.
  Reduction reduction();

  @Override
  Formula value(Formula prediction, Formula target);

  /// The loss of `prediction` against `target`.
  ///
  /// @throws vectorgrad.tensor.ShapeException if their shapes differ
  @Override
  default Variable of(Variable prediction, Tensor target) {
    return of(prediction, Variable.constant(target));
  }

  /// The loss against a target that may want a gradient too.
  ///
  /// @throws vectorgrad.tensor.ShapeException if their shapes differ
  default Variable of(Variable prediction, Variable target) {
    Agreement.ofShapes(getClass().getSimpleName(), prediction, target);
    return reduction().of(Autocast.widen(prediction).map(this, Autocast.widen(target)));
  }
}
