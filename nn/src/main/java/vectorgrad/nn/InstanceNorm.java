package vectorgrad.nn;

import java.util.Optional;
import vectorgrad.autograd.Buffer;
import vectorgrad.autograd.Mode;
import vectorgrad.autograd.Parameter;
import vectorgrad.autograd.Variable;
import vectorgrad.tensor.DType;
import vectorgrad.tensor.Message;
import vectorgrad.tensor.Shape;
import vectorgrad.tensor.Tensor;

/// Instance normalisation: `y = (x − mean) / √(var + eps)`, where mean and variance are those of
/// each channel of each example, in training and in use alike. One layer for every number of
/// spatial axes.
///
/// | name | shape | meaning |
/// |------|-------|---------|
/// | x, y | (N, C, …) | at least one spatial axis |
/// | weight | (C) | with [#affine]: begins as 1 |
/// | bias | (C) | with [#affine]: begins as 0 |
/// | runningMean, runningVar | (C) | with [#runningStats]: begin as 0 and 1 |
///
/// With running statistics the means over the examples are followed in training, as by [BatchNorm],
/// and take the place of each example's own in use. By default there are none, as in PyTorch.
///
/// Cost: three passes over x forward and backward, two more that follow it; it keeps x. Ulyanov,
/// Vedaldi and Lempitsky 2016.
///
/// @param features C
/// @param weight γ, or empty as by default
/// @param bias β, or empty as by default
/// @param runningMean the mean in use, or empty as by default
/// @param runningVar the variance in use, or empty as by default
/// @param eps added to the variance; 1e-5 by default
/// @param momentum the share of the newest batch in running statistics, 0.1 by default
public record InstanceNorm(
    int features,
    Optional<Parameter> weight,
    Optional<Parameter> bias,
    Optional<Buffer> runningMean,
    Optional<Buffer> runningVar,
    double eps,
    double momentum)
    implements Layer {

  /// Checks eps and momentum.
  ///
  /// @throws IllegalArgumentException if eps is negative, or the momentum is not between 0 and 1
  public InstanceNorm {
    Normalization.checkEps("InstanceNorm", eps);
    if (!(momentum >= 0 && momentum <= 1)) {
      throw new IllegalArgumentException(
          Message.of("InstanceNorm", "the momentum must be between 0 and 1, found " + momentum)
              .row("rule", "it is the share of the newest batch: 1 − Keras's momentum")
              .toString());
    }
  }

  /// Normalises `features` channels, without weight and bias.
  ///
  /// @throws IllegalArgumentException if there is no channel
  public InstanceNorm(int features) {
    Sizes.expect("InstanceNorm", "(features)", features);
    this(
        features,
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        1e-5,
        0.1);
  }

  /// A copy, sharing parameters and statistics, with another eps.
  public InstanceNorm eps(double eps) {
    return new InstanceNorm(features, weight, bias, runningMean, runningVar, eps, momentum);
  }

  /// A copy, sharing parameters and statistics, in which the newest batch has this share of the
  /// running statistics.
  public InstanceNorm momentum(double momentum) {
    return new InstanceNorm(features, weight, bias, runningMean, runningVar, eps, momentum);
  }

  /// The same with a new learned weight and bias for each channel: `y·weight + bias`.
  public InstanceNorm affine() {
    Shape shape = Shape.of(features);
    return new InstanceNorm(
        features,
        Normalization.ones(shape),
        Normalization.zeros(shape),
        runningMean,
        runningVar,
        eps,
        momentum);
  }

  /// The same with new running statistics, which use takes instead of each example's own. PyTorch's
  /// `track_running_stats`.
  public InstanceNorm runningStats() {
    Shape shape = Shape.of(features);
    return new InstanceNorm(
        features,
        weight,
        bias,
        Optional.of(new Buffer(Tensor.zeros(shape, DType.F32))),
        Optional.of(new Buffer(Tensor.ones(shape, DType.F32))),
        eps,
        momentum);
  }

  @Override
  public Variable forward(Variable x) {
    Shape shape = x.shape();
    Normalization.checkChannels(this, "InstanceNorm", x, features, 3);
    boolean training = Mode.current().training();
    if (!training && runningMean.isPresent() && runningVar.isPresent()) {
      return Normalization.byBuffers(x, runningMean.get(), runningVar.get(), eps, weight, bias);
    }
    int each = shape.size() / Math.max(1, shape.get(0) * features);
    Normalization.checkMoreThanOne(this, "InstanceNorm", shape, each);
    if (training && runningMean.isPresent()) {
      track(Normalization.wide(x).value().flatten(2));
    }
    return GroupNorm.normalized(x, features, weight, bias, eps);
  }

  /// Follows the means over the examples of (N, C, places).
  private void track(Tensor x) {
    runningMean.ifPresent(cell -> BatchNorm.follow(cell, x.mean(0, 2), momentum, momentum));
    runningVar.ifPresent(cell -> BatchNorm.follow(cell, x.var(2).mean(0), momentum, momentum));
  }

  @Override
  public Initializer initializer(String component) {
    return component.equals("runningVar")
        ? Initializer.ones()
        : Normalization.initializer(component);
  }

  @Override
  public String label() {
    String affine = weight.isPresent() ? "affine" : "";
    String stats = runningMean.isPresent() ? "running stats" : "";
    return Normalization.label("InstanceNorm", features, eps, 1e-5, affine, stats);
  }

  @Override
  public String toString() {
    return tree();
  }
}
