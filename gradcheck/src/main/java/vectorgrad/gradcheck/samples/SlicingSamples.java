package vectorgrad.gradcheck.samples;

import java.util.List;
import vectorgrad.autograd.Variable;
import vectorgrad.gradcheck.GradCheck;

/// Parts.
final class SlicingSamples {
  private SlicingSamples() {}

  @GradCheck(shapes = {"3,5"})
  static Variable slice(Variable x) {
    return x.slice(1, 1, 4).square();
  }

  @GradCheck(
      of = "slice",
      shapes = {"3,5"})
  static Variable sliceBySteps(Variable x) {
    return x.slice(1, 0, 5, 2).square();
  }

  @GradCheck(
      of = "slice",
      shapes = {"5,2"})
  static Variable sliceBackwards(Variable x) {
    return x.slice(0, -1, -4, -2).square();
  }

  @GradCheck
  static Variable select(Variable x) {
    return x.select(1, -1).square();
  }

  @GradCheck(shapes = {"3,2"})
  static Variable flip(Variable x) {
    return x.flip(0).square();
  }

  @GradCheck(
      of = "slice",
      shapes = {"3,2,4"})
  static Variable sliceByText(Variable x) {
    return x.slice("1:, ..., ::-2").square();
  }

  @GradCheck(
      of = "slice",
      shapes = {"3,4"})
  static Variable sliceByTextToAPart(Variable x) {
    return x.slice("-1, None, 1:3").square();
  }

  @GradCheck(
      of = "slice",
      shapes = {"3,2"})
  static Variable sliceOfNothing(Variable x) {
    return x.slice(0, 2, 1).square().sum().add(x.square().sum());
  }

  @GradCheck(shapes = {"3,5"})
  static Variable narrow(Variable x) {
    return x.narrow(1, -3, 2).square();
  }

  @GradCheck(shapes = {"3,2"})
  static Variable unbind(Variable x) {
    return x.unbind(0).get(2).mul(x.unbind(1).get(0).sum());
  }

  @GradCheck(
      of = "split",
      shapes = {"2,5"})
  static Variable splitToSize(Variable x) {
    return sum(x.split(2, 1));
  }

  @GradCheck(shapes = {"5,2"})
  static Variable split(Variable x) {
    return sum(x.split(new int[] {1, 0, 3, 1}, 0));
  }

  @GradCheck(shapes = {"7"})
  static Variable chunk(Variable x) {
    return sum(x.chunk(3, -1));
  }

  @GradCheck(
      of = "flip",
      shapes = {"3,2,2"})
  static Variable flipSeveral(Variable x) {
    return x.flip(0, -1).mul(x);
  }

  @GradCheck(
      of = "flip",
      shapes = {"3,2"})
  static Variable flipAll(Variable x) {
    return x.flip().mul(x);
  }

  @GradCheck(shapes = {"2,3"})
  static Variable rot90(Variable x) {
    return x.rot90(1, 0, 1).square();
  }

  @GradCheck(
      of = "rot90",
      shapes = {"3,2,2"})
  static Variable rot90Back(Variable x) {
    return x.rot90(-1, 2, 0).square();
  }

  @GradCheck(
      of = "rot90",
      shapes = {"3,3"})
  static Variable rot90Half(Variable x) {
    return x.rot90(2, 0, 1).mul(x);
  }

  @GradCheck(shapes = {"3,4"})
  static Variable diagonal(Variable x) {
    return x.diagonal().square();
  }

  @GradCheck(
      of = "diagonal",
      shapes = {"3,2,4"})
  static Variable diagonalAbove(Variable x) {
    return x.diagonal(1, 0, -1).square();
  }

  @GradCheck(
      of = "diagonal",
      shapes = {"4,3"})
  static Variable diagonalBelow(Variable x) {
    return x.diagonal(-2, 0, 1).square();
  }

  @GradCheck(shapes = {"2,5"})
  static Variable window(Variable x) {
    return x.window(1, 3, 1, 1).square();
  }

  @GradCheck(
      of = "window",
      shapes = {"8,2"})
  static Variable windowApart(Variable x) {
    return x.window(0, 2, 2, 3).square();
  }

  /// The parts, each multiplied with another number so that none can be taken for another.
  private static Variable sum(List<Variable> parts) {
    Variable sum = parts.getFirst().sum();
    for (int i = 1; i < parts.size(); i++) {
      sum = sum.add(parts.get(i).square().sum().mul(i));
    }
    return sum.square();
  }
}
