package vectorgrad.nn;

import java.util.List;
import vectorgrad.autograd.Variable;
import vectorgrad.tensor.Message;
import vectorgrad.tensor.ShapeException;

/// What those of [Layers] do that are functions without parameters, of more than a line.
final class Plain {
  private Plain() {}

  /// The mean over all axes behind the channels.
  static Variable globalAvgPool(Variable x) {
    if (x.rank() < 3) {
      throw refused(
          "globalAvgPool", "the input has no places", x, "rule", "N C …, at least 3 axes");
    }
    return x.mean(Normalization.axesFrom(2, x.rank()));
  }

  /// Channel c·r² + a·r + b of place (h, w) is channel c of place (h·r + a, w·r + b).
  static Variable pixelShuffle(Variable x, int r) {
    if (x.rank() != 4 || x.size(1) % (r * r) != 0) {
      String problem = "the input is not made of squares of " + r * r;
      throw refused("pixelShuffle", problem, x, "rule", "N C·r² H W, with r = " + r);
    }
    Variable apart = x.unflatten(1, -1, r, r).permute(0, 1, 4, 2, 5, 3);
    return apart.flatten(2, 3).flatten(3, 4);
  }

  /// One half of an axis times the sigmoid of the other.
  static Variable glu(Variable x, int axis) {
    int size = x.size(axis);
    if (size % 2 != 0) {
      throw refused(
          "glu",
          "axis " + axis + " has no two halves, its size is " + size,
          x,
          "help",
          "the layer before has twice the features that are wanted");
    }
    List<Variable> halves = x.split(new int[] {size / 2, size / 2}, axis);
    return halves.getFirst().mul(halves.getLast().sigmoid());
  }

  private static ShapeException refused(
      String operation, String problem, Variable x, String row, String text) {
    return new ShapeException(
        Message.of(operation, problem).row("input", x.shape()).row(row, text), x.shape());
  }
}
