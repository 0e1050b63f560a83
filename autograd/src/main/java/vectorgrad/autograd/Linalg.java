package vectorgrad.autograd;

import static vectorgrad.autograd.DecompositionOps.rows;

import vectorgrad.tensor.DType;
import vectorgrad.tensor.Linalg.Norm;
import vectorgrad.tensor.Shape;
import vectorgrad.tensor.Tensor;

/// Linear algebra on variables: [vectorgrad.tensor.Linalg], with gradients of every order. Methods,
/// shapes and errors are those of tensors; values are too, but where said.
///
/// Where a derivative does not exist, what happens is what PyTorch does:
///
/// | of | no derivative | gradient there |
/// |---|---|---|
/// | [#svd], [#eigh] | vectors of equal values | infinite or NaN; that of the values is right |
/// | [#svd] | vectors of the value 0, if M ≠ N | infinite or NaN; that of the values is right |
/// | [#qr], [#lu] | the leading columns, or block, are singular | refused by backward |
/// | [#solve], [#inv], [#slogdet] | A is singular | refused, or by backward |
/// | [#pinv], [#lstsq] | the rank changes nearby | as if it did not |
/// | [#matrixNorm] | 0, or equal candidates | 0, or shared evenly |
///
/// Signs of vectors are settled by a convention, so functions that depend on them have gradients,
/// until the convention flips a sign. What reads one triangle of a symmetric matrix, [#cholesky]
/// and [#eigh], has the symmetric gradient: that of a function of symmetric matrices, not of one
/// triangle.
///
/// ```java
/// var logDensity = Linalg.slogdet(covariance).logAbsDet()
///     .add(x.dot(Linalg.solve(covariance, x))).mul(-.5);
/// ```
public final class Linalg {
  private Linalg() {}

  /// `A = Q·R`; see [vectorgrad.tensor.Linalg.Qr].
  ///
  /// @param q (…, M, P)
  /// @param r (…, P, N)
  public record Qr(Variable q, Variable r) {}

  /// `A = U·diag(s)·Vh`; see [vectorgrad.tensor.Linalg.Svd].
  ///
  /// @param u (…, M, K)
  /// @param s (…, min(M, N))
  /// @param vh (…, K, N)
  public record Svd(Variable u, Variable s, Variable vh) {}

  /// `A = V·diag(values)·Vᵀ`; see [vectorgrad.tensor.Linalg.Eigh].
  ///
  /// @param values (…, N)
  /// @param vectors (…, N, N)
  public record Eigh(Variable values, Variable vectors) {}

  /// `A = P·L·U`; see [vectorgrad.tensor.Linalg.Lu].
  ///
  /// @param p (…, M, M), without history: which rows are exchanged is constant
  /// @param l (…, M, min(M, N))
  /// @param u (…, min(M, N), N)
  public record Lu(Variable p, Variable l, Variable u) {}

  /// `det A = sign·exp(logAbsDet)`; see [vectorgrad.tensor.Linalg.SlogDet].
  ///
  /// @param sign (…), without history: it is constant
  /// @param logAbsDet (…)
  public record SlogDet(Variable sign, Variable logAbsDet) {}

  /// The `x` that minimizes `‖A·x − b‖`; see [vectorgrad.tensor.Linalg.Lstsq].
  ///
  /// @param solution (…, N, K)
  /// @param residuals (…, K)
  /// @param rank (…), I32
  /// @param singularValues (…, min(M, N)), without history: [#svd] gives those with gradients
  public record Lstsq(
      Variable solution, Variable residuals, Tensor rank, Variable singularValues) {}

  // ---- decompositions -------------------------------------------------------------------------

  /// The lower triangular L with `A = L·Lᵀ`, of symmetric positive definite matrices. `dA =
  /// ½·L⁻ᵀ·(Φ + Φᵀ)·L⁻¹`, Φ the lower triangle of `Lᵀ·dL` with half its diagonal (Murray 2016).
  ///
  /// @throws vectorgrad.tensor.LinalgException if a matrix is not positive definite
  public static Variable cholesky(Variable a) {
    return Variable.apply(new DecompositionOps.Cholesky(), a);
  }

  /// `A = Q·R` for matrices (…, M, N); Q has min(M, N) columns. The first min(M, N) columns of A
  /// must be independent for backward (Walter et al. 2010).
  public static Qr qr(Variable a) {
    return qr(a, false);
  }

  /// As [#qr(Variable)]; if `complete`, Q is (…, M, M). Its last columns are any basis of what A
  /// does not reach: functions of the space they span have their gradient, functions of the very
  /// basis have none, and what comes is of no use. PyTorch refuses to differentiate these columns.
  public static Qr qr(Variable a, boolean complete) {
    var qr = vectorgrad.tensor.Linalg.qr(a.value(), complete);
    if (!isRecorded(a)) {
      return new Qr(Variable.constant(qr.q()), Variable.constant(qr.r()));
    }
    int m = a.size(-2);
    int n = a.size(-1);
    int k = Math.min(m, n);
    Tensor reached = qr.q().slice(-1, 0, k);
    Tensor square = qr.r().slice(-2, 0, k).slice(-1, 0, k);
    Variable factors =
        Variable.known(
            new DecompositionOps.Qr(),
            Tensor.concat(-2, reached, square.transpose()),
            a.slice(-1, 0, k));
    Variable q = rows(factors, 0, m);
    Variable r = rows(factors, m, m + k).transpose();
    if (n > k) { // the other columns of A, seen from Q
      Tensor rest = qr.r().slice(-1, k, n);
      var product = new Rule.OfBinary(new ProductOps.MatMul());
      r = Variable.concat(-1, r, Variable.result(product, rest, q.transpose(), a.slice(-1, k, n)));
    }
    if (complete && m > k) {
      q = Variable.concat(-1, q, completion(q, qr.q().slice(-1, k, m)));
      r = r.pad(-2, 0, m - k);
    }
    return new Qr(q, r);
  }

  /// `A = U·diag(s)·Vh` for matrices (…, M, N), with min(M, N) singular vectors on each side
  /// (Townsend 2016). A function of `s` alone has a gradient wherever the function of A has one;
  /// one of the vectors only where all values differ, and are not 0 if M ≠ N.
  public static Svd svd(Variable a) {
    return svd(a, false);
  }

  /// As [#svd(Variable)]; if `fullMatrices`, U is (…, M, M) and Vh (…, N, N). The vectors of no
  /// value are any basis: of them, functions of the space they span have their gradient. PyTorch
  /// takes these vectors for constants.
  public static Svd svd(Variable a, boolean fullMatrices) {
    var svd = vectorgrad.tensor.Linalg.svd(a.value(), fullMatrices);
    if (!isRecorded(a)) {
      return new Svd(
          Variable.constant(svd.u()), Variable.constant(svd.s()), Variable.constant(svd.vh()));
    }
    int m = a.size(-2);
    int n = a.size(-1);
    int k = Math.min(m, n);
    Tensor left = svd.u().slice(-1, 0, k);
    Tensor right = svd.vh().slice(-2, 0, k).transpose();
    Variable factors =
        Variable.known(
            new DecompositionOps.Svd(), Tensor.concat(-2, left, svd.s().unsqueeze(-2), right), a);
    Variable u = rows(factors, 0, m);
    Variable s = rows(factors, m, m + 1).squeeze(-2);
    Variable v = rows(factors, m + 1, m + 1 + n);
    if (fullMatrices && m > k) {
      u = Variable.concat(-1, u, completion(u, svd.u().slice(-1, k, m)));
    }
    if (fullMatrices && n > k) {
      v = Variable.concat(-1, v, completion(v, svd.vh().slice(-2, k, n).transpose()));
    }
    return new Svd(u, s, v.transpose());
  }

  /// Eigenvalues and orthonormal eigenvectors of symmetric matrices (…, N, N) (Giles 2008, §3.1). A
  /// function of the values alone has a gradient wherever the function of A has one; one of the
  /// vectors only where all values differ.
  public static Eigh eigh(Variable a) {
    Variable factors = Variable.apply(new DecompositionOps.Eigh(), a);
    return new Eigh(rows(factors, 0, 1).squeeze(-2), rows(factors, 1, factors.size(-2)));
  }

  /// `A = P·L·U` for matrices (…, M, N), by elimination with the largest pivot of each column. The
  /// pivots count as constant, as they are nearby. The leading min(M, N) rows and columns of `Pᵀ·A`
  /// must be regular for backward (Walter & Lehmann 2010).
  public static Lu lu(Variable a) {
    var lu = vectorgrad.tensor.Linalg.lu(a.value());
    Variable p = Variable.constant(lu.p());
    if (!isRecorded(a)) {
      return new Lu(p, Variable.constant(lu.l()), Variable.constant(lu.u()));
    }
    int m = a.size(-2);
    int n = a.size(-1);
    int k = Math.min(m, n);
    Variable exchanged = a;
    if (m > 0) {
      Tensor order = lu.p().argmax(-2).to(DType.I32); // (…, M): the row of A that came to each row
      exchanged = a.gather(-2, order.unsqueeze(-1).expand(a.shape()));
    }
    Variable head = exchanged.slice(-2, 0, k).slice(-1, 0, k);
    var op = new DecompositionOps.Lu();
    Variable factors = Variable.known(op, DecompositionOps.Lu.packed(lu), head);
    Variable l = DecompositionOps.Lu.lower(factors);
    Variable u = factors.triu();
    var substitution = new Rule.OfBinary(new SystemOps.SolveTriangular(false));
    if (m > k) { // L₂ = A₂·U⁻¹
      Tensor below = lu.l().slice(-2, k, m).transpose();
      Variable rest = exchanged.slice(-2, k, m).transpose();
      Variable part = Variable.result(substitution, below, u.transpose(), rest);
      l = Variable.concat(-2, l, part.transpose());
    }
    if (n > k) { // U₂ = L⁻¹·A₂
      Tensor beside = lu.u().slice(-1, k, n);
      Variable rest = exchanged.slice(-1, k, n);
      u = Variable.concat(-1, u, Variable.result(substitution, beside, l, rest));
    }
    return new Lu(p, l, u);
  }

  // ---- systems --------------------------------------------------------------------------------

  /// The solution of `A·X = B`, B (…, N, K), or (N) for one right side; batch axes broadcast. `dB =
  /// A⁻ᵀ·dX`, `dA = −dB·Xᵀ` (Giles 2008, §2.3.1).
  ///
  /// @throws vectorgrad.tensor.LinalgException if a matrix is singular
  public static Variable solve(Variable a, Variable b) {
    Tensor x = vectorgrad.tensor.Linalg.solve(a.value(), b.value());
    return solved(new SystemOps.Solve(), x, a, b);
  }

  /// The solution of `A·X = B` where A is the `upper`, or the lower, triangle of `a`; the gradient
  /// of `a` is as triangular. Shapes as in [#solve].
  ///
  /// @throws vectorgrad.tensor.LinalgException if an element of the diagonal is zero
  public static Variable solveTriangular(Variable a, Variable b, boolean upper) {
    Tensor x = vectorgrad.tensor.Linalg.solveTriangular(a.value(), b.value(), upper);
    return solved(new SystemOps.SolveTriangular(upper), x, a, b);
  }

  /// The inverse Y of matrices (…, N, N): `dA = −Yᵀ·dY·Yᵀ` (Giles 2008, §2.2.3).
  ///
  /// @throws vectorgrad.tensor.LinalgException if a matrix is singular
  public static Variable inv(Variable a) {
    return Variable.apply(new SystemOps.Inv(), a);
  }

  /// The `x` that minimizes `‖A·x − b‖`, and among several that of the smallest norm; shapes as in
  /// [#solve], but A may be (…, M, N) and B has M rows. `x = A⁺·b`, with the gradient of [#pinv];
  /// that of the residuals is there too.
  public static Lstsq lstsq(Variable a, Variable b) {
    var lstsq = vectorgrad.tensor.Linalg.lstsq(a.value(), b.value());
    Variable values = Variable.constant(lstsq.singularValues());
    if (!isRecorded(a) && !isRecorded(b)) {
      return new Lstsq(
          Variable.constant(lstsq.solution()),
          Variable.constant(lstsq.residuals()),
          lstsq.rank(),
          values);
    }
    DType dtype = lstsq.solution().dtype();
    boolean vector = b.rank() == 1;
    Variable wide = a.to(DType.F64);
    Variable right = (vector ? b.unsqueeze(1) : b).to(DType.F64);
    Variable x = pinv(wide, tolerance(a.shape(), dtype)).matmul(right);
    Variable residuals = wide.matmul(x).sub(right).square().sum(-2);
    return new Lstsq(
        (vector ? x.squeeze(-1) : x).to(dtype),
        (vector ? residuals.squeeze(-1) : residuals).to(dtype),
        lstsq.rank(),
        values);
  }

  /// The Moore–Penrose inverse (…, N, M) of matrices (…, M, N), where singular values below `max(M,
  /// N)·ε` of the largest count as zero. The gradient is that of matrices of the same rank (Golub &
  /// Pereyra 1973).
  public static Variable pinv(Variable a) {
    if (a.rank() < 2) {
      vectorgrad.tensor.Linalg.pinv(a.value()); // throws
    }
    return pinv(a, tolerance(a.shape(), a.dtype()));
  }

  /// As [#pinv(Variable)], with singular values up to `relativeTolerance` of the largest as zero.
  public static Variable pinv(Variable a, double relativeTolerance) {
    return Variable.apply(new SystemOps.Pinv(relativeTolerance), a);
  }

  // ---- measures -------------------------------------------------------------------------------

  /// The determinants (…) of matrices (…, N, N): `dA = dd·C`, the matrix of cofactors, which is
  /// `det(A)·A⁻ᵀ` for a regular A (Giles 2008, §2.2.4) and comes from singular values for a
  /// singular one, whose second derivative backward refuses.
  public static Variable det(Variable a) {
    return Variable.apply(new SystemOps.Det(), a);
  }

  /// Signs and logarithms of the sizes of determinants of matrices (…, N, N): `dA = d log|det
  /// A|·A⁻ᵀ`. The sign has no gradient. Backward refuses singular matrices.
  public static SlogDet slogdet(Variable a) {
    Variable logAbsDet = Variable.apply(new SystemOps.LogAbsDet(), a);
    return new SlogDet(
        Variable.constant(vectorgrad.tensor.Linalg.slogdet(a.value()).sign()), logAbsDet);
  }

  /// The condition numbers (…) of matrices (…, M, N): largest by smallest singular value, ∞ for
  /// singular matrices, which have no gradient: it is infinite or NaN.
  ///
  /// @throws vectorgrad.tensor.ShapeException if the matrices are empty
  public static Variable cond(Variable a) {
    boolean known = a.dtype() == DType.F64 || a.dtype() == DType.F32;
    if (!known || a.rank() < 2 || a.size(-1) == 0 || a.size(-2) == 0) {
      vectorgrad.tensor.Linalg.cond(a.value()); // throws
    }
    Variable s = svd(a.to(DType.F64)).s();
    return SystemOps.COND.apply(s.select(-1, 0), s.select(-1, -1)).to(a.dtype());
  }

  /// Matrices (…, N, N) multiplied `|n|` times with themselves, by repeated squaring; inverted
  /// first if `n` is negative, I if it is 0.
  public static Variable matrixPower(Variable a, int n) {
    Tensor identity = vectorgrad.tensor.Linalg.matrixPower(a.value(), 0);
    if (n == 0) {
      Tensor never = Tensor.of(false).reshape(Shape.SCALAR).to(a.device());
      return Variable.where(never, a, Variable.constant(identity)); // the gradient is 0
    }
    Variable square = a.to(DType.F64);
    square = n < 0 ? inv(square) : square;
    Variable result = square;
    boolean first = true;
    for (long rest = Math.abs((long) n); rest > 0; rest >>= 1) {
      if ((rest & 1) == 1) {
        result = first ? square : result.matmul(square);
        first = false;
      }
      if (rest > 1) {
        square = square.matmul(square);
      }
    }
    return result.to(a.dtype());
  }

  /// The norms (…) of matrices (…, M, N), 0 for empty ones.
  ///
  /// | norm | gradient |
  /// |---|---|
  /// | Frobenius | `A / ‖A‖`; 0 where A is 0 |
  /// | nuclear | `U·Vᵀ` |
  /// | spectral | `u₁·v₁ᵀ`; equal largest values share it evenly |
  /// | one, infinity | the signs of the largest column or row; equal ones share it evenly |
  public static Variable matrixNorm(Variable a, Norm norm) {
    if (norm == Norm.FROBENIUS) {
      return Variable.apply(new SystemOps.Frobenius(), a);
    }
    vectorgrad.tensor.Linalg.matrixNorm(a.value(), Norm.ONE); // refuses what is no matrix
    Variable wide = a.to(DType.F64);
    if (a.size(-1) == 0 || a.size(-2) == 0) {
      return wide.sum(-2, -1).to(a.dtype());
    }
    Variable result =
        switch (norm) {
          case ONE -> wide.abs().sum(-2).max(-1);
          case INFINITY -> wide.abs().sum(-1).max(-1);
          case NUCLEAR -> svd(wide).s().sum(-1);
          default -> svd(wide).s().max(-1);
        };
    return result.to(a.dtype());
  }

  // ---- parts ----------------------------------------------------------------------------------

  private static boolean isRecorded(Variable a) {
    return Variable.isRecorded(a.value(), a);
  }

  /// Orthonormal columns `rest` at right angles to those of `u`, moving with them and no more: what
  /// `u` comes to reach is taken off, and they are made orthonormal again. That settles how they
  /// turn among themselves, which is open.
  private static Variable completion(Variable u, Tensor rest) {
    Variable constant = Variable.constant(rest);
    Variable moved = constant.sub(u.matmul(u.transpose().matmul(constant)));
    int columns = rest.size(-1);
    int[] sizes = rest.shape().toArray();
    sizes[sizes.length - 2] = columns;
    Tensor identity = Tensor.eye(columns, rest.dtype()).to(rest.device()).expand(Shape.of(sizes));
    Variable factors =
        Variable.known(new DecompositionOps.Qr(), Tensor.concat(-2, rest, identity), moved);
    return rows(factors, 0, rest.size(-2));
  }

  /// The solution `x`, remembered as that of matrices and right sides of one dtype and one batch.
  private static Variable solved(Op.Binary op, Tensor x, Variable a, Variable b) {
    Variable[] promoted = Variable.promoted(op.name(), a, b);
    boolean vector = b.rank() == 1;
    Tensor columns = vector ? x.unsqueeze(-1) : x;
    int[] sizes = columns.shape().toArray();
    sizes[sizes.length - 1] = a.size(-1);
    Variable right = vector ? promoted[1].unsqueeze(1) : promoted[1];
    Variable result =
        Variable.result(
            new Rule.OfBinary(op),
            columns,
            promoted[0].expand(Shape.of(sizes)),
            right.expand(columns.shape()));
    return vector ? result.squeeze(-1) : result;
  }

  private static double tolerance(Shape a, DType dtype) {
    return (dtype == DType.F64 ? 0x1p-52 : 0x1p-23) * Math.max(a.get(-2), a.get(-1));
  }
}
