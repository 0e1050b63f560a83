package vectorgrad.autograd;

import vectorgrad.numerics.Formula;

/// An elementwise operation, written once as a formula: every device compiles it to a kernel of its
/// own, and derivatives of every order follow from it.
///
/// ```java
/// record Swish() implements Pointwise {
///   public Formula value(Formula x) { return x.times(x.sigmoid()); }
/// }
/// ```
///
/// Implement it by a record: the record's components are the formula's constants, and equal records
/// share one kernel.
public interface Pointwise {
  /// What the operation is called in graphs and errors: its class, by default.
  default String name() {
    return getClass().getSimpleName();
  }

  /// The output as a formula of the input.
  Formula value(Formula x);

  /// The derivative of the output as a formula of the input `x` and the output `y`; by default,
  /// `value` differentiated symbolically. Write it by hand where the output makes it simpler, as in
  /// `tanh′ = 1 − y²`.
  default Formula slope(Formula x, Formula y) {
    return value(Formula.input(0)).derivative(0).substitute(x);
  }

  /// An elementwise operation on two inputs, which broadcast.
  interface Binary {
    /// The output as a formula of the inputs.
    Formula value(Formula a, Formula b);

    /// The derivative with respect to the first input, as a formula of both inputs and the output
    /// `c`.
    default Formula slopeA(Formula a, Formula b, Formula c) {
      return value(Formula.input(0), Formula.input(1)).derivative(0).substitute(a, b);
    }

    /// The derivative with respect to the second input, as a formula of both inputs and the output
    /// `c`.
    default Formula slopeB(Formula a, Formula b, Formula c) {
      return value(Formula.input(0), Formula.input(1)).derivative(1).substitute(a, b);
    }
  }
}
