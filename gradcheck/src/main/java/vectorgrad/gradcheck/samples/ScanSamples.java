package vectorgrad.gradcheck.samples;

import vectorgrad.autograd.Variable;
import vectorgrad.gradcheck.GradCheck;

/// Running sums, products and extremes.
final class ScanSamples {
  private ScanSamples() {}

  @GradCheck
  static Variable cumsum(Variable x) {
    return x.cumsum(1).square();
  }

  @GradCheck(
      of = "cumsum",
      shapes = {"3,2,2"})
  static Variable cumsumOfColumns(Variable x) {
    return x.cumsum(-3).square();
  }

  @GradCheck
  static Variable cumprod(Variable x) {
    return x.cumprod(0).square();
  }

  @GradCheck(
      of = "cumprod",
      shapes = {"3"})
  static Variable cumprodOfVector(Variable x) {
    return x.cumprod(-1).square();
  }

  @GradCheck(distinct = true)
  static Variable cummax(Variable x) {
    return x.cummax(1).values().square();
  }

  @GradCheck(distinct = true)
  static Variable cummin(Variable x) {
    return x.cummin(-2).values().square();
  }

  @GradCheck
  static Variable logcumsumexp(Variable x) {
    return x.logcumsumexp(1).square();
  }

  @GradCheck(shapes = {"3,4", "3,3"})
  static Variable recurrence(Variable x, Variable factors) {
    return x.recurrence(1, factors).square();
  }

  @GradCheck(
      of = "recurrence",
      shapes = {"3,2", "2"})
  static Variable recurrenceOfColumns(Variable x, Variable factors) {
    return x.recurrence(0, factors).square();
  }

  @GradCheck
  static Variable diff(Variable x) {
    return x.diff(1).square();
  }

  @GradCheck(of = "diff")
  static Variable diffTwice(Variable x) {
    return x.diff(2, 0).square();
  }
}
