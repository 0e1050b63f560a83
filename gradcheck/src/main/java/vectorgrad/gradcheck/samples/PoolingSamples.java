package vectorgrad.gradcheck.samples;

import vectorgrad.autograd.Picked;
import vectorgrad.autograd.Variable;
import vectorgrad.gradcheck.GradCheck;
import vectorgrad.tensor.Pool1dGeometry;
import vectorgrad.tensor.Pool3dGeometry;
import vectorgrad.tensor.PoolGeometry;
import vectorgrad.tensor.Shape;
import vectorgrad.tensor.Tensor;

/// Maxima over windows, and the way back.
final class PoolingSamples {
  private PoolingSamples() {}

  private static final Tensor PLACES =
      Tensor.of(new int[] {3, 0, 5, 3, 1, 1, 4, 2}, Shape.of(2, 2, 2)); // some of them twice

  @GradCheck(
      shapes = {"2,2,5"},
      distinct = true)
  static Variable maxPool1d(Variable x) {
    return x.maxPool1d(Pool1dGeometry.of(3).stride(2).padding(1)).square();
  }

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

  @GradCheck(
      of = "maxPool2d",
      shapes = {"1,1,4,5"},
      distinct = true)
  static Variable maxPool2dDilatedWithOverhang(Variable x) {
    return x.maxPool2d(PoolGeometry.square(2).dilation(2).ceilMode(true)).square();
  }

  @GradCheck(
      shapes = {"1,2,2,3,4"},
      distinct = true)
  static Variable maxPool3d(Variable x) {
    return x.maxPool3d(Pool3dGeometry.cube(Pool1dGeometry.of(2).stride(1))).square();
  }

  @GradCheck(
      shapes = {"2,2,5"},
      distinct = true)
  static Variable maxPool1dWithIndices(Variable x) {
    Picked pool = x.maxPool1dWithIndices(Pool1dGeometry.of(2).stride(1));
    return pool.values().square().maxUnpool(pool.indices(), x.shape()).mul(x);
  }

  @GradCheck(
      shapes = {"1,2,3,4"},
      distinct = true)
  static Variable maxPool2dWithIndices(Variable x) {
    Picked pool = x.maxPool2dWithIndices(PoolGeometry.square(2).stride(1));
    return pool.values().square().maxUnpool(pool.indices(), x.shape()).mul(x);
  }

  @GradCheck(
      shapes = {"1,2,2,3,2"},
      distinct = true)
  static Variable maxPool3dWithIndices(Variable x) {
    Picked pool = x.maxPool3dWithIndices(Pool3dGeometry.cube(Pool1dGeometry.of(2).stride(1)));
    return pool.values().square().maxUnpool(pool.indices(), x.shape()).mul(x);
  }

  @GradCheck(shapes = {"2,2,2"})
  static Variable maxPoolInputGradient(Variable dy) {
    return dy.maxPoolInputGradient(PLACES, Shape.of(2, 2, 6)).square();
  }

  @GradCheck(shapes = {"2,2,2"})
  static Variable maxUnpool(Variable x) {
    return x.maxUnpool(PLACES, Shape.of(2, 2, 6)).square();
  }

  @GradCheck(shapes = {"2,2,6"})
  static Variable maxUnpoolInputGradient(Variable dy) {
    return dy.maxUnpoolInputGradient(PLACES).square();
  }
}
