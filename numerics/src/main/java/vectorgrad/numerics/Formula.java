package vectorgrad.numerics;

/// A formula over real inputs: a small tree of records, written once and read in many ways.
public sealed interface Formula {
  record Input(int index) implements Formula {
    @Override
    public String toString() {
      return Notation.of(this);
    }
  }

  record Constant(double value) implements Formula {
    @Override
    public String toString() {
      return Notation.of(this);
    }
  }

  record Unary(UnaryFunction function, Formula x) implements Formula {
    @Override
    public String toString() {
      return Notation.of(this);
    }
  }

  record Binary(BinaryFunction function, Formula a, Formula b) implements Formula {
    @Override
    public String toString() {
      return Notation.of(this);
    }
  }

  record Fma(Formula a, Formula b, Formula c) implements Formula {
    @Override
    public String toString() {
      return Notation.of(this);
    }
  }

  record Select(Formula condition, Formula then, Formula otherwise) implements Formula {
    public Select {
      if (!condition.isTruth())
        throw new IllegalArgumentException(
            "select: the condition is a number, not a truth value\n  found  " + condition);
    }

    @Override
    public String toString() {
      return Notation.of(this);
    }
  }

  Formula ZERO = constant(0), HALF = constant(.5), ONE = constant(1), TWO = constant(2);

  static Formula input(int index) {
    return new Input(index);
  }

  static Formula constant(double value) {
    return new Constant(value);
  }

  private Formula unary(UnaryFunction f) {
    return new Unary(f, this);
  }

  private Formula binary(BinaryFunction f, Formula b) {
    return new Binary(f, this, b);
  }

  default Formula plus(Formula b) {
    return binary(BinaryFunction.ADD, b);
  }

  default Formula minus(Formula b) {
    return binary(BinaryFunction.SUBTRACT, b);
  }

  default Formula times(Formula b) {
    return binary(BinaryFunction.MULTIPLY, b);
  }

  default Formula over(Formula b) {
    return binary(BinaryFunction.DIVIDE, b);
  }

  default Formula plus(double b) {
    return plus(constant(b));
  }

  default Formula minus(double b) {
    return minus(constant(b));
  }

  default Formula times(double b) {
    return times(constant(b));
  }

  default Formula over(double b) {
    return over(constant(b));
  }

  default Formula min(Formula b) {
    return binary(BinaryFunction.MIN, b);
  }

  default Formula max(Formula b) {
    return binary(BinaryFunction.MAX, b);
  }

  default Formula fma(Formula b, Formula c) {
    return new Fma(this, b, c);
  }

  default Formula negate() {
    return unary(UnaryFunction.NEGATE);
  }

  default Formula abs() {
    return unary(UnaryFunction.ABS);
  }

  default Formula sign() {
    return unary(UnaryFunction.SIGN);
  }

  default Formula sqrt() {
    return unary(UnaryFunction.SQRT);
  }

  default Formula exp() {
    return unary(UnaryFunction.EXP);
  }

  default Formula log() {
    return unary(UnaryFunction.LOG);
  }

  default Formula tanh() {
    return unary(UnaryFunction.TANH);
  }

  default Formula sin() {
    return unary(UnaryFunction.SIN);
  }

  default Formula cos() {
    return unary(UnaryFunction.COS);
  }

  default Formula floor() {
    return unary(UnaryFunction.FLOOR);
  }

  default Formula rint() {
    return unary(UnaryFunction.RINT);
  }

  default Formula square() {
    return times(this);
  }

  default Formula reciprocal() {
    return ONE.over(this);
  }

  default Formula sigmoid() {
    return ONE.over(ONE.plus(negate().exp()));
  }

  default Formula relu() {
    return lessOrEqual(ZERO).then(ZERO, this);
  }

  default Formula pow(int n) {
    if (n < 0) return pow(-n).reciprocal();
    if (n == 0) return ONE;
    Formula half = pow(n / 2);
    return n == 1 ? this : n % 2 == 0 ? half.square() : half.square().times(this);
  }

  default Formula lessThan(Formula b) {
    return binary(BinaryFunction.LESS, b);
  }

  default Formula lessOrEqual(Formula b) {
    return binary(BinaryFunction.LESS_EQUAL, b);
  }

  default Formula greaterThan(Formula b) {
    return b.lessThan(this);
  }

  default Formula greaterOrEqual(Formula b) {
    return b.lessOrEqual(this);
  }

  default Formula equalTo(Formula b) {
    return binary(BinaryFunction.EQUAL, b);
  }

  default Formula and(Formula b) {
    return binary(BinaryFunction.AND, b);
  }

  default Formula or(Formula b) {
    return binary(BinaryFunction.OR, b);
  }

  default Formula not() {
    return unary(UnaryFunction.NOT);
  }

  default Formula then(Formula then, Formula otherwise) {
    return new Select(this, then, otherwise);
  }

  default boolean isTruth() {
    return switch (this) {
      case Binary b -> b.function().isTruth();
      case Unary u -> u.function() == UnaryFunction.NOT;
      default -> false;
    };
  }

  default int inputs() {
    return Program.of(this).inputs();
  }

  default boolean uses(int input) {
    return Program.of(this).uses(input);
  }

  default Formula substitute(Formula... inputs) {
    return Program.of(this).substitute(inputs).get(0);
  }

  default double evaluate(double... x) {
    double[] out = new double[1];
    Program.of(this).evaluate(x, out);
    return out[0];
  }

  default float evaluate(float... x) {
    float[] out = new float[1];
    Program.of(this).evaluate(x, out);
    return out[0];
  }

  default Formula derivative(int input) {
    return Derivative.of(this, input);
  }
}
