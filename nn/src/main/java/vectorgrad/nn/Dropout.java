package vectorgrad.nn;

import static vectorgrad.numerics.Formula.ZERO;
import static vectorgrad.numerics.Formula.constant;
import static vectorgrad.numerics.Formula.input;

import vectorgrad.autograd.Buffer;
import vectorgrad.autograd.Mode;
import vectorgrad.autograd.Op;
import vectorgrad.autograd.Variable;
import vectorgrad.numerics.Program;
import vectorgrad.tensor.DType;
import vectorgrad.tensor.Message;
import vectorgrad.tensor.Seed;
import vectorgrad.tensor.Tensor;

/// Inverted dropout: in training each element becomes 0 with the given probability, the others are
/// divided by `1 − probability`, so that the expectation stays; in use the input passes unchanged.
///
/// | name | shape | meaning |
/// |------|-------|---------|
/// | x, y | any | |
/// | state | (4), I32 | the key's and the counter's upper and lower halves |
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
/// @param state key and counter
public record Dropout(double probability, Buffer state) implements Layer {

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

  /// Drops with the given probability, with the key 0 until it is initialised.
  public Dropout(double probability) {
    this(probability, new Buffer(Tensor.of(0, 0, 0, 0)));
  }

  @Override
  public Variable forward(Variable x) {
    if (!Mode.current().training() || probability == 0) {
      return x;
    }
    return Variable.apply(new Mask(nextSeed(), probability), x);
  }

  /// The seed of this pass; the counter moves on.
  private Seed nextSeed() {
    Tensor present = state.value();
    int[] words = present.toInts();
    long key = join(words[0], words[1]);
    long counter = join(words[2], words[3]);
    state.set(words(key, counter + 1).to(present.device()));
    return Seed.of(key).fold(counter);
  }

  private static long join(int upper, int lower) {
    return ((long) upper << 32) | (lower & 0xffffffffL);
  }

  private static Tensor words(long key, long counter) {
    return Tensor.of((int) (key >> 32), (int) key, (int) (counter >> 32), (int) counter);
  }

  @Override
  public Initializer initializer(String component) {
    return (present, seed) -> words(seed.key(), 0).to(present.device());
  }

  @Override
  public String label() {
    return "Dropout(" + probability + ")";
  }

  @Override
  public String toString() {
    return tree();
  }

  /// `y = m·x` with `m = 0` where the uniform number of `seed` is below `probability`, else `1 / (1
  /// − probability)`; `dx = m·dy`, the same operation on the gradient.
  ///
  /// @param seed which numbers are drawn
  /// @param probability how likely an element is dropped
  public record Mask(Seed seed, double probability) implements Op.Linear {
    @Override
    public Tensor forward(Tensor x) {
      Tensor uniform = Tensor.uniform(seed, 0, x.shape(), DType.F32).to(x.device());
      var dropped = input(1).lessThan(constant(probability));
      return Tensor.map(
          Program.of(dropped.then(ZERO, input(0).times(1 / (1 - probability)))), x, uniform);
    }

    @Override
    public Variable backward(Variable dy, Variable x, Variable y) {
      return Variable.apply(this, dy);
    }
  }
}
