package vectorgrad.autograd;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import vectorgrad.tensor.DType;
import vectorgrad.tensor.Linalg.Norm;
import vectorgrad.tensor.LinalgException;
import vectorgrad.tensor.Seed;
import vectorgrad.tensor.Shape;
import vectorgrad.tensor.Tensor;
import vectorgrad.tensor.TensorException;

/// Linear algebra by its identities, which hold in value and in gradient, and what happens where
/// there is no derivative.
class LinalgTest {
  private static Tensor normal(long seed, int... sizes) {
    return Tensor.normal(Seed.of(seed), 0, Shape.of(sizes), DType.F64);
  }

  /// Far from singular: its singular values lie between about 2 and 10.
  private static Tensor regular(long seed, int... sizes) {
    Tensor eye = Tensor.eye(sizes[sizes.length - 2], sizes[sizes.length - 1], DType.F64);
    return normal(seed, sizes).mul(.3).add(eye.mul(5));
  }

  private static Tensor symmetric(long seed, int n) {
    Tensor a = normal(seed, n, n);
    return a.add(a.transpose());
  }

  /// A few thousand roundings of numbers up to 100, and conditions up to 100.
  private static void assertClose(Tensor expected, Tensor actual) {
    assertEquals(expected.shape(), actual.shape());
    assertArrayEquals(expected.toDoubles(), actual.toDoubles(), 1e-9);
  }

  private static Tensor gradient(UnaryOperator<Variable> f, Tensor at) {
    Variable x = Variable.leaf(at);
    return f.apply(x).sum().backward().get(x);
  }

  /// `f` of a matrix is the matrix itself, so it hands a gradient on as it came.
  private static void assertIdentity(UnaryOperator<Variable> f, Tensor at) {
    Variable x = Variable.leaf(at);
    Variable y = f.apply(x);
    assertClose(at, y.value());
    Tensor dy = normal(99, at.shape().toArray());
    assertClose(dy, y.mul(Variable.constant(dy)).sum().backward().get(x));
  }

  private static Variable eye(int n) {
    return Variable.constant(Tensor.eye(n, DType.F64));
  }

  // ---- identities -----------------------------------------------------------------------------

  @Property(tries = 20)
  void theLogarithmOfADeterminantHasTheInverseTransposedAsGradient(
      @ForAll long seed, @ForAll @IntRange(min = 1, max = 6) int n) {
    Tensor a = regular(seed, 2, n, n);
    Tensor expected = vectorgrad.tensor.Linalg.inv(a).transpose();
    assertClose(expected, gradient(x -> Linalg.slogdet(x).logAbsDet(), a));
    assertClose(expected, gradient(x -> Linalg.det(x).log(), a.add(0)));
  }

  @Property(tries = 20)
  void theInverseTimesTheMatrixIsConstant(
      @ForAll long seed, @ForAll @IntRange(min = 1, max = 6) int n) {
    Tensor a = regular(seed, n, n);
    Variable weights = Variable.constant(normal(seed + 1, n, n));
    Tensor zeros = Tensor.zeros(Shape.of(n, n), DType.F64);
    assertClose(zeros, gradient(x -> Linalg.inv(x).matmul(x).mul(weights), a));
    assertClose(zeros, gradient(x -> Linalg.solve(x, x).mul(weights), a));
    assertClose(
        zeros, gradient(x -> Linalg.matrixPower(x, -2).matmul(x).matmul(x).mul(weights), a));
  }

  @Property(tries = 20)
  void theEigenvaluesSumUpToTheTrace(@ForAll long seed, @ForAll @IntRange(min = 1, max = 6) int n) {
    Tensor a = symmetric(seed, n);
    Variable x = Variable.leaf(a);
    Variable sum = Linalg.eigh(x).values().sum();
    assertClose(a.trace(), sum.value());
    Gradients gradients = sum.backwardWithGraph();
    assertClose(Tensor.eye(n, DType.F64), gradients.get(x));
    // and so it does to second order: the gradient is constant
    Variable weights = Variable.constant(symmetric(seed + 1, n));
    Variable product = gradients.variable(x).mul(weights).sum();
    assertClose(Tensor.zeros(a.shape(), DType.F64), product.backward(x).get(x));
  }

  @Property(tries = 20)
  void theSquaresOfTheSingularValuesSumUpToThoseOfTheElements(
      @ForAll long seed,
      @ForAll @IntRange(min = 1, max = 5) int m,
      @ForAll @IntRange(min = 1, max = 5) int n) {
    Tensor a = normal(seed, m, n);
    assertClose(a.mul(2), gradient(x -> Linalg.svd(x).s().square(), a));
    assertClose(a.mul(2), gradient(x -> Linalg.matrixNorm(x, Norm.FROBENIUS).square(), a));
  }

  @Property(tries = 20)
  void factorsMultipliedAgainHandTheGradientOn(
      @ForAll long seed,
      @ForAll @IntRange(min = 1, max = 5) int m,
      @ForAll @IntRange(min = 1, max = 5) int n) {
    Tensor a = regular(seed, 2, m, n);
    for (boolean full : new boolean[] {false, true}) {
      assertIdentity(
          x -> {
            Linalg.Qr qr = Linalg.qr(x, full);
            return qr.q().matmul(qr.r());
          },
          a);
    }
    assertIdentity(
        x -> {
          Linalg.Svd svd = Linalg.svd(x);
          return svd.u().mul(svd.s().unsqueeze(-2)).matmul(svd.vh());
        },
        a);
    assertIdentity(
        x -> {
          Linalg.Lu lu = Linalg.lu(x);
          return lu.p().matmul(lu.l()).matmul(lu.u());
        },
        a.flip(-2));
    assertIdentity(x -> Linalg.pinv(Linalg.pinv(x)), a);
  }

  @Property(tries = 20)
  void symmetricFactorsMultipliedAgainHandTheSymmetricPartOn(
      @ForAll long seed, @ForAll @IntRange(min = 1, max = 5) int n) {
    Tensor half = regular(seed, n, n);
    Tensor a = half.matmul(half.transpose());
    Tensor dy = normal(seed + 1, n, n);
    Tensor expected = dy.add(dy.transpose()).div(2);
    Variable weights = Variable.constant(dy);
    assertClose(
        expected,
        gradient(
            x -> {
              Variable l = Linalg.cholesky(x);
              return l.matmul(l.transpose()).mul(weights);
            },
            a));
    assertClose(
        expected,
        gradient(
            x -> {
              Linalg.Eigh eigh = Linalg.eigh(x);
              Variable v = eigh.vectors();
              return v.mul(eigh.values().unsqueeze(-2)).matmul(v.transpose()).mul(weights);
            },
            a));
  }

  /// Whatever the gradient, orthonormal columns stay orthonormal.
  @Property(tries = 20)
  void orthonormalColumnsHaveAConstantProduct(@ForAll long seed) {
    Tensor a = regular(seed, 4, 2);
    Variable weights = Variable.constant(normal(seed + 1, 4, 4));
    Tensor zeros = Tensor.zeros(a.shape(), DType.F64);
    for (Function<Variable, Variable> q :
        List.<Function<Variable, Variable>>of(
            x -> Linalg.qr(x, true).q(), x -> Linalg.svd(x, true).u())) {
      assertClose(zeros, gradient(x -> q.apply(x).transpose().matmul(q.apply(x)).mul(weights), a));
    }
  }

  @Test
  void powersAreProducts() {
    Tensor a = normal(3, 3, 3);
    Tensor expected = gradient(x -> x.matmul(x).matmul(x), a);
    assertClose(expected, gradient(x -> Linalg.matrixPower(x, 3), a));
    assertArrayEquals(new double[9], gradient(x -> Linalg.matrixPower(x, 0), a).toDoubles());
  }

  // ---- values ---------------------------------------------------------------------------------

  private static void assertSameBits(Tensor expected, Variable... same) {
    for (Variable variable : same) {
      assertEquals(expected.dtype(), variable.dtype());
      assertArrayEquals(expected.toDoubles(), variable.value().toDoubles());
    }
  }

  /// Recorded or not: slicing factors apart and known values change nothing.
  @Property(tries = 20)
  void valuesHaveTheBitsOfTensors(
      @ForAll long seed,
      @ForAll @IntRange(min = 0, max = 4) int m,
      @ForAll @IntRange(min = 0, max = 4) int n) {
    Tensor a = normal(seed, 2, m, n).to(seed % 2 == 0 ? DType.F64 : DType.F32);
    Variable x = Variable.leaf(a);
    Variable y = Variable.constant(a);
    for (boolean full : new boolean[] {false, true}) {
      var qr = vectorgrad.tensor.Linalg.qr(a, full);
      assertSameBits(qr.q(), Linalg.qr(x, full).q(), Linalg.qr(y, full).q());
      assertSameBits(qr.r(), Linalg.qr(x, full).r(), Linalg.qr(y, full).r());
      var svd = vectorgrad.tensor.Linalg.svd(a, full);
      assertSameBits(svd.u(), Linalg.svd(x, full).u(), Linalg.svd(y, full).u());
      assertSameBits(svd.s(), Linalg.svd(x, full).s(), Linalg.svd(y, full).s());
      assertSameBits(svd.vh(), Linalg.svd(x, full).vh(), Linalg.svd(y, full).vh());
    }
    var lu = vectorgrad.tensor.Linalg.lu(a);
    assertSameBits(lu.p(), Linalg.lu(x).p(), Linalg.lu(y).p());
    assertSameBits(lu.l(), Linalg.lu(x).l(), Linalg.lu(y).l());
    assertSameBits(lu.u(), Linalg.lu(x).u(), Linalg.lu(y).u());
    for (Norm norm : Norm.values()) {
      Tensor size = vectorgrad.tensor.Linalg.matrixNorm(a, norm);
      // sums in another order, in f64
      double tolerance = a.dtype() == DType.F64 ? 1e-13 : 1e-6;
      assertArrayEquals(
          size.toDoubles(), Linalg.matrixNorm(x, norm).value().toDoubles(), tolerance);
    }
    if (m > 0 && n > 0) {
      assertSameBits(vectorgrad.tensor.Linalg.cond(a), Linalg.cond(x), Linalg.cond(y));
    }
  }

  @Test
  void gradientsHaveTheDtypeOfTheirMatrixAndItsPrecision() {
    Tensor a = regular(5, 3, 3);
    Tensor b = normal(6, 2, 3, 1);
    Variable narrow = Variable.leaf(a.to(DType.F32));
    Variable wide = Variable.leaf(b);
    Variable x = Linalg.solve(narrow, wide);
    assertEquals(DType.F64, x.dtype());
    Gradients gradients = x.sum().backward();
    assertEquals(DType.F32, gradients.get(narrow).dtype());
    assertEquals(b.shape(), gradients.get(wide).shape());
    for (UnaryOperator<Variable> f :
        List.<UnaryOperator<Variable>>of(
            Linalg::inv,
            Linalg::det,
            Linalg::pinv,
            v -> Linalg.lstsq(v, v.slice(-1, 0, 1)).residuals(),
            v -> Linalg.svd(v).u(),
            v -> Linalg.matrixPower(v, 3))) {
      Variable half = Variable.leaf(a.to(DType.F32));
      Tensor gradient = f.apply(half).sum().backward().get(half);
      assertEquals(DType.F32, gradient.dtype());
      Tensor expected = gradient(f, a);
      double size = expected.abs().max().item();
      // a dozen roundings to 24 bits of numbers up to 100 in between
      assertArrayEquals(expected.toDoubles(), gradient.toDoubles(), 1e-4 * (1 + size));
    }
  }

  @Test
  void leastSquaresOfWholeRankSolveTheNormalEquations() {
    Tensor a = regular(7, 5, 2);
    Tensor b = normal(8, 5);
    Variable x = Variable.leaf(a);
    Variable y = Variable.leaf(b);
    Linalg.Lstsq fitted = Linalg.lstsq(x, y);
    Variable normalEquations = Linalg.solve(x.transpose().matmul(x), x.transpose().matmul(y));
    assertClose(normalEquations.value(), fitted.solution().value());
    Gradients expected = normalEquations.square().sum().backward();
    Gradients actual = fitted.solution().square().sum().backward();
    assertClose(expected.get(x), actual.get(x));
    assertClose(expected.get(y), actual.get(y));
    assertEquals(2, fitted.rank().item());
    assertFalse(fitted.singularValues().requiresGrad());
    Linalg.Lstsq plain = Linalg.lstsq(Variable.constant(a), Variable.constant(b));
    assertClose(plain.residuals().value(), fitted.residuals().value());
    assertClose(plain.solution().value(), fitted.solution().value());
  }

  // ---- where there is no derivative -----------------------------------------------------------

  private static Tensor matrix(int columns, double... values) {
    return Tensor.of(values, Shape.of(values.length / columns, columns));
  }

  private static void assertValues(Tensor actual, double... expected) {
    assertArrayEquals(expected, actual.toDoubles(), 1e-14);
  }

  private static boolean isFinite(Tensor x) {
    for (double value : x.toDoubles()) {
      if (!Double.isFinite(value)) {
        return false;
      }
    }
    return true;
  }

  @Test
  void equalValuesHaveGradientsThoughTheirVectorsHaveNone() {
    Tensor twice = matrix(2, 2, 0, 0, 2);
    assertValues(gradient(x -> Linalg.svd(x).s(), twice), 1, 0, 0, 1);
    assertValues(gradient(x -> Linalg.svd(x).s().square(), twice), 4, 0, 0, 4);
    assertValues(gradient(x -> Linalg.eigh(x).values().square(), twice), 4, 0, 0, 4);
    assertValues(gradient(x -> Linalg.matrixNorm(x, Norm.NUCLEAR), twice), 1, 0, 0, 1);
    Variable bent = Variable.constant(matrix(2, 1, 2, 3, 5));
    assertFalse(isFinite(gradient(x -> Linalg.eigh(x).vectors().mul(bent), twice)));
    assertFalse(isFinite(gradient(x -> Linalg.svd(x).u().mul(bent), twice)));
  }

  @Test
  void theValuesOfATallMatrixOfLowRankHaveGradients() {
    Tensor low = matrix(2, 3, 0, 0, 0, 4, 0);
    assertValues(gradient(x -> Linalg.svd(x).s().square(), low), 6, 0, 0, 0, 8, 0);
    assertValues(gradient(x -> Linalg.matrixNorm(x, Norm.SPECTRAL), low), .6, 0, 0, 0, .8, 0);
  }

  @Test
  void theDeterminantOfASingularMatrixHasItsCofactorsAsGradient() {
    assertValues(gradient(Linalg::det, matrix(2, 1, 2, 2, 4)), 4, -2, -2, 1);
    assertValues(gradient(Linalg::det, matrix(2, 0, 0, 0, 0)), 0, 0, 0, 0);
    assertValues(gradient(Linalg::det, matrix(1, 0)), 1);
    assertValues(
        gradient(Linalg::det, matrix(3, 2, 0, 0, 0, 3, 0, 0, 0, 0)), 0, 0, 0, 0, 0, 0, 0, 0, 6);
    Variable x = Variable.leaf(matrix(2, 1, 2, 2, 4));
    Variable gradient = Linalg.det(x).backwardWithGraph().variable(x);
    var error = assertThrows(LinalgException.class, () -> gradient.sum().backward());
    assertTrue(
        error.getMessage().startsWith("inv: the matrix is singular, pivot 1 is zero"),
        error::getMessage);
  }

  @Test
  void backwardRefusesWhatOnlyRegularMatricesHave() {
    Tensor low = matrix(2, 1, 2, 2, 4);
    for (UnaryOperator<Variable> f :
        List.<UnaryOperator<Variable>>of(
            x -> Linalg.slogdet(x).logAbsDet(), x -> Linalg.lu(x).l(), x -> Linalg.lu(x).u())) {
      Variable y = f.apply(Variable.leaf(low)); // but forward does not
      var error = assertThrows(LinalgException.class, () -> y.sum().backward());
      assertTrue(error.getMessage().contains("the matrix is singular"), error::getMessage);
    }
    Variable r = Linalg.qr(Variable.leaf(matrix(2, 1, 0, 1, 0))).r();
    var error = assertThrows(LinalgException.class, () -> r.sum().backward());
    assertEquals(
        """
        solveTriangular: the matrix is singular, pivot 1 is zero
          shape  (2, 2)
          help   pinv and lstsq take singular matrices\
        """,
        error.getMessage());
  }

  @Test
  void normsAreFlatAtZeroAndEqualCandidatesShare() {
    Tensor zero = matrix(2, 0, 0, 0, 0);
    for (Norm norm : List.of(Norm.FROBENIUS, Norm.ONE, Norm.INFINITY)) {
      assertValues(gradient(x -> Linalg.matrixNorm(x, norm), zero), 0, 0, 0, 0);
    }
    Tensor equal = matrix(2, 1, -2, 2, 1);
    assertValues(gradient(x -> Linalg.matrixNorm(x, Norm.ONE), equal), .5, -.5, .5, .5);
    assertValues(gradient(x -> Linalg.matrixNorm(x, Norm.INFINITY), equal), .5, -.5, .5, .5);
    Tensor eye = matrix(2, 1, 0, 0, 1);
    assertValues(gradient(x -> Linalg.matrixNorm(x, Norm.SPECTRAL), eye), .5, 0, 0, .5);
    Tensor huge = matrix(2, 3e200, 0, 0, 4e200);
    assertValues(gradient(x -> Linalg.matrixNorm(x, Norm.FROBENIUS), huge), .6, 0, 0, .8);
  }

  @Test
  void aSingularMatrixHasAnInfiniteConditionAndNoGradient() {
    for (Tensor singular : List.of(matrix(2, 1, 0, 0, 0), matrix(2, 0, 0, 0, 0))) {
      assertEquals(Double.POSITIVE_INFINITY, Linalg.cond(Variable.leaf(singular)).item());
      assertFalse(isFinite(gradient(Linalg::cond, singular)));
    }
  }

  @Test
  void theGradientOfAPseudoInverseTakesTheRankAsItIs() {
    // 1 / x of the values that are not 0, and along U and V nothing: dA = −Yᵀ·dY·Yᵀ and its outside
    assertValues(gradient(x -> Linalg.pinv(x).mul(eye(2)), matrix(2, 2, 0, 0, 0)), -.25, 0, 0, 0);
    assertValues(gradient(Linalg::pinv, matrix(2, 0, 0, 0, 0)), 0, 0, 0, 0);
  }

  /// The texts are pinned by the tests of tensors.
  @Test
  void whatTensorsRefuseIsRefusedInTheSameWords() {
    Tensor wide = normal(1, 2, 3);
    Tensor vector = normal(2, 3);
    Tensor whole = Tensor.of(new int[] {1, 2, 3, 4}, Shape.of(2, 2));
    Tensor singular = matrix(2, 1, 2, 2, 4);
    Tensor undefined = matrix(2, 1, Double.NaN, 2, 4);
    Tensor none = Tensor.zeros(Shape.of(0, 2), DType.F64);
    for (Tensor a : List.of(wide, vector, whole, singular, undefined)) {
      assertRefusedAlike(vectorgrad.tensor.Linalg::inv, Linalg::inv, a);
      assertRefusedAlike(
          x -> vectorgrad.tensor.Linalg.solve(x, vector),
          x -> Linalg.solve(x, constant(vector)),
          a);
      assertRefusedAlike(
          x -> vectorgrad.tensor.Linalg.solveTriangular(x, vector, true),
          x -> Linalg.solveTriangular(x, constant(vector), true),
          a);
      assertRefusedAlike(
          x -> vectorgrad.tensor.Linalg.matrixPower(x, -1), x -> Linalg.matrixPower(x, -1), a);
    }
    for (Tensor a : List.of(wide, vector, whole, undefined)) {
      assertRefusedAlike(vectorgrad.tensor.Linalg::cholesky, Linalg::cholesky, a.neg());
      assertRefusedAlike(vectorgrad.tensor.Linalg::det, Linalg::det, a);
      assertRefusedAlike(
          x -> vectorgrad.tensor.Linalg.slogdet(x).sign(), x -> Linalg.slogdet(x).sign(), a);
    }
    for (Tensor a : List.of(vector, whole, undefined)) {
      assertRefusedAlike(x -> vectorgrad.tensor.Linalg.qr(x).q(), x -> Linalg.qr(x).q(), a);
      assertRefusedAlike(vectorgrad.tensor.Linalg::pinv, Linalg::pinv, a);
      for (Norm norm : Norm.values()) {
        assertRefusedAlike(
            x -> vectorgrad.tensor.Linalg.matrixNorm(x, norm), x -> Linalg.matrixNorm(x, norm), a);
      }
      assertRefusedAlike(
          x -> vectorgrad.tensor.Linalg.lstsq(x, vector).solution(),
          x -> Linalg.lstsq(x, constant(vector)).solution(),
          a);
    }
    for (Tensor a : List.of(vector, whole, none)) {
      assertRefusedAlike(vectorgrad.tensor.Linalg::cond, Linalg::cond, a);
    }
  }

  private static Variable constant(Tensor x) {
    return Variable.constant(x);
  }

  private static void assertRefusedAlike(
      UnaryOperator<Tensor> theirs, UnaryOperator<Variable> ours, Tensor a) {
    String expected = assertThrows(TensorException.class, () -> theirs.apply(a)).getMessage();
    Variable x = a.dtype().isFloating() ? Variable.leaf(a) : Variable.constant(a);
    assertEquals(expected, assertThrows(TensorException.class, () -> ours.apply(x)).getMessage());
  }

  @Test
  void emptyMatricesHaveEmptyGradients() {
    Tensor none = Tensor.zeros(Shape.of(2, 0, 0), DType.F64);
    for (UnaryOperator<Variable> f :
        List.<UnaryOperator<Variable>>of(
            Linalg::inv,
            Linalg::det,
            Linalg::cholesky,
            Linalg::pinv,
            x -> Linalg.slogdet(x).logAbsDet(),
            x -> Linalg.eigh(x).vectors(),
            x -> Linalg.svd(x).s(),
            x -> Linalg.qr(x).q(),
            x -> Linalg.lu(x).u(),
            x -> Linalg.solve(x, x),
            x -> Linalg.matrixNorm(x, Norm.SPECTRAL),
            x -> Linalg.matrixNorm(x, Norm.FROBENIUS))) {
      assertEquals(none.shape(), gradient(f, none).shape());
    }
  }
}
