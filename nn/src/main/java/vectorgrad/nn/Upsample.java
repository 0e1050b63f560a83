package vectorgrad.nn;

import java.util.Locale;
import java.util.stream.IntStream;
import vectorgrad.autograd.Variable;
import vectorgrad.tensor.Message;
import vectorgrad.tensor.Shape;
import vectorgrad.tensor.Tensor;

/// Signals, pictures or volumes with `factor` times as many places along each spatial axis, rounded
/// down.
///
/// | name | shape | meaning |
/// |------|-------|---------|
/// | x | (N, C, …) | at least one spatial axis |
/// | y | (N, C, …) | L' = ⌊factor·L⌋ |
///
/// Place i of the output lies at s of the input; between two places there, numbers are drawn in
/// straight lines, axis by axis (linear, bilinear, trilinear).
///
/// | way | s |
/// |-----|---|
/// | NEAREST | ⌊i / factor⌋ |
/// | LINEAR | (i + ½) / factor − ½, at least 0 |
/// | LINEAR_ALIGNED | i·(L − 1) / (L' − 1): the first and last places stay; PyTorch's `align_corners` |
///
/// Cost: one to three passes over the output for each axis; backward keeps nothing of x.
///
/// @param factor how much larger the output is
/// @param way where its numbers are taken from
public record Upsample(double factor, Way way) implements Layer {

  /// How the places of input and output correspond.
  public enum Way {
    /// Every place shows its nearest one.
    NEAREST,
    /// Straight lines between the middles of places.
    LINEAR,
    /// Straight lines that begin at the first place and end at the last.
    LINEAR_ALIGNED
  }

  /// Checks the factor.
  ///
  /// @throws IllegalArgumentException if it is not positive
  public Upsample {
    if (!(factor > 0)) {
      throw new IllegalArgumentException(
          Message.of("Upsample", "the factor must be positive, found " + factor).toString());
    }
  }

  @Override
  public Variable forward(Variable x) {
    Variable y = x;
    for (int axis = 2; axis < x.rank(); axis++) {
      y = along(y, axis);
    }
    return y;
  }

  private Variable along(Variable x, int axis) {
    int size = x.size(axis);
    int count = (int) (size * factor);
    double[] places = IntStream.range(0, count).mapToDouble(i -> place(i, size, count)).toArray();
    int[] before =
        IntStream.range(0, count).map(i -> Math.min((int) places[i], size - 1)).toArray();
    Variable left = x.indexSelect(axis, Tensor.of(before).to(x.device()));
    if (way == Way.NEAREST) {
      return left;
    }
    int[] behind = IntStream.of(before).map(i -> Math.min(i + 1, size - 1)).toArray();
    Variable right = x.indexSelect(axis, Tensor.of(behind).to(x.device()));
    double[] shares = IntStream.range(0, count).mapToDouble(i -> places[i] - before[i]).toArray();
    Shape shape = Shape.of(IntStream.range(0, x.rank()).map(i -> i == axis ? count : 1).toArray());
    Tensor share = Tensor.of(shares, shape).to(x.dtype()).to(x.device());
    return left.add(right.sub(left).mul(Variable.constant(share)));
  }

  private double place(int i, int size, int count) {
    return switch (way) {
      case NEAREST -> Math.floor(i / factor);
      case LINEAR -> Math.max(0, ((i + 0.5) / factor) - 0.5);
      case LINEAR_ALIGNED -> count < 2 ? 0 : i * (size - 1.0) / (count - 1);
    };
  }

  @Override
  public String label() {
    String name = way.name().toLowerCase(Locale.ROOT).replace('_', ' ');
    return "Upsample(" + factor + ", " + name + ")";
  }

  @Override
  public String toString() {
    return tree();
  }
}
