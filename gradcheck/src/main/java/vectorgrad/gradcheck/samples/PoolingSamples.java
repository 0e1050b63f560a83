package vectorgrad.gradcheck.samples;

import vectorgrad.autograd.Variable;
import vectorgrad.gradcheck.GradCheck;
import vectorgrad.tensor.PoolGeometry;

/// Pooling.
final class PoolingSamples {
  private PoolingSamples() {}

  @GradCheck(
      shapes = {"2,2,4,6"},
      distinct = true)
  static Variable maxPool2d(Variable x) {
    return x.maxPool2d(PoolGeometry.square(2)).square();
  }

  @GradCheck(
      of = "maxPool2d",
      shapes = {"1,2,5,4"},
      distinct = true)
  static Variable maxPool2dOverlapping(Variable x) {
    return x.maxPool2d(new PoolGeometry(3, 2, 2, 1, 1, 1)).square();
  }
}
