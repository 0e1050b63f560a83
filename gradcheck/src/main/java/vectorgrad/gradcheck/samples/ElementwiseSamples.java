package vectorgrad.gradcheck.samples;

import vectorgrad.autograd.Variable;
import vectorgrad.gradcheck.GradCheck;
import vectorgrad.tensor.Tensor;

/// Elementwise operations.
final class ElementwiseSamples {
  private ElementwiseSamples() {}

  @GradCheck
  static Variable neg(Variable x) {
    return x.neg();
  }

  @GradCheck
  static Variable abs(Variable x) {
    return x.abs();
  }

  @GradCheck
  static Variable square(Variable x) {
    return x.square();
  }

  @GradCheck
  static Variable exp(Variable x) {
    return x.exp();
  }

  @GradCheck
  static Variable sin(Variable x) {
    return x.sin();
  }

  @GradCheck
  static Variable cos(Variable x) {
    return x.cos();
  }

  @GradCheck
  static Variable tanh(Variable x) {
    return x.tanh();
  }

  @GradCheck
  static Variable sigmoid(Variable x) {
    return x.sigmoid();
  }

  @GradCheck
  static Variable relu(Variable x) {
    return x.relu();
  }

  @GradCheck(from = .4)
  static Variable sqrt(Variable x) {
    return x.sqrt();
  }

  @GradCheck(from = .4)
  static Variable log(Variable x) {
    return x.log();
  }

  @GradCheck
  static Variable pow(Variable x) {
    return x.pow(3).add(x.pow(-1)).add(x.pow(0));
  }

  @GradCheck
  static Variable add(Variable x, Variable y) {
    return x.add(y);
  }

  @GradCheck(
      of = "add",
      shapes = {"3,4", "4"})
  static Variable addRow(Variable x, Variable y) {
    return x.add(y);
  }

  @GradCheck(
      of = "add",
      shapes = {"3,4", "3,1"})
  static Variable addColumn(Variable x, Variable y) {
    return x.add(y);
  }

  @GradCheck(
      of = "add",
      shapes = {"3,4", "2,1,4"})
  static Variable addBatch(Variable x, Variable y) {
    return y.add(x);
  }

  @GradCheck(
      of = "add",
      shapes = {"3,4", ""})
  static Variable addScalar(Variable x, Variable y) {
    return x.add(y);
  }

  @GradCheck
  static Variable sub(Variable x, Variable y) {
    return x.sub(y);
  }

  @GradCheck(
      of = "sub",
      shapes = {"3,4", "4"})
  static Variable subRow(Variable x, Variable y) {
    return x.sub(y);
  }

  @GradCheck(
      of = "sub",
      shapes = {"3,4", "3,1"})
  static Variable subColumn(Variable x, Variable y) {
    return x.sub(y);
  }

  @GradCheck(
      of = "sub",
      shapes = {"3,4", "2,1,4"})
  static Variable subBatch(Variable x, Variable y) {
    return y.sub(x);
  }

  @GradCheck(
      of = "sub",
      shapes = {"3,4", ""})
  static Variable subScalar(Variable x, Variable y) {
    return x.sub(y);
  }

  @GradCheck
  static Variable mul(Variable x, Variable y) {
    return x.mul(y);
  }

  @GradCheck(
      of = "mul",
      shapes = {"3,4", "4"})
  static Variable mulRow(Variable x, Variable y) {
    return x.mul(y);
  }

  @GradCheck(
      of = "mul",
      shapes = {"3,4", "3,1"})
  static Variable mulColumn(Variable x, Variable y) {
    return x.mul(y);
  }

  @GradCheck(
      of = "mul",
      shapes = {"3,4", "2,1,4"})
  static Variable mulBatch(Variable x, Variable y) {
    return y.mul(x);
  }

  @GradCheck(
      of = "mul",
      shapes = {"3,4", ""})
  static Variable mulScalar(Variable x, Variable y) {
    return x.mul(y);
  }

  @GradCheck
  static Variable div(Variable x, Variable y) {
    return x.div(y);
  }

  @GradCheck(
      of = "div",
      shapes = {"3,4", "4"})
  static Variable divRow(Variable x, Variable y) {
    return x.div(y);
  }

  @GradCheck(
      of = "div",
      shapes = {"3,4", "3,1"})
  static Variable divColumn(Variable x, Variable y) {
    return x.div(y);
  }

  @GradCheck(
      of = "div",
      shapes = {"3,4", "2,1,4"})
  static Variable divBatch(Variable x, Variable y) {
    return y.div(x);
  }

  @GradCheck(
      of = "div",
      shapes = {"3,4", ""})
  static Variable divScalar(Variable x, Variable y) {
    return x.div(y);
  }

  @GradCheck
  static Variable maximum(Variable x, Variable y) {
    return x.maximum(y);
  }

  @GradCheck(
      of = "maximum",
      shapes = {"3,4", "4"})
  static Variable maximumRow(Variable x, Variable y) {
    return x.maximum(y);
  }

  @GradCheck(
      of = "maximum",
      shapes = {"3,4", "3,1"})
  static Variable maximumColumn(Variable x, Variable y) {
    return x.maximum(y);
  }

  @GradCheck(
      of = "maximum",
      shapes = {"3,4", "2,1,4"})
  static Variable maximumBatch(Variable x, Variable y) {
    return y.maximum(x);
  }

  @GradCheck(
      of = "maximum",
      shapes = {"3,4", ""})
  static Variable maximumScalar(Variable x, Variable y) {
    return x.maximum(y);
  }

  @GradCheck
  static Variable minimum(Variable x, Variable y) {
    return x.minimum(y);
  }

  @GradCheck(
      of = "minimum",
      shapes = {"3,4", "4"})
  static Variable minimumRow(Variable x, Variable y) {
    return x.minimum(y);
  }

  @GradCheck(
      of = "minimum",
      shapes = {"3,4", "3,1"})
  static Variable minimumColumn(Variable x, Variable y) {
    return x.minimum(y);
  }

  @GradCheck(
      of = "minimum",
      shapes = {"3,4", "2,1,4"})
  static Variable minimumBatch(Variable x, Variable y) {
    return y.minimum(x);
  }

  @GradCheck(
      of = "minimum",
      shapes = {"3,4", ""})
  static Variable minimumScalar(Variable x, Variable y) {
    return x.minimum(y);
  }

  @GradCheck(of = "add")
  static Variable numbers(Variable x) {
    return x.add(2).sub(3).mul(4).div(5).exp();
  }

  @GradCheck(
      of = "where",
      shapes = {"2,1", "3"})
  static Variable chosen(Variable x, Variable y) {
    return Variable.where(Tensor.of(true, false, true), x, y).square();
  }
}
