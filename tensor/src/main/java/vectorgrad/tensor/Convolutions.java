package vectorgrad.tensor;

import java.util.function.Consumer;

/// Convolutions of signals, pictures and volumes with filters, and their two gradients. (As
/// everywhere in the field they are cross-correlations: the filters are not turned.)
///
/// `y[n, o, p] = Σ_c,k x[n, c, p·stride + k·dilation − padding]·weight[o, c, k]`, where a place `p`
/// and a tap `k` have one, two or three coordinates, and x is 0 outside.
///
/// | | 1-d | 2-d | 3-d |
/// |---|---|---|---|
/// | x | (N, C, L) | (N, C, H, W) | (N, C, D, H, W) |
/// | weight | (O, C / groups, k) | (O, C / groups, kH, kW) | (O, C / groups, kD, kH, kW) |
/// | y | (N, O, oL) | (N, O, oH, oW) | (N, O, oD, oH, oW) |
///
/// They are linear in either operand, and the gradients are their adjoints: for every x, weight, y
/// `⟨conv(x, weight), y⟩ = ⟨x, inputGradient(y, weight)⟩ = ⟨weight, weightGradient(y, x)⟩`.
///
/// Each costs 2·N·O·places·C/groups·taps flops. The dtype is what the operands promote to, and must
/// be floating; halves are computed in F32 and rounded once.
///
/// Source: Dumoulin and Visin, *A guide to convolution arithmetic for deep learning*, 2016.
sealed interface Convolutions permits Tensor {

  private Tensor self() {
    return (Tensor) this;
  }

  // ---- pictures -------------------------------------------------------------------------------

  /// The convolution of pictures (N, C, H, W) with filters (O, C / groups, kH, kW): (N, O, oH, oW).
  ///
  /// @throws ShapeException if the channels do not fit the filters, or the filters do not fit the
  ///   padded picture
  default Tensor conv2d(Tensor weight, Conv2dGeometry geometry) {
    var operands = Convolved.forward("conv2d", self(), weight, geometry);
    return operands.compute(
        (x, w) -> fresh(operands, x, y -> x.device().backend().conv2d(x, w, geometry, y)));
  }

  /// What `epilogue` makes of [#conv2d]: a bias of shape (O, 1, 1) added, an activation, a
  /// residual; without another pass over the result.
  ///
  /// @throws ShapeException also if a tensor of the epilogue does not broadcast to the result
  default Tensor conv2dThen(Tensor weight, Conv2dGeometry geometry, Epilogue epilogue) {
    var operands = Convolved.forward("conv2dThen", self(), weight, geometry);
    Epilogue finish = epilogue.over("conv2dThen", operands.result(), self());
    return operands.compute(
        (x, w) -> fresh(operands, x, y -> x.device().backend().conv2d(x, w, geometry, finish, y)),
        zeros -> finish.apply(zeros.device().backend(), zeros));
  }

  /// The gradient of [#conv2d] with respect to its input of the given shape; this is the gradient
  /// of its output, (N, O, oH, oW).
  ///
  /// @throws ShapeException if the shapes are not those of one convolution
  default Tensor conv2dInputGradient(Tensor weight, Shape input, Conv2dGeometry geometry) {
    var operands = Convolved.inputGradient("conv2dInputGradient", self(), weight, input, geometry);
    return operands.compute((dy, w) ->
        fresh(operands, dy, dx -> dy.device().backend().conv2dInputGradient(dy, w, geometry, dx)));
  }

  /// The gradient of [#conv2d] with respect to its filters of the given shape; this is the gradient
  /// of its output, (N, O, oH, oW), and `x` was its input.
  ///
  /// @throws ShapeException if the shapes are not those of one convolution
  default Tensor conv2dWeightGradient(Tensor x, Shape weight, Conv2dGeometry geometry) {
    var operands = Convolved.weightGradient("conv2dWeightGradient", self(), x, weight, geometry);
    return operands.compute((dy, input) ->
        fresh(
            operands,
            dy,
            dw -> dy.device().backend().conv2dWeightGradient(dy, input, geometry, dw)));
  }

  private static Tensor fresh(Convolved operands, Tensor like, Consumer<Tensor> write) {
    Tensor result = Tensor.uninitialized(operands.result(), like.dtype(), like.device());
    write.accept(result);
    return result;
  }

  // ---- signals: pictures of one row -----------------------------------------------------------

  /// The convolution of signals (N, C, L) with filters (O, C / groups, k): (N, O, oL). They are
  /// pictures of one row.
  ///
  /// @throws ShapeException if the channels do not fit the filters, or the filters do not fit the
  ///   padded signal
  default Tensor conv1d(Tensor weight, Conv1dGeometry geometry) {
    return Convolved.forward("conv1d", self(), weight, geometry)
        .compute((x, w) -> row(x).conv2d(row(w), geometry.onOneRow()).squeeze(2));
  }

  /// The gradient of [#conv1d] with respect to its input of the given shape; this is the gradient
  /// of its output, (N, O, oL).
  ///
  /// @throws ShapeException if the shapes are not those of one convolution
  default Tensor conv1dInputGradient(Tensor weight, Shape input, Conv1dGeometry geometry) {
    return Convolved.inputGradient("conv1dInputGradient", self(), weight, input, geometry)
        .compute((dy, w) ->
            row(dy).conv2dInputGradient(row(w), row(input), geometry.onOneRow()).squeeze(2));
  }

  /// The gradient of [#conv1d] with respect to its filters of the given shape; this is the gradient
  /// of its output, (N, O, oL), and `x` was its input.
  ///
  /// @throws ShapeException if the shapes are not those of one convolution
  default Tensor conv1dWeightGradient(Tensor x, Shape weight, Conv1dGeometry geometry) {
    return Convolved.weightGradient("conv1dWeightGradient", self(), x, weight, geometry)
        .compute((dy, input) ->
            row(dy).conv2dWeightGradient(row(input), row(weight), geometry.onOneRow()).squeeze(2));
  }

  private static Tensor row(Tensor signal) {
    return signal.unsqueeze(2);
  }

  private static Shape row(Shape signal) {
    return Shape.of(signal.get(0), signal.get(1), 1, signal.get(2));
  }

  // ---- volumes: pictures of several planes ----------------------------------------------------

  /// The convolution of volumes (N, C, D, H, W) with filters (O, C / groups, kD, kH, kW): (N, O,
  /// oD, oH, oW). The kD planes that a filter sees at once become channels of a picture, so that
  /// [#conv2d] does the work, on kD copies of some volumes at a time.
  ///
  /// @throws ShapeException if the channels do not fit the filters, or the filters do not fit the
  ///   padded volume
  default Tensor conv3d(Tensor weight, Conv3dGeometry geometry) {
    var operands = Convolved.forward("conv3d", self(), weight, geometry);
    return operands.compute((x, w) -> Slabs.convolve(x, w, operands.result(), geometry));
  }

  /// The gradient of [#conv3d] with respect to its input of the given shape; this is the gradient
  /// of its output, (N, O, oD, oH, oW).
  ///
  /// @throws ShapeException if the shapes are not those of one convolution
  default Tensor conv3dInputGradient(Tensor weight, Shape input, Conv3dGeometry geometry) {
    return Convolved.inputGradient("conv3dInputGradient", self(), weight, input, geometry)
        .compute((dy, w) -> Slabs.inputGradient(dy, w, input, geometry));
  }

  /// The gradient of [#conv3d] with respect to its filters of the given shape; this is the gradient
  /// of its output, (N, O, oD, oH, oW), and `x` was its input.
  ///
  /// @throws ShapeException if the shapes are not those of one convolution
  default Tensor conv3dWeightGradient(Tensor x, Shape weight, Conv3dGeometry geometry) {
    return Convolved.weightGradient("conv3dWeightGradient", self(), x, weight, geometry)
        .compute((dy, input) -> Slabs.weightGradient(dy, input, weight, geometry));
  }
}
