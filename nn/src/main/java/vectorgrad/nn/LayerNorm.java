package vectorgrad.nn;

import java.util.Optional;
import vectorgrad.autograd.Parameter;
import vectorgrad.autograd.Variable;
import vectorgrad.tensor.Shape;

/// Layer normalisation: `y = (x − mean) / √(var + eps)·weight + bias`, where mean and variance are
/// those of the last axes of each example, in training and in use alike.
///
/// | name | shape | meaning |
/// |------|-------|---------|
/// | x, y | (…, normalizedShape) | |
/// | weight | normalizedShape | begins as 1 |
/// | bias | normalizedShape | begins as 0 |
///
/// Cost: one visit of each row forward and one backward, which keeps x; three passes each way over
/// rows of fewer than 256 numbers. Ba, Kiros and Hinton 2016.
///
/// @param normalizedShape the sizes of the axes that are normalised together
/// @param weight γ, or empty
/// @param bias β, or empty
/// @param eps added to the variance; 1e-5 by default
public record LayerNorm(
    Shape normalizedShape, Optional<Parameter> weight, Optional<Parameter> bias, double eps)
    implements Layer {

  /// Checks eps.
  ///
  /// @throws IllegalArgumentException if eps is negative
  public LayerNorm {
    Normalization.checkEps("LayerNorm", eps);
  }

  /// Normalises the last axes, which have these sizes, with a learned weight and bias.
  ///
  /// @throws IllegalArgumentException if there is no axis, or a size is not positive
  public LayerNorm(int... sizes) {
    Sizes.expect("LayerNorm", "those of the last axes, normalised together", sizes);
    this(
        Shape.of(sizes),
        Normalization.ones(Shape.of(sizes)),
        Normalization.zeros(Shape.of(sizes)),
        1e-5);
  }

  /// A copy, sharing the parameters, with another eps.
  public LayerNorm eps(double eps) {
    return new LayerNorm(normalizedShape, weight, bias, eps);
  }

  /// A copy, sharing the weight, without the bias.
  public LayerNorm withoutBias() {
    return new LayerNorm(normalizedShape, weight, Optional.empty(), eps);
  }

  /// A copy without weight and bias.
  public LayerNorm withoutAffine() {
    return new LayerNorm(normalizedShape, Optional.empty(), Optional.empty(), eps);
  }

  @Override
  public Variable forward(Variable x) {
    int[] axes = Normalization.checkEnd(this, "LayerNorm", x, normalizedShape);
    return Normalization.over(
        Normalization.wide(x), axes, eps, weight.map(w -> w), bias.map(b -> b));
  }

  @Override
  public Initializer initializer(String component) {
    return Normalization.initializer(component);
  }

  @Override
  public String label() {
    String bare = weight.isPresent() && bias.isEmpty() ? "without bias" : "";
    return Normalization.label(
        "LayerNorm",
        Filters.sizes(normalizedShape.toArray()),
        eps,
        1e-5,
        bare,
        Normalization.affine(weight));
  }

  @Override
  public String toString() {
    return tree();
  }
}
