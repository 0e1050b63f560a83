package vectorgrad.autograd;

import java.util.function.UnaryOperator;
import vectorgrad.tensor.FractionalRegions;
import vectorgrad.tensor.Seed;
import vectorgrad.tensor.Shape;
import vectorgrad.tensor.Tensor;

/// Pooling of a [Variable] to a size that is given, by regions as equal as can be, or random ones.
///
/// A mean hands every element of its region the same share of its gradient; a maximum hands all of
/// it to the element that was chosen, the first of equals, as [Pooling] does.
sealed interface AdaptivePooling permits Variable {

  private Variable self() {
    return (Variable) this;
  }

  // ---- means ----

  /// The means of regions of signals (N, C, L), as many on each axis as are given.
  ///
  /// @throws vectorgrad.tensor.ShapeException if this is no floating (N, C, L), is empty, or a
  ///   number is not positive
  default Variable adaptiveAvgPool1d(int outputL) {
    return Variable.apply(means(self().shape(), x -> x.adaptiveAvgPool1d(outputL)), self());
  }

  /// The means of regions of pictures (N, C, H, W), as many on each axis as are given.
  ///
  /// @throws vectorgrad.tensor.ShapeException if this is no floating (N, C, H, W), is empty, or a
  ///   number is not positive
  default Variable adaptiveAvgPool2d(int outputH, int outputW) {
    return Variable.apply(
        means(self().shape(), x -> x.adaptiveAvgPool2d(outputH, outputW)), self());
  }

  /// The means of regions of volumes (N, C, D, H, W), as many on each axis as are given.
  ///
  /// @throws vectorgrad.tensor.ShapeException if this is no floating (N, C, D, H, W), is empty, or
  ///   a number is not positive
  default Variable adaptiveAvgPool3d(int outputD, int outputH, int outputW) {
    return Variable.apply(
        means(self().shape(), x -> x.adaptiveAvgPool3d(outputD, outputH, outputW)), self());
  }

  /// The gradient of an adaptive mean with respect to its input of the given shape (N, C, …); this
  /// is the gradient of its output, whose shape says how many regions there are.
  ///
  /// @throws vectorgrad.tensor.ShapeException if the shapes are not those of one pooling
  default Variable adaptiveAvgPoolInputGradient(Shape input) {
    Shape regions = self().shape();
    UnaryOperator<Tensor> mean =
        x ->
            switch (regions.rank()) {
              case 3 -> x.adaptiveAvgPool1d(regions.get(2));
              case 4 -> x.adaptiveAvgPool2d(regions.get(2), regions.get(3));
              default -> x.adaptiveAvgPool3d(regions.get(2), regions.get(3), regions.get(4));
            };
    return Variable.apply(means(input, mean).turned(), self());
  }

  private static Adjoints means(Shape input, UnaryOperator<Tensor> mean) {
    return new Adjoints(
        "AdaptiveAvgPool",
        mean,
        "AdaptiveAvgPoolInputGradient",
        dy -> dy.adaptiveAvgPoolInputGradient(input));
  }

  // ---- maxima ----

  /// The largest elements of regions of signals (N, C, L), as many on each axis as are given.
  ///
  /// @throws vectorgrad.tensor.ShapeException if this is no floating (N, C, L), is empty, or a
  ///   number is not positive
  default Variable adaptiveMaxPool1d(int outputL) {
    return adaptiveMaxPool1dWithIndices(outputL).values();
  }

  /// As [#adaptiveMaxPool1d], with the places of the elements in their channel.
  ///
  /// @throws vectorgrad.tensor.ShapeException if this is no floating (N, C, L), is empty, or a
  ///   number is not positive
  default Picked adaptiveMaxPool1dWithIndices(int outputL) {
    return PoolOps.picked("AdaptiveMaxPool", self(), self().value().adaptiveMaxPool1d(outputL));
  }

  /// The largest elements of regions of pictures (N, C, H, W), as many on each axis as are given.
  ///
  /// @throws vectorgrad.tensor.ShapeException if this is no floating (N, C, H, W), is empty, or a
  ///   number is not positive
  default Variable adaptiveMaxPool2d(int outputH, int outputW) {
    return adaptiveMaxPool2dWithIndices(outputH, outputW).values();
  }

  /// As [#adaptiveMaxPool2d], with the places of the elements in their channel.
  ///
  /// @throws vectorgrad.tensor.ShapeException if this is no floating (N, C, H, W), is empty, or a
  ///   number is not positive
  default Picked adaptiveMaxPool2dWithIndices(int outputH, int outputW) {
    return PoolOps.picked(
        "AdaptiveMaxPool", self(), self().value().adaptiveMaxPool2d(outputH, outputW));
  }

  /// The largest elements of regions of volumes (N, C, D, H, W), as many on each axis as are given.
  ///
  /// @throws vectorgrad.tensor.ShapeException if this is no floating (N, C, D, H, W), is empty, or
  ///   a number is not positive
  default Variable adaptiveMaxPool3d(int outputD, int outputH, int outputW) {
    return adaptiveMaxPool3dWithIndices(outputD, outputH, outputW).values();
  }

  /// As [#adaptiveMaxPool3d], with the places of the elements in their channel.
  ///
  /// @throws vectorgrad.tensor.ShapeException if this is no floating (N, C, D, H, W), is empty, or
  ///   a number is not positive
  default Picked adaptiveMaxPool3dWithIndices(int outputD, int outputH, int outputW) {
    return PoolOps.picked(
        "AdaptiveMaxPool", self(), self().value().adaptiveMaxPool3d(outputD, outputH, outputW));
  }

  // ---- fractional maxima ----

  /// The largest elements of random regions of pictures (N, C, H, W), as many on each axis as are
  /// given. The regions are drawn once, from `seed`, for all pictures and channels.
  ///
  /// @throws vectorgrad.tensor.ShapeException if this is no floating (N, C, H, W), or an axis has
  ///   fewer elements than regions, one more if they overlap
  default Variable fractionalMaxPool2d(
      int outputH, int outputW, FractionalRegions regions, Seed seed) {
    return fractionalMaxPool2dWithIndices(outputH, outputW, regions, seed).values();
  }

  /// As [#fractionalMaxPool2d], with the places of the elements in their channel.
  ///
  /// @throws vectorgrad.tensor.ShapeException if this is no floating (N, C, H, W), or an axis has
  ///   fewer elements than regions, one more if they overlap
  default Picked fractionalMaxPool2dWithIndices(
      int outputH, int outputW, FractionalRegions regions, Seed seed) {
    return PoolOps.picked(
        "FractionalMaxPool",
        self(),
        self().value().fractionalMaxPool2d(outputH, outputW, regions, seed));
  }

  /// The largest elements of random regions of volumes (N, C, D, H, W), as many on each axis as are
  /// given. The regions are drawn once, from `seed`, for all volumes and channels.
  ///
  /// @throws vectorgrad.tensor.ShapeException if this is no floating (N, C, D, H, W), or an axis
  ///   has fewer elements than regions, one more if they overlap
  default Variable fractionalMaxPool3d(
      int outputD, int outputH, int outputW, FractionalRegions regions, Seed seed) {
    return fractionalMaxPool3dWithIndices(outputD, outputH, outputW, regions, seed).values();
  }

  /// As [#fractionalMaxPool3d], with the places of the elements in their channel.
  ///
  /// @throws vectorgrad.tensor.ShapeException if this is no floating (N, C, D, H, W), or an axis
  ///   has fewer elements than regions, one more if they overlap
  default Picked fractionalMaxPool3dWithIndices(
      int outputD, int outputH, int outputW, FractionalRegions regions, Seed seed) {
    return PoolOps.picked(
        "FractionalMaxPool",
        self(),
        self().value().fractionalMaxPool3d(outputD, outputH, outputW, regions, seed));
  }
}
