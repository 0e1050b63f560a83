package vectorgrad.autograd;

import static vectorgrad.autograd.ConvolutionOps.Part.INPUT;
import static vectorgrad.autograd.ConvolutionOps.Part.WEIGHT;

import vectorgrad.autograd.ConvolutionOps.Convolution;
import vectorgrad.tensor.Conv1dGeometry;
import vectorgrad.tensor.Conv2dGeometry;
import vectorgrad.tensor.Conv3dGeometry;
import vectorgrad.tensor.Shape;

/// Convolutions of a [Variable] and their gradients, which are linear in either operand, so that
/// all of them can be differentiated as often as one likes: see [ConvolutionOps]. A backward pass
/// costs twice the forward pass, and keeps both operands.
///
/// A bias is added to the result, where it broadcasts: `y.add(bias.reshape(-1, 1, 1))`.
sealed interface Convolutions permits Variable {

  private Variable self() {
    return (Variable) this;
  }

  // ---- signals ----

  /// The convolution of signals (N, C, L) with filters (O, C / groups, k): (N, O, oL).
  ///
  /// @throws vectorgrad.tensor.ShapeException if the channels do not fit the filters, or the
  ///   filters do not fit the padded signal
  default Variable conv1d(Variable weight, Conv1dGeometry geometry) {
    return Variable.apply(new Convolution(geometry), self(), weight);
  }

  /// The gradient of [#conv1d] with respect to its input of the given shape; this is the gradient
  /// of its output, (N, O, oL).
  ///
  /// @throws vectorgrad.tensor.ShapeException if the shapes are not those of one convolution
  default Variable conv1dInputGradient(Variable weight, Shape input, Conv1dGeometry geometry) {
    return Variable.apply(new Convolution(geometry, false, INPUT, input), self(), weight);
  }

  /// The gradient of [#conv1d] with respect to its filters of the given shape; this is the gradient
  /// of its output, (N, O, oL), and `x` was its input.
  ///
  /// @throws vectorgrad.tensor.ShapeException if the shapes are not those of one convolution
  default Variable conv1dWeightGradient(Variable x, Shape weight, Conv1dGeometry geometry) {
    return Variable.apply(new Convolution(geometry, false, WEIGHT, weight), self(), x);
  }

  // ---- pictures ----

  /// The convolution of pictures (N, C, H, W) with filters (O, C / groups, kH, kW): (N, O, oH, oW).
  ///
  /// @throws vectorgrad.tensor.ShapeException if the channels do not fit the filters, or the
  ///   filters do not fit the padded picture
  default Variable conv2d(Variable weight, Conv2dGeometry geometry) {
    return Variable.apply(new Convolution(geometry), self(), weight);
  }

  /// The gradient of [#conv2d] with respect to its input of the given shape; this is the gradient
  /// of its output, (N, O, oH, oW).
  ///
  /// @throws vectorgrad.tensor.ShapeException if the shapes are not those of one convolution
  default Variable conv2dInputGradient(Variable weight, Shape input, Conv2dGeometry geometry) {
    return Variable.apply(new Convolution(geometry, false, INPUT, input), self(), weight);
  }

  /// The gradient of [#conv2d] with respect to its filters of the given shape; this is the gradient
  /// of its output, (N, O, oH, oW), and `x` was its input.
  ///
  /// @throws vectorgrad.tensor.ShapeException if the shapes are not those of one convolution
  default Variable conv2dWeightGradient(Variable x, Shape weight, Conv2dGeometry geometry) {
    return Variable.apply(new Convolution(geometry, false, WEIGHT, weight), self(), x);
  }

  // ---- volumes ----

  /// The convolution of volumes (N, C, D, H, W) with filters (O, C / groups, kD, kH, kW): (N, O,
  /// oD, oH, oW).
  ///
  /// @throws vectorgrad.tensor.ShapeException if the channels do not fit the filters, or the
  ///   filters do not fit the padded volume
  default Variable conv3d(Variable weight, Conv3dGeometry geometry) {
    return Variable.apply(new Convolution(geometry), self(), weight);
  }

  /// The gradient of [#conv3d] with respect to its input of the given shape; this is the gradient
  /// of its output, (N, O, oD, oH, oW).
  ///
  /// @throws vectorgrad.tensor.ShapeException if the shapes are not those of one convolution
  default Variable conv3dInputGradient(Variable weight, Shape input, Conv3dGeometry geometry) {
    return Variable.apply(new Convolution(geometry, false, INPUT, input), self(), weight);
  }

  /// The gradient of [#conv3d] with respect to its filters of the given shape; this is the gradient
  /// of its output, (N, O, oD, oH, oW), and `x` was its input.
  ///
  /// @throws vectorgrad.tensor.ShapeException if the shapes are not those of one convolution
  default Variable conv3dWeightGradient(Variable x, Shape weight, Conv3dGeometry geometry) {
    return Variable.apply(new Convolution(geometry, false, WEIGHT, weight), self(), x);
  }
}
