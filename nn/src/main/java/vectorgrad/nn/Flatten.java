package vectorgrad.nn;

import vectorgrad.autograd.Variable;

/// Joins the axes from `startAxis` on into one: `y[n, (c·H + h)·W + w] = x[n, c, h, w]`.
///
/// | name | shape |
/// |------|-------|
/// | x | (N, C, H, W), or any other |
/// | y | (N, C·H·W) |
///
/// Cost: none, a view where memory allows. PyTorch's `Flatten`; the way back is [Layers#unflatten].
///
/// @param startAxis the first axis that is joined; 1, behind the batch, by default
public record Flatten(int startAxis) implements Layer {

  /// Joins everything behind the batch axis.
  public Flatten() {
    this(1);
  }

  @Override
  public Variable forward(Variable x) {
    return x.flatten(startAxis);
  }
}
