package vectorgrad.nn;

import vectorgrad.autograd.Variable;

/// A layer that can apply an activation to its output while that is written. What would be between
/// the two needs no memory, and is written once and read once less.
///
/// [Sequential] does so for a rectifier, a logistic function or a hyperbolic tangent behind one of
/// these layers; a layer of your own can: `hidden.forward(x, new ReLU())`.
public sealed interface Finish extends Layer permits Linear, Conv2d, BatchNorm {
  /// `last.forward(forward(x))`, to the bit. In one pass if the slope of `last` is a formula of its
  /// output, and nothing is rounded to fewer digits.
  Variable forward(Variable x, Activation last);
}
