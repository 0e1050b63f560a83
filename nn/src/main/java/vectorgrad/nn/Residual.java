package vectorgrad.nn;

import vectorgrad.autograd.Variable;
import vectorgrad.tensor.ShapeException;

/// A layer with a path around it: `y = x + body(x)`. The gradient passes the sum unchanged, so deep
/// stacks train.
///
/// | name | shape |
/// |------|-------|
/// | x, y, body(x) | any, the same |
///
/// Cost: that of the body, and an addition. He et al. 2016.
///
/// @param body the layer beside the path; it must keep the shape
public record Residual(Layer body) implements Layer {
  @Override
  public Variable forward(Variable x) {
    Variable change = Location.step(this, "body", body, x);
    if (!change.shape().equals(x.shape())) {
      throw new ShapeException(
          Location.message(this, "Residual", "the body changes the shape, it cannot be added")
              .row("input", x.shape())
              .row("body", change.shape())
              .row("help", "pad the body's convolutions, or project the input"),
          x.shape(),
          change.shape());
    }
    return x.add(change);
  }

  @Override
  public String toString() {
    return tree();
  }
}
