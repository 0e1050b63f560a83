package vectorgrad.autograd;

import static vectorgrad.autograd.ConvolutionOps.Part.INPUT;
import static vectorgrad.autograd.ConvolutionOps.Part.WEIGHT;

import vectorgrad.autograd.ConvolutionOps.Convolution;
import vectorgrad.tensor.Conv1dGeometry;
import vectorgrad.tensor.Conv2dGeometry;
import vectorgrad.tensor.Conv3dGeometry;
import vectorgrad.tensor.Shape;

/// Transposed convolutions of a [Variable] and their gradients, linear in either operand as
/// [Convolutions] are: see [ConvolutionOps].
sealed interface TransposedConvolutions permits Variable {

  private Variable self() {
    return (Variable) this;
  }

  // ---- signals ----

  /// The transposed convolution of signals (N, C, L) with filters (C, O / groups, k): (N, O, oL),
  /// without output padding.
  ///
  /// @throws vectorgrad.tensor.ShapeException if the channels do not fit the filters, or the
  ///   padding leaves nothing
  default Variable convTranspose1d(Variable weight, Conv1dGeometry geometry) {
    return convTranspose1d(weight, geometry, 0);
  }

  /// The transposed convolution of signals (N, C, L) with filters (C, O / groups, k): (N, O, oL).
  ///
  /// @throws vectorgrad.tensor.ShapeException if the channels do not fit the filters, the padding
  ///   leaves nothing, or the output padding is as large as stride and dilation
  default Variable convTranspose1d(Variable weight, Conv1dGeometry geometry, int outputPadding) {
    return ConvolutionOps.transposed(
        self(), weight, geometry, (x, w) -> x.convTranspose1d(w, geometry, outputPadding));
  }

  /// The gradient of [#convTranspose1d] with respect to its input of the given shape; this is the
  /// gradient of its output, (N, O, oL). It is a convolution.
  ///
  /// @throws vectorgrad.tensor.ShapeException if the shapes are not those of one transposed
  ///   convolution
  default Variable convTranspose1dInputGradient(
      Variable weight, Shape input, Conv1dGeometry geometry) {
    return Variable.apply(new Convolution(geometry, true, INPUT, input), self(), weight);
  }

  /// The gradient of [#convTranspose1d] with respect to its filters of the given shape; this is the
  /// gradient of its output, (N, O, oL), and `x` was its input.
  ///
  /// @throws vectorgrad.tensor.ShapeException if the shapes are not those of one transposed
  ///   convolution
  default Variable convTranspose1dWeightGradient(
      Variable x, Shape weight, Conv1dGeometry geometry) {
    return Variable.apply(new Convolution(geometry, true, WEIGHT, weight), self(), x);
  }

  // ---- pictures ----

  /// The transposed convolution of pictures (N, C, H, W) with filters (C, O / groups, kH, kW): (N,
  /// O, oH, oW), without output padding.
  ///
  /// @throws vectorgrad.tensor.ShapeException if the channels do not fit the filters, or the
  ///   padding leaves nothing
  default Variable convTranspose2d(Variable weight, Conv2dGeometry geometry) {
    return convTranspose2d(weight, geometry, 0, 0);
  }

  /// The transposed convolution of pictures (N, C, H, W) with filters (C, O / groups, kH, kW): (N,
  /// O, oH, oW).
  ///
  /// @throws vectorgrad.tensor.ShapeException if the channels do not fit the filters, the padding
  ///   leaves nothing, or the output padding is as large as stride and dilation
  default Variable convTranspose2d(
      Variable weight, Conv2dGeometry geometry, int outputPaddingH, int outputPaddingW) {
    return ConvolutionOps.transposed(
        self(),
        weight,
        geometry,
        (x, w) -> x.convTranspose2d(w, geometry, outputPaddingH, outputPaddingW));
  }

  /// The gradient of [#convTranspose2d] with respect to its input of the given shape; this is the
  /// gradient of its output, (N, O, oH, oW). It is a convolution.
  ///
  /// @throws vectorgrad.tensor.ShapeException if the shapes are not those of one transposed
  ///   convolution
  default Variable convTranspose2dInputGradient(
      Variable weight, Shape input, Conv2dGeometry geometry) {
    return Variable.apply(new Convolution(geometry, true, INPUT, input), self(), weight);
  }

  /// The gradient of [#convTranspose2d] with respect to its filters of the given shape; this is the
  /// gradient of its output, (N, O, oH, oW), and `x` was its input.
  ///
  /// @throws vectorgrad.tensor.ShapeException if the shapes are not those of one transposed
  ///   convolution
  default Variable convTranspose2dWeightGradient(
      Variable x, Shape weight, Conv2dGeometry geometry) {
    return Variable.apply(new Convolution(geometry, true, WEIGHT, weight), self(), x);
  }

  // ---- volumes ----

  /// The transposed convolution of volumes (N, C, D, H, W) with filters (C, O / groups, kD, kH,
  /// kW): (N, O, oD, oH, oW), without output padding.
  ///
  /// @throws vectorgrad.tensor.ShapeException if the channels do not fit the filters, or the
  ///   padding leaves nothing
  default Variable convTranspose3d(Variable weight, Conv3dGeometry geometry) {
    return convTranspose3d(weight, geometry, 0, 0, 0);
  }

  /// The transposed convolution of volumes (N, C, D, H, W) with filters (C, O / groups, kD, kH,
  /// kW): (N, O, oD, oH, oW).
  ///
  /// @throws vectorgrad.tensor.ShapeException if the channels do not fit the filters, the padding
  ///   leaves nothing, or the output padding is as large as stride and dilation
  default Variable convTranspose3d(
      Variable weight,
      Conv3dGeometry geometry,
      int outputPaddingD,
      int outputPaddingH,
      int outputPaddingW) {
    return ConvolutionOps.transposed(
        self(),
        weight,
        geometry,
        (x, w) -> x.convTranspose3d(w, geometry, outputPaddingD, outputPaddingH, outputPaddingW));
  }

  /// The gradient of [#convTranspose3d] with respect to its input of the given shape; this is the
  /// gradient of its output, (N, O, oD, oH, oW). It is a convolution.
  ///
  /// @throws vectorgrad.tensor.ShapeException if the shapes are not those of one transposed
  ///   convolution
  default Variable convTranspose3dInputGradient(
      Variable weight, Shape input, Conv3dGeometry geometry) {
    return Variable.apply(new Convolution(geometry, true, INPUT, input), self(), weight);
  }

  /// The gradient of [#convTranspose3d] with respect to its filters of the given shape; this is the
  /// gradient of its output, (N, O, oD, oH, oW), and `x` was its input.
  ///
  /// @throws vectorgrad.tensor.ShapeException if the shapes are not those of one transposed
  ///   convolution
  default Variable convTranspose3dWeightGradient(
      Variable x, Shape weight, Conv3dGeometry geometry) {
    return Variable.apply(new Convolution(geometry, true, WEIGHT, weight), self(), x);
  }
}
