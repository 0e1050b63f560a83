package vectorgrad.nn;

import java.util.Optional;
import vectorgrad.autograd.Parameter;
import vectorgrad.autograd.Variable;
import vectorgrad.tensor.Shape;

/// Normalisation by the root mean square: `y = x / √(mean(x²) + eps)·weight` over the last axes of
/// each example. [LayerNorm] without the mean and the bias, as large language models use it.
///
/// | name | shape | meaning |
/// |------|-------|---------|
/// | x, y | (…, normalizedShape) | |
/// | weight | normalizedShape | begins as 1 |
///
/// PyTorch's default eps is the machine epsilon of the input's type; here it is that of f32 for
/// every type, so that an f64 twin of a network computes the same function.
///
/// Cost: four passes over x forward; backward keeps x. Zhang and Sennrich 2019, equation 4.
///
/// @param normalizedShape the sizes of the axes that are normalised together
/// @param weight g, or empty
/// @param eps added to the mean square; 2⁻²³ by default
public record RMSNorm(Shape normalizedShape, Optional<Parameter> weight, double eps)
    implements Layer {

  /// Checks eps.
  ///
  /// @throws IllegalArgumentException if eps is negative
  public RMSNorm {
    Normalization.checkEps("RMSNorm", eps);
  }

  /// Normalises the last axes, which have these sizes, with a learned weight.
  ///
  /// @throws IllegalArgumentException if there is no axis, or a size is not positive
  public RMSNorm(int... sizes) {
    Sizes.expect("RMSNorm", "those of the last axes, normalised together", sizes);
    this(Shape.of(sizes), Normalization.ones(Shape.of(sizes)), Math.ulp(1f));
  }

  /// A copy, sharing the weight, with another eps.
  public RMSNorm eps(double eps) {
    return new RMSNorm(normalizedShape, weight, eps);
  }

  /// A copy without the weight.
  public RMSNorm withoutAffine() {
    return new RMSNorm(normalizedShape, Optional.empty(), eps);
  }

  @Override
  public Variable forward(Variable input) {
    int[] axes = Normalization.checkEnd(this, "RMSNorm", input, normalizedShape);
    Variable x = Normalization.wide(input);
    Variable y = x.mul(Normalization.scale(x.square().mean(true, axes), eps));
    return weight.isPresent() ? Normalization.like(weight, y.mul(weight.get())) : y;
  }

  @Override
  public Initializer initializer(String component) {
    return Initializer.ones();
  }

  @Override
  public String label() {
    return Normalization.label(
        "RMSNorm",
        Filters.sizes(normalizedShape.toArray()),
        eps,
        Math.ulp(1f),
        Normalization.affine(weight));
  }

  @Override
  public String toString() {
    return tree();
  }
}
