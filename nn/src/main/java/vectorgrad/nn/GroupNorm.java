package vectorgrad.nn;

import java.util.Optional;
import vectorgrad.autograd.Parameter;
import vectorgrad.autograd.Variable;
import vectorgrad.tensor.Message;
import vectorgrad.tensor.Shape;
import vectorgrad.tensor.ShapeException;

/// Group normalisation: `y = (x − mean) / √(var + eps)·weight + bias`, where mean and variance are
/// those of a group of neighbouring channels of one example, in training and in use alike.
///
/// | name | shape | meaning |
/// |------|-------|---------|
/// | x, y | (N, C, …) | |
/// | weight | (C) | begins as 1 |
/// | bias | (C) | begins as 0 |
///
/// One group is a [LayerNorm] with a weight for each channel, C groups an [InstanceNorm]. Cost:
/// three passes over x forward and backward; it keeps x. Wu and He 2018.
///
/// @param groups how many groups the channels form
/// @param channels C
/// @param weight γ, or empty
/// @param bias β, or empty
/// @param eps added to the variance; 1e-5 by default
public record GroupNorm(
    int groups, int channels, Optional<Parameter> weight, Optional<Parameter> bias, double eps)
    implements Layer {

  /// Checks eps, and that the groups are equal.
  ///
  /// @throws IllegalArgumentException if eps is negative
  /// @throws ShapeException if the channels cannot be split evenly
  public GroupNorm {
    Normalization.checkEps("GroupNorm", eps);
    if (groups < 1 || channels % groups != 0) {
      throw new ShapeException(
          Message.of("GroupNorm", channels + " channels do not split into " + groups + " groups")
              .row("rule", "the channels are a multiple of the groups"));
    }
  }

  /// Normalises `channels` channels in `groups` groups, with a learned weight and bias.
  ///
  /// @throws IllegalArgumentException if a size is not positive
  public GroupNorm(int groups, int channels) {
    Sizes.expect("GroupNorm", "(groups, channels)", groups, channels);
    this(
        groups,
        channels,
        Normalization.ones(Shape.of(channels)),
        Normalization.zeros(Shape.of(channels)),
        1e-5);
  }

  /// A copy, sharing the parameters, with another eps.
  public GroupNorm eps(double eps) {
    return new GroupNorm(groups, channels, weight, bias, eps);
  }

  /// A copy without weight and bias.
  public GroupNorm withoutAffine() {
    return new GroupNorm(groups, channels, Optional.empty(), Optional.empty(), eps);
  }

  @Override
  public Variable forward(Variable x) {
    Normalization.checkChannels(this, "GroupNorm", x, channels, 2);
    return normalized(x, groups, weight, bias, eps);
  }

  /// Over groups of the channels, and all places in them.
  static Variable normalized(
      Variable x, int groups, Optional<Parameter> weight, Optional<Parameter> bias, double eps) {
    Shape shape = x.shape();
    int width = shape.get(1) / groups;
    int[] apart = {
      shape.get(0), groups, width, shape.size() / Math.max(1, shape.get(0) * shape.get(1))
    };
    Variable y =
        Normalization.over(
            Normalization.wide(x).reshape(apart),
            new int[] {2, 3},
            eps,
            weight.map(w -> w.reshape(1, groups, width, 1)),
            bias.map(b -> b.reshape(1, groups, width, 1)));
    return y.reshape(shape);
  }

  @Override
  public Initializer initializer(String component) {
    return Normalization.initializer(component);
  }

  @Override
  public String label() {
    String settings = groups + ", " + channels;
    return Normalization.label("GroupNorm", settings, eps, 1e-5, Normalization.affine(weight));
  }

  @Override
  public String toString() {
    return tree();
  }
}
