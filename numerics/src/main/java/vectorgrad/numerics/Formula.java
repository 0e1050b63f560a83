package vectorgrad.numerics;

/// A formula of real numbers: what an elementwise operation is, written once.
///
/// A formula is data, a small tree of records, and everything that is done with it is a *reading*:
/// a `switch` over the six kinds of nodes.
///
/// | reading | where |
/// |---|---|
/// | a number, in `double`: the mathematics | [#evaluate(double...)] |
/// | a number, in `float`: the very bits of every kernel | [#evaluate(float...)] |
/// | a number and its derivative at once | [#evaluate(Dual...)] |
/// | a complex number | [#evaluate(Complex...)] |
/// | a number in half, bfloat16, fp8: rounded after each operation | [#evaluate(FloatFormat, double...)] |
/// | a derivative | [#derivative(int)] |
/// | a shorter formula of the same bits | [#simplified()] |
/// | mathematical notation | [#toString()] |
/// | bytecode for the CPU | `vectorgrad.tensor.cpu` |
///
/// ```java
/// Formula x = Formula.input(0);
/// Formula swish = x.times(x.sigmoid());
/// swish.evaluate(1.0);      // 0.7310585786300049
/// swish.derivative(0);      // as a formula again
/// ```
///
/// Formulas may share parts; a [Program] finds equal parts and computes each once. Some formulas
/// are *truth values* ([#isTruth()]): comparisons, and what `and`, `or` and `not` make of them.
/// They choose between two numbers by [#then].
public sealed interface Formula extends ElementaryFormulas {

  /// An input by its number, from 0.
  ///
  /// @param index which input
  record Input(int index) implements Formula {
    /// Checks the index.
    public Input {
      if (index < 0) {
        throw new IllegalArgumentException(
            "input: the number must not be negative, found " + index);
      }
    }

    @Override
    public String toString() {
      return Notation.of(this);
    }
  }

  /// A number that never changes. What changes from step to step is an input.
  ///
  /// @param value the number
  record Constant(double value) implements Formula {
    @Override
    public String toString() {
      return Notation.of(this);
    }
  }

  /// A function of one formula.
  ///
  /// @param function which function
  /// @param x its argument
  record Unary(UnaryFunction function, Formula x) implements Formula {
    /// Checks that the argument is a truth value for `NOT`, a number for the others.
    public Unary {
      expect(function.name(), x, function == UnaryFunction.NOT);
    }

    @Override
    public String toString() {
      return Notation.of(this);
    }
  }

  /// A function of two formulas.
  ///
  /// @param function which function
  /// @param a its first argument
  /// @param b its second argument
  record Binary(BinaryFunction function, Formula a, Formula b) implements Formula {
    /// Checks that the arguments are truth values for `AND` and `OR`, numbers for the others.
    public Binary {
      boolean truths = function == BinaryFunction.AND || function == BinaryFunction.OR;
      expect(function.name(), a, truths);
      expect(function.name(), b, truths);
    }

    @Override
    public String toString() {
      return Notation.of(this);
    }
  }

  /// `a·b + c`, rounded once.
  ///
  /// @param a a factor
  /// @param b a factor
  /// @param c what is added
  record Fma(Formula a, Formula b, Formula c) implements Formula {
    /// Checks that all are numbers.
    public Fma {
      expect("fma", a, false);
      expect("fma", b, false);
      expect("fma", c, false);
    }

    @Override
    public String toString() {
      return Notation.of(this);
    }
  }

  /// One of two numbers.
  ///
  /// @param condition which: a truth value
  /// @param then the result where it is true
  /// @param otherwise the result where it is false
  record Select(Formula condition, Formula then, Formula otherwise) implements Formula {
    /// Checks that the condition is a truth value and the results are numbers.
    public Select {
      expect("select", condition, true);
      expect("select", then, false);
      expect("select", otherwise, false);
    }

    @Override
    public String toString() {
      return Notation.of(this);
    }
  }

  /// 0
  Formula ZERO = constant(0);

  /// ½
  Formula HALF = constant(0.5);

  /// 1
  Formula ONE = constant(1);

  /// 2
  Formula TWO = constant(2);

  /// The input with the given number.
  static Formula input(int index) {
    return new Input(index);
  }

  /// The formula that a text says: numbers, `pi`, `e`, the `names` of the inputs, `+ - * / ^`,
  /// brackets, and the functions by the names of the methods here, such as `sqrt(x)` or `max(x,
  /// 0)`. `x^3` is [#pow(int)], any other power is [#pow(Formula)]; `-x^2` is `-(x^2)`.
  ///
  /// Comparisons choose: `x < 0 ? -x : x`. What [#toString()] writes can be read again, though it
  /// does not say which of two products or sums comes first, nor whether `x·y + z` is fused.
  ///
  /// ```java
  /// Formula f = Formula.parse("x^3*sin(x)");
  /// Formula g = Formula.parse("a*exp(-t)", "a", "t");
  /// ```
  ///
  /// @param names of the inputs, in their order; without any, x, y, z, x3, x4, …
  /// @throws IllegalArgumentException if it is no formula; the message shows where
  static Formula parse(String text, String... names) {
    return new FormulaParser(text, names).parse();
  }

  /// A number.
  static Formula constant(double value) {
    return new Constant(value);
  }

  // ---- arithmetic -----------------------------------------------------------------------------

  /// `x + b`
  default Formula plus(Formula b) {
    return new Binary(BinaryFunction.ADD, this, b);
  }

  /// `x + b`
  default Formula plus(double b) {
    return plus(constant(b));
  }

  /// `x − b`
  default Formula minus(Formula b) {
    return new Binary(BinaryFunction.SUBTRACT, this, b);
  }

  /// `x − b`
  default Formula minus(double b) {
    return minus(constant(b));
  }

  /// `x·b`
  default Formula times(Formula b) {
    return new Binary(BinaryFunction.MULTIPLY, this, b);
  }

  /// `x·b`
  default Formula times(double b) {
    return times(constant(b));
  }

  /// `x / b`
  default Formula over(Formula b) {
    return new Binary(BinaryFunction.DIVIDE, this, b);
  }

  /// `x / b`
  default Formula over(double b) {
    return over(constant(b));
  }

  /// `x·b + c`, rounded once.
  default Formula fma(Formula b, Formula c) {
    return new Fma(this, b, c);
  }

  /// The smaller of both; NaN if either is; −0 is smaller than 0.
  default Formula min(Formula b) {
    return new Binary(BinaryFunction.MIN, this, b);
  }

  /// The larger of both; NaN if either is; 0 is larger than −0.
  default Formula max(Formula b) {
    return new Binary(BinaryFunction.MAX, this, b);
  }

  /// `−x`
  default Formula negate() {
    return new Unary(UnaryFunction.NEGATE, this);
  }

  /// `|x|`
  default Formula abs() {
    return new Unary(UnaryFunction.ABS, this);
  }

  /// −1, 0 or 1, with the sign of zero, and NaN, as they are.
  default Formula sign() {
    return new Unary(UnaryFunction.SIGN, this);
  }

  /// The largest whole number that is not above `x`.
  default Formula floor() {
    return new Unary(UnaryFunction.FLOOR, this);
  }

  /// The nearest whole number, the even one of two.
  default Formula rint() {
    return new Unary(UnaryFunction.RINT, this);
  }

  /// The smallest whole number that is not below `x`.
  default Formula ceil() {
    return negate().floor().negate();
  }

  /// `x` without its fraction.
  default Formula trunc() {
    return lessThan(ZERO).then(ceil(), floor());
  }

  /// What is left of `x` after a whole number of `b`, exactly, with the sign of `x`: C's `fmod`.
  default Formula fmod(Formula b) {
    return new Binary(BinaryFunction.FMOD, this, b);
  }

  /// What is left of `x` after a whole number of `b`, with the sign of `b`: Python's `%`.
  default Formula remainder(Formula b) {
    Formula rest = fmod(b);
    Formula other = rest.lessThan(ZERO).then(ONE, ZERO).equalTo(b.lessThan(ZERO).then(ONE, ZERO));
    return rest.equalTo(ZERO).or(other).then(rest, rest.plus(b));
  }

  /// The largest whole number not above the quotient `x / b`, before that is rounded: Python's
  /// `//`.
  default Formula floorDivide(Formula b) {
    Formula exact = minus(remainder(b)).over(b);
    Formula quotient = over(b);
    return b.equalTo(ZERO).or(exact.equalTo(ZERO)).then(quotient.floor(), exact.rint());
  }

  /// `|x|` with the sign of `b`, that of zeros too; positive where `b` is NaN.
  default Formula copysign(Formula b) {
    return Elementary.isNegative(b).then(abs().negate(), abs());
  }

  /// `x`, but `low` where it is smaller and `high` where it is larger; `high` where `low > high`.
  default Formula clamp(Formula low, Formula high) {
    Formula above = lessThan(low).then(low, this);
    return above.greaterThan(high).then(high, above);
  }

  /// `x` at weight 0, `end` at weight 1, both exactly, and the line through them.
  default Formula lerp(Formula end, Formula weight) {
    Formula way = end.minus(this);
    return weight
        .lessThan(HALF)
        .then(plus(weight.times(way)), end.minus(way.times(ONE.minus(weight))));
  }

  /// `x·x`
  default Formula square() {
    return times(this);
  }

  /// `1 / x`
  default Formula reciprocal() {
    return ONE.over(this);
  }

  /// `xⁿ` for a whole number `n`, by squaring and multiplying.
  default Formula pow(int n) {
    if (n < 0) {
      return pow(-n).reciprocal();
    } else if (n == 0) {
      return ONE;
    } else if (n == 1) {
      return this;
    }
    Formula half = pow(n / 2);
    return n % 2 == 0 ? half.square() : half.square().times(this);
  }

  // ---- truth values ---------------------------------------------------------------------------

  /// Whether `x < b`; false if either is NaN.
  default Formula lessThan(Formula b) {
    return new Binary(BinaryFunction.LESS, this, b);
  }

  /// Whether `x ≤ b`; false if either is NaN.
  default Formula lessOrEqual(Formula b) {
    return new Binary(BinaryFunction.LESS_EQUAL, this, b);
  }

  /// Whether `x > b`; false if either is NaN.
  default Formula greaterThan(Formula b) {
    return b.lessThan(this);
  }

  /// Whether `x ≥ b`; false if either is NaN.
  default Formula greaterOrEqual(Formula b) {
    return b.lessOrEqual(this);
  }

  /// Whether `x = b`; false if either is NaN; 0 equals −0.
  default Formula equalTo(Formula b) {
    return new Binary(BinaryFunction.EQUAL, this, b);
  }

  /// Whether `x` is NaN.
  default Formula isNaN() {
    return equalTo(this).not();
  }

  /// Whether `x` is ∞ or −∞.
  default Formula isInfinite() {
    return abs().equalTo(constant(Double.POSITIVE_INFINITY));
  }

  /// Whether `x` is neither infinite nor NaN.
  default Formula isFinite() {
    return abs().lessThan(constant(Double.POSITIVE_INFINITY));
  }

  /// Whether both truth values are true.
  default Formula and(Formula b) {
    return new Binary(BinaryFunction.AND, this, b);
  }

  /// Whether one of the truth values is true.
  default Formula or(Formula b) {
    return new Binary(BinaryFunction.OR, this, b);
  }

  /// Whether exactly one of the truth values is true.
  default Formula xor(Formula b) {
    return and(b.not()).or(not().and(b));
  }

  /// Whether this truth value is false.
  default Formula not() {
    return new Unary(UnaryFunction.NOT, this);
  }

  /// `then` where this truth value is true, else `otherwise`.
  default Formula then(Formula then, Formula otherwise) {
    return new Select(this, then, otherwise);
  }

  /// Whether this is a truth value and no number.
  default boolean isTruth() {
    return switch (this) {
      case Unary u -> u.function() == UnaryFunction.NOT;
      case Binary b -> b.function().isTruth();
      case Input _, Constant _, Fma _, Select _ -> false;
    };
  }

  private static void expect(String name, Formula argument, boolean truth) {
    if (argument.isTruth() != truth) {
      throw new IllegalArgumentException(
          name.toLowerCase(java.util.Locale.ROOT)
              + ": needs "
              + (truth ? "a truth value" : "a number")
              + "\n  found  "
              + argument
              + "\n  help   "
              + (truth ? "compare it with something" : "choose numbers by condition.then(a, b)"));
    }
  }

  // ---- readings -------------------------------------------------------------------------------

  /// The formula as mathematics, its inputs under the given names, in their order; others are x, y,
  /// z, x3, x4, …
  default String notation(String... names) {
    return Notation.of(this, names);
  }

  /// How many inputs there are: the largest number used, plus 1.
  default int inputs() {
    return Program.of(this).inputs();
  }

  /// Whether the input with the given number occurs.
  default boolean uses(int input) {
    return Program.of(this).uses(input);
  }

  /// This formula with every input `i` replaced by `inputs[i]`.
  default Formula substitute(Formula... inputs) {
    return Program.of(this).substitute(inputs).get(0);
  }

  /// The number in float64, elementary functions by `Math`: the mathematics, and the oracle of
  /// tests.
  default double evaluate(double... x) {
    double[] result = new double[1];
    Program.of(this).evaluate(x, result);
    return result[0];
  }

  /// The number in float32: the bits that every kernel computes.
  default float evaluate(float... x) {
    float[] result = new float[1];
    Program.of(this).evaluate(x, result);
    return result[0];
  }

  /// The number in float64 and its derivative, computed together.
  default Dual evaluate(Dual... x) {
    return Dual.evaluate(this, x);
  }

  /// The number among the complex numbers; see [Complex] for what is not analytic.
  default Complex evaluate(Complex... x) {
    return Complex.evaluate(this, x);
  }

  /// This formula without what makes no difference; see [Program#simplified()].
  default Formula simplified() {
    return Program.of(this).simplified().outputs().get(0);
  }

  /// The number in a format of fewer bits: every operation is computed in float64 and rounded to
  /// it.
  default double evaluate(FloatFormat format, double... x) {
    double[] result = new double[1];
    Program.of(this).evaluate(format, x, result);
    return result[0];
  }

  /// The derivative with respect to an input, as a formula. At kinks it follows PyTorch: 0 for
  /// `|x|` and [#relu()] at 0, half of both for equal operands of [#min] and [#max].
  default Formula derivative(int input) {
    return Derivative.of(this, input);
  }
}
