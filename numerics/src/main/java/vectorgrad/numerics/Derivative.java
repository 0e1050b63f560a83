package vectorgrad.numerics;

import static vectorgrad.numerics.Formula.HALF;
import static vectorgrad.numerics.Formula.ONE;
import static vectorgrad.numerics.Formula.TWO;
import static vectorgrad.numerics.Formula.ZERO;

import java.util.IdentityHashMap;
import java.util.Optional;
import vectorgrad.numerics.Formula.Binary;
import vectorgrad.numerics.Formula.Constant;
import vectorgrad.numerics.Formula.Fma;
import vectorgrad.numerics.Formula.Input;
import vectorgrad.numerics.Formula.Select;
import vectorgrad.numerics.Formula.Unary;

/// The reading of a formula as its derivative, by the chain rule forward through its parts.
///
/// Parts that do not depend on the input have no derivative here, rather than one of 0, so terms
/// that vanish are never built and nothing needs to be simplified afterwards. Each part is
/// differentiated once, so the derivative shares what the formula shares.
final class Derivative {
  private static final double LN_2 = 0.6931471805599453;
  private static final double LN_10 = 2.302585092994046;
  private static final Formula INFINITY = Formula.constant(Double.POSITIVE_INFINITY);

  private final int input;
  private final IdentityHashMap<Formula, Formula> slopes = new IdentityHashMap<>();

  private Derivative(int input) {
    this.input = input;
  }

  static Formula of(Formula formula, int input) {
    Program program = Program.of(formula);
    Derivative derivative = new Derivative(input);
    for (Formula node : program.nodes()) {
      derivative.slope(node).ifPresent(slope -> derivative.slopes.put(node, slope));
    }
    return derivative.known(program.outputs().get(0)).orElse(ZERO);
  }

  /// The derivative of a part that was visited before; empty if it does not depend on the input.
  private Optional<Formula> known(Formula part) {
    return Optional.ofNullable(slopes.get(part));
  }

  private Optional<Formula> slope(Formula node) {
    return switch (node) {
      case Input i -> i.index() == input ? Optional.of(ONE) : Optional.empty();
      case Constant _ -> Optional.empty();
      case Unary u -> known(u.x()).flatMap(dx -> slope(u, dx));
      case Binary b -> slope(b);
      case Fma m -> sum(sum(times(m.a(), m.b()), times(m.b(), m.a())), known(m.c()));
      case Select s -> choose(s.condition(), known(s.then()), known(s.otherwise()));
    };
  }

  private static Optional<Formula> slope(Unary y, Formula dx) {
    Formula x = y.x();
    return switch (y.function()) {
      case NEGATE -> Optional.of(dx.negate());
      case ABS -> Optional.of(product(dx, x.sign()));
      case SQRT -> Optional.of(dx.over(TWO.times(y)));
      case EXP -> Optional.of(product(dx, y));
      case LOG -> Optional.of(dx.over(x));
      case TANH -> Optional.of(product(dx, ONE.minus(y.square())));
      case SIN -> Optional.of(product(dx, x.cos()));
      case COS -> Optional.of(product(dx, x.sin().negate()));
      case TAN -> Optional.of(product(dx, ONE.plus(y.square())));
      case ASIN -> Optional.of(dx.over(oneLessSquare(x).sqrt()));
      case ACOS -> Optional.of(dx.over(oneLessSquare(x).sqrt()).negate());
      case ATAN -> Optional.of(dx.over(x.fma(x, ONE)));
      case SINH -> Optional.of(product(dx, x.cosh()));
      case COSH -> Optional.of(product(dx, x.sinh()));
      case ASINH -> Optional.of(dx.over(x.hypot(ONE))); // x² may be too large
      case ACOSH -> Optional.of(dx.over(x.minus(1).sqrt().times(x.plus(1).sqrt())));
      case ATANH -> Optional.of(dx.over(oneLessSquare(x)));
      case EXP2 -> Optional.of(product(dx, y.times(LN_2)));
      case EXPM1 -> Optional.of(product(dx, x.exp()));
      case LOG2 -> Optional.of(dx.over(x.times(LN_2)));
      case LOG10 -> Optional.of(dx.over(x.times(LN_10)));
      case LOG1P -> Optional.of(dx.over(x.plus(1)));
      case CBRT -> Optional.of(dx.over(y.square().times(3)));
      case ERF -> Optional.of(product(dx, bell(x)));
      case ERFC -> Optional.of(product(dx, bell(x)).negate());
      case SIGN, FLOOR, RINT, NOT -> Optional.empty(); // flat wherever they are smooth
      case POWER_OF_TWO, EXPONENT, SIGNIFICAND ->
          throw new IllegalArgumentException(
              "derivative: "
                  + y.function()
                  + " works on bits and has none\n"
                  + "  help   differentiate a formula before it is lowered");
    };
  }

  private Optional<Formula> slope(Binary y) {
    Formula a = y.a();
    Formula b = y.b();
    Optional<Formula> da = known(a);
    Optional<Formula> db = known(b);
    if (da.isEmpty() && db.isEmpty()) {
      return Optional.empty();
    }
    return switch (y.function()) {
      case ADD -> sum(da, db);
      case SUBTRACT ->
          da.isEmpty()
              ? db.map(Formula::negate)
              : db.isEmpty() ? da : Optional.of(da.get().minus(db.get()));
      case MULTIPLY -> sum(times(a, b), times(b, a));
      case DIVIDE -> {
        Optional<Unary> power = logistic(a, b);
        if (power.isPresent()) {
          // −y·(eᵘ·y)·u′: with eᵘ = ∞, the quotients of the rule below are 0·∞
          Formula e = power.get();
          Formula rest = e.lessThan(INFINITY).then(e.times(y), ONE);
          yield known(power.get().x()).map(d -> product(d, y.times(rest)).negate());
        }
        // (a/b)′ = (a′ − (a/b)·b′) / b
        Optional<Formula> quotient = db.map(d -> product(d, y));
        yield quotient.isEmpty()
            ? da.map(d -> d.over(b))
            : Optional.of(
                da.map(d -> d.minus(quotient.get()).over(b))
                    .orElseGet(() -> quotient.get().over(b).negate()));
      }
      case MIN -> extreme(a.lessThan(b), a.equalTo(b), da, db);
      case MAX -> extreme(b.lessThan(a), a.equalTo(b), da, db);
      // what is cut off is a whole number of b, and flat; a/b, rounded, may have reached the next
      case FMOD -> sum(da, db.map(d -> product(d, a.minus(y).over(b).rint().negate())));
      case POW -> // at b = 0 the power is 1 whatever a is, at a = 0 it is 0 for all b > 0
          sum(
              da.map(d -> product(d, b.equalTo(ZERO).then(ZERO, b.times(a.pow(b.minus(ONE)))))),
              db.map(d ->
                  product(
                      d,
                      a.equalTo(ZERO).and(b.greaterOrEqual(ZERO)).then(ZERO, y.times(a.log())))));
      case HYPOT -> sum(da.map(d -> product(d, a.over(y))), db.map(d -> product(d, b.over(y))));
      case ATAN2 -> {
        Formula radius = a.hypot(b); // squared, it may be too large or too small
        yield sum(
            da.map(d -> product(d, b.over(radius).over(radius))),
            db.map(d -> product(d, a.over(radius).over(radius).negate())));
      }
      case LESS, LESS_EQUAL, EQUAL, AND, OR -> Optional.empty();
    };
  }

  /// The `eᵘ` of `1 / (1 + eᵘ)`; empty of another quotient.
  private static Optional<Unary> logistic(Formula a, Formula b) {
    return isOne(a)
            && b instanceof Binary(var plus, var one, Unary e)
            && plus == BinaryFunction.ADD
            && isOne(one)
            && e.function() == UnaryFunction.EXP
        ? Optional.of(e)
        : Optional.empty();
  }

  private static boolean isOne(Formula f) {
    return f instanceof Constant(double one) && one == 1;
  }

  /// `1 − x²`, exact near ±1 too.
  private static Formula oneLessSquare(Formula x) {
    return ONE.minus(x).times(ONE.plus(x));
  }

  /// `2/√π·e^(−x²)`
  private static Formula bell(Formula x) {
    return x.square().negate().exp().times(2 / Math.sqrt(Math.PI));
  }

  /// `part′·factor`
  private Optional<Formula> times(Formula part, Formula factor) {
    return known(part).map(d -> product(d, factor));
  }

  private static Formula product(Formula slope, Formula factor) {
    return isOne(slope) ? factor : slope.times(factor);
  }

  private static Optional<Formula> sum(Optional<Formula> a, Optional<Formula> b) {
    return a.isEmpty() ? b : b.isEmpty() ? a : Optional.of(a.get().plus(b.get()));
  }

  private static Optional<Formula> choose(
      Formula condition, Optional<Formula> then, Optional<Formula> otherwise) {
    return then.isEmpty() && otherwise.isEmpty()
        ? Optional.empty()
        : Optional.of(condition.then(then.orElse(ZERO), otherwise.orElse(ZERO)));
  }

  /// Equal operands share the slope.
  private static Optional<Formula> extreme(
      Formula first, Formula tie, Optional<Formula> da, Optional<Formula> db) {
    Formula a = da.orElse(ZERO);
    Formula b = db.orElse(ZERO);
    return Optional.of(first.then(a, tie.then(a.plus(b).times(HALF), b)));
  }
}
