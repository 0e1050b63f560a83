package vectorgrad.nn;

import vectorgrad.autograd.Variable;

/// Joins the axes from `startAxis` on into one: (N, C, H, W) becomes (N, C·H·W). A view where
/// memory allows; no cost.
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
