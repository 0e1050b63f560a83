package vectorgrad.gradcheck.samples;

import vectorgrad.autograd.Variable;
import vectorgrad.gradcheck.GradCheck;

/// Matrix products.
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
}
