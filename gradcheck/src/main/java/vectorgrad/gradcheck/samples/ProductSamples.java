package vectorgrad.gradcheck.samples;

import vectorgrad.autograd.Variable;
import vectorgrad.gradcheck.GradCheck;

/// Products of vectors, matrices and more.
final class ProductSamples {
  private ProductSamples() {}

  @GradCheck(shapes = {"3,4", "4,2"})
  static Variable matmul(Variable a, Variable b) {
    return a.matmul(b);
  }

  @GradCheck(
      of = "matmul",
      shapes = {"2,3,3,4", "4,2"})
  static Variable matmulOfBatchAndMatrix(Variable a, Variable b) {
    return a.matmul(b);
  }

  @GradCheck(
      of = "matmul",
      shapes = {"2,1,3,4", "5,4,2"})
  static Variable matmulOfBatches(Variable a, Variable b) {
    return a.matmul(b);
  }

  @GradCheck(
      of = "matmul",
      shapes = {"4", "2,4,3"})
  static Variable matmulOfRowAndBatch(Variable a, Variable b) {
    return a.matmul(b).square();
  }

  @GradCheck(
      of = "matmul",
      shapes = {"2,3,4", "4"})
  static Variable matmulOfBatchAndColumn(Variable a, Variable b) {
    return a.matmul(b).square();
  }

  @GradCheck(
      of = "matmul",
      shapes = {"4", "4"})
  static Variable matmulOfVectors(Variable a, Variable b) {
    return a.matmul(b).square();
  }

  @GradCheck(shapes = {"3,4", "4,2"})
  static Variable mm(Variable a, Variable b) {
    return a.mm(b).square();
  }

  @GradCheck(shapes = {"3,4", "4"})
  static Variable mv(Variable a, Variable x) {
    return a.mv(x).square();
  }

  @GradCheck(shapes = {"2,3,2", "2,2,3"})
  static Variable bmm(Variable a, Variable b) {
    return a.bmm(b).square();
  }

  @GradCheck(shapes = {"4", "4"})
  static Variable dot(Variable x, Variable y) {
    return x.dot(y).square();
  }

  @GradCheck(shapes = {"3,4", "2,1,4"})
  static Variable vecdot(Variable x, Variable y) {
    return x.vecdot(y, -1).square();
  }

  @GradCheck(
      of = "vecdot",
      shapes = {"3,1", "3,4"})
  static Variable vecdotDown(Variable x, Variable y) {
    return x.vecdot(y, 0).square();
  }

  @GradCheck(shapes = {"3", "2"})
  static Variable outer(Variable x, Variable y) {
    return x.outer(y).square();
  }

  @GradCheck(shapes = {"2,3", "3,2"})
  static Variable kron(Variable a, Variable b) {
    return a.kron(b).square();
  }

  @GradCheck(
      of = "kron",
      shapes = {"2", "2,1,3"})
  static Variable kronOfOtherRank(Variable a, Variable b) {
    return a.kron(b).square();
  }

  @GradCheck(shapes = {"2,3", "3"})
  static Variable cross(Variable x, Variable y) {
    return x.cross(y, -1).square();
  }

  @GradCheck(
      of = "cross",
      shapes = {"3,2", "3,1"})
  static Variable crossDown(Variable x, Variable y) {
    return x.cross(y, 0).square();
  }

  @GradCheck(shapes = {"2,3,2", "3,2,2"})
  static Variable tensordot(Variable a, Variable b) {
    return a.tensordot(b, 2).square();
  }

  @GradCheck(
      of = "tensordot",
      shapes = {"2,3", "2"})
  static Variable tensordotOverNothing(Variable a, Variable b) {
    return a.tensordot(b, 0).square();
  }

  @GradCheck(
      of = "tensordot",
      shapes = {"2,3,2", "3,2,2"})
  static Variable tensordotOverPairs(Variable a, Variable b) {
    return a.tensordot(b, new int[] {-1, 1}, new int[] {1, 0}).square();
  }
}
