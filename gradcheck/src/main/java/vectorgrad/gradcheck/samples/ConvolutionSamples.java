package vectorgrad.gradcheck.samples;

import vectorgrad.autograd.Variable;
import vectorgrad.gradcheck.GradCheck;
import vectorgrad.tensor.Conv1dGeometry;
import vectorgrad.tensor.Conv2dGeometry;
import vectorgrad.tensor.Conv3dGeometry;
import vectorgrad.tensor.Shape;

/// Convolutions and their gradients.
final class ConvolutionSamples {
  private ConvolutionSamples() {}

  @GradCheck(shapes = {"2,2,5", "3,2,2"})
  static Variable conv1d(Variable x, Variable w) {
    return x.conv1d(w, Conv1dGeometry.DEFAULT).square();
  }

  @GradCheck(
      of = "conv1d",
      shapes = {"2,4,7", "2,2,3"})
  static Variable conv1dStridedInGroups(Variable x, Variable w) {
    return x.conv1d(w, new Conv1dGeometry(2, 1, 2, 2)).square();
  }

  @GradCheck(shapes = {"2,4,6,7", "4,4,3,2"})
  static Variable conv2d(Variable x, Variable w) {
    return x.conv2d(w, Conv2dGeometry.DEFAULT);
  }

  @GradCheck(
      of = "conv2d",
      shapes = {"2,4,6,7", "4,4,3,2"})
  static Variable conv2dStrided(Variable x, Variable w) {
    return x.conv2d(w, new Conv2dGeometry(2, 1, 1, 2, 1, 2, 1));
  }

  @GradCheck(
      of = "conv2d",
      shapes = {"2,4,6,7", "4,2,3,2"})
  static Variable conv2dDilatedInGroups(Variable x, Variable w) {
    return x.conv2d(w, new Conv2dGeometry(1, 2, 0, 1, 2, 1, 2));
  }

  @GradCheck(
      of = "conv2d",
      shapes = {"1,3,3,3", "3,1,2,2"})
  static Variable conv2dOfEachChannel(Variable x, Variable w) {
    return x.conv2d(w, Conv2dGeometry.DEFAULT.groups(3)).square();
  }

  @GradCheck(
      of = "conv2d",
      shapes = {"1,2,3,3", "2,2,2,2", "2,1,1"})
  static Variable conv2dWithBias(Variable x, Variable w, Variable bias) {
    return x.conv2d(w, Conv2dGeometry.DEFAULT).add(bias).square();
  }

  @GradCheck(shapes = {"1,2,3,2,3", "1,2,2,1,2"})
  static Variable conv3d(Variable x, Variable w) {
    return x.conv3d(w, Conv3dGeometry.DEFAULT).square();
  }

  @GradCheck(
      of = "conv3d",
      shapes = {"1,2,2,3,3", "2,2,2,2,2"})
  static Variable conv3dStrided(Variable x, Variable w) {
    return x.conv3d(w, new Conv3dGeometry(1, 2, 1, 1, 0, 1, 1, 1, 2, 1)).square();
  }

  @GradCheck(shapes = {"2,2,3", "2,2,3"})
  static Variable conv1dInputGradient(Variable dy, Variable w) {
    return dy.conv1dInputGradient(w, Shape.of(2, 4, 7), new Conv1dGeometry(2, 1, 2, 2)).square();
  }

  @GradCheck(shapes = {"2,2,3", "2,4,7"})
  static Variable conv1dWeightGradient(Variable dy, Variable x) {
    return dy.conv1dWeightGradient(x, Shape.of(2, 2, 3), new Conv1dGeometry(2, 1, 2, 2)).square();
  }

  @GradCheck(shapes = {"2,2,3,1", "2,2,2,2"})
  static Variable conv2dInputGradient(Variable dy, Variable w) {
    return dy.conv2dInputGradient(w, Shape.of(2, 4, 4, 3), new Conv2dGeometry(2, 1, 1, 0, 1, 2, 2))
        .square();
  }

  @GradCheck(shapes = {"2,2,3,1", "2,4,4,3"})
  static Variable conv2dWeightGradient(Variable dy, Variable x) {
    return dy.conv2dWeightGradient(x, Shape.of(2, 2, 2, 2), new Conv2dGeometry(2, 1, 1, 0, 1, 2, 2))
        .square();
  }

  @GradCheck(shapes = {"1,2,3,1,3", "2,2,2,2,2"})
  static Variable conv3dInputGradient(Variable dy, Variable w) {
    return dy.conv3dInputGradient(
            w, Shape.of(1, 2, 2, 3, 3), new Conv3dGeometry(1, 2, 1, 1, 0, 1, 1, 1, 2, 1))
        .square();
  }

  @GradCheck(shapes = {"1,2,3,1,3", "1,2,2,3,3"})
  static Variable conv3dWeightGradient(Variable dy, Variable x) {
    return dy.conv3dWeightGradient(
            x, Shape.of(2, 2, 2, 2, 2), new Conv3dGeometry(1, 2, 1, 1, 0, 1, 1, 1, 2, 1))
        .square();
  }
}
