package vectorgrad.gradcheck.samples;

import vectorgrad.autograd.Variable;
import vectorgrad.gradcheck.GradCheck;
import vectorgrad.tensor.Shape;
import vectorgrad.tensor.Tensor;

/// Elements under a mask.
final class MaskingSamples {
  private static final Tensor ROWS = Tensor.of(true, false, true);
  private static final Tensor MASK =
      Tensor.of(true, false, false, true, true, false, false, true, false, true, true, true)
          .reshape(Shape.of(3, 4));

  private MaskingSamples() {}

  @GradCheck
  static Variable maskedSelect(Variable x) {
    return x.maskedSelect(MASK).square();
  }

  @GradCheck(
      of = "maskedSelect",
      shapes = {"2,1,4"})
  static Variable maskedSelectBroadcast(Variable x) {
    return x.maskedSelect(MASK).square();
  }

  @GradCheck(
      of = "maskedSelect",
      shapes = {"2,3"})
  static Variable maskedSelectByRow(Variable x) {
    return x.maskedSelect(ROWS).square();
  }

  @GradCheck(shapes = {"3,2"})
  static Variable indexBy(Variable x) {
    return x.indexBy(ROWS).square();
  }

  @GradCheck(
      of = "indexBy",
      shapes = {"3,4,2"})
  static Variable indexByMatrix(Variable x) {
    return x.indexBy(MASK).square();
  }

  @GradCheck
  static Variable maskedFill(Variable x) {
    return x.maskedFill(MASK, 2).square();
  }

  @GradCheck(
      of = "maskedFill",
      shapes = {"2,3"})
  static Variable maskedFillByRow(Variable x) {
    return x.maskedFill(ROWS, -1).square();
  }

  @GradCheck(
      of = "maskedFill",
      shapes = {"2,3", ""})
  static Variable maskedFillWithAVariable(Variable x, Variable value) {
    return x.maskedFill(ROWS, value).square();
  }

  @GradCheck(shapes = {"3,4", "2,4"})
  static Variable maskedScatter(Variable x, Variable y) {
    return x.maskedScatter(MASK, y).square();
  }

  @GradCheck(
      of = "maskedScatter",
      shapes = {"2,3", "5"})
  static Variable maskedScatterByRow(Variable x, Variable y) {
    return x.maskedScatter(ROWS, y).square();
  }
}
