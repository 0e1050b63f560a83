package vectorgrad.gradcheck.samples;

import vectorgrad.autograd.Variable;
import vectorgrad.gradcheck.GradCheck;
import vectorgrad.tensor.Conv2dGeometry;

/// Patches of pictures.
final class UnfoldingSamples {
  private UnfoldingSamples() {}

  @GradCheck(shapes = {"2,2,3,4"})
  static Variable unfold(Variable x) {
    return x.unfold(2, 2, Conv2dGeometry.DEFAULT).square();
  }

  @GradCheck(
      of = "unfold",
      shapes = {"1,2,4,5"})
  static Variable unfoldStridedAndPadded(Variable x) {
    return x.unfold(2, 3, new Conv2dGeometry(2, 1, 1, 1, 1, 2, 1)).square();
  }

  @GradCheck(shapes = {"2,8,6"})
  static Variable fold(Variable y) {
    return y.fold(3, 4, 2, 2, Conv2dGeometry.DEFAULT).square();
  }

  @GradCheck(
      of = "fold",
      shapes = {"1,12,9"})
  static Variable foldStridedAndPadded(Variable y) {
    return y.fold(4, 5, 2, 3, new Conv2dGeometry(2, 1, 1, 1, 1, 2, 1)).square();
  }
}
