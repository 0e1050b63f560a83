package vectorgrad.gradcheck.samples;

import vectorgrad.autograd.Variable;
import vectorgrad.gradcheck.GradCheck;
import vectorgrad.tensor.Conv1dGeometry;
import vectorgrad.tensor.Conv2dGeometry;
import vectorgrad.tensor.Conv3dGeometry;
import vectorgrad.tensor.Shape;

/// Transposed convolutions and their gradients.
final class TransposedConvolutionSamples {
  private TransposedConvolutionSamples() {}

  @GradCheck(shapes = {"2,4,3", "4,1,2"})
  static Variable convTranspose1d(Variable x, Variable w) {
    return x.convTranspose1d(w, Conv1dGeometry.DEFAULT.groups(2)).square();
  }

  @GradCheck(
      of = "convTranspose1d",
      shapes = {"2,4,3", "4,1,3"})
  static Variable convTranspose1dPadded(Variable x, Variable w) {
    return x.convTranspose1d(w, new Conv1dGeometry(2, 1, 2, 2), 1).square();
  }

  @GradCheck(shapes = {"2,2,8", "4,1,3"})
  static Variable convTranspose1dInputGradient(Variable dy, Variable w) {
    return dy.convTranspose1dInputGradient(w, Shape.of(2, 4, 3), new Conv1dGeometry(2, 1, 2, 2))
        .square();
  }

  @GradCheck(shapes = {"2,2,8", "2,4,3"})
  static Variable convTranspose1dWeightGradient(Variable dy, Variable x) {
    return dy.convTranspose1dWeightGradient(x, Shape.of(4, 1, 3), new Conv1dGeometry(2, 1, 2, 2))
        .square();
  }

  @GradCheck(shapes = {"1,4,3,2", "4,2,2,2"})
  static Variable convTranspose2d(Variable x, Variable w) {
    return x.convTranspose2d(w, Conv2dGeometry.DEFAULT.groups(2)).square();
  }

  @GradCheck(
      of = "convTranspose2d",
      shapes = {"1,4,3,2", "4,2,2,2"})
  static Variable convTranspose2dPadded(Variable x, Variable w) {
    return x.convTranspose2d(w, new Conv2dGeometry(2, 1, 1, 0, 1, 2, 2), 1, 1).square();
  }

  @GradCheck(shapes = {"1,4,5,5", "4,2,2,2"})
  static Variable convTranspose2dInputGradient(Variable dy, Variable w) {
    return dy.convTranspose2dInputGradient(
            w, Shape.of(1, 4, 3, 2), new Conv2dGeometry(2, 1, 1, 0, 1, 2, 2))
        .square();
  }

  @GradCheck(shapes = {"1,4,5,5", "1,4,3,2"})
  static Variable convTranspose2dWeightGradient(Variable dy, Variable x) {
    return dy.convTranspose2dWeightGradient(
            x, Shape.of(4, 2, 2, 2), new Conv2dGeometry(2, 1, 1, 0, 1, 2, 2))
        .square();
  }

  @GradCheck(shapes = {"1,2,2,1,2", "2,1,2,2,1"})
  static Variable convTranspose3d(Variable x, Variable w) {
    return x.convTranspose3d(w, Conv3dGeometry.DEFAULT).square();
  }

  @GradCheck(
      of = "convTranspose3d",
      shapes = {"1,2,2,1,2", "2,1,2,2,1"})
  static Variable convTranspose3dPadded(Variable x, Variable w) {
    return x.convTranspose3d(w, new Conv3dGeometry(1, 2, 1, 1, 0, 0, 1, 1, 1, 1), 0, 1, 0).square();
  }

  @GradCheck(shapes = {"1,1,1,3,2", "2,1,2,2,1"})
  static Variable convTranspose3dInputGradient(Variable dy, Variable w) {
    return dy.convTranspose3dInputGradient(
            w, Shape.of(1, 2, 2, 1, 2), new Conv3dGeometry(1, 2, 1, 1, 0, 0, 1, 1, 1, 1))
        .square();
  }

  @GradCheck(shapes = {"1,1,1,3,2", "1,2,2,1,2"})
  static Variable convTranspose3dWeightGradient(Variable dy, Variable x) {
    return dy.convTranspose3dWeightGradient(
            x, Shape.of(2, 1, 2, 2, 1), new Conv3dGeometry(1, 2, 1, 1, 0, 0, 1, 1, 1, 1))
        .square();
  }
}
