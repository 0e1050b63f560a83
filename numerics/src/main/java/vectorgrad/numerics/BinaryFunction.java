package vectorgrad.numerics;

/// The functions of two variables that a [Formula] is made of.
///
/// Most are *primitive*: every processor has an instruction for them, and all give the same bits.
/// `POW`, `HYPOT` and `ATAN2` are lowered to primitives by [Program#lowered]; how exact they are
/// says [UnaryFunction].
public enum BinaryFunction {
  /// `a + b`
  ADD("+"),
  /// `a − b`
  SUBTRACT("−"),
  /// `a·b`
  MULTIPLY("·"),
  /// `a / b`
  DIVIDE("/"),
  /// the smaller, as `Math.min`
  MIN("min"),
  /// the larger, as `Math.max`
  MAX("max"),
  /// what is left of `a` after a whole number of `b`, with the sign of `a`; exact, as `%` in Java
  /// and `fmod` in C; 0 where `b` is the whole number 0
  FMOD("fmod"),
  /// `aᵇ`
  POW("pow"),
  /// `√(a² + b²)`
  HYPOT("hypot"),
  /// the angle of the point `(b, a)`, in [−π, π]
  ATAN2("atan2"),
  /// whether `a < b`
  LESS("<"),
  /// whether `a ≤ b`
  LESS_EQUAL("≤"),
  /// whether `a = b`
  EQUAL("="),
  /// whether both truth values are true
  AND("and"),
  /// whether one of two truth values is true
  OR("or");

  private final String symbol;

  BinaryFunction(String symbol) {
    this.symbol = symbol;
  }

  String symbol() {
    return symbol;
  }

  /// Whether the result is a truth value.
  public boolean isTruth() {
    return switch (this) {
      case LESS, LESS_EQUAL, EQUAL, AND, OR -> true;
      default -> false;
    };
  }

  /// Whether every processor computes it; the others are lowered.
  public boolean isPrimitive() {
    return switch (this) {
      case POW, HYPOT, ATAN2 -> false;
      default -> true;
    };
  }

  /// The value in float64, by `Math`; truth values are 1 and 0.
  double apply(double a, double b) {
    return switch (this) {
      case ADD -> a + b;
      case SUBTRACT -> a - b;
      case MULTIPLY -> a * b;
      case DIVIDE -> a / b;
      case MIN -> Math.min(a, b);
      case MAX -> Math.max(a, b);
      case FMOD -> a % b;
      case POW -> a == 1 || (a == -1 && Double.isInfinite(b)) ? 1 : Math.pow(a, b); // IEEE 754's
      case HYPOT -> Math.hypot(a, b);
      case ATAN2 -> Math.atan2(a, b);
      case LESS -> a < b ? 1 : 0;
      case LESS_EQUAL -> a <= b ? 1 : 0;
      case EQUAL -> a == b ? 1 : 0;
      case AND -> a != 0 && b != 0 ? 1 : 0;
      case OR -> a != 0 || b != 0 ? 1 : 0;
    };
  }

  /// The value of a primitive in float32; truth values are 1 and 0.
  float apply(float a, float b) {
    return switch (this) {
      case ADD -> a + b;
      case SUBTRACT -> a - b;
      case MULTIPLY -> a * b;
      case DIVIDE -> a / b;
      case MIN -> Math.min(a, b);
      case MAX -> Math.max(a, b);
      case FMOD -> a % b;
      case POW, HYPOT, ATAN2 ->
          throw new IllegalStateException(this + " is lowered before it is computed in float32");
      case LESS, LESS_EQUAL, EQUAL, AND, OR -> (float) apply((double) a, (double) b);
    };
  }

  /// The value in whole numbers, which wrap around; truth values are 1 and 0.
  long apply(long a, long b) {
    return switch (this) {
      case ADD -> a + b;
      case SUBTRACT -> a - b;
      case MULTIPLY -> a * b;
      case MIN -> Math.min(a, b);
      case MAX -> Math.max(a, b);
      case LESS -> a < b ? 1 : 0;
      case LESS_EQUAL -> a <= b ? 1 : 0;
      case EQUAL -> a == b ? 1 : 0;
      case AND -> a & b;
      case OR -> a | b;
      case FMOD -> b == 0 ? 0 : a % b;
      default -> throw new IllegalStateException(this + " of whole numbers is no whole number");
    };
  }

  /// Whether whole numbers have whole values.
  boolean staysWhole() {
    return switch (this) {
      case DIVIDE, POW, HYPOT, ATAN2 -> false;
      default -> true;
    };
  }
}
