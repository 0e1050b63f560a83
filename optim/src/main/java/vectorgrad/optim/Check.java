package vectorgrad.optim;

import java.util.List;
import vectorgrad.autograd.Parameter;
import vectorgrad.tensor.DTypeException;
import vectorgrad.tensor.Message;

/// Refuses settings outside their range.
final class Check {
  private Check() {}

  /// @throws IllegalArgumentException if `value` is not in `[least, limit)`
  static void between(String operation, String name, double value, double least, double limit) {
    if (!(value >= least && value < limit)) {
      throw new IllegalArgumentException(
          Message.of(operation, name + " must be in [" + least + ", " + limit + "), found " + value)
              .toString());
    }
  }

  /// @return `value`
  /// @throws IllegalArgumentException if it is below `least`, or not a number
  static double atLeast(String operation, String name, double value, double least) {
    if (!(value >= least)) {
      throw new IllegalArgumentException(
          Message.of(operation, name + " must be at least " + least + ", found " + value)
              .toString());
    }
    return value;
  }

  /// @throws DTypeException if a parameter has 16 bits
  static void masters(String operation, List<Parameter> parameters) {
    for (Parameter p : parameters) {
      if (p.dtype().isHalf()) {
        throw new DTypeException(
            Message.of(
                    operation, "\"" + p.name() + "\" is " + p.dtype() + ", which loses small steps")
                .row("shape", p.shape())
                .row("help", "model.to(DType.F32), and Autocast for the forward pass"),
            p.shape());
      }
    }
  }
}
