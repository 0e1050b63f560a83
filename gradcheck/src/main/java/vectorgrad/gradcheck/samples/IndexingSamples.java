package vectorgrad.gradcheck.samples;

import vectorgrad.autograd.Variable;
import vectorgrad.gradcheck.GradCheck;
import vectorgrad.tensor.Shape;
import vectorgrad.tensor.Tensor;

/// Elements picked and placed by index.
final class IndexingSamples {
  private IndexingSamples() {}

  private static final Tensor PLACES = Tensor.of(new int[] {2, 0, 1, 1, 2, 2}, Shape.of(3, 2));

  @GradCheck
  static Variable gather(Variable x) {
    return x.gather(1, PLACES).square();
  }

  @GradCheck(shapes = {"3,2"})
  static Variable scatterAdd(Variable x) {
    return x.scatterAdd(1, PLACES, 4).square();
  }

  @GradCheck(shapes = {"3,2"})
  static Variable indexSelect(Variable x) {
    return x.indexSelect(0, Tensor.of(2, 0, 2)).square();
  }

  @GradCheck(shapes = {"3,2"})
  static Variable indexAdd(Variable x) {
    return x.indexAdd(0, Tensor.of(2, 0, 2), 5).square();
  }
}
