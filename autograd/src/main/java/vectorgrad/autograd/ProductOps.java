package vectorgrad.autograd;

import java.util.Arrays;
import vectorgrad.tensor.Shape;
import vectorgrad.tensor.Tensor;

/// Matrix products: bilinear, as the convolutions in [ConvolutionOps]. Their derivatives are matrix
/// products again, so they are closed under differentiation.
final class ProductOps {
  private ProductOps() {}

  /// `C = A·B`, `dA = dC·Bᵀ`, `dB = Aᵀ·dC`.
  record MatMul() implements Op.Binary {
    @Override
    public Autocast.Policy autocast() {
      return Autocast.Policy.LOW;
    }

    @Override
    public Saved saved() {
      return Saved.OTHER_INPUTS;
    }

    @Override
    public Tensor forward(Tensor a, Tensor b) {
      return a.matmul(b);
    }

    @Override
    public Pair backward(Variable dc, Variable a, Variable b, Variable c) {
      return gradients(() -> apply(dc, b.transpose()), () -> apply(a.transpose(), dc));
    }

    private Variable apply(Variable a, Variable b) {
      return Variable.apply(this, a, b);
    }
  }

  /// `y = Σ aᵢ·bᵢ` along an axis of two tensors of one shape, `da = dy·b`, `db = dy·a`.
  record VecDot(int axis) implements Op.Binary {
    @Override
    public Autocast.Policy autocast() {
      return Autocast.Policy.WIDE;
    }

    @Override
    public Saved saved() {
      return Saved.OTHER_INPUTS;
    }

    @Override
    public Tensor forward(Tensor a, Tensor b) {
      return a.vecdot(b, axis);
    }

    @Override
    public Pair backward(Variable dy, Variable a, Variable b, Variable y) {
      Variable dc = dy.unsqueeze(axis);
      return gradients(() -> dc.mul(b), () -> dc.mul(a));
    }
  }

  /// `c = a × b` along an axis, `da = b × dc`, `db = dc × a`: the triple product `dc·(a × b)` stays
  /// when its factors move round.
  record Cross(int axis) implements Op.Binary {
    @Override
    public Saved saved() {
      return Saved.OTHER_INPUTS;
    }

    @Override
    public Tensor forward(Tensor a, Tensor b) {
      return a.cross(b, axis);
    }

    @Override
    public Pair backward(Variable dc, Variable a, Variable b, Variable c) {
      return gradients(() -> Variable.apply(this, b, dc), () -> Variable.apply(this, dc, a));
    }
  }

  /// The matrix product, with batch axes expanded before it so that [MatMul] never sees
  /// broadcasting.
  static Variable matmul(Variable a, Variable b) {
    boolean vectors = a.rank() > 0 && b.rank() > 0;
    if (!vectors || a.size(-1) != b.size(b.rank() == 1 ? 0 : -2)) {
      return Variable.apply(new MatMul(), a, b); // refused there, with the rule
    }
    if (a.rank() == 1) {
      return matmul(a.unsqueeze(0), b).squeeze(b.rank() == 1 ? 0 : -2);
    }
    if (b.rank() == 1) {
      return matmul(a, b.unsqueeze(1)).squeeze(-1);
    }
    if (a.rank() == 2 && b.rank() == 2) {
      return Variable.apply(new MatMul(), a, b);
    }
    if (b.rank() == 2) {
      // one matrix for all batches: their rows are one tall matrix, and db is one product
      int[] sizes = a.shape().toArray();
      sizes[sizes.length - 1] = b.size(1);
      int inner = b.size(0);
      int rows = inner == 0 ? Shape.of(sizes).size() / Math.max(1, b.size(1)) : a.size() / inner;
      return Variable.apply(new MatMul(), a.reshape(rows, inner), b).reshape(Shape.of(sizes));
    }
    Shape batch = Shape.broadcast("matmul", batchAxes(a.shape()), batchAxes(b.shape()));
    return Variable.apply(
        new MatMul(), a.expand(matrices(batch, a.shape())), b.expand(matrices(batch, b.shape())));
  }

  private static Shape batchAxes(Shape shape) {
    return Shape.of(Arrays.copyOf(shape.toArray(), shape.rank() - 2));
  }

  private static Shape matrices(Shape batch, Shape matrix) {
    int[] sizes = Arrays.copyOf(batch.toArray(), batch.rank() + 2);
    sizes[sizes.length - 2] = matrix.get(-2);
    sizes[sizes.length - 1] = matrix.get(-1);
    return Shape.of(sizes);
  }
}
