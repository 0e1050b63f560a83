package vectorgrad.tensor;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.function.Executable;
import vectorgrad.tensor.Linalg.Norm;

/// What defines each decomposition, over nasty batches of matrices on both devices: it multiplies
/// back to the matrix, and its factors have their form.
class LinalgTest {
  /// Rounding errors of f64 in sums of up to 70 terms, times matrices of size up to 10.
  private static final double ROUNDED = 1e-12;

  private static final Device[] DEVICES = {Device.CPU, Device.REFERENCE};

  /// A batch (…, m, n) behind a random layout; some are of low rank, some have equal rows.
  private static Tensor matrices(Nasty nasty, int m, int n) {
    int[] sizes = {1 + nasty.random().nextInt(3), m, n};
    Tensor a =
        nasty.tensor(nasty.random().nextBoolean() ? Shape.of(sizes) : Shape.of(m, n), DType.F64);
    return switch (nasty.random().nextInt(4)) {
      case 0 -> a.mul(1e200);
      case 1 -> m > 1 ? Tensor.concat(-2, a.slice(-2, 0, m - 1), a.slice(-2, 0, 1)) : a;
      default -> a;
    };
  }

  private static int size(Nasty nasty) {
    int[] sizes = {0, 1, 1, 2, 3, 4, 5, 8, 13, 33};
    return sizes[nasty.random().nextInt(sizes.length)];
  }

  private static Tensor square(Nasty nasty) {
    int n = size(nasty);
    return matrices(nasty, n, n);
  }

  private static double scale(Tensor a) {
    return a.size() == 0 ? 1 : Math.max(a.abs().max().item(), 1e-300);
  }

  private static void assertNear(Tensor expected, Tensor actual, double scale) {
    assertEquals(expected.shape(), actual.shape());
    if (expected.size() > 0) {
      double error = expected.div(scale).sub(actual.div(scale)).abs().max().item();
      assertTrue(error < ROUNDED, () -> "off by " + error + " of " + scale);
    }
  }

  private static Tensor identityLike(Tensor gram) {
    return Linalg.matrixPower(gram, 0);
  }

  private static void assertOrthonormalColumns(Tensor q) {
    Tensor gram = q.transpose().matmul(q);
    assertNear(identityLike(gram), gram, 1);
  }

  private static void assertUpper(Tensor r) {
    Model m = Model.of(r);
    int[] index = new int[r.rank()];
    for (int i = 0; i < r.size(); i++, Model.next(index, r.shape())) {
      int row = index[r.rank() - 2];
      int column = index[r.rank() - 1];
      assertTrue(column < row ? m.get(index) == 0 : column > row || m.get(index) >= 0);
    }
  }

  @Property(tries = 60)
  @Checks("qr")
  void qMultipliedByRIsTheMatrix(@ForAll long seed, @ForAll boolean complete) {
    for (Device device : DEVICES) {
      var nasty = new Nasty(seed, device);
      Tensor a = matrices(nasty, size(nasty), size(nasty));
      var qr = Linalg.qr(a, complete);
      assertNear(a, qr.q().matmul(qr.r()), scale(a));
      assertOrthonormalColumns(qr.q());
      assertUpper(qr.r());
      assertEquals(complete ? a.size(-2) : Math.min(a.size(-2), a.size(-1)), qr.q().size(-1));
      assertEquals(device, qr.r().device());
    }
  }

  @Property(tries = 60)
  @Checks("svd")
  void singularVectorsMultiplyBackToTheMatrix(@ForAll long seed, @ForAll boolean full) {
    for (Device device : DEVICES) {
      var nasty = new Nasty(seed, device);
      Tensor a = matrices(nasty, size(nasty), size(nasty));
      var svd = Linalg.svd(a, full);
      int k = Math.min(a.size(-2), a.size(-1));
      assertEquals(full ? a.size(-2) : k, svd.u().size(-1));
      assertEquals(full ? a.size(-1) : k, svd.vh().size(-2));
      Tensor stretched = svd.u().slice(-1, 0, k).mul(svd.s().unsqueeze(-2));
      assertNear(a, stretched.matmul(svd.vh().slice(-2, 0, k)), scale(a));
      assertOrthonormalColumns(svd.u());
      assertOrthonormalColumns(svd.vh().transpose());
      assertDescending(svd.s());
      assertLargestPositive(svd.vh().slice(-2, 0, k));
    }
  }

  private static void assertDescending(Tensor s) {
    int n = s.size(-1);
    if (n > 0) {
      assertTrue(s.size() == 0 || s.min().item() >= 0);
      Tensor falls = s.slice(-1, 1, n).le(s.slice(-1, 0, n - 1));
      assertTrue(falls.size() == 0 || falls.to(DType.F64).min().item() == 1);
    }
  }

  /// Every row's largest size is reached by a positive component, as far as rounding tells.
  private static void assertLargestPositive(Tensor rows) {
    if (rows.size() > 0) {
      Tensor difference = rows.abs().max(-1).sub(rows.max(-1));
      assertTrue(difference.max().item() < 1e-8);
    }
  }

  @Property(tries = 60)
  @Checks("eigh")
  void eigenvectorsMultiplyBackToTheMatrix(@ForAll long seed) {
    for (Device device : DEVICES) {
      Tensor a = square(new Nasty(seed, device));
      Tensor symmetric = a.add(a.transpose());
      var eigh = Linalg.eigh(symmetric);
      Tensor v = eigh.vectors();
      Tensor back = v.mul(eigh.values().unsqueeze(-2)).matmul(v.transpose());
      assertNear(symmetric, back, scale(symmetric));
      assertOrthonormalColumns(v);
      assertLargestPositive(v.transpose());
      int n = v.size(-1);
      if (a.size() > 0) {
        Tensor values = eigh.values();
        Tensor rises = values.slice(-1, 1, n).ge(values.slice(-1, 0, n - 1)).to(DType.F64);
        assertTrue(rises.size() == 0 || rises.min().item() == 1);
      }
    }
  }

  @Property(tries = 60)
  @Checks("lu")
  void theProductOfTheTrianglesIsTheMatrixWithItsRowsExchanged(@ForAll long seed) {
    for (Device device : DEVICES) {
      var nasty = new Nasty(seed, device);
      Tensor a = matrices(nasty, size(nasty), size(nasty));
      var lu = Linalg.lu(a);
      assertNear(a, lu.p().matmul(lu.l()).matmul(lu.u()), scale(a));
      assertTrue(lu.l().size() == 0 || lu.l().abs().max().item() <= 1);
      assertOrthonormalColumns(lu.p());
    }
  }

  @Property(tries = 60)
  @Checks("cholesky")
  void theCholeskyFactorMultipliesBackToTheMatrix(@ForAll long seed) {
    for (Device device : DEVICES) {
      Tensor a = square(new Nasty(seed, device));
      Tensor scaled = a.div(scale(a));
      Tensor definite = scaled.matmul(scaled.transpose()).add(identityLike(scaled));
      Tensor l = Linalg.cholesky(definite);
      assertNear(definite, l.matmul(l.transpose()), scale(definite));
      assertUpper(l.transpose());
    }
  }

  @Property(tries = 60)
  @Checks({"solve", "solveTriangular", "inv"})
  void systemsAreSolvedForBroadcastBatches(@ForAll long seed) {
    for (Device device : DEVICES) {
      var nasty = new Nasty(seed, device);
      Tensor a = square(nasty);
      int n = a.size(-1);
      Tensor regular = a.div(scale(a)).add(identityLike(a).mul(n + 1.0));
      Tensor b = nasty.tensor(Shape.of(2, 1, n, size(nasty)), DType.F64);
      Tensor x = Linalg.solve(regular, b);
      assertNear(b.add(regular.matmul(x).mul(0)), regular.matmul(x), 10);
      Tensor vector = nasty.tensor(Shape.of(n), DType.F64);
      Tensor y = Linalg.solve(regular, vector);
      assertNear(vector.add(y.mul(0)), regular.matmul(y.unsqueeze(-1)).squeeze(-1), 10);
      assertNear(identityLike(regular), Linalg.inv(regular).matmul(regular), 1);
      Tensor r = Linalg.qr(regular).r();
      assertNear(b.add(regular.matmul(x).mul(0)), r.matmul(Linalg.solveTriangular(r, b, true)), 10);
      Tensor l = r.transpose();
      assertNear(
          b.add(regular.matmul(x).mul(0)), l.matmul(Linalg.solveTriangular(l, b, false)), 10);
    }
  }

  @Property(tries = 60)
  @Checks({"pinv", "lstsq"})
  void thePseudoinverseFulfilsPenrosesEquations(@ForAll long seed) {
    for (Device device : DEVICES) {
      var nasty = new Nasty(seed, device);
      Tensor a = matrices(nasty, size(nasty), size(nasty));
      a = a.div(scale(a));
      Tensor p = Linalg.pinv(a);
      double scale = Math.max(1, scale(p) * scale(p));
      assertNear(a, a.matmul(p).matmul(a), scale);
      assertNear(p, p.matmul(a).matmul(p), scale);
      assertNear(a.matmul(p), a.matmul(p).transpose(), scale);
      assertNear(p.matmul(a), p.matmul(a).transpose(), scale);
      var b = nasty.tensor(Shape.of(a.size(-2), 2), DType.F64);
      assertNear(p.matmul(b), Linalg.lstsq(a, b).solution(), scale);
    }
  }

  @Property(tries = 40)
  @Checks({"det", "slogdet"})
  void determinantsMultiply(@ForAll long seed) {
    var nasty = new Nasty(seed, Device.CPU);
    int n = nasty.random().nextInt(6);
    Tensor a = nasty.tensor(Shape.of(3, n, n), DType.F64);
    Tensor b = nasty.tensor(Shape.of(3, n, n), DType.F64);
    Tensor product = Linalg.det(a).mul(Linalg.det(b));
    assertNear(product, Linalg.det(a.matmul(b)), Math.max(1, scale(product)) * 100);
    var log = Linalg.slogdet(a);
    assertNear(Linalg.det(a), log.sign().mul(log.logAbsDet().exp()), 100);
  }

  @Example
  void numbersOfF32AreComputedInF64AndRoundedOnce() {
    Tensor a = Tensor.normal(Seed.of(1), 0, Shape.of(6, 6), DType.F32);
    Tensor wide = a.to(DType.F64);
    assertArrayEquals(Linalg.inv(wide).to(DType.F32).toFloats(), Linalg.inv(a).toFloats());
    assertArrayEquals(Linalg.svd(wide).u().to(DType.F32).toFloats(), Linalg.svd(a).u().toFloats());
    assertArrayEquals(Linalg.pinv(wide).to(DType.F32).toFloats(), Linalg.pinv(a).toFloats());
    Tensor b = Tensor.ones(Shape.of(6), DType.F64);
    assertEquals(DType.F64, Linalg.solve(a, b).dtype());
    assertArrayEquals(Linalg.solve(wide, b).toDoubles(), Linalg.solve(a, b).toDoubles());
    assertEquals(DType.F64, Linalg.lstsq(a, b).solution().dtype());
    Tensor noisy = Tensor.of(new float[] {1, 1, 1, 1 + 0x1p-23f}, Shape.of(2, 2));
    assertEquals(1, Linalg.matrixRank(noisy).item());
    assertEquals(2, Linalg.matrixRank(noisy.to(DType.F64)).item());
  }

  @Example
  void smallSingularValuesOfAScaledMatrixKeepTheirDigits() {
    // columns of length 1, 1e-10, 1e-20 and nearly orthogonal: the values are known to all digits
    Tensor a = Tensor.of(new double[] {1, 0, 0, 0, 1e-10, 0, 0, 0, 1e-20}, Shape.of(3, 3));
    Tensor q = Linalg.qr(Tensor.normal(Seed.of(4), 0, Shape.of(3, 3), DType.F64)).q();
    double[] s = Linalg.svd(q.matmul(a)).s().toDoubles();
    assertArrayEquals(
        new double[] {1, 1, 1}, new double[] {s[0], s[1] / 1e-10, s[2] / 1e-20}, 1e-13);
  }

  @Example
  void theTwelfthHilbertMatrixIsTakenApartDespiteItsCondition() {
    int n = 12;
    double[] values = new double[n * n];
    for (int i = 0; i < n * n; i++) {
      values[i] = 1.0 / (i / n + i % n + 1);
    }
    Tensor hilbert = Tensor.of(values, Shape.of(n, n));
    Tensor l = Linalg.cholesky(hilbert);
    assertNear(hilbert, l.matmul(l.transpose()), 1);
    var eigh = Linalg.eigh(hilbert);
    assertNear(hilbert, eigh.vectors().mul(eigh.values()).matmul(eigh.vectors().transpose()), 1);
    assertEquals(1.7952, eigh.values().toDoubles()[n - 1], 1e-3);
    assertEquals(1.6e16, Linalg.cond(hilbert).item(), 0.2e16);
  }

  @Example
  void manyRowsConvergeAndKeepTheirAccuracy() {
    Tensor a = Tensor.normal(Seed.of(9), 0, Shape.of(150, 120), DType.F64);
    var svd = Linalg.svd(a);
    assertNear(a, svd.u().mul(svd.s()).matmul(svd.vh()), 4);
    Tensor gram = a.transpose().matmul(a);
    var eigh = Linalg.eigh(gram);
    assertNear(svd.s().square().flip(0), eigh.values(), 500);
    assertOrthonormalColumns(eigh.vectors());
  }

  @Example
  void theSameBitsComeOutForAnyNumberOfThreads() {
    Tensor a = Tensor.normal(Seed.of(9), 0, Shape.of(40, 40), DType.F64);
    int before = Device.CPU.backend().threads();
    double[] one;
    try {
      Device.CPU.backend().threads(1);
      one = Linalg.pinv(a).toDoubles();
      Device.CPU.backend().threads(3);
      assertTrue(Arrays.equals(one, Linalg.pinv(a).toDoubles()));
    } finally {
      Device.CPU.backend().threads(before);
    }
  }

  @Example
  void emptyMatricesHaveNormZeroAndDeterminantOne() {
    Tensor empty = Tensor.zeros(Shape.of(2, 0, 0), DType.F64);
    assertArrayEquals(new double[] {1, 1}, Linalg.det(empty).toDoubles());
    assertEquals(Shape.of(2, 0, 0), Linalg.inv(empty).shape());
    for (Norm norm : Norm.values()) {
      assertArrayEquals(new double[] {0, 0}, Linalg.matrixNorm(empty, norm).toDoubles());
    }
    assertArrayEquals(new double[] {0, 0}, Linalg.matrixRank(empty).toDoubles());
    assertEquals(Shape.of(0), Linalg.cond(Tensor.ones(Shape.of(0, 2, 2), DType.F64)).shape());
    Tensor none = Tensor.zeros(Shape.of(0, 3), DType.F64);
    var fit = Linalg.lstsq(none, Tensor.zeros(Shape.of(0, 2), DType.F64));
    assertArrayEquals(new double[6], fit.solution().toDoubles());
    assertArrayEquals(new double[2], fit.residuals().toDoubles());
  }

  // ---- errors ---------------------------------------------------------------------------------

  private static void refuses(String text, Executable call) {
    assertEquals(text.strip(), assertThrows(TensorException.class, call).getMessage());
  }

  @Example
  void refusalsNameTheMatrixAndThePlace() {
    Tensor a = Tensor.of(new double[] {1, 2, 2, 1}, Shape.of(2, 2));
    refuses(
        """
        cholesky: the matrix is not positive definite, its leading minor of order 2 is not positive
          shape  (2, 2)
          help   a covariance of too few samples needs a small multiple of I added
        """,
        () -> Linalg.cholesky(a));
    Tensor b = Tensor.stack(0, identityLike(a), Tensor.ones(Shape.of(2, 2), DType.F64));
    for (var operation : new String[] {"inv", "solve"}) {
      refuses(
          operation
              + """
              : the matrix is singular, pivot 1 is zero
                shape  (2, 2, 2)
                matrix [1]
                help   pinv and lstsq take singular matrices
              """,
          () -> {
            Object _ = operation.equals("inv") ? Linalg.inv(b) : Linalg.solve(b, a);
          });
    }
    refuses(
        """
        solveTriangular: the matrix is singular, pivot 0 is zero
          shape  (2, 2)
          help   pinv and lstsq take singular matrices
        """,
        () -> Linalg.solveTriangular(a.sub(1), a, true));
    Tensor nan = Tensor.of(new double[] {1, 2, 2, Double.NaN}, Shape.of(2, 2));
    refuses(
        """
        svd: the matrix holds NaN in row 1, column 1
          shape  (2, 2)
          help   only finite numbers can be decomposed
        """,
        () -> Linalg.svd(nan));
    refuses(
        """
        eigh: the matrix holds NaN in row 1, column 1
          shape  (2, 2)
          help   only finite numbers can be decomposed
        """,
        () -> Linalg.eigh(nan));
  }

  @Example
  void whatIsAboveTheDiagonalIsNotReadOfSymmetricMatrices() {
    Tensor a = Tensor.of(new double[] {2, Double.NaN, 1, 2}, Shape.of(2, 2));
    assertArrayEquals(new double[] {1, 3}, Linalg.eigh(a).values().toDoubles(), 1e-15);
    assertEquals(Math.sqrt(2), Linalg.cholesky(a).toDoubles()[0]);
  }

  @Example
  void refusalsOfShapesAndTypesNameThem() {
    Tensor wide = Tensor.ones(Shape.of(2, 3), DType.F64);
    refuses(
        """
        det: needs square matrices, found 2 × 3
          shape  (2, 3)
        """,
        () -> Linalg.det(wide));
    refuses(
        """
        qr: needs a matrix, at least two axes
          shape  (3)
          help   unsqueeze(0) makes a row, unsqueeze(1) a column
        """,
        () -> Linalg.qr(Tensor.of(1.0, 2, 3)));
    refuses(
        """
        qr: needs f32 or f64, found i32
          shape  (1, 1)
          help   convert with to(DType.F64)
        """,
        () -> Linalg.qr(Tensor.of(new int[] {1}, Shape.of(1, 1))));
    refuses(
        """
        lstsq: rows differ, 2 and 3
          a      (2, 3)
          b      (3, 2)
          rule   (…, M, N) and (…, M, K); or b is one vector (M)
        """,
        () -> Linalg.lstsq(wide, wide.transpose()));
    refuses(
        """
        cond: an empty matrix has no singular values
          shape  (0, 0)
        """,
        () -> Linalg.cond(Tensor.zeros(Shape.of(0, 0), DType.F64)));
  }
}
