package vectorgrad.tensor;

sealed interface Pooling permits Tensor {

  private Tensor self() {
    return (Tensor) this;
  }

  /// The largest element of every window of pictures (N, C, H, W), and where it was.
  default MaxPool maxPool2d(PoolGeometry geometry) {
    Tensor x = self();
    if (x.rank() != 4 || !x.dtype().isFloating()) {
      throw new ShapeException(
          Message.of("maxPool2d", "needs floating pictures (N, C, H, W)")
              .row("input", x.shape() + " " + x.dtype()),
          x.shape());
    }
    if (x.dtype().isHalf()) { // of which the largest is one in F32 too
      MaxPool wide = x.to(x.dtype().widened()).maxPool2d(geometry);
      return new MaxPool(wide.values().to(x.dtype()), wide.indices());
    }
    int height = geometry.outputHeight(x.size(2));
    int width = geometry.outputWidth(x.size(3));
    if (height < 1 || width < 1) {
      throw new ShapeException(
          Message.of("maxPool2d", "the window is larger than the padded picture")
              .row("input", x.shape() + "   N C H W")
              .row("window", Shape.of(geometry.kernelH(), geometry.kernelW())),
          x.shape());
    }
    Shape shape = Shape.of(x.size(0), x.size(1), height, width);
    Tensor values = Tensor.uninitialized(shape, x.dtype(), x.device());
    Tensor indices = Tensor.uninitialized(shape, DType.I32, x.device());
    if (shape.size() > 0) {
      x.device().backend().maxPool2d(x, geometry, values, indices);
    }
    return new MaxPool(values, indices);
  }
}
