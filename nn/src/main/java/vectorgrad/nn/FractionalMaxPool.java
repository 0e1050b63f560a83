package vectorgrad.nn;

import vectorgrad.autograd.Buffer;
import vectorgrad.autograd.Variable;
import vectorgrad.tensor.FractionalRegions;
import vectorgrad.tensor.Message;
import vectorgrad.tensor.Seed;
import vectorgrad.tensor.Shape;
import vectorgrad.tensor.ShapeException;

/// The largest values of regions of random sizes: pictures and volumes shrink by a factor that need
/// not be whole, and every training pass sees another grid: `y[…, i] = max x[…, j]` over `aᵢ ≤ j <
/// aᵢ₊₁` along each axis, or `≤` where neighbours overlap.
///
/// | name | shape | meaning |
/// |------|-------|---------|
/// | x | (N, C, H, W), (N, C, D, H, W) | |
/// | y | (N, C, …) | H' = ⌊ratio·H⌋, at least 1 |
/// | state | (4), I32 | key and counter, as of [Dropout] |
///
/// The regions are drawn once for all pictures and channels of a pass, by either of Graham's two
/// sequences, from the key and the number of training passes before. In use the grid is the one
/// that the next training pass would draw, the same every time: PyTorch draws there too, and Graham
/// averages over several passes, which [vectorgrad.autograd.Mode#training(boolean)] lets do.
///
/// Cost: one pass over x; backward keeps one index per output. Graham 2014, *Fractional
/// max-pooling*.
///
/// @param ratio size of the output over that of the input, in (0, 1)
/// @param regions which of the sequences, and whether neighbours overlap
/// @param state key and counter
public record FractionalMaxPool(double ratio, FractionalRegions regions, Buffer state)
    implements Layer {

  /// Checks the ratio.
  ///
  /// @throws IllegalArgumentException if it is not between 0 and 1
  public FractionalMaxPool {
    if (!(ratio > 0 && ratio < 1)) {
      throw new IllegalArgumentException(
          Message.of("FractionalMaxPool", "the ratio must be between 0 and 1, found " + ratio)
              .row("rule", "it is the size of the output over that of the input: 1 / α")
              .toString());
    }
  }

  /// Pseudorandom, overlapping regions, with the key 0 until it is initialised.
  public FractionalMaxPool(double ratio) {
    this(ratio, FractionalRegions.PSEUDORANDOM_OVERLAPPING, Draws.state());
  }

  /// A copy, sharing the state, with regions of another kind.
  public FractionalMaxPool regions(FractionalRegions regions) {
    return new FractionalMaxPool(ratio, regions, state);
  }

  @Override
  public Variable forward(Variable x) {
    Shape shape = x.shape();
    Seed seed = Draws.next(state);
    return switch (shape.rank()) {
      case 4 -> x.fractionalMaxPool2d(size(shape, 2), size(shape, 3), regions, seed);
      case 5 ->
          x.fractionalMaxPool3d(size(shape, 2), size(shape, 3), size(shape, 4), regions, seed);
      default ->
          throw new ShapeException(
              Location.message(
                      this,
                      "FractionalMaxPool",
                      "the input has " + shape.rank() + " axes instead of 4 or 5")
                  .row("input", shape)
                  .row("rule", "pictures are N C H W, volumes N C D H W"),
              shape);
    };
  }

  private int size(Shape shape, int axis) {
    return Math.max(1, (int) (shape.get(axis) * ratio));
  }

  @Override
  public Initializer initializer(String component) {
    return Draws.initializer();
  }

  @Override
  public String label() {
    return "FractionalMaxPool(" + ratio + ", " + regions + ")";
  }

  @Override
  public String toString() {
    return tree();
  }
}
