package vectorgrad.numerics;

/// The functions of one variable that a [Formula] is made of.
public enum UnaryFunction {
  NEGATE("−"),
  ABS("abs"),
  SIGN("sign"),
  SQRT("√"),
  FLOOR("floor"),
  RINT("rint"),
  EXP("exp"),
  LOG("log"),
  TANH("tanh"),
  SIN("sin"),
  COS("cos"),
  NOT("¬"),
  POWER_OF_TWO("2^"),
  EXPONENT("exponent"),
  SIGNIFICAND("significand");
  private final String symbol;

  UnaryFunction(String symbol) {
    this.symbol = symbol;
  }

  String symbol() {
    return symbol;
  }

  boolean isPrimitive() {
    return switch (this) {
      case EXP, LOG, TANH, SIN, COS, SIGN -> false;
      default -> true;
    };
  }

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
          Double.longBitsToDouble((Double.doubleToRawLongBits(x) >>> 52) | 0x4330000000000000L)
              - (0x1p52 + 1023);
      case SIGNIFICAND ->
          Double.longBitsToDouble(
              (Double.doubleToRawLongBits(x) & 0x000fffffffffffffL) | 0x3ff0000000000000L);
    };
  }

  float apply(float x) {
    return switch (this) {
      case NEGATE -> -x;
      case ABS -> Math.abs(x);
      case SQRT -> (float) Math.sqrt(x);
      case FLOOR -> (float) Math.floor(x);
      case RINT -> (float) Math.rint(x);
      case NOT -> x == 0 ? 1 : 0;
      case POWER_OF_TWO ->
          Float.intBitsToFloat(Float.floatToRawIntBits(x + (0x1.8p23f + 127)) << 23);
      case EXPONENT ->
          Float.intBitsToFloat((Float.floatToRawIntBits(x) >>> 23) | 0x4b000000) - (0x1p23f + 127);
      case SIGNIFICAND ->
          Float.intBitsToFloat((Float.floatToRawIntBits(x) & 0x007fffff) | 0x3f800000);
      default ->
          throw new IllegalStateException(this + " is lowered before it is evaluated in float");
    };
  }
}
