package vectorgrad.optim;

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
}
