package vectorgrad.nn;

import java.util.Optional;
import vectorgrad.autograd.Parameter;
import vectorgrad.autograd.Variable;
import vectorgrad.tensor.Shape;

/// Instance normalisation: `y = (x − mean) / √(var + eps)`, where mean and variance are those of
/// each channel of each example, in training and in use alike. One layer for every number of
/// spatial axes.
///
/// | name | shape | meaning |
/// |------|-------|---------|
/// | x, y | (N, C, …) | at least one spatial axis |
/// | weight | (C) | with [#affine]: begins as 1 |
/// | bias | (C) | with [#affine]: begins as 0 |
///
/// PyTorch can keep running statistics for it, by default it does not; here it never does. Cost:
/// three passes over x forward and backward; it keeps x. Ulyanov, Vedaldi and Lempitsky 2016.
///
/// @param features C
/// @param weight γ, or empty as by default
/// @param bias β, or empty as by default
/// @param eps added to the variance; 1e-5 by default
public record InstanceNorm(
    int features, Optional<Parameter> weight, Optional<Parameter> bias, double eps)
    implements Layer {

  /// Checks eps.
  ///
  /// @throws IllegalArgumentException if eps is negative
  public InstanceNorm {
    Normalization.checkEps("InstanceNorm", eps);
  }

  /// Normalises `features` channels, without weight and bias.
  public InstanceNorm(int features) {
    this(features, Optional.empty(), Optional.empty(), 1e-5);
  }

  /// A copy, sharing the parameters, with another eps.
  public InstanceNorm eps(double eps) {
    return new InstanceNorm(features, weight, bias, eps);
  }

  /// The same with a new learned weight and bias for each channel: `y·weight + bias`.
  public InstanceNorm affine() {
    Shape shape = Shape.of(features);
    return new InstanceNorm(features, Normalization.ones(shape), Normalization.zeros(shape), eps);
  }

  @Override
  public Variable forward(Variable x) {
    Shape shape = x.shape();
    Normalization.checkChannels(this, "InstanceNorm", x, features, 3);
    int each = shape.size() / Math.max(1, shape.get(0) * features);
    Normalization.checkMoreThanOne(this, "InstanceNorm", shape, each);
    return GroupNorm.normalized(x, features, weight, bias, eps);
  }

  @Override
  public Initializer initializer(String component) {
    return Normalization.initializer(component);
  }

  @Override
  public String label() {
    String affine = weight.isPresent() ? "affine" : "";
    return Normalization.label("InstanceNorm", features, eps, 1e-5, affine);
  }

  @Override
  public String toString() {
    return tree();
  }
}
