package vectorgrad.tensor;

import static vectorgrad.numerics.Formula.ZERO;
import static vectorgrad.numerics.Formula.input;

import vectorgrad.numerics.Formula;
import vectorgrad.numerics.Program;
import vectorgrad.tensor.spi.Backend;
import vectorgrad.tensor.spi.Reduction;

/// Reductions that choose: where the extremes are, and whether some or all elements are true. The
/// first of equals is chosen, the first NaN if there is one.
sealed interface Extremes permits Tensor {

  /// The formulas behind the reductions.
  final class Programs {
    private static final Formula X = input(0);
    static final Program IS_TRUE = Program.of(X.equalTo(ZERO).not());

    /// The place where the element is the extreme, or no number; beyond all places elsewhere.
    static final Program PLACE =
        Program.of(X.equalTo(input(1)).or(X.equalTo(X).not()).then(input(2), input(3)));

    private Programs() {}
  }

  private Tensor self() {
    return (Tensor) this;
  }

  /// I32: the index of the largest element in row-major order.
  ///
  /// @throws ShapeException if there is none
  default Tensor argmax() {
    return self().reshape(self().size()).argmax(0);
  }

  /// I32: the index of the largest element along `axis`, which stays with size 1 if `keepDim`.
  ///
  /// @throws ShapeException if there is nothing to choose from
  default Tensor argmax(int axis, boolean keepDim) {
    Tensor x = self();
    Tensor found = x.argmax(axis);
    return keepDim ? found.unsqueeze(x.shape().axis(axis)) : found;
  }

  /// I32: the index of the smallest element in row-major order.
  ///
  /// @throws ShapeException if there is none
  default Tensor argmin() {
    return self().reshape(self().size()).argmin(0);
  }

  /// I32: the index of the smallest element along `axis`, which disappears.
  ///
  /// @throws ShapeException if there is nothing to choose from
  default Tensor argmin(int axis) {
    return argmin(axis, false);
  }

  /// I32: the index of the smallest element along `axis`, which stays with size 1 if `keepDim`.
  ///
  /// @throws ShapeException if there is nothing to choose from
  default Tensor argmin(int axis, boolean keepDim) {
    Tensor x = self();
    int a = x.shape().axis(axis);
    int n = x.size(a);
    // places are counted in a dtype that holds them and meets x's
    DType places = x.dtype().isFloating() ? DType.F64 : DType.I32;
    Tensor smallest =
        Reductions.reduce("argmin", Reduction.MIN, Backend.identity(), true, new int[] {a}, x);
    Tensor first =
        Reductions.reduce(
            "argmin",
            Reduction.MIN,
            Programs.PLACE,
            keepDim,
            new int[] {a},
            x,
            smallest,
            along(a, Tensor.arange(n, places)).to(x.device()),
            Tensor.full(n, Shape.SCALAR, places, x.device()));
    return first.to(DType.I32);
  }

  private Tensor along(int axis, Tensor vector) {
    int[] sizes = new int[self().rank()];
    java.util.Arrays.fill(sizes, 1);
    sizes[axis] = vector.size();
    return vector.reshape(Shape.of(sizes));
  }

  /// The largest elements along `axis`, which stays with size 1 if `keepDim`, and their indices.
  ///
  /// @throws ShapeException if there is nothing to choose from
  default Chosen maxWithIndices(int axis, boolean keepDim) {
    return chosen(axis, keepDim, argmax(axis, true));
  }

  /// The smallest elements along `axis`, which stays with size 1 if `keepDim`, and their indices.
  ///
  /// @throws ShapeException if there is nothing to choose from
  default Chosen minWithIndices(int axis, boolean keepDim) {
    return chosen(axis, keepDim, argmin(axis, true));
  }

  private Chosen chosen(int axis, boolean keepDim, Tensor indices) {
    Tensor values = self().gather(axis, indices);
    return keepDim
        ? new Chosen(values, indices)
        : new Chosen(values.squeeze(axis), indices.squeeze(axis));
  }

  /// BOOL: whether some element is true over `axes`, which disappear; over everything without axes.
  /// Numbers are true unless 0; of nothing none is.
  default Tensor any(int... axes) {
    return any(false, axes);
  }

  /// BOOL: whether some element is true over `axes`, which stay with size 1 if `keepDim`.
  default Tensor any(boolean keepDim, int... axes) {
    return joined("any", Reduction.MAX, keepDim, axes);
  }

  /// BOOL: whether all elements are true over `axes`, which disappear; over everything without
  /// axes. Numbers are true unless 0; of nothing all are.
  default Tensor all(int... axes) {
    return all(false, axes);
  }

  /// BOOL: whether all elements are true over `axes`, which stay with size 1 if `keepDim`.
  default Tensor all(boolean keepDim, int... axes) {
    return joined("all", Reduction.MIN, keepDim, axes);
  }

  private Tensor joined(String operation, Reduction reduction, boolean keepDim, int[] axes) {
    Tensor x = self();
    if (x.size() == 0) {
      double nothing = reduction == Reduction.MAX ? 0 : 1;
      Shape kept = Reductions.kept(x.shape(), axes);
      Tensor result = Tensor.full(nothing, kept, DType.BOOL, x.device());
      return keepDim ? result : Reductions.dropAxes(result, x.shape(), axes);
    }
    return Reductions.reduce(operation, reduction, Programs.IS_TRUE, keepDim, axes, x);
  }
}
