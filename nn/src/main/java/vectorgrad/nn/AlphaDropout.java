package vectorgrad.nn;

import vectorgrad.autograd.Buffer;
import vectorgrad.autograd.Mode;
import vectorgrad.autograd.Variable;
import vectorgrad.tensor.Message;

/// Dropout for networks of [Curve#selu]: what is dropped becomes SELU's lowest value `α' = −λ·α`
/// instead of 0, and `y = a·(kept or α') + b` brings mean 0 and variance 1 back, with `a = ((1 −
/// p)·(1 + p·α'²))^−½`, `b = −a·α'·p`. In use the input passes unchanged.
///
/// | name | shape | meaning |
/// |------|-------|---------|
/// | x, y | any, the same | |
/// | state | (4), I32 | key and counter, as of [Dropout] |
///
/// Cost: that of [Dropout], and an addition before and behind it. Klambauer et al. 2017, section 3.
///
/// @param probability p, how likely an element is dropped, from 0 to below 1
/// @param state key and counter
public record AlphaDropout(double probability, Buffer state) implements Layer {
  private static final double LOWEST = -Curve.SCALE * Curve.ALPHA;

  /// Checks the probability.
  ///
  /// @throws IllegalArgumentException if it is not at least 0 and below 1
  public AlphaDropout {
    if (!(probability >= 0 && probability < 1)) {
      throw new IllegalArgumentException(
          Message.of(
                  "AlphaDropout",
                  "the probability must be at least 0 and below 1, found " + probability)
              .toString());
    }
  }

  /// Drops with the given probability, with the key 0 until it is initialised.
  public AlphaDropout(double probability) {
    this(probability, Draws.state());
  }

  @Override
  public Variable forward(Variable x) {
    if (!Mode.current().training() || probability == 0) {
      return x;
    }
    double p = probability;
    double a = 1 / Math.sqrt((1 - p) * (1 + (p * LOWEST * LOWEST)));
    var mask = new Dropout.Mask(Draws.next(state), p, a, Dropout.Whole.ELEMENT);
    // a·(m·x + (1 − m)·α') + b = a·m·(x − α') + a·α' + b
    return x.sub(LOWEST).apply(mask).add(a * LOWEST * (1 - p));
  }

  @Override
  public Initializer initializer(String component) {
    return Draws.initializer();
  }

  @Override
  public String label() {
    return "AlphaDropout(" + probability + ")";
  }

  @Override
  public String toString() {
    return tree();
  }
}
