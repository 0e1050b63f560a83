package vectorgrad.tensor;

import static vectorgrad.numerics.Formula.constant;
import static vectorgrad.numerics.Formula.input;

import vectorgrad.numerics.Formula;
import vectorgrad.numerics.Program;

/// Reductions that take more than one pass: spread, norms, likelihoods. None of them writes what
/// lies between the passes into memory. Without axes they join all elements to a scalar; whole
/// numbers give F64.
sealed interface Statistics permits Tensor {

  /// The formulas of the passes. An operand of F64 makes a pass compute in float64, whatever the
  /// dtype of the others.
  final class Programs {
    private static final Formula X = input(0);
    private static final Formula Y = input(1);
    private static final Formula IS_NUMBER = X.equalTo(X);
    static final Program SQUARED_DISTANCE = Program.of(X.minus(Y).square());
    static final Program EXP_DISTANCE = Program.of(X.minus(Y).exp());
    static final Program LOG_PLUS = Program.of(X.log().plus(Y));
    static final Program NUMBER_OR = Program.of(IS_NUMBER.then(X, Y));
    static final Program NUMBERS = Program.of(IS_NUMBER.then(Y, constant(0)));
    static final Program FINITE_OR_ZERO = Program.of(isInfinite(X).then(constant(0), X));
    static final Program COSINE =
        Program.of(X.over(input(2)).times(Y.over(input(3)))); // of vectors, then their lengths

    private Programs() {}

    static Formula isInfinite(Formula x) {
      return x.abs().equalTo(constant(Double.POSITIVE_INFINITY));
    }
  }

  private Tensor self() {
    return (Tensor) this;
  }

  /// The variance over `axes`, which disappear; over everything without axes. Divides by `n − 1`,
  /// as [#var(int, boolean, int...)] with a correction of 1.
  default Tensor var(int... axes) {
    return var(1, false, axes);
  }

  /// The variance over `axes`, which stay with size 1 if `keepDim`:
  ///
  /// `Σ (x − mean)² / max(0, n − correction)`
  ///
  /// A correction of 1 estimates the variance of what the elements are a sample of, 0 is the
  /// variance of the elements. Two passes in float64, rounded once, so that a mean far larger than
  /// the spread costs nothing. NaN for a single element with correction 1, for none, and beside an
  /// infinite element.
  default Tensor var(int correction, boolean keepDim, int... axes) {
    Tensor x = self();
    DType dtype = Reductions.floatingResult(x);
    return variance(x, correction, keepDim, axes).to(dtype);
  }

  /// The standard deviation over `axes`, which disappear: the root of [#var(int...)].
  default Tensor std(int... axes) {
    return std(1, false, axes);
  }

  /// The standard deviation over `axes`, which stay with size 1 if `keepDim`: the root of
  /// [#var(int, boolean, int...)].
  default Tensor std(int correction, boolean keepDim, int... axes) {
    Tensor x = self();
    return variance(x, correction, keepDim, axes).sqrt().to(Reductions.floatingResult(x));
  }

  private static Tensor variance(Tensor x, int correction, boolean keepDim, int[] axes) {
    Tensor numbers = besideDoubles(x);
    Tensor zero = Tensor.full(0, Shape.SCALAR, DType.F64, x.device());
    Tensor sum = Tensor.sumOf(Elementwise.Programs.SUB, true, axes, numbers, zero);
    double n = (double) x.size() / Math.max(1, sum.size());
    Tensor squares = Tensor.sumOf(Programs.SQUARED_DISTANCE, keepDim, axes, numbers, sum.div(n));
    return squares.div(Math.max(0, n - correction));
  }

  /// The Euclidean norm `√Σ x²` of all elements, in float64.
  default double norm() {
    return Norms.OF_ONE.of("norm", 2, false, new int[0], self()).item();
  }

  /// The p-norm over `axes`, which disappear; over everything without axes.
  default Tensor norm(double p, int... axes) {
    return norm(p, false, axes);
  }

  /// The p-norm over `axes`, which stay with size 1 if `keepDim`.
  ///
  /// | p | |
  /// |---|---|
  /// | 2 | `√Σ x²` |
  /// | 1 | `Σ \|x\|` |
  /// | 0 | how many elements are not 0 |
  /// | ∞ | the largest `\|x\|` |
  /// | −∞ | the smallest `\|x\|` |
  /// | any other | `(Σ \|x\|ᵖ)^(1/p)` |
  ///
  /// Computed in float64, and where powers could leave its range relative to the largest element
  /// (the smallest for `p < 0`), so that nothing overflows but the result.
  ///
  /// @throws ShapeException if `p` is infinite and there is nothing to choose from
  default Tensor norm(double p, boolean keepDim, int... axes) {
    Tensor x = self();
    return Norms.OF_ONE.of("norm", p, keepDim, axes, x).to(Reductions.floatingResult(x));
  }

  /// The p-norm of the difference of two tensors, over everything. The difference is never in
  /// memory.
  default Tensor dist(Tensor y, double p) {
    Tensor x = self();
    DType dtype = Tensor.promote("dist", x, y);
    return Norms.OF_DIFFERENCE
        .of("dist", p, false, new int[0], x, y)
        .to(Reductions.floatingResult(dtype));
  }

  /// The distances by the p-norm between all vectors (…, M, D) of this tensor and all vectors (…,
  /// N, D) of `y`: (…, M, N). Batch axes broadcast. The differences are never in memory; they may
  /// not be more than 2³¹ − 9.
  ///
  /// @throws ShapeException if an operand has fewer than two axes or the vectors differ in size
  default Tensor cdist(Tensor y, double p) {
    Tensor x = self();
    DType dtype = Tensor.promote("cdist", x, y);
    if (x.rank() < 2 || y.rank() < 2 || x.size(-1) != y.size(-1)) {
      throw new ShapeException(
          Message.of("cdist", "needs rows of vectors of one size")
              .row("left", x.shape())
              .row("right", y.shape())
              .row("rule", "(…, M, D) and (…, N, D)"),
          x.shape(),
          y.shape());
    }
    return Norms.OF_DIFFERENCE
        .of("cdist", p, false, new int[] {-1}, x.unsqueeze(-2), y.unsqueeze(y.rank() - 2))
        .to(Reductions.floatingResult(dtype));
  }

  /// The cosine of the angle between vectors along `axis`, which disappears: `Σ x·y / (‖x‖·‖y‖)`.
  /// Lengths below 1e-8 count as 1e-8, so a vector of zeros has the similarity 0. The operands
  /// broadcast; the axis is one of the broadcast shape.
  default Tensor cosineSimilarity(Tensor y, int axis) {
    Tensor x = self();
    DType dtype = Tensor.promote("cosineSimilarity", x, y);
    Shape shape = Shape.broadcast("cosineSimilarity", x.shape(), y.shape());
    Tensor a = x.expand(shape);
    Tensor b = y.expand(shape);
    int[] axes = {shape.axis(axis)};
    Tensor tiny = Tensor.full(1e-8, Shape.SCALAR, DType.F64, x.device());
    Tensor lengthA = Norms.OF_ONE.of("cosineSimilarity", 2, true, axes, a).maximum(tiny);
    Tensor lengthB = Norms.OF_ONE.of("cosineSimilarity", 2, true, axes, b).maximum(tiny);
    return Tensor.sumOf(
            Programs.COSINE, false, axes, besideDoubles(a), besideDoubles(b), lengthA, lengthB)
        .to(Reductions.floatingResult(dtype));
  }

  /// `ln Σ eˣ` over `axes`, which disappear; over everything without axes.
  default Tensor logsumexp(int... axes) {
    return logsumexp(false, axes);
  }

  /// `ln Σ eˣ` over `axes`, which stay with size 1 if `keepDim`, as `m + ln Σ exp(x − m)` with the
  /// largest element `m`, so that nothing overflows. Nothing but −∞, and nothing at all, gives −∞;
  /// +∞ gives +∞; NaN gives NaN.
  default Tensor logsumexp(boolean keepDim, int... axes) {
    Tensor x = self();
    DType dtype = Reductions.floatingResult(x);
    Tensor numbers = besideDoubles(x);
    Shape kept = Reductions.kept(x.shape(), axes);
    if (x.size() == 0) {
      Tensor nothing = Tensor.full(Double.NEGATIVE_INFINITY, kept, dtype, x.device());
      return keepDim ? nothing : Reductions.dropAxes(nothing, x.shape(), axes);
    }
    Tensor m = Tensor.map(Programs.FINITE_OR_ZERO, numbers.max(true, axes)).to(dtype.widened());
    Tensor sum = Tensor.sumOf(Programs.EXP_DISTANCE, true, axes, numbers, m);
    Tensor result = Tensor.map(Programs.LOG_PLUS, sum, m).to(dtype);
    return keepDim ? result : Reductions.dropAxes(result, x.shape(), axes);
  }

  /// The sum over `axes`, which disappear, of the elements that are not NaN; 0 if there is none.
  default Tensor nansum(int... axes) {
    Tensor x = self();
    return x.dtype().isFloating()
        ? ofNumbers(Programs.NUMBER_OR, 0, axes).to(x.dtype())
        : x.sum(axes);
  }

  /// The mean over `axes`, which disappear, of the elements that are not NaN; NaN if there is none.
  default Tensor nanmean(int... axes) {
    Tensor x = self();
    return x.dtype().isFloating()
        ? ofNumbers(Programs.NUMBER_OR, 0, axes)
            .div(ofNumbers(Programs.NUMBERS, 1, axes))
            .to(x.dtype())
        : x.mean(axes);
  }

  private Tensor ofNumbers(Program program, double value, int[] axes) {
    Tensor x = self();
    Tensor operand = Tensor.full(value, Shape.SCALAR, x.dtype().widened(), x.device());
    return Tensor.sumOf(program, false, axes, x, operand);
  }

  /// The tensor itself, which an operand of F64 makes a pass read as F64; of I64, which no float
  /// may stand beside, a copy.
  static Tensor besideDoubles(Tensor x) {
    return x.dtype().promotesWith(DType.F64) ? x : x.to(DType.F64);
  }
}
