package vectorgrad.autograd;

import static vectorgrad.numerics.Formula.input;

import java.util.concurrent.ConcurrentHashMap;
import vectorgrad.numerics.Formula;

/// Operations of a [Variable] that treat every element alike. Each is a formula; its derivatives
/// follow symbolically, or from the output where that is simpler. What they are at ties and kinks
/// says the table of the package.
sealed interface Elementwise permits Variable {

  /// The operations, made once.
  final class Operations {
    private static final Formula X = input(0);
    private static final Formula Y = input(1);
    static final Fused ADD = Fused.of("add", 2, X.plus(Y));
    static final Fused SUB = Fused.of("sub", 2, X.minus(Y));
    static final Fused MUL = Fused.of("mul", 2, X.times(Y));
    static final Fused DIV = Fused.of("div", 2, X.over(Y));
    static final Fused MAXIMUM =
        Fused.of("maximum", X.max(Y), unless(X.lessThan(Y)), unless(Y.lessThan(X)));
    static final Fused MINIMUM =
        Fused.of("minimum", X.min(Y), unless(Y.lessThan(X)), unless(X.lessThan(Y)));
    static final Fused NEG = Fused.of("neg", 1, X.negate());
    static final Fused ABS = Fused.of("abs", 1, X.abs());
    static final Fused SIGN = Fused.of("sign", 1, X.sign());
    static final Fused SQUARE = Fused.of("square", 1, X.square());
    static final Fused LOG = Fused.of("log", 1, X.log());
    static final Fused SIN = Fused.of("sin", 1, X.sin());
    static final Fused COS = Fused.of("cos", 1, X.cos());
    static final Fused SQRT = Fused.of("sqrt", new Sqrt());
    static final Fused EXP = Fused.of("exp", new Exp());
    static final Fused TANH = Fused.of("tanh", new Tanh());
    static final Fused SIGMOID = Fused.of("sigmoid", new Sigmoid());
    static final Fused RELU = Fused.of("relu", new Relu());
    static final ConcurrentHashMap<Integer, Fused> POW = new ConcurrentHashMap<>();

    private Operations() {}

    /// 1, unless the other one is chosen; half of it where both are equal.
    private static Formula unless(Formula other) {
      return other.then(Formula.ZERO, X.equalTo(Y).then(Formula.HALF, Formula.ONE));
    }
  }

  /// `y = √x`, `dy/dx = 1 / 2y`.
  record Sqrt() implements Pointwise {
    @Override
    public Formula value(Formula x) {
      return x.sqrt();
    }

    @Override
    public Formula slope(Formula x, Formula y) {
      return Formula.HALF.over(y);
    }
  }

  /// `y = eˣ`, `dy/dx = y`.
  record Exp() implements Pointwise {
    @Override
    public Formula value(Formula x) {
      return x.exp();
    }

    @Override
    public Formula slope(Formula x, Formula y) {
      return y;
    }
  }

  /// `y = tanh(x)`, `dy/dx = 1 − y²`.
  record Tanh() implements Pointwise {
    @Override
    public Formula value(Formula x) {
      return x.tanh();
    }

    @Override
    public Formula slope(Formula x, Formula y) {
      return Formula.ONE.minus(y.square());
    }
  }

  /// `y = 1 / (1 + e⁻ˣ)`, `dy/dx = y·(1 − y)`.
  record Sigmoid() implements Pointwise {
    @Override
    public Formula value(Formula x) {
      return x.sigmoid();
    }

    @Override
    public Formula slope(Formula x, Formula y) {
      return y.times(Formula.ONE.minus(y));
    }
  }

  /// `y = max(x, 0)`, `dy/dx = 0` where `y ≤ 0`, else 1: of the output alone, so the input need not
  /// stay.
  record Relu() implements Pointwise {
    @Override
    public Formula value(Formula x) {
      return x.relu();
    }

    @Override
    public Formula slope(Formula x, Formula y) {
      return y.lessOrEqual(Formula.ZERO).then(Formula.ZERO, Formula.ONE);
    }
  }

  private Variable self() {
    return (Variable) this;
  }

  /// `x + y`
  default Variable add(Variable y) {
    return Operations.ADD.apply(self(), y);
  }

  /// `x + y`
  default Variable add(double y) {
    return add(self().number(y));
  }

  /// `x − y`
  default Variable sub(Variable y) {
    return Operations.SUB.apply(self(), y);
  }

  /// `x − y`
  default Variable sub(double y) {
    return sub(self().number(y));
  }

  /// `x · y`, element by element
  default Variable mul(Variable y) {
    return Operations.MUL.apply(self(), y);
  }

  /// `x · y`
  default Variable mul(double y) {
    return mul(self().number(y));
  }

  /// `x / y`, element by element
  default Variable div(Variable y) {
    return Operations.DIV.apply(self(), y);
  }

  /// `x / y`
  default Variable div(double y) {
    return div(self().number(y));
  }

  /// The larger of both, NaN if either is; equal operands share the gradient.
  default Variable maximum(Variable y) {
    return Operations.MAXIMUM.apply(self(), y);
  }

  /// The smaller of both, NaN if either is; equal operands share the gradient.
  default Variable minimum(Variable y) {
    return Operations.MINIMUM.apply(self(), y);
  }

  /// `−x`
  default Variable neg() {
    return Operations.NEG.apply(self());
  }

  /// `|x|`; the gradient at 0 is 0.
  default Variable abs() {
    return Operations.ABS.apply(self());
  }

  /// −1, 0 or 1; the gradient is 0.
  default Variable sign() {
    return Operations.SIGN.apply(self());
  }

  /// `x²`
  default Variable square() {
    return Operations.SQUARE.apply(self());
  }

  /// `√x`; the gradient at 0 is infinite.
  default Variable sqrt() {
    return Operations.SQRT.apply(self());
  }

  /// `eˣ`
  default Variable exp() {
    return Operations.EXP.apply(self());
  }

  /// `ln x`
  default Variable log() {
    return Operations.LOG.apply(self());
  }

  /// `sin x`
  default Variable sin() {
    return Operations.SIN.apply(self());
  }

  /// `cos x`
  default Variable cos() {
    return Operations.COS.apply(self());
  }

  /// `tanh x`
  default Variable tanh() {
    return Operations.TANH.apply(self());
  }

  /// `1 / (1 + e⁻ˣ)`
  default Variable sigmoid() {
    return Operations.SIGMOID.apply(self());
  }

  /// `max(x, 0)`; the gradient at 0 is 0.
  default Variable relu() {
    return Operations.RELU.apply(self());
  }

  /// `xⁿ` for a whole number `n`.
  default Variable pow(int n) {
    return Operations.POW
        .computeIfAbsent(n, k -> Fused.of("pow", 1, input(0).pow(k)))
        .apply(self());
  }
}
