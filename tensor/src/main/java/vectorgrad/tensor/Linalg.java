package vectorgrad.tensor;

import java.util.OptionalInt;
import java.util.stream.DoubleStream;
import vectorgrad.tensor.linalg.Cholesky;
import vectorgrad.tensor.linalg.HouseholderQr;
import vectorgrad.tensor.linalg.JacobiSvd;
import vectorgrad.tensor.linalg.Matrix;
import vectorgrad.tensor.linalg.Norms;
import vectorgrad.tensor.linalg.PivotedLu;
import vectorgrad.tensor.linalg.SymmetricEigen;
import vectorgrad.tensor.linalg.Triangular;

/// Decompositions of matrices, and what follows from them: systems, inverses, determinants, ranks.
/// The names are those of `torch.linalg`.
///
/// A matrix is the last two axes of a tensor, and every function works on batches (…, M, N) of
/// them. All compute in f64, on one thread, by plain loops that stand in `vectorgrad.tensor.linalg`
/// to be read; matrices of f32 are computed in f64 and rounded once. Results live on the device of
/// the operands. They are meant for hundreds of rows, as principal components need: a 500 × 500
/// matrix takes well below a second for anything here.
///
/// What mathematics leaves open is settled, so that results are reproducible: R of [#qr] has no
/// negative diagonal; of each eigenvector, and of each right singular vector, the first of the
/// largest components is positive. Within a repeated value the vectors are still any basis.
///
/// ```java
/// var centred = x.sub(x.mean(true, 0));                       // (samples, features)
/// var svd = Linalg.svd(centred);
/// var projected = centred.matmul(svd.vh().slice(0, 0, 2).transpose()); // two principal components
/// ```
///
/// Every function refuses matrices with NaN or infinities, and dtypes other than f32 and f64.
public final class Linalg {
  private Linalg() {}

  /// `A = Q·R`.
  ///
  /// @param q (…, M, P) with orthonormal columns; P = min(M, N), or M if complete
  /// @param r (…, P, N), upper triangular, its diagonal not negative
  public record Qr(Tensor q, Tensor r) {}

  /// `A = U·diag(s)·Vh`.
  ///
  /// @param u (…, M, K) with orthonormal columns; K = min(M, N), or M if full
  /// @param s (…, min(M, N)), not negative, descending
  /// @param vh (…, K, N) with orthonormal rows; K = min(M, N), or N if full
  public record Svd(Tensor u, Tensor s, Tensor vh) {}

  /// `A = V·diag(values)·Vᵀ`.
  ///
  /// @param values (…, N), ascending
  /// @param vectors (…, N, N): column `j` belongs to value `j`
  public record Eigh(Tensor values, Tensor vectors) {}

  /// `A = P·L·U`.
  ///
  /// @param p (…, M, M): one 1 in every row and column
  /// @param l (…, M, min(M, N)), lower triangular with ones on the diagonal
  /// @param u (…, min(M, N), N), upper triangular
  public record Lu(Tensor p, Tensor l, Tensor u) {}

  /// `det A = sign·exp(logAbsDet)`.
  ///
  /// @param sign (…): −1, 1, or 0 if A is singular
  /// @param logAbsDet (…): −∞ if A is singular
  public record SlogDet(Tensor sign, Tensor logAbsDet) {}

  /// The `x` that minimizes `‖A·x − b‖`, and among several that of the smallest norm.
  ///
  /// @param solution (…, N, K)
  /// @param residuals (…, K): the squared length of each column of `A·x − b`
  /// @param rank (…), I32
  /// @param singularValues (…, min(M, N))
  public record Lstsq(Tensor solution, Tensor residuals, Tensor rank, Tensor singularValues) {}

  /// Sizes of a matrix.
  public enum Norm {
    /// `√Σ a²`.
    FROBENIUS,
    /// The sum of the singular values.
    NUCLEAR,
    /// The largest singular value: the most by which a vector is stretched.
    SPECTRAL,
    /// The largest sum of sizes along a column.
    ONE,
    /// The largest sum of sizes along a row.
    INFINITY
  }

  // ---- decompositions -------------------------------------------------------------------------

  /// The lower triangular L with `A = L·Lᵀ`, of symmetric positive definite matrices (…, N, N),
  /// whose lower triangles are read. n³ / 3 flops.
  ///
  /// @throws LinalgException if a matrix is not positive definite, naming the leading minor
  public static Tensor cholesky(Tensor a) {
    MatrixBatch batch = MatrixBatch.symmetric("cholesky", a);
    return batch.matrices(
        batch.rows(),
        batch.rows(),
        index -> {
          Cholesky cholesky = Cholesky.of(batch.get(index));
          if (cholesky.failedMinor().isPresent()) {
            throw batch.failure(
                index,
                "the matrix is not positive definite, its leading minor of order "
                    + cholesky.failedMinor().getAsInt()
                    + " is not positive",
                "a covariance of too few samples needs a small multiple of I added");
          }
          return cholesky.l();
        });
  }

  /// `A = Q·R` for matrices (…, M, N), by reflections; Q has min(M, N) columns. 4·m·n·min(m, n)
  /// flops.
  public static Qr qr(Tensor a) {
    return qr(a, false);
  }

  /// As [#qr(Tensor)]; if `complete`, Q is (…, M, M) and its last columns span what A does not
  /// reach.
  public static Qr qr(Tensor a, boolean complete) {
    MatrixBatch batch = MatrixBatch.of("qr", a);
    HouseholderQr[] all = new HouseholderQr[batch.count()];
    for (int i = 0; i < all.length; i++) {
      all[i] = HouseholderQr.of(batch.get(i), complete);
    }
    int p = complete ? batch.rows() : Math.min(batch.rows(), batch.columns());
    return new Qr(
        batch.matrices(batch.rows(), p, i -> all[i].q()),
        batch.matrices(p, batch.columns(), i -> all[i].r()));
  }

  /// `A = U·diag(s)·Vh` for matrices (…, M, N), by Jacobi's rotations, with min(M, N) singular
  /// vectors on each side. About 50·k³ flops after a QR decomposition, k = min(m, n).
  ///
  /// Accurate to a few ulp of the largest value, and often much better for the small ones.
  public static Svd svd(Tensor a) {
    return svd(a, false);
  }

  /// As [#svd(Tensor)]; if `fullMatrices`, U is (…, M, M) and Vh (…, N, N), completed by directions
  /// of no value.
  public static Svd svd(Tensor a, boolean fullMatrices) {
    MatrixBatch batch = MatrixBatch.of("svd", a);
    JacobiSvd[] all = new JacobiSvd[batch.count()];
    for (int i = 0; i < all.length; i++) {
      all[i] = batch.decompose(i, JacobiSvd::of);
    }
    int m = batch.rows();
    int n = batch.columns();
    int k = Math.min(m, n);
    return new Svd(
        batch.matrices(m, fullMatrices ? m : k, i -> side(all[i].u(), fullMatrices).transpose()),
        batch.vectors(k, i -> all[i].s()),
        batch.matrices(fullMatrices ? n : k, n, i -> side(all[i].v(), fullMatrices)));
  }

  private static Matrix side(Matrix vectors, boolean full) {
    return full ? JacobiSvd.completed(vectors) : vectors;
  }

  /// Eigenvalues and orthonormal eigenvectors of symmetric matrices (…, N, N), whose lower
  /// triangles are read, by reflections and implicit QR steps. About 9·n³ flops.
  public static Eigh eigh(Tensor a) {
    MatrixBatch batch = MatrixBatch.symmetric("eigh", a);
    SymmetricEigen[] all = new SymmetricEigen[batch.count()];
    for (int i = 0; i < all.length; i++) {
      all[i] = batch.decompose(i, SymmetricEigen::of);
    }
    int n = batch.rows();
    return new Eigh(
        batch.vectors(n, i -> all[i].values()),
        batch.matrices(n, n, i -> all[i].vectors().transpose()));
  }

  /// `A = P·L·U` for matrices (…, M, N), by elimination with the largest pivot of each column. 2·n³
  /// / 3 flops. A singular matrix has a zero on the diagonal of U.
  public static Lu lu(Tensor a) {
    MatrixBatch batch = MatrixBatch.of("lu", a);
    PivotedLu[] all = new PivotedLu[batch.count()];
    for (int i = 0; i < all.length; i++) {
      all[i] = PivotedLu.of(batch.get(i));
    }
    int m = batch.rows();
    int n = batch.columns();
    int k = Math.min(m, n);
    return new Lu(
        batch.matrices(m, m, i -> all[i].p()),
        batch.matrices(m, k, i -> all[i].l()),
        batch.matrices(k, n, i -> all[i].u()));
  }

  // ---- systems --------------------------------------------------------------------------------

  /// The solution of `A·X = B`.
  ///
  /// | | shape |
  /// |---|---|
  /// | `a` | (…, N, N) |
  /// | `b` | (…, N, K), or (N) for one right side |
  /// | result | (…, N, K), or (…, N) |
  ///
  /// Batch axes broadcast. 2·n³ / 3 + 2·n²·k flops. A nearly singular matrix gives a result without
  /// digits and no error: see [#cond].
  ///
  /// @throws LinalgException if a matrix is singular, naming the pivot that is zero
  public static Tensor solve(Tensor a, Tensor b) {
    return solve("solve", a, b, (batch, index, right) -> regular(batch, index).solve(right));
  }

  /// The solution of `A·X = B` where A is the `upper`, or the lower, triangle of `a`; nothing else
  /// of `a` is read but to find numbers that are not finite. Shapes as in [#solve]. n²·k flops.
  ///
  /// @throws LinalgException if an element of the diagonal is zero
  public static Tensor solveTriangular(Tensor a, Tensor b, boolean upper) {
    return solve(
        "solveTriangular",
        a,
        b,
        (batch, index, right) -> {
          Matrix matrix = batch.get(index);
          expectRegular(batch, index, Triangular.zeroPivot(matrix));
          return Triangular.solve(matrix, right, upper, false);
        });
  }

  /// The inverse of matrices (…, N, N). 2·n³ flops more than a decomposition; to solve a system,
  /// [#solve] is faster and more accurate.
  ///
  /// @throws LinalgException if a matrix is singular, naming the pivot that is zero
  public static Tensor inv(Tensor a) {
    MatrixBatch batch = MatrixBatch.square("inv", a);
    int n = batch.rows();
    return batch.matrices(n, n, index -> regular(batch, index).solve(Matrix.identity(n)));
  }

  /// The `x` that minimizes `‖A·x − b‖`, by singular values; shapes as in [#solve], but A may be
  /// (…, M, N) and B has M rows. Singular values below `max(M, N)·ε` of the largest count as zero,
  /// with the ε of the operands' dtype.
  public static Lstsq lstsq(Tensor a, Tensor b) {
    boolean vector = b.rank() == 1;
    Tensor right = vector ? b.unsqueeze(1) : b;
    DType dtype = expectRows("lstsq", a, right);
    Tensor wide = right.to(DType.F64);
    Svd svd = svd(a.to(DType.F64));
    Tensor significant = significant(svd.s(), tolerance(a.to(dtype)));
    Tensor projected = svd.u().transpose().matmul(wide); // (…, K, columns)
    Tensor x =
        svd.vh().transpose().matmul(projected.mul(inverse(svd.s(), significant).unsqueeze(-1)));
    Tensor residuals = a.to(DType.F64).matmul(x).sub(wide).square().sum(-2);
    return new Lstsq(
        (vector ? x.squeeze(-1) : x).to(dtype),
        (vector ? residuals.squeeze(-1) : residuals).to(dtype),
        count(significant),
        svd.s().to(dtype));
  }

  /// The Moore–Penrose inverse (…, N, M) of matrices (…, M, N): `V·diag(1 / s)·Uᵀ`, where singular
  /// values below `max(M, N)·ε` of the largest count as zero.
  public static Tensor pinv(Tensor a) {
    MatrixBatch.expectMatrices("pinv", a);
    return pinv(a, tolerance(a));
  }

  /// As [#pinv(Tensor)], with singular values up to `relativeTolerance` of the largest as zero.
  public static Tensor pinv(Tensor a, double relativeTolerance) {
    MatrixBatch.expectMatrices("pinv", a);
    Svd svd = svd(a.to(DType.F64));
    Tensor inverse = inverse(svd.s(), significant(svd.s(), relativeTolerance));
    return svd.vh()
        .transpose()
        .matmul(svd.u().transpose().mul(inverse.unsqueeze(-1)))
        .to(a.dtype());
  }

  // ---- measures -------------------------------------------------------------------------------

  /// The determinants (…) of matrices (…, N, N), 1 for N = 0. They overflow easily: see [#slogdet].
  public static Tensor det(Tensor a) {
    MatrixBatch batch = MatrixBatch.square("det", a);
    return batch.numbers(index -> PivotedLu.of(batch.get(index)).determinant());
  }

  /// Signs and logarithms of the sizes of determinants of matrices (…, N, N).
  public static SlogDet slogdet(Tensor a) {
    MatrixBatch batch = MatrixBatch.square("slogdet", a);
    PivotedLu[] all = new PivotedLu[batch.count()];
    for (int i = 0; i < all.length; i++) {
      all[i] = PivotedLu.of(batch.get(i));
    }
    return new SlogDet(batch.numbers(i -> all[i].sign()), batch.numbers(i -> all[i].logOfSize()));
  }

  /// The ranks (…), I32, of matrices (…, M, N): how many singular values exceed `max(M, N)·ε` times
  /// the largest, with the ε of the dtype.
  public static Tensor matrixRank(Tensor a) {
    MatrixBatch.expectMatrices("matrixRank", a);
    return matrixRank(a, tolerance(a));
  }

  /// As [#matrixRank(Tensor)], counting singular values above `relativeTolerance` of the largest.
  public static Tensor matrixRank(Tensor a, double relativeTolerance) {
    MatrixBatch.expectMatrices("matrixRank", a);
    return count(significant(svd(a.to(DType.F64)).s(), relativeTolerance));
  }

  /// The condition numbers (…) of matrices (…, M, N): largest by smallest singular value, ∞ for
  /// singular matrices. Solving loses about `log₁₀ cond` of the 16 digits of f64.
  ///
  /// @throws ShapeException if the matrices are empty
  public static Tensor cond(Tensor a) {
    MatrixBatch batch = MatrixBatch.of("cond", a);
    if (batch.rows() == 0 || batch.columns() == 0) {
      throw new ShapeException(
          Message.of("cond", "an empty matrix has no singular values").row("shape", a.shape()),
          a.shape());
    }
    return batch.numbers(index -> {
      double[] s = batch.decompose(index, JacobiSvd::of).s();
      double smallest = s[s.length - 1];
      return smallest == 0 ? Double.POSITIVE_INFINITY : s[0] / smallest;
    });
  }

  /// Matrices (…, N, N) multiplied `|n|` times with themselves, by repeated squaring; inverted
  /// first if `n` is negative, I if it is 0.
  public static Tensor matrixPower(Tensor a, int n) {
    MatrixBatch batch = MatrixBatch.square("matrixPower", a);
    int size = batch.rows();
    Tensor result = batch.matrices(size, size, index -> Matrix.identity(size)).to(DType.F64);
    Tensor square = (n < 0 ? inv(a.to(DType.F64)) : a.to(DType.F64));
    for (long rest = Math.abs((long) n); rest > 0; rest >>= 1) {
      if ((rest & 1) == 1) {
        result = result.matmul(square);
      }
      if (rest > 1) {
        square = square.matmul(square);
      }
    }
    return result.to(a.dtype());
  }

  /// The norms (…) of matrices (…, M, N), 0 for empty ones.
  public static Tensor matrixNorm(Tensor a, Norm norm) {
    MatrixBatch batch = MatrixBatch.of("matrixNorm", a);
    return batch.numbers(index ->
        switch (norm) {
          case FROBENIUS -> Norms.frobenius(batch.get(index));
          case ONE -> Norms.largestRow(batch.get(index).transpose());
          case INFINITY -> Norms.largestRow(batch.get(index));
          case NUCLEAR -> DoubleStream.of(batch.decompose(index, JacobiSvd::of).s()).sum();
          case SPECTRAL ->
              DoubleStream.of(batch.decompose(index, JacobiSvd::of).s()).max().orElse(0);
        });
  }

  // ---- parts ----------------------------------------------------------------------------------

  /// Solves for matrix `index` of a batch.
  private interface Solver {
    Matrix solve(MatrixBatch batch, int index, Matrix right);
  }

  private static Tensor solve(String operation, Tensor a, Tensor b, Solver solver) {
    boolean vector = b.rank() == 1;
    Tensor right = vector ? b.unsqueeze(1) : b;
    DType dtype = expectRows(operation, a, right);
    Shape shape =
        Shape.broadcast(operation, MatrixBatch.batchShape(a), MatrixBatch.batchShape(right));
    MatrixBatch matrices = MatrixBatch.square(operation, MatrixBatch.expand(a, shape));
    MatrixBatch rights = MatrixBatch.of(operation, MatrixBatch.expand(right.to(dtype), shape));
    Tensor x =
        rights.matrices(
            rights.rows(),
            rights.columns(),
            index -> solver.solve(matrices, index, rights.get(index)));
    return vector ? x.squeeze(-1) : x;
  }

  /// Checks that both have as many rows, and finds the dtype of the result.
  private static DType expectRows(String operation, Tensor a, Tensor b) {
    Tensor.commonDevice(operation, a, b);
    MatrixBatch.expectMatrices(operation, a);
    MatrixBatch.expectMatrices(operation, b);
    if (a.size(-2) != b.size(-2)) {
      throw new ShapeException(
          Message.of(operation, "rows differ, " + a.size(-2) + " and " + b.size(-2))
              .row("a", a.shape())
              .row("b", b.shape())
              .row("rule", "(…, M, N) and (…, M, K); or b is one vector (M)"),
          a.shape(),
          b.shape());
    }
    return Tensor.promote(operation, a, b);
  }

  private static PivotedLu regular(MatrixBatch batch, int index) {
    PivotedLu lu = PivotedLu.of(batch.get(index));
    expectRegular(batch, index, lu.zeroPivot());
    return lu;
  }

  private static void expectRegular(MatrixBatch batch, int index, OptionalInt zeroPivot) {
    if (zeroPivot.isPresent()) {
      throw batch.failure(
          index,
          "the matrix is singular, pivot " + zeroPivot.getAsInt() + " is zero",
          "pinv and lstsq take singular matrices");
    }
  }

  private static double tolerance(Tensor a) {
    double epsilon = a.dtype() == DType.F64 ? 0x1p-52 : 0x1p-23;
    return epsilon * Math.max(a.size(-2), a.size(-1));
  }

  /// Which of the descending singular values exceed `tolerance` of the first.
  private static Tensor significant(Tensor s, double tolerance) {
    return s.size(-1) == 0 ? s.gt(0) : s.gt(s.slice(-1, 0, 1).mul(tolerance));
  }

  private static Tensor inverse(Tensor s, Tensor significant) {
    Tensor zeros = Tensor.zeros(s.shape(), s.dtype(), s.device());
    return Tensor.where(significant, Tensor.scalar(1.0).to(s.device()).div(s), zeros);
  }

  private static Tensor count(Tensor significant) {
    return significant.to(DType.I32).sum(-1).to(DType.I32);
  }
}
