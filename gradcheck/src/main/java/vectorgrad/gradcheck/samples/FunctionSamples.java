package vectorgrad.gradcheck.samples;

import vectorgrad.autograd.Variable;
import vectorgrad.gradcheck.GradCheck;

/// Elementary functions. The square after each makes it matter which slope met which element.
final class FunctionSamples {
  private FunctionSamples() {}

  @GradCheck(from = -1, to = 1, away = 0)
  static Variable tan(Variable x) {
    return x.tan().square();
  }

  @GradCheck(from = -.7, to = .7, away = 0)
  static Variable asin(Variable x) {
    return x.asin().square();
  }

  @GradCheck(from = -.7, to = .7, away = 0)
  static Variable acos(Variable x) {
    return x.acos().square();
  }

  @GradCheck(away = 0)
  static Variable atan(Variable x) {
    return x.atan().square();
  }

  @GradCheck(away = 0)
  static Variable sinh(Variable x) {
    return x.sinh().square();
  }

  @GradCheck(away = 0)
  static Variable cosh(Variable x) {
    return x.cosh().square();
  }

  @GradCheck(away = 0)
  static Variable asinh(Variable x) {
    return x.asinh().square();
  }

  @GradCheck(from = 1.6, to = 4)
  static Variable acosh(Variable x) {
    return x.acosh().square();
  }

  @GradCheck(from = -.7, to = .7, away = 0)
  static Variable atanh(Variable x) {
    return x.atanh().square();
  }

  @GradCheck(away = 0)
  static Variable exp2(Variable x) {
    return x.exp2().square();
  }

  @GradCheck(away = 0)
  static Variable expm1(Variable x) {
    return x.expm1().square();
  }

  @GradCheck(from = .4)
  static Variable log2(Variable x) {
    return x.log2().square();
  }

  @GradCheck(from = .4)
  static Variable log10(Variable x) {
    return x.log10().square();
  }

  @GradCheck(from = -.5)
  static Variable log1p(Variable x) {
    return x.log1p().square();
  }

  @GradCheck
  static Variable cbrt(Variable x) {
    return x.cbrt().square();
  }

  @GradCheck(from = .4)
  static Variable rsqrt(Variable x) {
    return x.rsqrt().square();
  }

  @GradCheck
  static Variable reciprocal(Variable x) {
    return x.reciprocal().square();
  }

  @GradCheck(away = 0)
  static Variable erf(Variable x) {
    return x.erf().square();
  }

  @GradCheck(away = 0)
  static Variable erfc(Variable x) {
    return x.erfc().square();
  }

  @GradCheck(away = 0)
  static Variable softplus(Variable x) {
    return x.softplus().square();
  }

  @GradCheck(away = 0)
  static Variable logSigmoid(Variable x) {
    return x.logSigmoid().square();
  }

  @GradCheck(from = .3, to = .7, away = .3)
  static Variable logit(Variable x) {
    return x.logit().square();
  }

  @GradCheck(from = .4)
  static Variable pow(Variable x, Variable y) {
    return x.pow(y).square();
  }

  @GradCheck(
      of = "pow",
      from = .4,
      shapes = {"3,1", "4"})
  static Variable powOuter(Variable x, Variable y) {
    return x.pow(y).square();
  }

  @GradCheck
  static Variable atan2(Variable x, Variable y) {
    return x.atan2(y).square();
  }

  @GradCheck(
      of = "atan2",
      shapes = {"3,1", "4"})
  static Variable atan2Outer(Variable x, Variable y) {
    return x.atan2(y).square();
  }

  @GradCheck
  static Variable hypot(Variable x, Variable y) {
    return x.hypot(y).square();
  }

  @GradCheck(
      of = "hypot",
      shapes = {"3,1", "4"})
  static Variable hypotOuter(Variable x, Variable y) {
    return x.hypot(y).square();
  }

  @GradCheck(away = 0)
  static Variable logaddexp(Variable x, Variable y) {
    return x.logaddexp(y).square();
  }

  @GradCheck(
      of = "logaddexp",
      away = 0,
      shapes = {"3,1", "4"})
  static Variable logaddexpOuter(Variable x, Variable y) {
    return x.logaddexp(y).square();
  }

  @GradCheck(from = .4)
  static Variable xlogy(Variable x, Variable y) {
    return x.xlogy(y).square();
  }

  @GradCheck(
      of = "xlogy",
      from = .4,
      shapes = {"3,1", "4"})
  static Variable xlogyOuter(Variable x, Variable y) {
    return x.xlogy(y).square();
  }

  @GradCheck(of = "pow", from = .4)
  static Variable powOfNumber(Variable x) {
    return x.pow(2.5).add(x.pow(-.5)).add(x.pow(1.0)).add(x.pow(0.0));
  }

  @GradCheck(of = "pow", to = -.4)
  static Variable powOfNegative(Variable x) {
    return x.pow(3.0).add(x.pow(-2.0)).add(x.pow(1.0));
  }

  @GradCheck(of = "atan2", from = .4)
  static Variable atan2OnTheAxes(Variable x) {
    return x.atan2(x.mul(0)).add(x.mul(0).atan2(x)).square();
  }

  @GradCheck(of = "logaddexp", from = 20, to = 24, away = 20)
  static Variable logaddexpFarApart(Variable x, Variable y) {
    return x.logaddexp(y.neg()).square();
  }

  @GradCheck(of = "xlogy", away = .4, from = -2, to = -.4)
  static Variable xlogyOfNegative(Variable x) {
    return x.xlogy(x.square()).square();
  }

  @GradCheck(of = "softplus", away = 0, from = -4, to = 4)
  static Variable sigmoidSlopes(Variable x) {
    return x.softplus().mul(x.logSigmoid()).add(x.sigmoid());
  }
}
