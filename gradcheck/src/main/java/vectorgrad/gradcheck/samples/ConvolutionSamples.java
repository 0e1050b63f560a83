package vectorgrad.gradcheck.samples;

import vectorgrad.autograd.Variable;
import vectorgrad.gradcheck.GradCheck;
import vectorgrad.tensor.Conv2dGeometry;

/// Convolutions.
final class ConvolutionSamples {
  private ConvolutionSamples() {}

  @GradCheck(shapes = {"2,4,6,7", "4,4,3,2"})
  static Variable conv2d(Variable x, Variable w) {
    return x.conv2d(w, Conv2dGeometry.DEFAULT);
  }

  @GradCheck(
      of = "conv2d",
      shapes = {"2,4,6,7", "4,4,3,2"})
  static Variable conv2dInGroups(Variable x, Variable w) {
    return x.conv2d(w, new Conv2dGeometry(2, 1, 1, 2, 1, 2, 1));
  }

  @GradCheck(
      of = "conv2d",
      shapes = {"2,4,6,7", "4,2,3,2"})
  static Variable conv2dDilated(Variable x, Variable w) {
    return x.conv2d(w, new Conv2dGeometry(1, 2, 0, 1, 2, 1, 2));
  }
}
