package vectorgrad.tensor;

import static vectorgrad.numerics.Formula.input;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import vectorgrad.numerics.Formula;
import vectorgrad.numerics.Program;
import vectorgrad.tensor.spi.Backend;

/// Products of vectors, matrices and whole tensors. What sums over more than one axis, or over
/// several operands, is [Tensor#einsum].
sealed interface Products permits Tensor {

  /// The formulas behind the products that are no matrix products.
  final class Programs {
    static final Program PRODUCT = Program.of(input(0).times(input(1)));
    private static final Program CROSS = Program.of(determinant(0, 1, 2, 3));

    private static Formula determinant(int a, int b, int c, int d) {
      return input(a).times(input(b)).minus(input(c).times(input(d)));
    }

    private Programs() {}
  }

  private Tensor self() {
    return (Tensor) this;
  }

  /// The matrix product `C = A·B`, for every batch: NumPy's `@`.
  ///
  /// | this | `b` | result | |
  /// |---|---|---|---|
  /// | (…, M, K) | (…, K, N) | (…, M, N) | batch axes broadcast |
  /// | (K) | (…, K, N) | (…, N) | a vector on the left is a row |
  /// | (…, M, K) | (K) | (…, M) | a vector on the right is a column |
  /// | (K) | (K) | () | the inner product |
  ///
  /// Costs 2·M·N·K flops a batch. The dtype is what both promote to: whole numbers are exact, and
  /// wrap around; halves are computed in F32 and rounded once, without a wide copy of a matrix.
  ///
  /// @throws ShapeException if the inner sizes differ or an operand is a scalar
  default Tensor matmul(Tensor b) {
    Tensor a = self();
    if (a.rank() == 0 || b.rank() == 0) {
      throw new ShapeException(
          operands("matmul", "needs vectors or matrices, found a scalar", a, b)
              .row("help", "mul multiplies by a number"),
          a.shape(),
          b.shape());
    }
    if (a.size(-1) != b.size(b.rank() == 1 ? 0 : -2)) {
      throw innerSizesDiffer("matmul", a, b);
    }
    Tensor left = a.rank() == 1 ? a.unsqueeze(0) : a;
    Tensor right = b.rank() == 1 ? b.unsqueeze(1) : b;
    Tensor result = multiply(left, right, Optional.empty());
    result = b.rank() == 1 ? result.squeeze(-1) : result;
    return a.rank() == 1 ? result.squeeze(b.rank() == 1 ? -1 : -2) : result;
  }

  /// `f(A·B, …)`, what `epilogue` makes of the product of matrices: a bias added, an activation, a
  /// residual.
  ///
  /// | this | `b` | result | |
  /// |---|---|---|---|
  /// | (…, M, K) | (…, K, N) | (…, M, N) | batch axes broadcast |
  ///
  /// Costs what [#matmul] costs, without another pass over the result. The dtype is what both
  /// matrices promote to; halves are rounded once, after the epilogue.
  ///
  /// @throws ShapeException if the inner sizes differ, an operand is no matrix, or another tensor
  ///   of the epilogue does not broadcast to the result
  default Tensor matmulThen(Tensor b, Epilogue epilogue) {
    Tensor a = self();
    if (a.rank() < 2 || b.rank() < 2) {
      throw new ShapeException(
          operands("matmulThen", "needs matrices", a, b)
              .row("help", "unsqueeze makes a matrix of a vector"),
          a.shape(),
          b.shape());
    }
    if (a.size(-1) != b.size(-2)) {
      throw innerSizesDiffer("matmulThen", a, b);
    }
    return multiply(a, b, Optional.of(epilogue));
  }

  private static Tensor multiply(Tensor a, Tensor b, Optional<Epilogue> epilogue) {
    DType dtype = Tensor.promote("matmul", a, b);
    DType computed = dtype.widened();
    if (computed == DType.F32) { // of which halves may be read as they lie
      return multiply(widened(a), widened(b), computed, epilogue).to(dtype);
    }
    return multiply(a.to(dtype), b.to(dtype), dtype, epilogue);
  }

  private static Tensor widened(Tensor x) {
    return x.dtype().isHalf() ? x : x.to(DType.F32);
  }

  private static Tensor multiply(Tensor a, Tensor b, DType dtype, Optional<Epilogue> epilogue) {
    Device device = Tensor.commonDevice("matmul", a, b);
    Shape batch = Shape.broadcast("matmul", batchAxes(a.shape()), batchAxes(b.shape()));
    Shape shape = matrices(batch, a.size(-2), b.size(-1));
    boolean empty = a.size(-1) == 0;
    Tensor result =
        empty ? Tensor.zeros(shape, dtype, device) : Tensor.uninitialized(shape, dtype, device);
    Optional<Epilogue> finish = epilogue.map(e -> e.over("matmulThen", shape, result));
    if (shape.size() == 0) {
      return result;
    }
    Backend backend = device.backend();
    if (empty) {
      finish.ifPresent(e -> e.apply(backend, result));
      return result;
    }
    Tensor left = a.expand(matrices(batch, a.size(-2), a.size(-1)));
    Tensor right = b.expand(matrices(batch, b.size(-2), b.size(-1)));
    if (finish.isPresent()) {
      backend.matmul(left, right, finish.orElseThrow(), result);
    } else {
      backend.matmul(left, right, result);
    }
    return result;
  }

  /// The product (M, N) of the matrices (M, K) and (K, N); [#matmul] without batches.
  ///
  /// @throws ShapeException if an operand is no matrix or the inner sizes differ
  default Tensor mm(Tensor b) {
    return ofRanks("mm", 2, 2, b);
  }

  /// The product (M) of the matrix (M, K) and the vector (K).
  ///
  /// @throws ShapeException if the operands are not a matrix and a vector, or the sizes differ
  default Tensor mv(Tensor vector) {
    return ofRanks("mv", 2, 1, vector);
  }

  /// The products (B, M, N) of the batches of matrices (B, M, K) and (B, K, N), which do not
  /// broadcast.
  ///
  /// @throws ShapeException if an operand has not three axes, or sizes differ
  default Tensor bmm(Tensor b) {
    if (self().rank() == 3 && b.rank() == 3 && self().size(0) != b.size(0)) {
      throw new ShapeException(
          operands("bmm", "batch sizes differ, " + self().size(0) + " and " + b.size(0), self(), b)
              .row("help", "matmul broadcasts batches of size 1"),
          self().shape(),
          b.shape());
    }
    return ofRanks("bmm", 3, 3, b);
  }

  /// The inner product `Σ xᵢ·yᵢ` of two vectors of one size: a scalar.
  ///
  /// @throws ShapeException if an operand is no vector or the sizes differ
  default Tensor dot(Tensor y) {
    Tensor x = self();
    expectRanks("dot", 1, 1, x, y);
    if (x.size() != y.size()) {
      throw innerSizesDiffer("dot", x, y);
    }
    return Tensor.sumOf(Programs.PRODUCT, false, new int[0], x, y);
  }

  /// The inner products `Σ xᵢ·yᵢ` along `axis`, which disappears. The operands broadcast; the axis
  /// is one of the broadcast shape. The products are never in memory.
  ///
  /// @throws ShapeException if the operands do not broadcast
  default Tensor vecdot(Tensor y, int axis) {
    Tensor x = self();
    Tensor.commonDevice("vecdot", x, y);
    Shape shape = Shape.broadcast("vecdot", x.shape(), y.shape());
    return Tensor.sumOf(Programs.PRODUCT, false, new int[] {shape.axis(axis)}, x, y);
  }

  /// The outer product (M, N) of the vectors (M) and (N): `xᵢ·yⱼ`.
  ///
  /// @throws ShapeException if an operand is no vector
  default Tensor outer(Tensor y) {
    expectRanks("outer", 1, 1, self(), y);
    return self().unsqueeze(1).mul(y.unsqueeze(0));
  }

  /// The Kronecker product: every element of this tensor times all of `b`.
  ///
  /// `result[i·P + k, j·Q + l] = a[i, j]·b[k, l]` for `b` of shape (P, Q); sizes multiply in every
  /// axis, and an operand of fewer axes gets axes of size 1 on the left.
  default Tensor kron(Tensor b) {
    Tensor a = self();
    int rank = Math.max(a.rank(), b.rank());
    int[] left = new int[2 * rank];
    int[] right = new int[2 * rank];
    int[] sizes = new int[rank];
    for (int axis = -1; axis >= -rank; axis--) {
      int i = rank + axis;
      left[2 * i] = axis >= -a.rank() ? a.size(axis) : 1;
      left[2 * i + 1] = 1;
      right[2 * i] = 1;
      right[2 * i + 1] = axis >= -b.rank() ? b.size(axis) : 1;
      sizes[i] = Shape.of(left[2 * i], right[2 * i + 1]).size();
    }
    return a.reshape(Shape.of(left)).mul(b.reshape(Shape.of(right))).reshape(Shape.of(sizes));
  }

  /// The cross product of vectors of size 3 along `axis`: a vector at right angles to both. The
  /// operands broadcast.
  ///
  /// `(x₁·y₂ − x₂·y₁, x₂·y₀ − x₀·y₂, x₀·y₁ − x₁·y₀)`
  ///
  /// @throws ShapeException if `axis` has not size 3
  default Tensor cross(Tensor y, int axis) {
    Tensor x = self();
    Shape shape = Shape.broadcast("cross", x.shape(), y.shape());
    if (shape.get(axis) != 3) {
      throw new ShapeException(
          operands("cross", "axis " + axis + " has size " + shape.get(axis) + ", not 3", x, y),
          x.shape(),
          y.shape());
    }
    List<Tensor> a = components(x.expand(shape), axis);
    List<Tensor> b = components(y.expand(shape), axis);
    Tensor[] parts = new Tensor[3];
    for (int i = 0; i < 3; i++) {
      int j = (i + 1) % 3;
      int k = (i + 2) % 3;
      parts[i] = Tensor.map(Programs.CROSS, a.get(j), b.get(k), a.get(k), b.get(j));
    }
    return Tensor.stack(shape.axis(axis), parts);
  }

  private static List<Tensor> components(Tensor x, int axis) {
    return List.of(x.select(axis, 0), x.select(axis, 1), x.select(axis, 2));
  }

  /// The product summed over the last `axes` axes of this tensor and the first ones of `b`: 0 is
  /// the outer product, 1 the matrix product, 2 the double contraction.
  ///
  /// @throws ShapeException if an operand has fewer axes, or their sizes differ
  default Tensor tensordot(Tensor b, int axes) {
    Tensor a = self();
    if (axes < 0 || axes > Math.min(a.rank(), b.rank())) {
      throw new ShapeException(
          operands("tensordot", "there are no " + axes + " axes to sum over", a, b),
          a.shape(),
          b.shape());
    }
    int[] last = new int[axes];
    int[] first = new int[axes];
    for (int i = 0; i < axes; i++) {
      last[i] = a.rank() - axes + i;
      first[i] = i;
    }
    return tensordot(b, last, first);
  }

  /// The product summed over `axes` of this tensor and `axesOfB` of `b`, in pairs. The result has
  /// the other axes of this tensor, then those of `b`. One matrix product after permuting.
  ///
  /// @throws ShapeException if the axes are not as many, repeat, or differ in size
  default Tensor tensordot(Tensor b, int[] axes, int[] axesOfB) {
    Tensor a = self();
    int[] rowsFirst = keptAndSummed(a, axes);
    int[] columnsLast = keptAndSummed(b, axesOfB);
    if (axes.length != axesOfB.length) {
      throw new ShapeException(
          operands(
              "tensordot",
              "sums over " + axes.length + " axes and " + axesOfB.length + " axes",
              a,
              b),
          a.shape(),
          b.shape());
    }
    for (int i = 0; i < axes.length; i++) {
      if (a.size(axes[i]) != b.size(axesOfB[i])) {
        throw new ShapeException(
            operands(
                    "tensordot",
                    "summed sizes differ, " + a.size(axes[i]) + " and " + b.size(axesOfB[i]),
                    a,
                    b)
                .row("axes", axes[i] + " of left, " + axesOfB[i] + " of right"),
            a.shape(),
            b.shape());
      }
    }
    Tensor left = a.permute(rowsFirst);
    Tensor right = b.permute(columnsLast);
    int rows = a.rank() - axes.length;
    int columns = b.rank() - axes.length;
    int[] m = Arrays.copyOf(left.shape().toArray(), rows);
    int[] n = Arrays.copyOf(right.shape().toArray(), columns);
    int[] k = Arrays.copyOfRange(left.shape().toArray(), rows, a.rank());
    int[] sizes = Arrays.copyOf(m, rows + columns);
    System.arraycopy(n, 0, sizes, rows, columns);
    return left.reshape(Shape.of(Shape.of(m).size(), Shape.of(k).size()))
        .matmul(right.reshape(Shape.of(Shape.of(n).size(), Shape.of(k).size())).transpose())
        .reshape(Shape.of(sizes));
  }

  private static int[] keptAndSummed(Tensor x, int[] axes) {
    int[] order = new int[x.rank()];
    boolean[] summed = new boolean[x.rank()];
    for (int axis : axes) {
      int a = x.shape().axis(axis);
      if (summed[a]) {
        throw new ShapeException(
            Message.of("tensordot", "axis " + axis + " is summed twice").row("shape", x.shape()),
            x.shape());
      }
      summed[a] = true;
    }
    int kept = 0;
    for (int axis = 0; axis < x.rank(); axis++) {
      if (!summed[axis]) {
        order[kept++] = axis;
      }
    }
    for (int axis : axes) {
      order[kept++] = x.shape().axis(axis);
    }
    return order;
  }

  private Tensor ofRanks(String operation, int left, int right, Tensor b) {
    Tensor a = self();
    expectRanks(operation, left, right, a, b);
    if (a.size(-1) != b.size(right == 1 ? 0 : -2)) {
      throw innerSizesDiffer(operation, a, b);
    }
    return a.matmul(b);
  }

  private static void expectRanks(String operation, int left, int right, Tensor a, Tensor b) {
    if (a.rank() != left || b.rank() != right) {
      throw new ShapeException(
          operands(operation, "needs " + named(left) + " and " + named(right), a, b)
              .row("help", "matmul takes vectors, matrices and batches of them"),
          a.shape(),
          b.shape());
    }
  }

  private static String named(int rank) {
    return rank == 1 ? "a vector" : rank == 2 ? "a matrix" : "a batch of matrices";
  }

  private static Message operands(String operation, String problem, Tensor left, Tensor right) {
    return Message.of(operation, problem).row("left", left.shape()).row("right", right.shape());
  }

  private static ShapeException innerSizesDiffer(String operation, Tensor a, Tensor b) {
    int inner = b.size(b.rank() == 1 ? 0 : -2);
    Message message =
        operands(operation, "inner sizes differ, " + a.size(-1) + " and " + inner, a, b);
    if (b.rank() > 1 && a.size(-1) == b.size(-1)) {
      message.row("help", "right looks transposed; try b.transpose()");
    } else if (a.rank() > 1 && a.size(-2) == inner) {
      message.row("help", "left looks transposed; try a.transpose()");
    } else if (a.rank() > 1 && b.rank() > 1) {
      message.row("rule", "(…, M, K) times (…, K, N)");
    } else {
      message.row("rule", "a vector has as many elements as its operand's inner axis");
    }
    return new ShapeException(message, a.shape(), b.shape());
  }

  private static Shape batchAxes(Shape shape) {
    return Shape.of(Arrays.copyOf(shape.toArray(), shape.rank() - 2));
  }

  private static Shape matrices(Shape batch, int rows, int columns) {
    int[] sizes = Arrays.copyOf(batch.toArray(), batch.rank() + 2);
    sizes[sizes.length - 2] = rows;
    sizes[sizes.length - 1] = columns;
    return Shape.of(sizes);
  }
}
