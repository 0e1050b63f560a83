package vectorgrad.autograd;

import static vectorgrad.numerics.Formula.ZERO;
import static vectorgrad.numerics.Formula.input;

import vectorgrad.tensor.Linalg;
import vectorgrad.tensor.Tensor;

/// Decompositions of matrices. An operation has one output, so the factors of a matrix, all of
/// which have K columns, lie in it below each other; [Linalg][vectorgrad.autograd.Linalg] slices
/// them apart. Backward reads the factors alone, and finds in `dy` zeros for those that nobody
/// uses.
final class DecompositionOps {
  /// `a / b`, and 0 / 0 is 0: what no gradient reaches has no pole either, so that singular values
  /// have gradients where they are equal and their vectors have none.
  static final Fused RATIO =
      Fused.of(
          "ratio",
          2,
          input(0).equalTo(ZERO).and(input(1).equalTo(ZERO)).then(ZERO, input(0).over(input(1))));

  private DecompositionOps() {}

  /// The lower triangular L of `A = L·Lᵀ`: `dA = ½·L⁻ᵀ·mirrored(Lᵀ·dL)·L⁻¹`.
  ///
  /// Source: I. Murray, *Differentiation of the Cholesky decomposition*, 2016, equation 10.
  record Cholesky() implements Op.Unary {
    @Override
    public Saved saved() {
      return Saved.OUTPUT;
    }

    @Override
    public Tensor forward(Tensor a) {
      return Linalg.cholesky(a);
    }

    @Override
    public Variable backward(Variable dl, Variable a, Variable l) {
      Variable upper = l.transpose();
      Variable left = solve(upper, mirrored(upper.matmul(dl)), true);
      return solve(upper, left.transpose(), true).mul(.5);
    }
  }

  /// `A = Q·R` of matrices (…, M, N), M ≥ N, as Q on Rᵀ: `dA = (dQ + Q·mirrored(R·dRᵀ −
  /// dQᵀ·Q))·R⁻ᵀ`.
  ///
  /// Source: S. F. Walter, L. Lehmann, R. Lamour, *On evaluating higher-order derivatives of the QR
  /// decomposition of tall matrices*, 2010; in this form M. Seeger et al., *Auto-differentiating
  /// linear algebra*, 2017.
  record Qr() implements Op.Unary {
    @Override
    public Saved saved() {
      return Saved.OUTPUT;
    }

    @Override
    public Tensor forward(Tensor a) {
      Linalg.Qr qr = Linalg.qr(a);
      return Tensor.concat(-2, qr.q(), qr.r().transpose());
    }

    @Override
    public Variable backward(Variable dy, Variable a, Variable y) {
      int m = a.size(-2);
      Variable q = rows(y, 0, m);
      Variable r = rows(y, m, y.size(-2)).transpose();
      Variable dq = rows(dy, 0, m);
      Variable inner = r.matmul(rows(dy, m, y.size(-2))).sub(dq.transpose().matmul(q));
      Variable left = dq.add(q.matmul(mirrored(inner)));
      return solve(r, left.transpose(), true).transpose();
    }
  }

  /// `A = U·diag(s)·Vᵀ` of matrices (…, M, N), as U on s on V: `dA = U·(E∘(Uᵀ·dU − dUᵀ·U)·S +
  /// S·E∘(Vᵀ·dV − dVᵀ·V) + diag(ds))·Vᵀ` with `Eᵢⱼ = 1 / (sⱼ² − sᵢ²)`, and `(I − U·Uᵀ)·dU·S⁻¹·Vᵀ`
  /// more if M > K, the like of V if N > K.
  ///
  /// Source: C. Ionescu, O. Vantzos, C. Sminchisescu, *Matrix backpropagation for deep networks
  /// with structured layers*, 2015; J. Townsend, *Differentiating the singular value
  /// decomposition*, 2016.
  record Svd() implements Op.Unary {
    @Override
    public Saved saved() {
      return Saved.OUTPUT;
    }

    @Override
    public Tensor forward(Tensor a) {
      Linalg.Svd svd = Linalg.svd(a);
      return Tensor.concat(-2, svd.u(), svd.s().unsqueeze(-2), svd.vh().transpose());
    }

    @Override
    public Variable backward(Variable dy, Variable a, Variable y) {
      int m = a.size(-2);
      Variable u = rows(y, 0, m);
      Variable s = rows(y, m, m + 1);
      Variable v = rows(y, m + 1, y.size(-2));
      Variable du = rows(dy, 0, m);
      Variable dv = rows(dy, m + 1, y.size(-2));
      Variable column = s.transpose();
      // as a product of differences, which keeps the digits of close values
      Variable gaps = s.sub(column).mul(s.add(column));
      Variable left = RATIO.apply(skew(u, du), gaps).mul(s);
      Variable right = RATIO.apply(skew(v, dv), gaps).mul(column);
      Variable us = u.matmul(left.add(right)).add(u.mul(rows(dy, m, m + 1)));
      if (m > y.size(-1)) {
        us = us.add(RATIO.apply(outside(u, du), s));
      }
      Variable da = us.matmul(v.transpose());
      if (a.size(-1) > y.size(-1)) {
        da = da.add(u.matmul(RATIO.apply(outside(v, dv), s).transpose()));
      }
      return da;
    }

    /// The part of `d` at right angles to the columns of `u`.
    private static Variable outside(Variable u, Variable d) {
      return d.sub(u.matmul(u.transpose().matmul(d)));
    }
  }

  /// `A = V·diag(λ)·Vᵀ` of symmetric matrices, as λ on V: `dA = V·(diag(dλ) + E∘½(Vᵀ·dV −
  /// dVᵀ·V))·Vᵀ` with `Eᵢⱼ = 1 / (λⱼ − λᵢ)`.
  ///
  /// Source: M. Giles, *Collected matrix derivative results for forward and reverse mode
  /// algorithmic differentiation*, 2008, §3.1; made symmetric.
  record Eigh() implements Op.Unary {
    @Override
    public Saved saved() {
      return Saved.OUTPUT;
    }

    @Override
    public Tensor forward(Tensor a) {
      Linalg.Eigh eigh = Linalg.eigh(a);
      return Tensor.concat(-2, eigh.values().unsqueeze(-2), eigh.vectors());
    }

    @Override
    public Variable backward(Variable dy, Variable a, Variable y) {
      Variable values = rows(y, 0, 1);
      Variable v = rows(y, 1, y.size(-2));
      Variable gaps = values.sub(values.transpose()).mul(2);
      Variable inner = RATIO.apply(skew(v, rows(dy, 1, y.size(-2))), gaps);
      return v.matmul(inner).add(v.mul(rows(dy, 0, 1))).matmul(v.transpose());
    }
  }

  /// `A = L·U` of square matrices whose rows need no exchange, as `L − I + U`: `dA =
  /// L⁻ᵀ·(stril(Lᵀ·dL) + triu(dU·Uᵀ))·U⁻ᵀ`.
  ///
  /// Source: S. F. Walter, L. Lehmann, *Algorithmic differentiation of linear algebra functions
  /// with application in optimum experimental design*, 2010.
  record Lu() implements Op.Unary {
    @Override
    public Saved saved() {
      return Saved.OUTPUT;
    }

    @Override
    public Tensor forward(Tensor a) {
      return packed(Linalg.lu(a));
    }

    @Override
    public Variable backward(Variable dy, Variable a, Variable y) {
      Variable lower = lower(y).transpose();
      Variable upper = y.triu();
      Variable inner =
          lower.matmul(dy.tril(-1)).tril(-1).add(dy.triu().matmul(upper.transpose()).triu());
      Variable left = solve(lower, inner, true);
      return solve(upper, left.transpose(), true).transpose();
    }

    /// The first rows of L and the first columns of U in one matrix.
    static Tensor packed(Linalg.Lu lu) {
      int k = lu.u().size(-2);
      return lu.l().slice(-2, 0, k).tril(-1).add(lu.u().slice(-1, 0, k));
    }

    /// The factor with ones on the diagonal.
    static Variable lower(Variable packed) {
      Tensor identity = Tensor.eye(packed.size(-1), packed.dtype()).to(packed.device());
      return packed.tril(-1).add(Variable.constant(identity));
    }
  }

  // ---- parts ----------------------------------------------------------------------------------

  /// Rows `from` up to but without `to` of every matrix.
  static Variable rows(Variable y, int from, int to) {
    return y.slice(-2, from, to);
  }

  private static Variable solve(Variable triangular, Variable b, boolean upper) {
    return Variable.apply(new SystemOps.SolveTriangular(upper), triangular, b);
  }

  /// The lower triangle, and again as upper one: symmetric.
  private static Variable mirrored(Variable x) {
    return x.tril().add(x.tril(-1).transpose());
  }

  /// `Uᵀ·D − Dᵀ·U`: how `D` turns the columns of `U` among themselves.
  private static Variable skew(Variable u, Variable d) {
    Variable turned = u.transpose().matmul(d);
    return turned.sub(turned.transpose());
  }
}
