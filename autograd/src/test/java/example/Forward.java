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
}
