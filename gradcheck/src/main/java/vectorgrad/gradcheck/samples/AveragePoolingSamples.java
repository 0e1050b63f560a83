package vectorgrad.gradcheck.samples;

import vectorgrad.autograd.Variable;
import vectorgrad.gradcheck.GradCheck;
import vectorgrad.tensor.Pool1dGeometry;
import vectorgrad.tensor.Pool3dGeometry;
import vectorgrad.tensor.PoolGeometry;
import vectorgrad.tensor.Shape;

/// Means over windows.
final class AveragePoolingSamples {
  private AveragePoolingSamples() {}

  @GradCheck(shapes = {"2,2,5"})
  static Variable avgPool1d(Variable x) {
    return x.avgPool1d(Pool1dGeometry.of(2)).square();
  }

  @GradCheck(
      of = "avgPool1d",
      shapes = {"2,2,5"})
  static Variable avgPool1dOverhanging(Variable x) {
    return x.avgPool1d(Pool1dGeometry.of(3).stride(2).padding(1).ceilMode(true), false).square();
  }

  @GradCheck(shapes = {"1,2,4,5"})
  static Variable avgPool2d(Variable x) {
    return x.avgPool2d(PoolGeometry.square(3).stride(2).padding(1)).square();
  }

  @GradCheck(
      of = "avgPool2d",
      shapes = {"1,2,4,5"})
  static Variable avgPool2dWithoutPadding(Variable x) {
    return x.avgPool2d(new PoolGeometry(2, 3, 1, 2, 1, 0, 1, 1, true), false).square();
  }

  @GradCheck(shapes = {"1,1,3,4,2"})
  static Variable avgPool3d(Variable x) {
    return x.avgPool3d(Pool3dGeometry.cube(2)).square();
  }

  @GradCheck(
      of = "avgPool3d",
      shapes = {"1,1,2,3,2"})
  static Variable avgPool3dWithoutPadding(Variable x) {
    return x.avgPool3d(Pool3dGeometry.cube(Pool1dGeometry.of(2).stride(1).padding(1)), false)
        .square();
  }

  @GradCheck(shapes = {"2,2,3"})
  static Variable avgPool1dInputGradient(Variable dy) {
    return dy.avgPool1dInputGradient(
            Shape.of(2, 2, 5), Pool1dGeometry.of(3).stride(2).padding(1).ceilMode(true), true)
        .square();
  }

  @GradCheck(shapes = {"1,2,2,3"})
  static Variable avgPool2dInputGradient(Variable dy) {
    return dy.avgPool2dInputGradient(
            Shape.of(1, 2, 4, 5), PoolGeometry.square(3).stride(2).padding(1), false)
        .square();
  }

  @GradCheck(shapes = {"1,1,1,2,1"})
  static Variable avgPool3dInputGradient(Variable dy) {
    return dy.avgPool3dInputGradient(Shape.of(1, 1, 3, 4, 2), Pool3dGeometry.cube(2), true)
        .square();
  }
}
