package vectorgrad.gradcheck.samples;

import vectorgrad.autograd.Variable;
import vectorgrad.gradcheck.GradCheck;
import vectorgrad.tensor.Shape;

/// Other shapes of the same elements.
final class ViewSamples {
  private ViewSamples() {}

  @GradCheck(shapes = {"3,1"})
  static Variable expand(Variable x) {
    return x.expand(Shape.of(2, 3, 4)).square();
  }

  @GradCheck(
      of = "expand",
      shapes = {"4"})
  static Variable expandRow(Variable x) {
    return x.expand(Shape.of(2, 3, 4)).square();
  }

  @GradCheck(shapes = {"2,3,4"})
  static Variable sumTo(Variable x) {
    return x.sumTo(Shape.of(3, 1)).square();
  }

  @GradCheck
  static Variable reshape(Variable x) {
    return x.reshape(2, -1).square();
  }

  @GradCheck(shapes = {"2,3,2"})
  static Variable flatten(Variable x) {
    return x.flatten(1).square();
  }

  @GradCheck(shapes = {"3,1,2"})
  static Variable squeeze(Variable x) {
    return x.squeeze(1).square();
  }

  @GradCheck(shapes = {"3,2"})
  static Variable unsqueeze(Variable x) {
    return x.unsqueeze(1).square();
  }

  @GradCheck(shapes = {"2,3,4"})
  static Variable permute(Variable x) {
    return x.permute(2, 0, 1).square();
  }

  @GradCheck(shapes = {"2,3,4"})
  static Variable transpose(Variable x) {
    return x.transpose().square();
  }

  @GradCheck(shapes = {"2,3,2"})
  static Variable swapaxes(Variable x) {
    return x.swapaxes(0, -1).square();
  }

  @GradCheck(shapes = {"2,3,2"})
  static Variable movedim(Variable x) {
    return x.movedim(0, -1).square();
  }

  @GradCheck(
      of = "movedim",
      shapes = {"2,3,1,2"})
  static Variable movedims(Variable x) {
    return x.movedim(new int[] {0, -1}, new int[] {2, 0}).square();
  }

  @GradCheck(
      of = "flatten",
      shapes = {"2,3,2,1"})
  static Variable flattenBetween(Variable x) {
    return x.flatten(1, -2).square();
  }

  @GradCheck(
      of = "flatten",
      shapes = {""})
  static Variable flattenNumber(Variable x) {
    return x.flatten(0).square();
  }

  @GradCheck(shapes = {"2,6"})
  static Variable unflatten(Variable x) {
    return x.unflatten(-1, 2, -1).square();
  }

  @GradCheck(
      of = "squeeze",
      shapes = {"1,3,1,2"})
  static Variable squeezeAll(Variable x) {
    return x.squeeze().square();
  }

  @GradCheck(
      of = "unsqueeze",
      shapes = {"3,2"})
  static Variable unsqueezeLast(Variable x) {
    return x.unsqueeze(-1).square();
  }

  @GradCheck(
      of = "expand",
      shapes = {"3,1"})
  static Variable expandBySizes(Variable x) {
    return x.expand(2, -1, 4).square();
  }

  @GradCheck(shapes = {"1,2"})
  static Variable broadcastTo(Variable x) {
    return x.broadcastTo(Shape.of(3, 2)).square();
  }
}
