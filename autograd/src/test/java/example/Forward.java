package example;

import vectorgrad.autograd.Parameter;
import vectorgrad.autograd.Variable;

/// A user's code, in a package of its own: errors name its lines.
public final class Forward {
  private Forward() {}

  /// The sum of squares; the square is this class's only saved number.
  public static Variable sumOfSquares(Parameter weight) {
    return weight.transpose().square().sum();
  }

  /// The natural logarithm.
  public static Variable logarithm(Variable x) {
    return x.log();
  }

  /// The square root.
  public static Variable root(Variable x) {
    return x.sqrt();
  }

  /// The numbers without their history.
  public static Variable cut(Variable x) {
    return x.detach();
  }

  /// The numbers as a fresh constant.
  public static Variable copied(Variable x) {
    return Variable.constant(x.value());
  }
}
