package vectorgrad.nn;

import vectorgrad.autograd.Parameter;
import vectorgrad.autograd.Variable;
import vectorgrad.tensor.Shape;
import vectorgrad.tensor.ShapeException;

/// Adds to every place a vector of its own that is learnt: `y[p] = x[p] + weight[p]`.
///
/// | name | shape | meaning |
/// |------|-------|---------|
/// | x, y | (…, L, d) | L at most the number of places |
/// | weight | (places, d) | begins as N(0, 0.02²), as in BERT and GPT-2: small beside a token |
///
/// Cost: an addition an element; backward keeps nothing. Gehring et al. 2017; BERT and GPT-2.
///
/// @param weight one row for each place
public record LearnedPositions(Parameter weight) implements Layer {
  /// For so many places of so many features, all zeros until it is initialised.
  ///
  /// @throws IllegalArgumentException if a size is not positive
  public LearnedPositions(int places, int width) {
    Sizes.expect("LearnedPositions", "(places, width)", places, width);
    this(Parameter.of(Shape.of(places, width)));
  }

  @Override
  public Variable forward(Variable x) {
    return forward(x, 0);
  }

  /// With the vectors of the places `offset`, `offset` + 1, …
  ///
  /// @throws ShapeException if there are more places than vectors, or the features differ
  public Variable forward(Variable x, int offset) {
    Shape shape = x.shape();
    int places = weight.shape().get(0);
    if (shape.rank() < 2
        || offset < 0
        || offset + shape.get(-2) > places
        || shape.get(-1) != weight.shape().get(1)) {
      throw new ShapeException(
          Location.message(
                  this,
                  "LearnedPositions",
                  "no vectors for the input " + shape + " from place " + offset + " on")
              .row("weight", weight.shape() + "   places d")
              .row("rule", "the input is (… L d), and offset + L at most " + places),
          shape,
          weight.shape());
    }
    return x.add(weight.narrow(0, offset, shape.get(-2)));
  }

  @Override
  public Initializer initializer(String component) {
    return Initializer.normal(0, 0.02);
  }

  @Override
  public String label() {
    return "LearnedPositions(" + weight.shape().get(0) + ", " + weight.shape().get(1) + ")";
  }

  @Override
  public String toString() {
    return tree();
  }
}
