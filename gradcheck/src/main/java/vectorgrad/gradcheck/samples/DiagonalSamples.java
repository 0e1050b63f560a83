package vectorgrad.gradcheck.samples;

import vectorgrad.autograd.Variable;
import vectorgrad.gradcheck.GradCheck;

/// Diagonals and triangles.
final class DiagonalSamples {
  private DiagonalSamples() {}

  @GradCheck(shapes = {"3,4"})
  static Variable trace(Variable x) {
    return x.trace().square();
  }

  @GradCheck(shapes = {"3"})
  static Variable diag(Variable x) {
    return x.diag().square();
  }

  @GradCheck(
      of = "diag",
      shapes = {"2,4"})
  static Variable diagOfAMatrix(Variable x) {
    return x.diag(1).square();
  }

  @GradCheck(shapes = {"2,3"})
  static Variable diagEmbed(Variable x) {
    return x.diagEmbed(-1).square();
  }

  @GradCheck(
      of = "diagEmbed",
      shapes = {"2"})
  static Variable diagEmbedAbove(Variable x) {
    return x.diagEmbed(2).square();
  }

  @GradCheck(shapes = {"3,3"})
  static Variable tril(Variable x) {
    return x.tril().square();
  }

  @GradCheck(
      of = "tril",
      shapes = {"2,3,4"})
  static Variable trilBelow(Variable x) {
    return x.tril(-1).square();
  }

  @GradCheck(shapes = {"4,3"})
  static Variable triu(Variable x) {
    return x.triu().square();
  }

  @GradCheck(
      of = "triu",
      shapes = {"3,4"})
  static Variable triuAbove(Variable x) {
    return x.triu(2).square();
  }
}
