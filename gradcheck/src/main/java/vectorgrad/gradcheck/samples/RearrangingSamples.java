package vectorgrad.gradcheck.samples;

import vectorgrad.autograd.Variable;
import vectorgrad.gradcheck.GradCheck;
import vectorgrad.tensor.PadMode;

/// Elements moved.
final class RearrangingSamples {
  private RearrangingSamples() {}

  @GradCheck(shapes = {"3,2"})
  static Variable pad(Variable x) {
    return x.pad(1, 2, 1).square();
  }

  @GradCheck(shapes = {"2,3", "2,1", "2,2"})
  static Variable concat(Variable x, Variable y, Variable z) {
    return Variable.concat(-1, x, y, z).square();
  }

  @GradCheck(shapes = {"2,3", "2,3"})
  static Variable stack(Variable x, Variable y) {
    return Variable.stack(1, x, y, x).square();
  }

  @GradCheck(
      of = "pad",
      shapes = {"3,2"})
  static Variable padWithNumber(Variable x) {
    return x.pad(0, 1, 2, -3).square();
  }

  @GradCheck(
      of = "pad",
      shapes = {"2,3"})
  static Variable padEverySide(Variable x) {
    return x.pad(new int[] {0, 2}, new int[] {1, 1}, 0.5).square();
  }

  @GradCheck(
      of = "pad",
      shapes = {"2,3"})
  static Variable padConstant(Variable x) {
    return x.pad(-1, 1, 0, PadMode.CONSTANT).square();
  }

  @GradCheck(
      of = "pad",
      shapes = {"2,4"})
  static Variable padReflect(Variable x) {
    return x.pad(1, 3, 2, PadMode.REFLECT).square();
  }

  @GradCheck(
      of = "pad",
      shapes = {"3,2"})
  static Variable padReplicate(Variable x) {
    return x.pad(0, 2, 4, PadMode.REPLICATE).square();
  }

  @GradCheck(
      of = "pad",
      shapes = {"2,3"})
  static Variable padCircular(Variable x) {
    return x.pad(-1, 4, 2, PadMode.CIRCULAR).square();
  }

  @GradCheck(shapes = {"4,2"})
  static Variable roll(Variable x) {
    return x.roll(-1, 0).mul(x);
  }

  @GradCheck(
      of = "roll",
      shapes = {"3,4"})
  static Variable rollSeveral(Variable x) {
    return x.roll(new int[] {1, 5}, new int[] {0, -1}).mul(x);
  }

  @GradCheck(shapes = {"2,3"})
  static Variable repeat(Variable x) {
    return x.repeat(3, 1, 2).square();
  }

  @GradCheck(
      of = "repeat",
      shapes = {""})
  static Variable repeatNumber(Variable x) {
    return x.repeat(3).square();
  }

  @GradCheck(shapes = {"2,3"})
  static Variable repeatInterleave(Variable x) {
    return x.repeatInterleave(2, 0).square();
  }

  @GradCheck(
      of = "repeatInterleave",
      shapes = {"2,3"})
  static Variable repeatInterleaveEach(Variable x) {
    return x.repeatInterleave(new int[] {2, 0, 3}, 1).square();
  }

  @GradCheck(shapes = {"2,3,3"})
  static Variable overlapAdd(Variable x) {
    return x.overlapAdd(1, 5, 1, 1).square();
  }

  @GradCheck(
      of = "overlapAdd",
      shapes = {"3,2,2"})
  static Variable overlapAddApart(Variable x) {
    return x.overlapAdd(-2, 9, 2, 3).square();
  }

  @GradCheck(shapes = {"2", "3", "2"})
  static Variable meshgrid(Variable x, Variable y, Variable z) {
    return Variable.meshgrid(x, y, z).get(0).mul(Variable.meshgrid(x, y, z).get(1)).mul(z);
  }
}
