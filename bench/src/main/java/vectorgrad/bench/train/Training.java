package vectorgrad.bench.train;

import java.util.List;
import java.util.function.DoubleSupplier;
import vectorgrad.autograd.Parameter;
import vectorgrad.optim.Adam;
import vectorgrad.optim.AdamW;
import vectorgrad.optim.Optimizer;
import vectorgrad.optim.Sgd;

/// What is trained: a network on one batch, again and again.
///
/// Every contender begins with the same numbers. Before it is timed it makes its first steps, and
/// their losses are held to those below, which are Vectorgrad's in f64: who computes something
/// else, forward, backward or in the update, is not measured.
public enum Training {
  MLP_256_SGD(Network.MLP_256, 64, Rule.SGD, 2.346722, 2.109073, 1.895737),
  MLP_256_ADAM(Network.MLP_256, 64, Rule.ADAM, 2.346722, 1.875924, 1.480107),
  MLP_4096_SGD(Network.MLP_4096, 64, Rule.SGD, 2.327765, 1.533970, 0.991851),
  MLP_4096_ADAM(Network.MLP_4096, 128, Rule.ADAM, 2.327899, 0.976656, 0.282216),
  LENET(Network.LENET, 64, Rule.ADAM, 2.306095, 2.220705, 2.141927),
  VGG_BN(Network.VGG, 32, Rule.MOMENTUM, 2.497517, 1.302427, 0.396059),
  LSTM(Network.LSTM, 32, Rule.ADAM, 4.175655, 4.166953, 4.158307),
  GPT(Network.GPT, 8, Rule.ADAMW, 4.310224, 3.813887, 3.451305);

  /// Optimizers, at PyTorch's defaults but for these.
  public enum Rule {
    SGD(0.1),
    /// With a momentum of 0.9.
    MOMENTUM(0.01),
    ADAM(1e-3),
    /// With a decay of 0.01.
    ADAMW(1e-3);

    /// The momentum of [#MOMENTUM].
    public static final double SHARE = 0.9;

    private final double rate;

    Rule(double rate) {
      this.rate = rate;
    }

    /// The learning rate.
    public double rate() {
      return rate;
    }

    Optimizer of(List<Parameter> parameters) {
      return switch (this) {
        case SGD -> new Sgd(parameters).learningRate(rate);
        case MOMENTUM -> new Sgd(parameters).learningRate(rate).momentum(SHARE);
        case ADAM -> new Adam(parameters).learningRate(rate);
        case ADAMW -> new AdamW(parameters).learningRate(rate);
      };
    }
  }

  /// f32 keeps five digits through these steps. DJL adds Adam's ε before the second moment is
  /// corrected, as Kingma and Ba's section 2 has it, which makes up to 6·10⁻⁴ of the loss.
  private static final double TOLERANCE = 1e-3;

  /// How many losses are known.
  public static final int STEPS = 3;

  private final Network network;
  private final int batch;
  private final Rule rule;
  private final double first;
  private final double second;
  private final double third;

  Training(Network network, int batch, Rule rule, double first, double second, double third) {
    this.network = network;
    this.batch = batch;
    this.rule = rule;
    this.first = first;
    this.second = second;
    this.third = third;
  }

  /// What is trained.
  public Network network() {
    return network;
  }

  /// How many samples a step sees.
  public int batch() {
    return batch;
  }

  /// By which rule.
  public Rule rule() {
    return rule;
  }

  /// The losses of the first steps.
  List<Double> losses() {
    return List.of(first, second, third);
  }

  /// Makes the first steps and refuses other losses than these.
  ///
  /// @param steps how many; an iteration that begins anew with what was checked before needs one,
  ///   in which the optimizer allocates its state
  public void expect(DoubleSupplier step, int steps) {
    for (int number = 1; number <= steps; number++) {
      double right = losses().get(number - 1);
      double loss = step.getAsDouble();
      if (!(Math.abs(loss - right) <= TOLERANCE)) {
        throw new IllegalStateException(
            "%s: the loss of step %d is %s and should be %s".formatted(this, number, loss, right));
      }
    }
  }
}
