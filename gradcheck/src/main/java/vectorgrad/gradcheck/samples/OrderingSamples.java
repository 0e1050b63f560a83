package vectorgrad.gradcheck.samples;

import vectorgrad.autograd.Variable;
import vectorgrad.gradcheck.GradCheck;

/// Elements picked by their order. Where two are equal is a kink, so all are different.
final class OrderingSamples {
  private OrderingSamples() {}

  /// Different weights, so that a gradient at a wrong place shows.
  private static Variable weighed(Variable y) {
    Variable weights =
        Variable.constant(
            vectorgrad.tensor.Tensor.arange(y.size(), y.dtype()).add(1).reshape(y.shape()));
    return y.square().mul(weights);
  }

  @GradCheck(distinct = true)
  static Variable sort(Variable x) {
    return weighed(x.sort(1).values());
  }

  @GradCheck(of = "sort", distinct = true)
  static Variable sortFalling(Variable x) {
    return weighed(x.sort(-2, true).values());
  }

  @GradCheck(distinct = true)
  static Variable topk(Variable x) {
    return weighed(x.topk(3).values());
  }

  @GradCheck(of = "topk", distinct = true)
  static Variable topkOfTheSmallest(Variable x) {
    return weighed(x.topk(2, 0, false).values());
  }

  @GradCheck(of = "topk", distinct = true)
  static Variable topkOfNone(Variable x) {
    return x.topk(0).values().sum().add(x.square());
  }

  @GradCheck(distinct = true)
  static Variable kthvalue(Variable x) {
    return weighed(x.kthvalue(2, -1).values());
  }

  @GradCheck(distinct = true)
  static Variable median(Variable x) {
    return weighed(x.median(0).values());
  }

  @GradCheck(of = "median", distinct = true)
  static Variable medianOfAnEvenNumber(Variable x) {
    return weighed(x.median(1).values());
  }

  @GradCheck(distinct = true)
  static Variable quantile(Variable x) {
    return weighed(x.quantile(0.3, 1));
  }

  @GradCheck(of = "quantile", distinct = true)
  static Variable quantileAtAnElement(Variable x) {
    return weighed(x.quantile(0.5, -2));
  }

  @GradCheck(of = "quantile", distinct = true)
  static Variable quantileAtTheEnd(Variable x) {
    return weighed(x.quantile(1, 1));
  }

  @GradCheck(distinct = true)
  static Variable maxWithIndices(Variable x) {
    return weighed(x.maxWithIndices(1, false).values());
  }

  @GradCheck(
      shapes = {"2,3,2"},
      distinct = true)
  static Variable minWithIndices(Variable x) {
    return weighed(x.minWithIndices(-2, true).values());
  }
}
