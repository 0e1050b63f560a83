package vectorgrad.nn;

import static vectorgrad.numerics.Formula.ZERO;
import static vectorgrad.numerics.Formula.constant;
import static vectorgrad.numerics.Formula.input;

import java.util.Arrays;
import java.util.Locale;
import vectorgrad.autograd.Buffer;
import vectorgrad.autograd.Mode;
import vectorgrad.autograd.Op;
import vectorgrad.autograd.Variable;
import vectorgrad.numerics.Program;
import vectorgrad.tensor.DType;
import vectorgrad.tensor.Distribution;
import vectorgrad.tensor.Message;
import vectorgrad.tensor.Seed;
import vectorgrad.tensor.Shape;
import vectorgrad.tensor.Tensor;

/// Inverted dropout: in training each element becomes 0 with the given probability, the others are
/// divided by `1 − probability`, so that the expectation stays: `y = m·x / (1 − probability)` with
/// m 0 or 1; in use the input passes unchanged.
///
/// | name | shape | meaning |
/// |------|-------|---------|
/// | x, y | any | |
/// | state | (4), I32 | the key's and the counter's upper and lower halves |
///
/// | copy | in training | in use |
/// |------|-------------|--------|
/// | [#classic] | 0 or x | (1 − probability)·x |
/// | [#whole] | whole channels, examples or batches become 0, the others are divided | x |
///
/// The mask is a function of the key and of how many training passes there were before, drawn when
/// it is needed, forward and again backward, and never stored. Only the state is saved with
/// checkpoints, so resuming continues with the very masks that would have come. [#initialize] gives
/// every dropout of a model a key of its own; without it all of them use the key 0. The numbers are
/// drawn in f32 for every dtype, so an f64 twin of a network drops the same elements.
///
/// Cost: one random number an element, forward and backward; backward keeps nothing of its own.
/// Srivastava et al. 2014.
///
/// @param probability how likely an element is dropped, from 0 to 1
/// @param whole what is dropped together
/// @param scaledInUse whether it is the classic form
/// @param state key and counter
public record Dropout(double probability, Whole whole, boolean scaledInUse, Buffer state)
    implements Layer {

  /// What is dropped or kept as a whole.
  public enum Whole {
    /// Every element for itself.
    ELEMENT(Integer.MAX_VALUE),
    /// Channels (axis 1) of an example, as PyTorch's Dropout1d to 3d: neighbouring pixels tell much
    /// the same, so that dropping single ones hides little. Tompson et al. 2015.
    CHANNEL(2),
    /// Examples (axis 0): as the last layer of a [Residual]'s body, stochastic depth, which trains
    /// a thinner network for each example. Huang et al. 2016.
    EXAMPLE(1),
    /// All of it: stochastic depth by batches.
    BATCH(0);

    private final int axes; // the first so many tell parts apart

    Whole(int axes) {
      this.axes = axes;
    }
  }

  /// Checks the probability.
  ///
  /// @throws IllegalArgumentException if it is not between 0 and 1
  public Dropout {
    if (!(probability >= 0 && probability <= 1)) {
      throw new IllegalArgumentException(
          Message.of("Dropout", "the probability must be between 0 and 1, found " + probability)
              .toString());
    }
  }

  /// Drops elements with the given probability, with the key 0 until it is initialised.
  public Dropout(double probability) {
    this(probability, Whole.ELEMENT, false, Draws.state());
  }

  /// A copy, sharing the state, that drops or keeps whole parts.
  public Dropout whole(Whole part) {
    return new Dropout(probability, part, scaledInUse, state);
  }

  /// A copy, sharing the state, in the form of the paper: what is kept in training stays as it is,
  /// and use multiplies by the probability of being kept. The expectation of what the next layer
  /// sees is the same in training and in use, in either form; it is `1 − probability` times as
  /// large here.
  public Dropout classic() {
    return new Dropout(probability, whole, true, state);
  }

  @Override
  public Variable forward(Variable x) {
    if (!Mode.current().training() || probability == 0) {
      return scaledInUse && probability > 0 ? x.mul(1 - probability) : x;
    }
    double scale = scaledInUse ? 1 : 1 / (1 - probability);
    return Variable.apply(new Mask(Draws.next(state), probability, scale, whole), x);
  }

  @Override
  public Initializer initializer(String component) {
    return Draws.initializer();
  }

  @Override
  public String label() {
    return "Dropout("
        + probability
        + (whole == Whole.ELEMENT ? "" : ", each " + whole.name().toLowerCase(Locale.ROOT))
        + (scaledInUse ? ", classic)" : ")");
  }

  @Override
  public String toString() {
    return tree();
  }

  /// `y = m·x` with `m = 0` where the uniform number of `seed` is below `probability`, else
  /// `scale`; `dx = m·dy`, the same operation on the gradient.
  ///
  /// @param seed which numbers are drawn
  /// @param probability how likely an element is dropped
  /// @param scale what the others are multiplied by
  /// @param whole what has one number together
  public record Mask(Seed seed, double probability, double scale, Whole whole)
      implements Op.Linear {
    @Override
    public Tensor forward(Tensor x) {
      int[] sizes = x.shape().toArray();
      Arrays.fill(sizes, Math.min(sizes.length, whole.axes), sizes.length, 1);
      Tensor uniform =
          Tensor.random(Distribution.uniform(), seed, 0, Shape.of(sizes), DType.F32, x.device());
      var dropped = input(1).lessThan(constant(probability));
      Tensor y = Tensor.map(Program.of(dropped.then(ZERO, input(0).times(scale))), x, uniform);
      return y.to(x.dtype()); // halves are F32 beside the uniform numbers
    }

    @Override
    public Variable backward(Variable dy, Variable x, Variable y) {
      return Variable.apply(this, dy);
    }
  }
}
