package vectorgrad.nn;

/// By how much the weights before an activation are to be larger, so that what comes out of it has
/// the spread of what went in: the `gain` of [Initializer]'s distributions. PyTorch's numbers
/// (`calculate_gain`).
///
/// ReLU throws half of the second moment away, hence √2. The one of tanh is a rule of thumb; those
/// of the sigmoid and SELU are conventions (SELU keeps its own normalisation with gain 1, and ¾ is
/// what trains deep stacks of it best).
public final class Gain {
  /// No activation, and convolutions: 1.
  public static final double LINEAR = 1;

  /// 1.
  public static final double SIGMOID = 1;

  /// 5/3.
  public static final double TANH = 5.0 / 3;

  /// √2.
  public static final double RELU = Math.sqrt(2);

  /// ¾.
  public static final double SELU = 0.75;

  private Gain() {}

  /// √(2 / (1 + a²)) for a negative slope of `a`, 0.01 by default in PyTorch: half of the second
  /// moment passes whole, the other half with a².
  public static double leakyRelu(double a) {
    return Math.sqrt(2 / (1 + a * a));
  }
}
