package vectorgrad.numerics;

/// The functions of one variable that a [Formula] is made of.
///
/// Some are *primitive*: every processor has an instruction for them, and all give the same bits.
/// The others are lowered to primitives by [Program#lowered], so that they give the same bits too,
/// on every width of vectors. The largest errors, against the correctly rounded value, on the
/// sweeps of `ElementaryTest`:
///
/// | function | float32 | float64 | beyond |
/// |---|---|---|---|
/// | `EXP` | 1 ulp | 1 ulp | gradual underflow, overflow to ∞ |
/// | `LOG` | 1 ulp | 1 ulp | subnormal arguments; −∞ at 0, NaN below |
/// | `TANH` | 2 ulp | 2 ulp | ±1 for large arguments |
/// | `SIN`, `COS` | 2 ulp | 2 ulp | for \|x\| ≤ 10⁴; further out the error grows with \|x\| |
public enum UnaryFunction {
  /// `−x`
  NEGATE("−"),
  /// `|x|`
  ABS("abs"),
  /// −1, 0 or 1; zeros and NaN stay as they are
  SIGN("sign"),
  /// `√x`, correctly rounded
  SQRT("√"),
  /// the largest whole number that is not above `x`
  FLOOR("floor"),
  /// the nearest whole number, the even one of two
  RINT("rint"),
  /// `eˣ`
  EXP("exp"),
  /// `ln x`
  LOG("log"),
  /// `tanh x`
  TANH("tanh"),
  /// `sin x`
  SIN("sin"),
  /// `cos x`
  COS("cos"),
  /// whether a truth value is false
  NOT("not"),
  /// `2ⁿ` for a whole number `n` whose power is a normal number. By adding `1.5·2²³ + 127`, which
  /// leaves `n + 127` in the lowest bits, and shifting these 23 to the left, into the exponent
  /// (float64: `1.5·2⁵² + 1023`, 52).
  POWER_OF_TWO("2^"),
  /// `⌊log₂ x⌋` of a positive normal number. By shifting the bits 23 to the right, setting those of
  /// 2²³ in their place, and subtracting `2²³ + 127` (float64: 52, 2⁵², 1023).
  EXPONENT("exponent"),
  /// `x / 2^EXPONENT(x)`, in [1, 2), of a positive normal number: the bits of `x` with the exponent
  /// of 1.
  SIGNIFICAND("significand");

  private final String symbol;

  UnaryFunction(String symbol) {
    this.symbol = symbol;
  }

  String symbol() {
    return symbol;
  }

  /// The value in float64, by `Math`; truth values are 1 and 0.
  double apply(double x) {
    return switch (this) {
      case NEGATE -> -x;
      case ABS -> Math.abs(x);
      case SIGN -> Math.signum(x);
      case SQRT -> Math.sqrt(x);
      case FLOOR -> Math.floor(x);
      case RINT -> Math.rint(x);
      case EXP -> Math.exp(x);
      case LOG -> Math.log(x);
      case TANH -> Math.tanh(x);
      case SIN -> Math.sin(x);
      case COS -> Math.cos(x);
      case NOT -> x == 0 ? 1 : 0;
      case POWER_OF_TWO ->
          Double.longBitsToDouble(Double.doubleToRawLongBits(x + (0x1.8p52 + 1023)) << 52);
      case EXPONENT ->
          Double.longBitsToDouble(
                  (Double.doubleToRawLongBits(x) >>> 52) | Double.doubleToRawLongBits(0x1p52))
              - (0x1p52 + 1023);
      case SIGNIFICAND ->
          Double.longBitsToDouble(
              (Double.doubleToRawLongBits(x) & 0x000fffffffffffffL)
                  | Double.doubleToRawLongBits(1.0));
    };
  }

  /// The value of a primitive in float32.
  float apply(float x) {
    return switch (this) {
      case NEGATE -> -x;
      case ABS -> Math.abs(x);
      case SQRT -> (float) Math.sqrt(x); // rounding twice is rounding once here
      case FLOOR -> (float) Math.floor(x);
      case RINT -> (float) Math.rint(x);
      case NOT -> x == 0 ? 1 : 0;
      case POWER_OF_TWO ->
          Float.intBitsToFloat(Float.floatToRawIntBits(x + (0x1.8p23f + 127)) << 23);
      case EXPONENT ->
          Float.intBitsToFloat(
                  (Float.floatToRawIntBits(x) >>> 23) | Float.floatToRawIntBits(0x1p23f))
              - (0x1p23f + 127);
      case SIGNIFICAND ->
          Float.intBitsToFloat(
              (Float.floatToRawIntBits(x) & 0x007fffff) | Float.floatToRawIntBits(1f));
      case SIGN, EXP, LOG, TANH, SIN, COS ->
          throw new IllegalStateException(this + " is lowered before it is computed in float32");
    };
  }
}
