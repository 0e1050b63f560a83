package vectorgrad.nn;

import static vectorgrad.numerics.Formula.ZERO;
import static vectorgrad.numerics.Formula.input;

import vectorgrad.autograd.Parameter;
import vectorgrad.autograd.Variable;
import vectorgrad.numerics.Formula;
import vectorgrad.numerics.Program;
import vectorgrad.tensor.DType;
import vectorgrad.tensor.Shape;
import vectorgrad.tensor.ShapeException;
import vectorgrad.tensor.Tensor;

/// The rectifier with a learned slope below 0: `y = x` where `x > 0`, else `weight·x`. One weight
/// for all, or one for each channel (axis 1). Weight decay would pull them to 0, where it is a
/// ReLU.
///
/// | name | shape | meaning |
/// |------|-------|---------|
/// | x, y | (N, C, …), or any for one weight | |
/// | weight | (1) or (C) | begins as 0.25 |
///
/// Cost: a product an element; backward keeps x. He et al. 2015.
///
/// @param weight (1) or (C)
public record PReLU(Parameter weight) implements Layer {
  private static final Formula X = input(0);
  private static final Program Y = Program.of(X.greaterThan(ZERO).then(X, X.times(input(1))));

  /// One weight for all elements.
  public PReLU() {
    this(1);
  }

  /// So many weights, one for each channel.
  ///
  /// @throws IllegalArgumentException if there is no channel
  public PReLU(int channels) {
    Sizes.expect("PReLU", "(channels)", channels);
    this(Parameter.of(Tensor.full(0.25, Shape.of(channels), DType.F32)));
  }

  @Override
  public Variable forward(Variable x) {
    int count = weight.shape().size();
    Shape shape = x.shape();
    if (count == 1) {
      return Variable.map(Y, x, weight);
    }
    if (shape.rank() < 2 || shape.get(1) != count) {
      throw new ShapeException(
          Location.message(
                  this,
                  "PReLU",
                  shape.rank() < 2
                      ? "the input has no channels, and there are " + count + " weights"
                      : "the input has "
                          + shape.get(1)
                          + " channels, and there are "
                          + count
                          + " weights")
              .row("input", shape)
              .row("rule", "axis 1 holds the channels: N C …"),
          shape);
    }
    return Variable.map(Y, x, Normalization.channels(weight, shape.rank()));
  }

  @Override
  public Initializer initializer(String component) {
    return Initializer.constant(0.25);
  }

  @Override
  public String toString() {
    return tree();
  }
}
