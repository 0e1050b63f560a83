package vectorgrad.gradcheck.samples;

import vectorgrad.autograd.Variable;
import vectorgrad.gradcheck.GradCheck;
import vectorgrad.gradcheck.Precision;

/// Equations of every kind.
final class EinsumSamples {
  private EinsumSamples() {}

  @GradCheck(shapes = {"3,4", "4,2"})
  static Variable einsum(Variable a, Variable b) {
    return Variable.einsum("ij,jk->ik", a, b).square();
  }

  /// Both factors of the gradient are sums that nearly cancel where rows are equal.
  @GradCheck(
      of = "einsum",
      shapes = {"2,3", "3,4", "4,2"},
      precision = Precision.ILL_CONDITIONED)
  static Variable einsumOfAChain(Variable a, Variable b, Variable c) {
    return Variable.einsum("ij,jk,kl", a, b, c).square();
  }

  @GradCheck(
      of = "einsum",
      shapes = {"2,3", "2,3", "3", "2"})
  static Variable einsumOfFour(Variable a, Variable b, Variable c, Variable d) {
    return Variable.einsum("ij,ij,j,i->i", a, b, c, d);
  }

  @GradCheck(
      of = "einsum",
      shapes = {"2,1,2,3", "2,3,2"})
  static Variable einsumUnderAnEllipsis(Variable a, Variable b) {
    return Variable.einsum("...ij,...jk->...ki", a, b).square();
  }

  @GradCheck(
      of = "einsum",
      shapes = {"3,3"})
  static Variable einsumOfADiagonal(Variable a) {
    return Variable.einsum("ii->i", a).square();
  }

  @GradCheck(
      of = "einsum",
      shapes = {"3,2,3,3", "2,3"})
  static Variable einsumOfADiagonalAndMore(Variable a, Variable b) {
    return Variable.einsum("ijii,ji->j", a, b).square();
  }

  @GradCheck(
      of = "einsum",
      shapes = {"3,4", "2"})
  static Variable einsumThatSumsAlone(Variable a, Variable b) {
    return Variable.einsum("ij,k->j", a, b).square();
  }

  @GradCheck(
      of = "einsum",
      shapes = {"3,1", "3,4", "1,4"})
  static Variable einsumThatBroadcasts(Variable a, Variable b, Variable c) {
    return Variable.einsum("ij,ij,ij->j", a, b, c).square();
  }

  @GradCheck(
      of = "einsum",
      shapes = {"3,1", "3,4"})
  static Variable einsumThatBroadcastsWhatItSums(Variable a, Variable b) {
    return Variable.einsum("ij,ij->i", a, b).square();
  }

  @GradCheck(of = "einsum")
  static Variable einsumThatRearranges(Variable a) {
    return Variable.einsum("ij->ji", a).square();
  }
}
