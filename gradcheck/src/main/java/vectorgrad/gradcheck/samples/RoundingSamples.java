package vectorgrad.gradcheck.samples;

import vectorgrad.autograd.Variable;
import vectorgrad.gradcheck.GradCheck;
import vectorgrad.tensor.Tensor;

/// Whole parts, remainders, bounds. What is flat is multiplied by its input, so that a gradient is
/// seen; kinks and jumps are kept away.
final class RoundingSamples {
  private RoundingSamples() {}

  /// Numbers between two whole ones, moved between others, below 0 too.
  private static Variable spread(Variable x) {
    return x.add(Variable.constant(Tensor.of(-2.0, -1, 0, 1)));
  }

  @GradCheck(from = .3, to = .7, away = .3)
  static Variable ceil(Variable x) {
    return spread(x).ceil().add(x).mul(x);
  }

  @GradCheck(from = .3, to = .7, away = .3)
  static Variable floor(Variable x) {
    return spread(x).floor().add(x).mul(x);
  }

  @GradCheck(from = .3, to = .7, away = .3)
  static Variable trunc(Variable x) {
    return spread(x).trunc().add(x).mul(x);
  }

  @GradCheck(from = .3, to = .7, away = .3)
  static Variable frac(Variable x) {
    return spread(x).frac().add(x).mul(x);
  }

  @GradCheck(from = -.2, to = .2, away = 0)
  static Variable round(Variable x) {
    return spread(x).round().add(x).mul(x);
  }

  @GradCheck(from = .3, to = .7, away = .3)
  static Variable fmod(Variable x) {
    return spread(x).fmod(1).square();
  }

  @GradCheck(of = "fmod", from = .95, to = 1.05, away = .9)
  static Variable fmodOfVariable(Variable x, Variable y) {
    return x.add(2.5).fmod(y).square().add(x.sub(3.5).fmod(y));
  }

  @GradCheck(
      of = "fmod",
      from = .95,
      to = 1.05,
      away = .9,
      shapes = {"3,1", "4"})
  static Variable fmodOuter(Variable x, Variable y) {
    return x.add(2.5).fmod(y.neg()).square();
  }

  @GradCheck(from = .3, to = .7, away = .3)
  static Variable remainder(Variable x) {
    return spread(x).remainder(-1).square();
  }

  @GradCheck(of = "remainder", from = .95, to = 1.05, away = .9)
  static Variable remainderOfVariable(Variable x, Variable y) {
    return x.add(2.5).remainder(y).square().add(x.sub(3.5).remainder(y));
  }

  @GradCheck(
      of = "remainder",
      from = .95,
      to = 1.05,
      away = .9,
      shapes = {"3,1", "4"})
  static Variable remainderOuter(Variable x, Variable y) {
    return x.add(2.5).remainder(y.neg()).square();
  }

  @GradCheck
  static Variable copysign(Variable x, Variable y) {
    return x.copysign(y).mul(y.square()).square();
  }

  @GradCheck(
      of = "copysign",
      shapes = {"3,1", "4"})
  static Variable copysignOuter(Variable x, Variable y) {
    return x.copysign(y).mul(x);
  }

  @GradCheck(from = -2, to = 2)
  static Variable clamp(Variable x) {
    return x.clamp(-3, 0).add(x).mul(x);
  }

  @GradCheck(
      of = "clamp",
      from = .45,
      to = .55,
      away = .45,
      shapes = {"3,4", "4", "3,1"})
  static Variable clampOfVariables(Variable x, Variable low, Variable high) {
    return spread(x).clamp(low.sub(1.5), high.add(.5)).square();
  }

  @GradCheck(
      of = "clamp",
      from = .3,
      to = .7,
      away = .3,
      shapes = {"3,4", "4", "3,1"})
  static Variable clampOfCrossedBounds(Variable x, Variable low, Variable high) {
    return x.clamp(low.add(2), high.sub(2)).square();
  }

  @GradCheck
  static Variable clampMin(Variable x) {
    return x.clampMin(0).add(x).mul(x);
  }

  @GradCheck(
      of = "clampMin",
      shapes = {"3,4", "4"},
      from = .45,
      to = .55,
      away = .45)
  static Variable clampMinOfVariable(Variable x, Variable y) {
    return spread(x).clampMin(y.sub(.1)).square();
  }

  @GradCheck
  static Variable clampMax(Variable x) {
    return x.clampMax(0).add(x).mul(x);
  }

  @GradCheck(
      of = "clampMax",
      shapes = {"3,4", "4"},
      from = .45,
      to = .55,
      away = .45)
  static Variable clampMaxOfVariable(Variable x, Variable y) {
    return spread(x).clampMax(y.sub(.1)).square();
  }

  @GradCheck
  static Variable lerp(Variable x, Variable end, Variable weight) {
    return x.lerp(end, weight).square();
  }

  @GradCheck(
      of = "lerp",
      shapes = {"3,1", "4", ""})
  static Variable lerpOuter(Variable x, Variable end, Variable weight) {
    return x.lerp(end, weight).square();
  }

  @GradCheck(of = "lerp")
  static Variable lerpByNumber(Variable x, Variable y) {
    return x.lerp(y, .25).square().add(x.lerp(y, .75));
  }

  @GradCheck
  static Variable heaviside(Variable x, Variable y) {
    return x.heaviside(y).add(x).mul(y);
  }

  @GradCheck(of = "heaviside")
  static Variable heavisideAtZero(Variable x, Variable y) {
    return x.detach().mul(0).heaviside(y).square().add(x);
  }

  @GradCheck
  static Variable sign(Variable x) {
    return x.sign().add(x).mul(x);
  }

  @GradCheck
  static Variable nanToNum(Variable x) {
    return x.nanToNum().square();
  }

  @GradCheck(of = "nanToNum")
  static Variable nanToNumWhereItIsNone(Variable x) {
    return x.log().nanToNum(1, 2, 3).add(x.nanToNum(4, 5, 6)).mul(x);
  }
}
