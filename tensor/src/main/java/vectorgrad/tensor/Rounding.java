package vectorgrad.tensor;

import static vectorgrad.numerics.Formula.ZERO;
import static vectorgrad.numerics.Formula.input;

import vectorgrad.numerics.Formula;
import vectorgrad.numerics.Program;

/// Whole parts and what is left of them, signs and bounds. Operands broadcast and promote; a Java
/// number takes the tensor's dtype.
sealed interface Rounding permits Tensor {

  /// The formulas behind the operations, each compiled once for each dtype and stride pattern.
  final class Programs {
    private static final Formula X = input(0);
    private static final Formula Y = input(1);
    private static final Formula Z = input(2);

    static final Program CEIL = Program.of(X.ceil());
    static final Program FLOOR = Program.of(X.floor());
    static final Program ROUND = Program.of(X.rint());
    static final Program TRUNC = Program.of(X.trunc());
    static final Program FRAC = Program.of(X.minus(X.trunc()));
    static final Program FMOD = Program.of(X.fmod(Y));
    static final Program REMAINDER = Program.of(X.remainder(Y));
    static final Program FLOOR_DIVIDE = Program.of(X.floorDivide(Y));
    static final Program WHOLE_FLOOR_DIVIDE =
        Program.of(Y.equalTo(ZERO).then(ZERO, X.floorDivide(Y)));
    static final Program COPYSIGN = Program.of(X.copysign(Y));
    static final Program CLAMP_MIN = Program.of(X.lessThan(Y).then(Y, X));
    static final Program CLAMP_MAX = Program.of(X.greaterThan(Y).then(Y, X));
    static final Program CLAMP = Program.of(X.clamp(Y, Z));
    static final Program LERP = Program.of(X.lerp(Y, Z));
    static final Program HEAVISIDE = Program.of(X.heaviside(Y));

    private Programs() {}
  }

  private Tensor self() {
    return (Tensor) this;
  }

  private Tensor like(double value) {
    return Tensor.full(value, Shape.SCALAR, self().dtype(), self().device());
  }

  private static Tensor floating(String operation, Program program, Tensor... operands) {
    return Elementwise.floating(operation, program, operands);
  }

  private static Tensor any(String operation, Program program, Tensor... operands) {
    return Elementwise.evaluate(operation, program, operands)[0];
  }

  // ---- whole and remaining parts --------------------------------------------------------------

  /// The smallest whole number that is not below `x`. Whole numbers stay as they are.
  default Tensor ceil() {
    return whole("ceil", Programs.CEIL);
  }

  /// The largest whole number that is not above `x`. Whole numbers stay as they are.
  default Tensor floor() {
    return whole("floor", Programs.FLOOR);
  }

  /// The nearest whole number, the even one of two. Whole numbers stay as they are.
  default Tensor round() {
    return whole("round", Programs.ROUND);
  }

  /// `x` without its fraction. Whole numbers stay as they are.
  default Tensor trunc() {
    return whole("trunc", Programs.TRUNC);
  }

  private Tensor whole(String operation, Program program) {
    Tensor x = self();
    return x.dtype().isFloating() ? any(operation, program, x) : x;
  }

  /// The fraction of `x`, with its sign.
  default Tensor frac() {
    return floating("frac", Programs.FRAC, self());
  }

  /// What is left of `x` after a whole number of `y`, exactly, with the sign of `x`: C's `fmod`.
  /// NaN after 0, of whole numbers 0.
  default Tensor fmod(Tensor y) {
    return any("fmod", Programs.FMOD, self(), y);
  }

  /// As [#fmod(Tensor)].
  default Tensor fmod(double y) {
    return fmod(like(y));
  }

  /// What is left of `x` after a whole number of `y`, with the sign of `y`: Python's `%`. NaN after
  /// 0, of whole numbers 0.
  default Tensor remainder(Tensor y) {
    return any("remainder", Programs.REMAINDER, self(), y);
  }

  /// As [#remainder(Tensor)].
  default Tensor remainder(double y) {
    return remainder(like(y));
  }

  /// The largest whole number that is not above the quotient `x / y`: Python's `//`. Of whole
  /// numbers it is one too, and 0 after division by 0.
  default Tensor floorDivide(Tensor y) {
    DType dtype = Tensor.promote("floorDivide", self(), y);
    if (dtype.isFloating()) {
      return any("floorDivide", Programs.FLOOR_DIVIDE, self(), y);
    } else if (dtype != DType.I64) {
      return any("floorDivide", Programs.WHOLE_FLOOR_DIVIDE, self(), y).to(dtype);
    }
    // F64 does not hold all of I64: what its quotient misses is divided again
    Tensor multiple = self().sub(fmod(y));
    Tensor guess = quotient(multiple, y);
    Tensor trunc = guess.add(quotient(multiple.sub(guess.mul(y)), y));
    Tensor rest = fmod(y);
    Tensor below = rest.ne(0).logicalAnd(rest.lt(0).ne(y.lt(0)));
    return Tensor.where(y.eq(0), y, trunc.sub(below.to(DType.I64)));
  }

  /// As [#floorDivide(Tensor)].
  default Tensor floorDivide(double y) {
    return floorDivide(like(y));
  }

  private static Tensor quotient(Tensor x, Tensor y) {
    return x.to(DType.F64).div(y.to(DType.F64)).round().to(DType.I64);
  }

  // ---- signs and bounds -----------------------------------------------------------------------

  /// `|x|` with the sign of `y`, that of zeros too.
  default Tensor copysign(Tensor y) {
    return floating("copysign", Programs.COPYSIGN, self(), y);
  }

  /// `x`, but `low` where it is smaller and `high` where it is larger; `high` where `low > high`.
  default Tensor clamp(Tensor low, Tensor high) {
    return any("clamp", Programs.CLAMP, self(), low, high);
  }

  /// As [#clamp(Tensor, Tensor)].
  default Tensor clamp(double low, double high) {
    return clamp(like(low), like(high));
  }

  /// `x`, but `low` where it is smaller; NaN stays.
  default Tensor clampMin(Tensor low) {
    return any("clampMin", Programs.CLAMP_MIN, self(), low);
  }

  /// `x`, but `low` where it is smaller; NaN stays.
  default Tensor clampMin(double low) {
    return clampMin(like(low));
  }

  /// `x`, but `high` where it is larger; NaN stays.
  default Tensor clampMax(Tensor high) {
    return any("clampMax", Programs.CLAMP_MAX, self(), high);
  }

  /// `x`, but `high` where it is larger; NaN stays.
  default Tensor clampMax(double high) {
    return clampMax(like(high));
  }

  /// `x + weight·(end − x)`: `x` at 0 and `end` at 1, both exactly.
  default Tensor lerp(Tensor end, Tensor weight) {
    return floating("lerp", Programs.LERP, self(), end, weight);
  }

  /// As [#lerp(Tensor, Tensor)].
  default Tensor lerp(Tensor end, double weight) {
    return lerp(end, like(weight));
  }

  /// 0 below 0, 1 above, `atZero` at it; NaN stays NaN.
  default Tensor heaviside(Tensor atZero) {
    return any("heaviside", Programs.HEAVISIDE, self(), atZero);
  }
}
