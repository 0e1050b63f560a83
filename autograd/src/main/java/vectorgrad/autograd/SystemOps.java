package vectorgrad.autograd;

import static vectorgrad.numerics.Formula.ONE;
import static vectorgrad.numerics.Formula.ZERO;
import static vectorgrad.numerics.Formula.input;

import vectorgrad.tensor.DType;
import vectorgrad.tensor.Linalg;
import vectorgrad.tensor.Tensor;

/// Systems of equations, inverses, determinants and norms of matrices, all without broadcasting.
///
/// Source: M. Giles, *Collected matrix derivative results for forward and reverse mode algorithmic
/// differentiation*, 2008, §2.
final class SystemOps {
  /// The largest by the smallest singular value, ∞ for the matrix 0 too.
  static final Fused COND =
      Fused.of("cond", 2, input(1).equalTo(ZERO).then(ONE.over(input(1)), input(0).over(input(1))));

  private SystemOps() {}

  /// The X of `A·X = B`: `dB = A⁻ᵀ·dX`, `dA = −dB·Xᵀ`.
  record Solve() implements Op.Binary {
    @Override
    public Tensor forward(Tensor a, Tensor b) {
      return Linalg.solve(a, b);
    }

    @Override
    public Pair backward(Variable dx, Variable a, Variable b, Variable x) {
      return gradients(() -> right(a, dx).matmul(x.transpose()).neg(), () -> right(a, dx));
    }

    private Variable right(Variable a, Variable dx) {
      return Variable.apply(this, a.transpose(), dx);
    }
  }

  /// The X of `T·X = B`, T the upper or the lower triangle of `a`; the gradient of `a` is as
  /// triangular.
  record SolveTriangular(boolean upper) implements Op.Binary {
    @Override
    public Tensor forward(Tensor a, Tensor b) {
      return Linalg.solveTriangular(a, b, upper);
    }

    @Override
    public Pair backward(Variable dx, Variable a, Variable b, Variable x) {
      return gradients(
          () -> {
            Variable da = right(a, dx).matmul(x.transpose()).neg();
            return upper ? da.triu() : da.tril();
          },
          () -> right(a, dx));
    }

    private Variable right(Variable a, Variable dx) {
      return Variable.apply(new SolveTriangular(!upper), a.transpose(), dx);
    }
  }

  /// `Y = A⁻¹`, `dA = −Yᵀ·dY·Yᵀ`.
  record Inv() implements Op.Unary {
    @Override
    public Saved saved() {
      return Saved.OUTPUT;
    }

    @Override
    public Tensor forward(Tensor a) {
      return Linalg.inv(a);
    }

    @Override
    public Variable backward(Variable dy, Variable a, Variable y) {
      Variable right = y.transpose();
      return right.matmul(dy).matmul(right).neg();
    }
  }

  /// `Y = A⁺`, with singular values up to a share of the largest as zero. Where the rank stays the
  /// same, `dA = −Yᵀ·dY·Yᵀ + (I − A·Y)·dYᵀ·Y·Yᵀ + Yᵀ·Y·dYᵀ·(I − Y·A)`.
  ///
  /// Source: G. Golub, V. Pereyra, *The differentiation of pseudo-inverses and nonlinear least
  /// squares problems whose variables separate*, 1973, equation 4.12.
  record Pinv(double tolerance) implements Op.Unary {
    @Override
    public Tensor forward(Tensor a) {
      return Linalg.pinv(a, tolerance);
    }

    @Override
    public Variable backward(Variable dy, Variable a, Variable y) {
      Variable yt = y.transpose();
      Variable dyt = dy.transpose();
      Variable rows = dyt.matmul(y).matmul(yt); // dYᵀ·Y·Yᵀ, (…, M, N)
      Variable columns = yt.matmul(y).matmul(dyt); // Yᵀ·Y·dYᵀ, (…, M, N)
      return rows.sub(a.matmul(y.matmul(rows)))
          .add(columns)
          .sub(columns.matmul(y).matmul(a))
          .sub(yt.matmul(dy).matmul(yt));
    }
  }

  /// `d = det A`, `dA = dd·C` with the [Cofactors] C, which singular matrices have too.
  record Det() implements Op.Unary {
    @Override
    public Saved saved() {
      return Saved.INPUTS;
    }

    @Override
    public Tensor forward(Tensor a) {
      return Linalg.det(a);
    }

    @Override
    public Variable backward(Variable dd, Variable a, Variable d) {
      return dd.unsqueeze(-1).unsqueeze(-1).mul(Variable.apply(new Cofactors(), a));
    }
  }

  /// The matrix of cofactors, `C = det(A)·A⁻ᵀ`: by singular values where A is singular, `C =
  /// det(U)·det(V)·U·diag(Π_{j≠i} sⱼ)·Vᵀ`. For regular matrices `dA = A⁻ᵀ·(⟨dC, C⟩·I − dCᵀ·C)`.
  ///
  /// Source: N. Higham, *What is the adjugate of a matrix?*, 2020.
  record Cofactors() implements Op.Unary {
    @Override
    public Tensor forward(Tensor a) {
      Tensor wide = a.to(DType.F64); // rounded once, as the determinant
      Tensor d = Linalg.det(wide);
      boolean regular = d.eq(0).to(DType.I32).sum().item() == 0;
      return (regular
              ? Linalg.inv(wide).transpose().mul(d.unsqueeze(-1).unsqueeze(-1))
              : bySingularValues(wide))
          .to(a.dtype());
    }

    private static Tensor bySingularValues(Tensor a) {
      Linalg.Svd svd = Linalg.svd(a);
      int n = a.size(-1);
      // row i has a 1 instead of sᵢ
      Tensor one = Tensor.scalar(1.0).to(a.device());
      Tensor diagonal = Tensor.eye(n, DType.BOOL).to(a.device());
      Tensor others = Tensor.where(diagonal, one, svd.s().unsqueeze(-2));
      Tensor sign = Linalg.det(svd.u()).mul(Linalg.det(svd.vh())).unsqueeze(-1);
      Tensor products = others.prod(-1).mul(sign); // (…, N)
      return svd.u().mul(products.unsqueeze(-2)).matmul(svd.vh());
    }

    @Override
    public Variable backward(Variable dc, Variable a, Variable c) {
      Variable size = dc.mul(c).sum(true, -2, -1);
      Tensor identity = Tensor.eye(a.size(-1), a.dtype()).to(a.device());
      Variable inner = size.mul(Variable.constant(identity)).sub(dc.transpose().matmul(c));
      return Variable.apply(new Inv(), a).transpose().matmul(inner);
    }
  }

  /// `y = log |det A|`, `dA = dy·A⁻ᵀ`.
  record LogAbsDet() implements Op.Unary {
    @Override
    public Saved saved() {
      return Saved.INPUTS;
    }

    @Override
    public Tensor forward(Tensor a) {
      return Linalg.slogdet(a).logAbsDet();
    }

    @Override
    public Variable backward(Variable dy, Variable a, Variable y) {
      Variable inverse = Variable.apply(new Inv(), a);
      return dy.unsqueeze(-1).unsqueeze(-1).mul(inverse.transpose());
    }
  }

  /// `y = √Σ a²` of matrices, `dA = dy·A / y`, 0 where A is 0.
  record Frobenius() implements Op.Unary {
    @Override
    public Tensor forward(Tensor a) {
      return Linalg.matrixNorm(a, Linalg.Norm.FROBENIUS);
    }

    @Override
    public Variable backward(Variable dy, Variable a, Variable y) {
      Variable direction = DecompositionOps.RATIO.apply(a, y.unsqueeze(-1).unsqueeze(-1));
      return direction.mul(dy.unsqueeze(-1).unsqueeze(-1));
    }
  }
}
