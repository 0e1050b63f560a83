package vectorgrad.numerics;

/// The functions of one variable that a [Formula] is made of.
///
/// Some are *primitive*: every processor has an instruction for them, and all give the same bits.
/// The others are lowered to primitives by [Program#lowered], so that they give the same bits too,
/// on every width of vectors.
///
/// How far they are from the truth at most, in units of the last place of the true value, so that
/// 0.5 is the correctly rounded value. Measured on the sweeps of `AccuracyTest`, in float32 at
/// three million points, in float64 at a hundred thousand. With fewer of them that test holds every
/// later build to these numbers. A few of two arguments, or made of others, are here too.
///
/// | function | float32 | float64 |
/// |---|---|---|
/// | `exp` | 1.00 | 0.97 |
/// | `exp2` | 0.67 | 0.69 |
/// | `expm1` | 0.92 | 1.18 |
/// | `log` | 0.81 | 0.73 |
/// | `log2` | 0.51 | 0.51 |
/// | `log10` | 0.51 | 0.51 |
/// | `log1p` | 0.51 | 0.51 |
/// | `sin` | 0.87 | 0.78 |
/// | `cos` | 0.90 | 0.81 |
/// | `tan` | 1.15 | 1.02 |
/// | `asin` | 0.65 | 0.62 |
/// | `acos` | 0.65 | 0.63 |
/// | `atan` | 0.78 | 0.65 |
/// | `atan2` | 0.77 | 0.63 |
/// | `sinh` | 0.77 | 0.71 |
/// | `cosh` | 0.88 | 0.88 |
/// | `tanh` | 1.30 | 1.24 |
/// | `asinh` | 0.51 | 0.51 |
/// | `acosh` | 0.51 | 0.51 |
/// | `atanh` | 0.51 | 0.51 |
/// | `pow` | 0.68 | 0.60 |
/// | `cbrt` | 0.51 | 0.51 |
/// | `rsqrt` | 1.48 | 1.46 |
/// | `hypot` | 1.18 | 1.10 |
/// | `erf` | 1.04 | 0.97 |
/// | `erfc` | 1.17 | 1.21 |
/// | `sigmoid` | 2.45 | 1.99 |
/// | `logSigmoid` | 1.45 | 1.43 |
/// | `softplus` | 1.45 | 1.41 |
/// | `logit` | 1.57 | 1.53 |
///
/// At the edges they are what IEEE 754 and C say: zeros keep their signs, NaN stays NaN, ∞ is where
/// it belongs. Results run evenly into the subnormal numbers, with at most 1 unit of error there,
/// and subnormal arguments are as good as others. `sin`, `cos` and `tan` are known for `|x| ≤ 2²⁰`
/// in float32 and `|x| ≤ 2⁴⁵` in float64, and NaN beyond: exact reduction of larger angles needs
/// hundreds of digits of π.
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
  /// `tan x`
  TAN("tan"),
  /// the angle in [−π/2, π/2] whose sine is `x`
  ASIN("asin"),
  /// the angle in [0, π] whose cosine is `x`
  ACOS("acos"),
  /// the angle in [−π/2, π/2] whose tangent is `x`
  ATAN("atan"),
  /// `(eˣ − e⁻ˣ) / 2`
  SINH("sinh"),
  /// `(eˣ + e⁻ˣ) / 2`
  COSH("cosh"),
  /// `ln(x + √(x² + 1))`
  ASINH("asinh"),
  /// `ln(x + √(x² − 1))`
  ACOSH("acosh"),
  /// `½·ln((1 + x) / (1 − x))`
  ATANH("atanh"),
  /// `2ˣ`
  EXP2("exp2"),
  /// `eˣ − 1`
  EXPM1("expm1"),
  /// `log₂ x`
  LOG2("log2"),
  /// `log₁₀ x`
  LOG10("log10"),
  /// `ln(1 + x)`
  LOG1P("log1p"),
  /// `∛x`
  CBRT("cbrt"),
  /// `2/√π·∫₀ˣ e^(−t²) dt`
  ERF("erf"),
  /// `1 − erf x`
  ERFC("erfc"),
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

  /// Whether every processor has an instruction for it, or a few; the others are lowered.
  public boolean isPrimitive() {
    return switch (this) {
      case NEGATE, ABS, SQRT, FLOOR, RINT, NOT, POWER_OF_TWO, EXPONENT, SIGNIFICAND -> true;
      default -> false;
    };
  }

  /// The value in float64, by `Math` where that has the function, else of the lowered function;
  /// truth values are 1 and 0.
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
      case TAN -> Math.tan(x);
      case ASIN -> Math.asin(x);
      case ACOS -> Math.acos(x);
      case ATAN -> Math.atan(x);
      case SINH -> Math.sinh(x);
      case COSH -> Math.cosh(x);
      case EXPM1 -> Math.expm1(x);
      case LOG10 -> Math.log10(x);
      case LOG1P -> Math.log1p(x);
      case CBRT -> Math.cbrt(x);
      case ASINH, ACOSH, ATANH, EXP2, LOG2, ERF, ERFC -> Elementary.evaluate(this, x);
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

  /// The value in whole numbers, which wrap around; truth values are 1 and 0.
  long apply(long x) {
    return switch (this) {
      case NEGATE -> -x;
      case ABS -> Math.abs(x);
      case SIGN -> Long.signum(x);
      case FLOOR, RINT -> x;
      case NOT -> x ^ 1;
      default -> throw new IllegalStateException(this + " of whole numbers is no whole number");
    };
  }

  /// Whether whole numbers have whole values.
  boolean staysWhole() {
    return switch (this) {
      case NEGATE, ABS, SIGN, FLOOR, RINT, NOT -> true;
      default -> false;
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
      default ->
          throw new IllegalStateException(this + " is lowered before it is computed in float32");
    };
  }
}
