package vectorgrad.autograd;

import vectorgrad.tensor.Shape;

/// Products of vectors, matrices and whole variables: see [ProductOps]. What sums over more than
/// one axis, or over several operands, is [Variable#einsum].
sealed interface Products permits Variable {

  private Variable self() {
    return (Variable) this;
  }

  /// The matrix product `C = A·B`, for every batch, `dA = dC·Bᵀ`, `dB = Aᵀ·dC`.
  ///
  /// | this | `b` | result | |
  /// |---|---|---|---|
  /// | (…, M, K) | (…, K, N) | (…, M, N) | batch axes broadcast |
  /// | (K) | (…, K, N) | (…, N) | a vector on the left is a row |
  /// | (…, M, K) | (K) | (…, M) | a vector on the right is a column |
  /// | (K) | (K) | () | the inner product |
  ///
  /// @throws vectorgrad.tensor.ShapeException if the inner sizes differ or an operand is a scalar
  default Variable matmul(Variable b) {
    return ProductOps.matmul(self(), b);
  }

  /// The product (M, N) of the matrices (M, K) and (K, N); [#matmul] without batches.
  ///
  /// @throws vectorgrad.tensor.ShapeException if an operand is no matrix or the inner sizes differ
  default Variable mm(Variable b) {
    if (!fits(2, 2, b)) {
      self().value().mm(b.value()); // throws
    }
    return matmul(b);
  }

  /// The product (M) of the matrix (M, K) and the vector (K).
  ///
  /// @throws vectorgrad.tensor.ShapeException if the operands are not a matrix and a vector, or the
  ///   sizes differ
  default Variable mv(Variable vector) {
    if (!fits(2, 1, vector)) {
      self().value().mv(vector.value()); // throws
    }
    return matmul(vector);
  }

  /// The products (B, M, N) of the batches of matrices (B, M, K) and (B, K, N), which do not
  /// broadcast.
  ///
  /// @throws vectorgrad.tensor.ShapeException if an operand has not three axes, or sizes differ
  default Variable bmm(Variable b) {
    if (!fits(3, 3, b) || self().size(0) != b.size(0)) {
      self().value().bmm(b.value()); // throws
    }
    return matmul(b);
  }

  /// The inner product `Σ xᵢ·yᵢ` of two vectors of one size: a scalar.
  ///
  /// @throws vectorgrad.tensor.ShapeException if an operand is no vector or the sizes differ
  default Variable dot(Variable y) {
    if (!fits(1, 1, y)) {
      self().value().dot(y.value()); // throws
    }
    return vecdot(y, 0);
  }

  /// The inner products `Σ xᵢ·yᵢ` along `axis`, which disappears. The operands broadcast; the axis
  /// is one of the broadcast shape. The products are never in memory.
  ///
  /// @throws vectorgrad.tensor.ShapeException if the operands do not broadcast
  default Variable vecdot(Variable y, int axis) {
    Shape shape = Shape.broadcast("vecdot", self().shape(), y.shape());
    var op = new ProductOps.VecDot(shape.axis(axis));
    return Variable.apply(op, self().expand(shape), y.expand(shape));
  }

  /// The outer product (M, N) of the vectors (M) and (N): `xᵢ·yⱼ`.
  ///
  /// @throws vectorgrad.tensor.ShapeException if an operand is no vector
  default Variable outer(Variable y) {
    if (self().rank() != 1 || y.rank() != 1) {
      self().value().outer(y.value()); // throws
    }
    return self().unsqueeze(1).mul(y.unsqueeze(0));
  }

  /// The Kronecker product: every element of this variable times all of `b`.
  ///
  /// `result[i·P + k, j·Q + l] = a[i, j]·b[k, l]` for `b` of shape (P, Q); sizes multiply in every
  /// axis, and an operand of fewer axes gets axes of size 1 on the left.
  default Variable kron(Variable b) {
    int rank = Math.max(self().rank(), b.rank());
    Variable left = ofRank(rank, self()); // (a₀, 1, a₁, 1, …)
    Variable right = ofRank(rank, b); // (1, b₀, 1, b₁, …)
    for (int axis = rank - 1; axis >= 0; axis--) {
      left = left.unsqueeze(axis + 1);
      right = right.unsqueeze(axis);
    }
    Variable product = left.mul(right);
    for (int axis = 0; axis < rank; axis++) {
      product = product.flatten(axis, axis + 1);
    }
    return product;
  }

  private static Variable ofRank(int rank, Variable x) {
    return x.rank() == rank ? x : ofRank(rank, x.unsqueeze(0));
  }

  /// The cross product of vectors of size 3 along `axis`: a vector at right angles to both. The
  /// operands broadcast. `dx = y × dz`, `dy = dz × x`.
  ///
  /// @throws vectorgrad.tensor.ShapeException if `axis` has not size 3
  default Variable cross(Variable y, int axis) {
    Shape shape = Shape.broadcast("cross", self().shape(), y.shape());
    // the place of the axis as it was given: an error names it
    return Variable.apply(new ProductOps.Cross(axis), self().expand(shape), y.expand(shape));
  }

  /// The product summed over the last `axes` axes of this variable and the first ones of `b`: 0 is
  /// the outer product, 1 the matrix product, 2 the double contraction.
  ///
  /// @throws vectorgrad.tensor.ShapeException if an operand has fewer axes, or their sizes differ
  default Variable tensordot(Variable b, int axes) {
    Variable a = self();
    if (axes < 0 || axes > Math.min(a.rank(), b.rank())) {
      a.value().tensordot(b.value(), axes); // throws
    }
    int[] last = new int[axes];
    int[] first = new int[axes];
    for (int i = 0; i < axes; i++) {
      last[i] = a.rank() - axes + i;
      first[i] = i;
    }
    return tensordot(b, last, first);
  }

  /// The product summed over `axes` of this variable and `axesOfB` of `b`, in pairs. The result has
  /// the other axes of this variable, then those of `b`. One matrix product after permuting, and
  /// one for each gradient.
  ///
  /// @throws vectorgrad.tensor.ShapeException if the axes are not as many, repeat, or differ in
  ///   size
  default Variable tensordot(Variable b, int[] axes, int[] axesOfB) {
    return EinsumOps.tensordot(self(), b, axes, axesOfB);
  }

  private boolean fits(int left, int right, Variable b) {
    return self().rank() == left
        && b.rank() == right
        && self().size(-1) == b.size(right == 1 ? 0 : -2);
  }
}
