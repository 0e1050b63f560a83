package vectorgrad.gradcheck.samples;

import vectorgrad.autograd.Variable;
import vectorgrad.gradcheck.GradCheck;

/// Elements joined along axes.
final class ReductionSamples {
  private ReductionSamples() {}

  @GradCheck
  static Variable sum(Variable x) {
    return x.sum(1).square();
  }

  @GradCheck(of = "sum")
  static Variable sumOfAll(Variable x) {
    return x.square().sum();
  }

  @GradCheck(shapes = {"2,3,4"})
  static Variable mean(Variable x) {
    return x.mean(true, 0, -1).square();
  }

  @GradCheck(distinct = true)
  static Variable max(Variable x) {
    return x.max(1).square();
  }

  @GradCheck(of = "max", distinct = true)
  static Variable maxOfAll(Variable x) {
    return x.max(true).square();
  }

  @GradCheck(distinct = true)
  static Variable min(Variable x) {
    return x.min(0).square();
  }

  @GradCheck(
      of = "min",
      shapes = {"5,2,3"},
      distinct = true)
  static Variable minOfSome(Variable x) {
    return x.min(true, 0, -1).square();
  }

  @GradCheck
  static Variable prod(Variable x) {
    return x.prod(0).square();
  }

  @GradCheck(
      of = "prod",
      shapes = {"2,3,2"})
  static Variable prodOfSome(Variable x) {
    return x.prod(true, 0, -1).square();
  }

  @GradCheck(
      of = "prod",
      shapes = {"2,3"})
  static Variable prodOfAll(Variable x) {
    return x.prod().square();
  }
}
