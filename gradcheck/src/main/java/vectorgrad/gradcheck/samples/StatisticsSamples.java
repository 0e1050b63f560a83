package vectorgrad.gradcheck.samples;

import vectorgrad.autograd.Variable;
import vectorgrad.gradcheck.GradCheck;
import vectorgrad.tensor.Shape;
import vectorgrad.tensor.Tensor;

/// Spread, norms, distances and likelihoods.
final class StatisticsSamples {
  private StatisticsSamples() {}

  @GradCheck
  static Variable var(Variable x) {
    return x.var(1).square();
  }

  @GradCheck(
      of = "var",
      shapes = {"3,2,2"})
  static Variable varOfSome(Variable x) {
    return x.var(0, true, 0, -1).square();
  }

  @GradCheck(of = "var")
  static Variable varOfAll(Variable x) {
    return x.var(2, false).square();
  }

  @GradCheck
  static Variable std(Variable x) {
    return x.std().square().square();
  }

  @GradCheck(of = "std", distinct = true)
  static Variable stdOfColumns(Variable x) {
    return x.std(0, true, 0).square();
  }

  @GradCheck
  static Variable norm(Variable x) {
    return x.norm().sin();
  }

  @GradCheck(
      of = "norm",
      shapes = {"3,2,2"})
  static Variable norm2(Variable x) {
    return x.norm(2, true, 0, -1).sin();
  }

  @GradCheck(of = "norm")
  static Variable norm1(Variable x) {
    return x.norm(1, -1).square();
  }

  @GradCheck(of = "norm")
  static Variable norm0(Variable x) {
    return x.norm(0, 0).mul(x);
  }

  @GradCheck(of = "norm")
  static Variable norm3(Variable x) {
    return x.norm(3, 1).square();
  }

  @GradCheck(of = "norm")
  static Variable normOfRoots(Variable x) {
    return x.norm(.5, false, 0).square();
  }

  @GradCheck(of = "norm")
  static Variable normOfLittlePowers(Variable x) {
    return x.norm(1.5, true, 1).square();
  }

  @GradCheck(of = "norm")
  static Variable normOfInverses(Variable x) {
    return x.norm(-1.5, 1).square();
  }

  @GradCheck(of = "norm", distinct = true)
  static Variable normOfLargest(Variable x) {
    return x.norm(Double.POSITIVE_INFINITY, 1).square();
  }

  @GradCheck(of = "norm", distinct = true)
  static Variable normOfSmallest(Variable x) {
    return x.norm(Double.NEGATIVE_INFINITY).square();
  }

  @GradCheck(shapes = {"3,4", "4"})
  static Variable dist(Variable x, Variable y) {
    return x.dist(y, 2).sin();
  }

  @GradCheck(
      of = "dist",
      shapes = {"3,4", "3,1"})
  static Variable dist3(Variable x, Variable y) {
    return x.dist(y, 3).square();
  }

  @GradCheck(shapes = {"3,2", "4,2"})
  static Variable cdist(Variable x, Variable y) {
    return x.cdist(y, 2).sin();
  }

  @GradCheck(
      of = "cdist",
      shapes = {"2,3,2", "1,2,2"})
  static Variable cdist3(Variable x, Variable y) {
    return x.cdist(y, 3).square();
  }

  @GradCheck(
      of = "cdist",
      shapes = {"2,2", "3,2,2"})
  static Variable cdistOfLargest(Variable x, Variable y) {
    Variable apart = x.add(Variable.constant(Tensor.of(0f, 10)));
    return apart.cdist(y, Double.POSITIVE_INFINITY).square();
  }

  @GradCheck
  static Variable cosineSimilarity(Variable x, Variable y) {
    return x.cosineSimilarity(y, 1).square();
  }

  @GradCheck(
      of = "cosineSimilarity",
      shapes = {"2,3,2", "3,1"})
  static Variable cosineSimilarityOfSpread(Variable x, Variable y) {
    return x.cosineSimilarity(y, -2).square();
  }

  @GradCheck
  static Variable logsumexp(Variable x) {
    return x.logsumexp(1).square();
  }

  @GradCheck(
      of = "logsumexp",
      shapes = {"3,2,2"})
  static Variable logsumexpOfSome(Variable x) {
    return x.logsumexp(true, 0, -1).square();
  }

  @GradCheck(of = "logsumexp")
  static Variable logsumexpOfAll(Variable x) {
    return x.mul(50).logsumexp().square();
  }

  @GradCheck(shapes = {"2,3"})
  static Variable nansum(Variable x) {
    return x.add(holes()).nansum(1).square();
  }

  @GradCheck(shapes = {"2,3"})
  static Variable nanmean(Variable x) {
    return x.add(holes()).nanmean(0).nansum().square(); // one column has no numbers
  }

  private static Variable holes() {
    float nan = Float.NaN;
    return Variable.constant(Tensor.of(new float[] {0, nan, 0, nan, nan, 0}, Shape.of(2, 3)));
  }
}
