package vectorgrad.gradcheck.samples;

import vectorgrad.autograd.Variable;
import vectorgrad.gradcheck.GradCheck;
import vectorgrad.tensor.DType;
import vectorgrad.tensor.ScatterReduction;
import vectorgrad.tensor.Shape;
import vectorgrad.tensor.Tensor;

/// Elements picked and placed by index.
final class IndexingSamples {
  private IndexingSamples() {}

  private static final Tensor PLACES = Tensor.of(new int[] {2, 0, 1, 1, 2, 2}, Shape.of(3, 2));
  private static final Tensor MEETING =
      Tensor.of(new int[] {3, 0, 3, 0, 0, 3, 1, 1, 1, 1, 1, 1, 2, 3, 0}, Shape.of(3, 5));

  @GradCheck
  static Variable gather(Variable x) {
    return x.gather(1, PLACES).square();
  }

  @GradCheck(of = "gather")
  static Variable gatherByLongs(Variable x) {
    return x.gather(-1, PLACES.to(DType.I64)).square();
  }

  @GradCheck
  static Variable takeAlongDim(Variable x) {
    return x.takeAlongDim(x.value().argsort(1), 1).square();
  }

  @GradCheck(
      of = "takeAlongDim",
      shapes = {"1,4"})
  static Variable takeAlongDimOfRows(Variable x) {
    return x.takeAlongDim(PLACES, -1).square();
  }

  @GradCheck(shapes = {"3,4", "3,2"})
  static Variable scatter(Variable x, Variable source) {
    return x.scatter(1, PLACES, source).square();
  }

  @GradCheck(
      of = "scatter",
      shapes = {"4,2", "3,2"})
  static Variable scatterDown(Variable x, Variable source) {
    return x.scatter(-2, PLACES, source).square();
  }

  @GradCheck(of = "scatter")
  static Variable scatterANumber(Variable x) {
    return x.scatter(1, PLACES, 0.5).square();
  }

  @GradCheck(shapes = {"3,2"})
  static Variable scatterAdd(Variable x) {
    return x.scatterAdd(1, PLACES, 4).square();
  }

  @GradCheck(
      of = "scatterAdd",
      shapes = {"3,4", "3,2"})
  static Variable scatterAddTo(Variable x, Variable source) {
    return x.scatterAdd(1, PLACES, source).square();
  }

  @GradCheck(shapes = {"3,4", "3,5"})
  static Variable scatterReduce(Variable x, Variable source) {
    return x.scatterReduce(1, MEETING, source, ScatterReduction.SUM).square();
  }

  @GradCheck(
      of = "scatterReduce",
      shapes = {"3,4", "3,5"})
  static Variable scatterReduceToMeans(Variable x, Variable source) {
    return x.scatterReduce(-1, MEETING, source, ScatterReduction.MEAN).square();
  }

  @GradCheck(
      of = "scatterReduce",
      shapes = {"3,4", "3,5"})
  static Variable scatterReduceToProducts(Variable x, Variable source) {
    return x.scatterReduce(1, MEETING, source, ScatterReduction.PROD).sin();
  }

  @GradCheck(
      of = "scatterReduce",
      shapes = {"3,4", "3,5"},
      distinct = true)
  static Variable scatterReduceToTheLargest(Variable x, Variable source) {
    return x.scatterReduce(1, MEETING, source, ScatterReduction.MAX).square();
  }

  @GradCheck(
      of = "scatterReduce",
      shapes = {"3,4", "3,5"},
      distinct = true)
  static Variable scatterReduceToTheSmallest(Variable x, Variable source) {
    return x.scatterReduce(1, MEETING, source, ScatterReduction.MIN).square();
  }

  @GradCheck(shapes = {"3,2"})
  static Variable indexSelect(Variable x) {
    return x.indexSelect(0, Tensor.of(2, 0, 2)).square();
  }

  @GradCheck(shapes = {"3,2"})
  static Variable indexAdd(Variable x) {
    return x.indexAdd(0, Tensor.of(2, 0, 2), 5).square();
  }

  @GradCheck(
      of = "indexAdd",
      shapes = {"2,4", "2,3"})
  static Variable indexAddTo(Variable x, Variable source) {
    return x.indexAdd(-1, Tensor.of(2, 0, 2), source).square();
  }

  @GradCheck
  static Variable take(Variable x) {
    return x.take(Tensor.of(new int[] {11, 0, 5, 5}, Shape.of(2, 2))).square();
  }

  @GradCheck(shapes = {"3,4", "2,3"})
  static Variable put(Variable x, Variable source) {
    return x.put(Tensor.of(new int[] {11, 0, 5, 5, 0, 7}, Shape.of(2, 3)), source, false).square();
  }

  @GradCheck(
      of = "put",
      shapes = {"3,4", "4"})
  static Variable putOnTop(Variable x, Variable source) {
    return x.put(Tensor.of(11, 0, 5, 5), source, true).square();
  }

  @GradCheck(shapes = {"4,3"})
  static Variable index(Variable x) {
    return x.index(PLACES).square();
  }

  @GradCheck(
      of = "index",
      shapes = {"3,4,2"})
  static Variable indexOfTwoAxes(Variable x) {
    return x.index(Tensor.of(new int[] {2, 0}, Shape.of(2, 1)), Tensor.of(3, 1, 1)).square();
  }

  @GradCheck(
      of = "index",
      shapes = {"3,2"})
  static Variable indexOfAllAxes(Variable x) {
    return x.index(Tensor.of(2, 0, 2), Tensor.of(new int[] {1}, Shape.SCALAR).to(DType.I64))
        .square();
  }

  @GradCheck(shapes = {"4,3", "3,2,3"})
  static Variable indexPut(Variable x, Variable source) {
    return x.indexPut(source, false, PLACES).square();
  }

  @GradCheck(
      of = "indexPut",
      shapes = {"4,3", "2,1"})
  static Variable indexPutBroadcasts(Variable x, Variable source) {
    return x.indexPut(source, true, PLACES).square();
  }

  @GradCheck(
      of = "indexPut",
      shapes = {"3,4,2", "3,1"})
  static Variable indexPutOfTwoAxes(Variable x, Variable source) {
    Tensor rows = Tensor.of(new int[] {2, 0}, Shape.of(2, 1));
    return x.indexPut(source, false, rows, Tensor.of(3, 1, 1)).square();
  }
}
