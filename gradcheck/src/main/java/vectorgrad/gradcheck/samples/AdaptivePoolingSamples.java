package vectorgrad.gradcheck.samples;

import vectorgrad.autograd.Picked;
import vectorgrad.autograd.Variable;
import vectorgrad.gradcheck.GradCheck;
import vectorgrad.tensor.FractionalRegions;
import vectorgrad.tensor.Seed;
import vectorgrad.tensor.Shape;

/// Pooling to a size that is given.
final class AdaptivePoolingSamples {
  private AdaptivePoolingSamples() {}

  private static final Seed SEED = Seed.of(5);

  @GradCheck(shapes = {"2,2,5"})
  static Variable adaptiveAvgPool1d(Variable x) {
    return x.adaptiveAvgPool1d(3).square();
  }

  @GradCheck(
      of = "adaptiveAvgPoolInputGradient",
      shapes = {"2,2,3"})
  static Variable adaptiveAvgPool1dInputGradient(Variable dy) {
    return dy.adaptiveAvgPoolInputGradient(Shape.of(2, 2, 5)).square();
  }

  @GradCheck(shapes = {"1,2,5,3"})
  static Variable adaptiveAvgPool2d(Variable x) {
    return x.adaptiveAvgPool2d(2, 2).square();
  }

  @GradCheck(
      of = "adaptiveAvgPoolInputGradient",
      shapes = {"1,2,2,2"})
  static Variable adaptiveAvgPool2dInputGradient(Variable dy) {
    return dy.adaptiveAvgPoolInputGradient(Shape.of(1, 2, 5, 3)).square();
  }

  @GradCheck(shapes = {"1,1,3,4,2"})
  static Variable adaptiveAvgPool3d(Variable x) {
    return x.adaptiveAvgPool3d(2, 3, 1).square();
  }

  @GradCheck(
      of = "adaptiveAvgPoolInputGradient",
      shapes = {"1,1,2,3,1"})
  static Variable adaptiveAvgPool3dInputGradient(Variable dy) {
    return dy.adaptiveAvgPoolInputGradient(Shape.of(1, 1, 3, 4, 2)).square();
  }

  @GradCheck(
      of = "adaptiveAvgPool2d",
      shapes = {"2,3,2,3"})
  static Variable globalMean(Variable x) {
    return x.adaptiveAvgPool2d(1, 1).square();
  }

  @GradCheck(
      of = "adaptiveAvgPool2d",
      shapes = {"1,1,2,3"})
  static Variable moreRegionsThanElements(Variable x) {
    return x.adaptiveAvgPool2d(3, 5).square();
  }

  @GradCheck(
      shapes = {"2,2,5"},
      distinct = true)
  static Variable adaptiveMaxPool1d(Variable x) {
    return x.adaptiveMaxPool1d(3).square();
  }

  @GradCheck(
      shapes = {"2,2,5"},
      distinct = true)
  static Variable adaptiveMaxPool1dWithIndices(Variable x) {
    return unpooled(x.adaptiveMaxPool1dWithIndices(3), x);
  }

  @GradCheck(
      shapes = {"1,2,5,3"},
      distinct = true)
  static Variable adaptiveMaxPool2d(Variable x) {
    return x.adaptiveMaxPool2d(2, 2).square();
  }

  @GradCheck(
      shapes = {"1,2,5,3"},
      distinct = true)
  static Variable adaptiveMaxPool2dWithIndices(Variable x) {
    return unpooled(x.adaptiveMaxPool2dWithIndices(2, 2), x);
  }

  @GradCheck(
      shapes = {"1,1,3,4,2"},
      distinct = true)
  static Variable adaptiveMaxPool3d(Variable x) {
    return x.adaptiveMaxPool3d(2, 3, 1).square();
  }

  @GradCheck(
      shapes = {"1,1,3,4,2"},
      distinct = true)
  static Variable adaptiveMaxPool3dWithIndices(Variable x) {
    return unpooled(x.adaptiveMaxPool3dWithIndices(2, 3, 1), x);
  }

  @GradCheck(
      shapes = {"1,2,5,4"},
      distinct = true)
  static Variable fractionalMaxPool2d(Variable x) {
    return x.fractionalMaxPool2d(3, 2, FractionalRegions.RANDOM_OVERLAPPING, SEED).square();
  }

  @GradCheck(
      shapes = {"1,2,5,4"},
      distinct = true)
  static Variable fractionalMaxPool2dWithIndices(Variable x) {
    return unpooled(
        x.fractionalMaxPool2dWithIndices(3, 2, FractionalRegions.PSEUDORANDOM_DISJOINT, SEED), x);
  }

  @GradCheck(
      shapes = {"1,1,3,4,3"},
      distinct = true)
  static Variable fractionalMaxPool3d(Variable x) {
    return x.fractionalMaxPool3d(2, 2, 2, FractionalRegions.PSEUDORANDOM_OVERLAPPING, SEED)
        .square();
  }

  @GradCheck(
      shapes = {"1,1,3,4,3"},
      distinct = true)
  static Variable fractionalMaxPool3dWithIndices(Variable x) {
    return unpooled(
        x.fractionalMaxPool3dWithIndices(2, 2, 2, FractionalRegions.RANDOM_DISJOINT, SEED), x);
  }

  private static Variable unpooled(Picked pool, Variable x) {
    return pool.values().square().maxUnpool(pool.indices(), x.shape()).mul(x);
  }
}
