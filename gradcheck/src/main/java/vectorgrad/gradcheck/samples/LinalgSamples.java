package vectorgrad.gradcheck.samples;

import vectorgrad.autograd.Linalg;
import vectorgrad.autograd.Variable;
import vectorgrad.gradcheck.GradCheck;
import vectorgrad.tensor.DType;
import vectorgrad.tensor.Linalg.Norm;
import vectorgrad.tensor.Tensor;

/// Linear algebra, on matrices whose values lie apart from each other and from 0.
final class LinalgSamples {
  private LinalgSamples() {}

  /// Near the diagonal 2, 3½, 5, …: singular values and pivots lie as far apart.
  private static Variable regular(Variable x) {
    int n = Math.min(x.size(-2), x.size(-1));
    Tensor ramp = Tensor.arange(n, DType.F64).mul(1.5).add(2);
    Tensor diagonal = Tensor.eye(x.size(-2), x.size(-1), DType.F64);
    Tensor scaled = n == x.size(-1) ? diagonal.mul(ramp) : diagonal.mul(ramp.unsqueeze(1));
    return x.mul(.2).add(Variable.constant(scaled));
  }

  private static Variable symmetric(Variable x) {
    Variable a = regular(x);
    return a.add(a.transpose());
  }

  private static Variable positive(Variable x) {
    return regular(x).add(x.matmul(x.transpose()));
  }

  /// All factors in one.
  private static Variable below(Variable... factors) {
    return Variable.concat(-2, factors).exp();
  }

  private static Variable projector(Variable columns) {
    return columns.matmul(columns.transpose()).exp();
  }

  // ---- decompositions -------------------------------------------------------------------------

  @GradCheck(shapes = {"3,3"})
  static Variable cholesky(Variable x) {
    Variable a = positive(x);
    return Linalg.cholesky(a.add(a.transpose())).exp();
  }

  @GradCheck(
      of = "cholesky",
      shapes = {"2,2,2"})
  static Variable choleskyOfBatch(Variable x) {
    Variable a = positive(x);
    return Linalg.cholesky(a.add(a.transpose())).exp();
  }

  @GradCheck(shapes = {"3,3"})
  static Variable qr(Variable x) {
    Linalg.Qr qr = Linalg.qr(regular(x));
    return below(qr.q(), qr.r().transpose());
  }

  @GradCheck(
      of = "qr",
      shapes = {"2,3,2"})
  static Variable qrOfTall(Variable x) {
    Linalg.Qr qr = Linalg.qr(regular(x));
    return below(qr.q(), qr.r().transpose());
  }

  @GradCheck(
      of = "qr",
      shapes = {"2,4"})
  static Variable qrOfWide(Variable x) {
    Linalg.Qr qr = Linalg.qr(regular(x), true);
    return below(qr.q(), qr.r().transpose());
  }

  @GradCheck(
      of = "qr",
      shapes = {"3,2"})
  static Variable qrComplete(Variable x) {
    Linalg.Qr qr = Linalg.qr(regular(x), true);
    return below(qr.q(), qr.r().transpose());
  }

  @GradCheck(
      of = "qr",
      shapes = {"4,2"})
  static Variable qrCompleteByTheSpan(Variable x) {
    return projector(Linalg.qr(regular(x), true).q().slice(-1, 2, 4));
  }

  @GradCheck(shapes = {"3,3"})
  static Variable svd(Variable x) {
    Linalg.Svd svd = Linalg.svd(regular(x));
    return below(svd.u(), svd.s().unsqueeze(-2), svd.vh().transpose());
  }

  @GradCheck(
      of = "svd",
      shapes = {"2,3,2"})
  static Variable svdOfTall(Variable x) {
    Linalg.Svd svd = Linalg.svd(regular(x));
    return below(svd.u(), svd.s().unsqueeze(-2), svd.vh().transpose());
  }

  @GradCheck(
      of = "svd",
      shapes = {"2,4"})
  static Variable svdOfWide(Variable x) {
    Linalg.Svd svd = Linalg.svd(regular(x));
    return below(svd.u(), svd.s().unsqueeze(-2), svd.vh().transpose());
  }

  @GradCheck(
      of = "svd",
      shapes = {"3,2"})
  static Variable svdFull(Variable x) {
    Linalg.Svd svd = Linalg.svd(regular(x), true);
    return svd.u().exp().slice(-1, 0, 2).matmul(svd.vh()).add(svd.u().slice(-1, 2, 3)).exp();
  }

  @GradCheck(
      of = "svd",
      shapes = {"2,4"})
  static Variable svdFullByTheSpan(Variable x) {
    return projector(Linalg.svd(regular(x), true).vh().transpose().slice(-1, 2, 4));
  }

  @GradCheck(shapes = {"3,3"})
  static Variable eigh(Variable x) {
    Linalg.Eigh eigh = Linalg.eigh(symmetric(x));
    return below(eigh.values().unsqueeze(-2), eigh.vectors());
  }

  @GradCheck(
      of = "eigh",
      shapes = {"2,2,2"})
  static Variable eighOfBatch(Variable x) {
    Linalg.Eigh eigh = Linalg.eigh(symmetric(x));
    return below(eigh.values().unsqueeze(-2), eigh.vectors());
  }

  @GradCheck(shapes = {"2,3,3"})
  static Variable lu(Variable x) {
    Linalg.Lu lu = Linalg.lu(regular(x).flip(-1));
    return below(lu.l(), lu.u().transpose(), lu.p().transpose().matmul(lu.l()));
  }

  @GradCheck(
      of = "lu",
      shapes = {"4,2"})
  static Variable luOfTall(Variable x) {
    Linalg.Lu lu = Linalg.lu(regular(x).flip(-2));
    return below(lu.l(), lu.u().transpose());
  }

  @GradCheck(
      of = "lu",
      shapes = {"2,4"})
  static Variable luOfWide(Variable x) {
    Linalg.Lu lu = Linalg.lu(regular(x));
    return below(lu.l(), lu.u().transpose());
  }

  // ---- systems --------------------------------------------------------------------------------

  @GradCheck(shapes = {"3,3", "3,2"})
  static Variable solve(Variable x, Variable b) {
    return Linalg.solve(regular(x), b).exp();
  }

  @GradCheck(
      of = "solve",
      shapes = {"2,2,2", "2"})
  static Variable solveForAVector(Variable x, Variable b) {
    return Linalg.solve(regular(x), b).exp();
  }

  @GradCheck(
      of = "solve",
      shapes = {"2,1,2,2", "3,2,1"})
  static Variable solveBatches(Variable x, Variable b) {
    return Linalg.solve(regular(x), b).exp();
  }

  @GradCheck(shapes = {"3,3", "3,2"})
  static Variable solveTriangular(Variable x, Variable b) {
    return Linalg.solveTriangular(regular(x), b, true).exp();
  }

  @GradCheck(
      of = "solveTriangular",
      shapes = {"2,2", "3,2,1"})
  static Variable solveLowerTriangular(Variable x, Variable b) {
    return Linalg.solveTriangular(regular(x), b, false).exp();
  }

  @GradCheck(shapes = {"3,3"})
  static Variable inv(Variable x) {
    return Linalg.inv(regular(x)).exp();
  }

  @GradCheck(shapes = {"3,2"})
  static Variable pinv(Variable x) {
    return Linalg.pinv(regular(x)).exp();
  }

  @GradCheck(
      of = "pinv",
      shapes = {"2,2,3"})
  static Variable pinvOfWide(Variable x) {
    return Linalg.pinv(regular(x), 1e-10).exp();
  }

  @GradCheck(
      of = "pinv",
      shapes = {"3,2", "2,4"})
  static Variable pinvOfLowRank(Variable x, Variable y) {
    return Linalg.pinv(regular(x).matmul(regular(y)), 1e-10).exp();
  }

  @GradCheck(shapes = {"4,2", "4,2"})
  static Variable lstsq(Variable x, Variable b) {
    Linalg.Lstsq lstsq = Linalg.lstsq(regular(x), b);
    return below(lstsq.solution(), lstsq.residuals().unsqueeze(-2));
  }

  @GradCheck(
      of = "lstsq",
      shapes = {"2,2,3", "2"})
  static Variable lstsqForAVector(Variable x, Variable b) {
    return Linalg.lstsq(regular(x), b).solution().exp();
  }

  // ---- measures -------------------------------------------------------------------------------

  @GradCheck(shapes = {"2,3,3"})
  static Variable det(Variable x) {
    return Linalg.det(regular(x)).square();
  }

  @GradCheck(shapes = {"2,3,3"})
  static Variable slogdet(Variable x) {
    Linalg.SlogDet slogdet = Linalg.slogdet(regular(x));
    return slogdet.logAbsDet().mul(slogdet.sign()).exp();
  }

  @GradCheck(shapes = {"2,3"})
  static Variable cond(Variable x) {
    return Linalg.cond(regular(x)).square();
  }

  @GradCheck(shapes = {"2,2"})
  static Variable matrixPower(Variable x) {
    return Linalg.matrixPower(x, 5)
        .add(Linalg.matrixPower(x, 1).square())
        .add(Linalg.matrixPower(x, 0));
  }

  @GradCheck(
      of = "matrixPower",
      shapes = {"2,2,2"})
  static Variable matrixPowerOfTheInverse(Variable x) {
    return Linalg.matrixPower(regular(x), -2).exp();
  }

  @GradCheck(
      of = "matrixNorm",
      shapes = {"2,3,2"})
  static Variable frobenius(Variable x) {
    return Linalg.matrixNorm(x, Norm.FROBENIUS).square().exp();
  }

  @GradCheck(shapes = {"2,3"})
  static Variable matrixNorm(Variable x) {
    return Linalg.matrixNorm(regular(x), Norm.NUCLEAR)
        .add(Linalg.matrixNorm(regular(x), Norm.SPECTRAL).square())
        .add(Linalg.matrixNorm(regular(x), Norm.ONE).square())
        .add(Linalg.matrixNorm(regular(x), Norm.INFINITY).square());
  }
}
