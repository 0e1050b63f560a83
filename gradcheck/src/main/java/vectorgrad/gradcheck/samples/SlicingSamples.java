package vectorgrad.gradcheck.samples;

import vectorgrad.autograd.Variable;
import vectorgrad.gradcheck.GradCheck;

/// Parts.
final class SlicingSamples {
  private SlicingSamples() {}

  @GradCheck(shapes = {"3,5"})
  static Variable slice(Variable x) {
    return x.slice(1, 1, 4).square();
  }

  @GradCheck(
      of = "slice",
      shapes = {"3,5"})
  static Variable sliceBySteps(Variable x) {
    return x.slice(1, 0, 5, 2).square();
  }

  @GradCheck(
      of = "slice",
      shapes = {"5,2"})
  static Variable sliceBackwards(Variable x) {
    return x.slice(0, -1, -4, -2).square();
  }

  @GradCheck
  static Variable select(Variable x) {
    return x.select(1, -1).square();
  }

  @GradCheck(shapes = {"3,2"})
  static Variable flip(Variable x) {
    return x.flip(0).square();
  }
}
