package vectorgrad.tensor;

import static vectorgrad.numerics.Formula.ZERO;
import static vectorgrad.numerics.Formula.constant;
import static vectorgrad.numerics.Formula.input;

import vectorgrad.numerics.Formula;
import vectorgrad.numerics.Program;

/// Questions about every element: whether it is a number, true, or close to another. The answers
/// are truth values. Operands broadcast and promote.
sealed interface Predicates permits Tensor {

  /// The formulas behind the operations, each compiled once for each dtype and stride pattern.
  final class Programs {
    private static final Formula X = input(0);
    private static final Formula Y = input(1);
    private static final Formula Z = input(2);

    static final Program ISNAN = Program.of(X.isNaN());
    static final Program ISINF = Program.of(X.isInfinite());
    static final Program ISFINITE = Program.of(X.isFinite());
    static final Program NAN_TO_NUM =
        Program.of(
            X.isNaN()
                .then(
                    Y,
                    X.equalTo(constant(Double.POSITIVE_INFINITY))
                        .then(Z, X.equalTo(constant(Double.NEGATIVE_INFINITY)).then(input(3), X))));
    private static final Formula P = X.equalTo(ZERO).not();
    private static final Formula Q = Y.equalTo(ZERO).not();
    static final Program LOGICAL_AND = Program.of(P.and(Q));
    static final Program LOGICAL_OR = Program.of(P.or(Q));
    static final Program LOGICAL_XOR = Program.of(P.xor(Q));
    static final Program LOGICAL_NOT = Program.of(P.not());
    // equal infinities are close, which their difference, NaN, would deny; different ones are not
    static final Program ISCLOSE =
        Program.of(
            X.equalTo(Y)
                .or(
                    X.minus(Y)
                        .abs()
                        .lessOrEqual(input(3).plus(Z.times(Y.abs())))
                        .and(X.isFinite())
                        .and(Y.isFinite())));

    private Programs() {}
  }

  private Tensor self() {
    return (Tensor) this;
  }

  private Tensor like(double value) {
    return Tensor.full(value, Shape.SCALAR, self().dtype(), self().device());
  }

  private static Tensor any(String operation, Program program, Tensor... operands) {
    return Elementwise.evaluate(operation, program, operands)[0];
  }

  // ---- what is no number ----------------------------------------------------------------------

  /// BOOL: where `x` is NaN.
  default Tensor isnan() {
    return any("isnan", Programs.ISNAN, self());
  }

  /// BOOL: where `x` is ∞ or −∞.
  default Tensor isinf() {
    return floatingTest("isinf", Programs.ISINF, false);
  }

  /// BOOL: where `x` is neither infinite nor NaN.
  default Tensor isfinite() {
    return floatingTest("isfinite", Programs.ISFINITE, true);
  }

  private Tensor floatingTest(String operation, Program program, boolean ofWhole) {
    Tensor x = self();
    return x.dtype().isFloating()
        ? any(operation, program, x)
        : Tensor.full(ofWhole ? 1 : 0, x.shape(), DType.BOOL, x.device());
  }

  /// `x`, with 0 for NaN, and the largest number of the dtype, positive or negative, for infinity.
  default Tensor nanToNum() {
    DType dtype = self().dtype();
    double largest =
        dtype == DType.F16
            ? 65504
            : dtype == DType.BF16
                ? 0x1.fep127
                : dtype == DType.F64 ? Double.MAX_VALUE : Float.MAX_VALUE;
    return nanToNum(0, largest, -largest);
  }

  /// `x`, with these three numbers for NaN, ∞ and −∞.
  default Tensor nanToNum(double nan, double infinity, double minusInfinity) {
    Tensor x = self();
    return x.dtype().isFloating()
        ? any("nanToNum", Programs.NAN_TO_NUM, x, like(nan), like(infinity), like(minusInfinity))
        : x;
  }

  // ---- truth ----------------------------------------------------------------------------------

  /// BOOL: where neither is 0.
  default Tensor logicalAnd(Tensor y) {
    return any("logicalAnd", Programs.LOGICAL_AND, self(), y);
  }

  /// BOOL: where one of both is not 0.
  default Tensor logicalOr(Tensor y) {
    return any("logicalOr", Programs.LOGICAL_OR, self(), y);
  }

  /// BOOL: where exactly one of both is 0.
  default Tensor logicalXor(Tensor y) {
    return any("logicalXor", Programs.LOGICAL_XOR, self(), y);
  }

  /// BOOL: where `x` is 0.
  default Tensor logicalNot() {
    return any("logicalNot", Programs.LOGICAL_NOT, self());
  }

  /// BOOL: where `|x − y| ≤ absolute + relative·|y|`. Equal infinities are close to each other, NaN
  /// to nothing. Whole numbers are compared in F64.
  default Tensor isclose(Tensor y, double relative, double absolute) {
    DType common = Tensor.promote("isclose", self(), y);
    DType dtype = common.isFloating() ? common : DType.F64;
    Tensor x = self().to(dtype);
    Tensor[] tolerances = {
      Tensor.full(relative, Shape.SCALAR, dtype, x.device()),
      Tensor.full(absolute, Shape.SCALAR, dtype, x.device())
    };
    return any("isclose", Programs.ISCLOSE, x, y.to(dtype), tolerances[0], tolerances[1]);
  }

  /// BOOL: where `|x − y| ≤ 10⁻⁸ + 10⁻⁵·|y|`.
  default Tensor isclose(Tensor y) {
    return isclose(y, 1e-5, 1e-8);
  }

  /// Whether every element [#isclose(Tensor, double, double)].
  default boolean allclose(Tensor y, double relative, double absolute) {
    return isclose(y, relative, absolute).all().item() == 1;
  }

  /// Whether every element [#isclose(Tensor)].
  default boolean allclose(Tensor y) {
    return allclose(y, 1e-5, 1e-8);
  }
}
