package vectorgrad.nn;

import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.IntStream;
import vectorgrad.autograd.Buffer;
import vectorgrad.autograd.Mode;
import vectorgrad.autograd.Parameter;
import vectorgrad.autograd.Variable;
import vectorgrad.tensor.DType;
import vectorgrad.tensor.Message;
import vectorgrad.tensor.Shape;
import vectorgrad.tensor.Tensor;

/// Batch normalisation: `y = (x − mean) / √(var + eps)·weight + bias`, where mean and variance are
/// those of each channel, over the batch and all places. One layer for every number of spatial
/// axes; it follows from the input.
///
/// | name | shape | meaning |
/// |------|-------|---------|
/// | x, y | (N, C, …) | as PyTorch's BatchNorm1d, 2d and 3d |
/// | weight | (C) | begins as 1 |
/// | bias | (C) | begins as 0 |
/// | runningMean, runningVar | (C) | begin as 0 and 1 |
/// | numBatchesTracked | () | I64, how many training batches there were |
///
/// In training the statistics are the batch's; `running ← (1 − momentum)·running + momentum·batch`
/// follows them, for the variance its unbiased form (n − 1). Without a momentum the running
/// statistics are the mean over all batches. In use they take the place of the batch's; without
/// them ([#withoutRunningStats]) the batch's are used there too.
///
/// Cost: three passes over x forward and backward, which keeps x. Ioffe and Szegedy 2015.
///
/// @param features C
/// @param weight γ, or empty
/// @param bias β, or empty
/// @param runningMean the mean in use, or empty
/// @param runningVar the variance in use, or empty
/// @param numBatchesTracked how many batches the running statistics have seen, or empty
/// @param eps added to the variance; 1e-5 by default
/// @param momentum the share of the newest batch, 0.1 by default; empty: that of all is equal
public record BatchNorm(
    int features,
    Optional<Parameter> weight,
    Optional<Parameter> bias,
    Optional<Buffer> runningMean,
    Optional<Buffer> runningVar,
    Optional<Buffer> numBatchesTracked,
    double eps,
    OptionalDouble momentum)
    implements Finish {

  /// Checks eps and momentum.
  ///
  /// @throws IllegalArgumentException if eps is negative, or the momentum is not between 0 and 1
  public BatchNorm {
    Normalization.checkEps("BatchNorm", eps);
    if (momentum.isPresent() && !(momentum.getAsDouble() >= 0 && momentum.getAsDouble() <= 1)) {
      throw new IllegalArgumentException(
          Message.of(
                  "BatchNorm",
                  "the momentum must be between 0 and 1, found " + momentum.getAsDouble())
              .row("rule", "it is the share of the newest batch: 1 − Keras's momentum")
              .row("help", "cumulativeAverage() gives all batches the same share")
              .toString());
    }
  }

  /// For `features` channels, with a learned weight and bias, and running statistics.
  ///
  /// @throws IllegalArgumentException if there is no channel
  public BatchNorm(int features) {
    Sizes.expect("BatchNorm", "(features)", features);
    this(
        features,
        Normalization.ones(Shape.of(features)),
        Normalization.zeros(Shape.of(features)),
        Optional.of(new Buffer(Tensor.zeros(Shape.of(features), DType.F32))),
        Optional.of(new Buffer(Tensor.ones(Shape.of(features), DType.F32))),
        Optional.of(new Buffer(Tensor.zeros(Shape.of(), DType.I64))),
        1e-5,
        OptionalDouble.of(0.1));
  }

  /// A copy, sharing parameters and statistics, with another eps.
  public BatchNorm eps(double eps) {
    return with(weight, bias, eps, momentum);
  }

  /// A copy, sharing parameters and statistics, in which the newest batch has this share of the
  /// running statistics.
  public BatchNorm momentum(double momentum) {
    return with(weight, bias, eps, OptionalDouble.of(momentum));
  }

  /// A copy, sharing parameters and statistics, whose running statistics are the mean over all
  /// batches.
  public BatchNorm cumulativeAverage() {
    return with(weight, bias, eps, OptionalDouble.empty());
  }

  /// A copy, sharing the statistics, without weight and bias.
  public BatchNorm withoutAffine() {
    return with(Optional.empty(), Optional.empty(), eps, momentum);
  }

  /// A copy, sharing the parameters, that uses the batch's own statistics always.
  public BatchNorm withoutRunningStats() {
    Optional<Buffer> none = Optional.empty();
    return new BatchNorm(features, weight, bias, none, none, none, eps, momentum);
  }

  private BatchNorm with(
      Optional<Parameter> weight, Optional<Parameter> bias, double eps, OptionalDouble momentum) {
    return new BatchNorm(
        features, weight, bias, runningMean, runningVar, numBatchesTracked, eps, momentum);
  }

  @Override
  public Variable forward(Variable x) {
    return forward(x, Optional.empty());
  }

  @Override
  public Variable forward(Variable x, Activation last) {
    return forward(x, Optional.of(last));
  }

  private Variable forward(Variable input, Optional<Activation> last) {
    Shape shape = input.shape();
    Normalization.checkChannels(this, "BatchNorm", input, features, 2);
    Variable x = Normalization.wide(input);
    boolean training = Mode.current().training();
    if (!training && runningMean.isPresent() && runningVar.isPresent()) {
      return Finishing.then(
          Normalization.byBuffers(x, runningMean.get(), runningVar.get(), eps, weight, bias), last);
    }
    int each = shape.size() / Math.max(1, features);
    Normalization.checkMoreThanOne(this, "BatchNorm", shape, each);
    int rank = shape.rank();
    int[] axes = IntStream.range(0, rank).filter(axis -> axis != 1).toArray();
    Tensor mean = x.value().mean(true, axes);
    Tensor variance = Standardize.variance(x.value(), mean, axes);
    if (training) {
      track(mean, variance, each);
    }
    return Normalization.by(
        mean,
        variance,
        x,
        axes,
        eps,
        Normalization.perChannel(weight, rank),
        Normalization.perChannel(bias, rank),
        last);
  }

  private void track(Tensor mean, Tensor variance, int each) {
    long count = numBatchesTracked.map(cell -> (long) cell.value().item() + 1).orElse(1L);
    numBatchesTracked.ifPresent(cell -> cell.set(cell.value().add(1)));
    double share = momentum.orElse(1.0 / count);
    runningMean.ifPresent(cell -> follow(cell, mean, share, share));
    runningVar.ifPresent(cell -> follow(cell, variance, share, share * each / (each - 1)));
  }

  /// `running ← (1 − share)·running + factor·batch`
  static void follow(Buffer cell, Tensor batch, double share, double factor) {
    Tensor present = cell.value();
    Tensor added = batch.reshape(present.shape()).mul(factor).to(present.dtype());
    cell.set(present.mul(1 - share).add(added));
  }

  @Override
  public Initializer initializer(String component) {
    return component.equals("runningVar")
        ? Initializer.ones()
        : Normalization.initializer(component);
  }

  @Override
  public String label() {
    String average =
        momentum.isEmpty()
            ? "cumulative average"
            : momentum.getAsDouble() == 0.1 ? "" : "momentum " + momentum.getAsDouble();
    return Normalization.label(
        "BatchNorm",
        features,
        eps,
        1e-5,
        Normalization.affine(weight),
        runningMean.isPresent() ? average : "without running stats");
  }

  @Override
  public String toString() {
    return tree();
  }
}
