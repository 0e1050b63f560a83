package vectorgrad.tensor;

/// What a filter sees at every place of a picture, as columns of a matrix, and the adjoint.
sealed interface Unfolding permits Tensor {

  private Tensor self() {
    return (Tensor) this;
  }

  /// The patches of pictures that a filter of kH × kW sees, one behind the other: a copy in which a
  /// convolution is a matrix product (*im2col*), of any dtype.
  ///
  /// `conv2d(x, w) = (w as (O, C·kH·kW) · unfold(x)) as (N, O, oH, oW)`
  ///
  /// | | shape |
  /// |---|---|
  /// | this | (N, C, H, W) |
  /// | result | (N, C·kH·kW, oH·oW): channels, rows and columns of a patch; rows and columns of places |
  ///
  /// Stride, padding (by zeros) and dilation are those of a convolution; there are no groups.
  /// Writes kH·kW / stride² times the picture. PyTorch calls it `F.unfold`.
  ///
  /// @throws ShapeException if this is no (N, C, H, W), the patch is larger than the padded
  ///   picture, or the geometry has groups
  default Tensor unfold(int kernelH, int kernelW, Conv2dGeometry geometry) {
    Tensor x = self();
    checkPatches("unfold", x.shape(), x.shape(), kernelH, kernelW, geometry);
    Tensor rows = Windows.along(x, 2, kernelH, geometry.along(0), 0); // N C oH W kH
    Tensor windows = Windows.along(rows, 3, kernelW, geometry.along(1), 0); // N C oH oW kH kW
    return windows.permute(0, 1, 4, 5, 2, 3).copy().flatten(1, 3).flatten(2, 3);
  }

  /// Pictures of height × width from the patches of [#unfold], which are added where they overlap:
  /// its adjoint, `⟨unfold(x), y⟩ = ⟨x, fold(y)⟩` (*col2im*).
  ///
  /// | | shape |
  /// |---|---|
  /// | this | (N, C·kH·kW, oH·oW) |
  /// | result | (N, C, height, width) |
  ///
  /// So fold(unfold(x)) is x times the number of patches that each element is in, which is
  /// fold(unfold(1)). Halves are added in F32 and rounded once. PyTorch calls it `F.fold`.
  ///
  /// @throws ShapeException if these are not the patches of such a picture
  /// @throws DTypeException for truth values, which do not add
  default Tensor fold(int height, int width, int kernelH, int kernelW, Conv2dGeometry geometry) {
    Tensor x = self();
    if (x.dtype() == DType.BOOL) {
      throw new DTypeException(
          Message.of("fold", "needs numbers, found bool").row("help", "convert with to(DType.I32)"),
          x.shape());
    }
    int patch = kernelH * kernelW;
    int channels = patch == 0 ? 0 : x.rank() == 3 ? x.size(1) / patch : 0;
    Shape picture = Shape.of(x.rank() == 3 ? x.size(0) : 0, channels, height, width);
    checkPatches("fold", x.shape(), picture, kernelH, kernelW, geometry);
    int rows = geometry.outputHeight(height, kernelH);
    int columns = geometry.outputWidth(width, kernelW);
    if (x.rank() != 3 || x.size(1) != channels * patch || x.size(2) != rows * columns) {
      throw new ShapeException(
          Message.of("fold", "these are not the patches of pictures " + height + "×" + width)
              .row("found", x.shape())
              .row("rule", "(N, C·%d, %d)".formatted(patch, rows * columns)),
          x.shape());
    }
    DType wide = Convolved.wide(x.dtype());
    Tensor patches =
        x.to(wide).unflatten(1, channels, kernelH, kernelW).unflatten(4, rows, columns);
    Tensor lines = patches.permute(0, 1, 4, 2, 5, 3); // N C oH kH oW kW
    Tensor added = Windows.overlapAdd(lines, 4, width, geometry.along(1)); // N C oH kH W
    Tensor turned = added.permute(0, 1, 2, 4, 3); // N C oH W kH
    return Windows.overlapAdd(turned, 2, height, geometry.along(0)).contiguous().to(x.dtype());
  }

  private static void checkPatches(
      String operation, Shape found, Shape picture, int kernelH, int kernelW, Conv2dGeometry g) {
    if (g.groups() != 1) {
      throw new ShapeException(
          Message.of(operation, "a patch has all channels, found " + g.groups() + " groups")
              .row("help", "split the channels before, chunk(groups, 1)"),
          found);
    }
    if (kernelH < 1 || kernelW < 1) {
      throw new ShapeException(
          operation, "a patch has at least one element, found " + kernelH + "×" + kernelW, found);
    }
    if (picture.rank() != 4) {
      throw new ShapeException(
          Message.of(operation, "needs pictures").row("found", found).row("rule", "(N, C, H, W)"),
          found);
    }
    if (g.outputHeight(picture.get(2), kernelH) < 1 || g.outputWidth(picture.get(3), kernelW) < 1) {
      throw new ShapeException(
          Message.of(operation, "the patch is larger than the padded picture")
              .row("input", picture + "   N C H W")
              .row("patch", Shape.of(kernelH, kernelW)),
          found);
    }
  }
}
