package vectorgrad.nn;

import vectorgrad.autograd.Pointwise;
import vectorgrad.autograd.Variable;

/// A formula as a layer: `value` is all there is to write. The slope is derived where it is not
/// given, and every device compiles the formula to a kernel.
///
/// ```java
/// record Softsign() implements Activation {
///   public Formula value(Formula x) { return x.over(x.abs().plus(1)); }
/// }
/// ```
///
/// | name | shape |
/// |------|-------|
/// | x, y | any, the same |
///
/// Cost: a few flops an element; backward keeps x or y, whichever the slope uses.
public interface Activation extends Layer, Pointwise {
  @Override
  default Variable forward(Variable x) {
    return x.map(this);
  }
}
