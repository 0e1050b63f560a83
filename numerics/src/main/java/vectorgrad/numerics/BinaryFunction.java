package vectorgrad.numerics;

/// The functions of two variables that a [Formula] is made of. All are primitive: every processor
/// has an instruction for them, and all give the same bits.
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
      case ADD, SUBTRACT, MULTIPLY, DIVIDE, MIN, MAX -> false;
    };
  }

  /// The value in float64; truth values are 1 and 0.
  double apply(double a, double b) {
    return switch (this) {
      case ADD -> a + b;
      case SUBTRACT -> a - b;
      case MULTIPLY -> a * b;
      case DIVIDE -> a / b;
      case MIN -> Math.min(a, b);
      case MAX -> Math.max(a, b);
      case LESS -> a < b ? 1 : 0;
      case LESS_EQUAL -> a <= b ? 1 : 0;
      case EQUAL -> a == b ? 1 : 0;
      case AND -> a != 0 && b != 0 ? 1 : 0;
      case OR -> a != 0 || b != 0 ? 1 : 0;
    };
  }

  /// The value in float32; truth values are 1 and 0.
  float apply(float a, float b) {
    return switch (this) {
      case ADD -> a + b;
      case SUBTRACT -> a - b;
      case MULTIPLY -> a * b;
      case DIVIDE -> a / b;
      case MIN -> Math.min(a, b);
      case MAX -> Math.max(a, b);
      case LESS, LESS_EQUAL, EQUAL, AND, OR -> (float) apply((double) a, (double) b);
    };
  }
}
