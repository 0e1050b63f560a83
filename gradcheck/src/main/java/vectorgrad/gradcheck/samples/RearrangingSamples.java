package vectorgrad.gradcheck.samples;

import vectorgrad.autograd.Variable;
import vectorgrad.gradcheck.GradCheck;

/// Elements moved.
final class RearrangingSamples {
  private RearrangingSamples() {}

  @GradCheck(shapes = {"3,2"})
  static Variable pad(Variable x) {
    return x.pad(1, 2, 1).square();
  }

  @GradCheck(shapes = {"2,3", "2,1", "2,2"})
  static Variable concat(Variable x, Variable y, Variable z) {
    return Variable.concat(-1, x, y, z).square();
  }

  @GradCheck(shapes = {"2,3", "2,3"})
  static Variable stack(Variable x, Variable y) {
    return Variable.stack(1, x, y, x).square();
  }
}
