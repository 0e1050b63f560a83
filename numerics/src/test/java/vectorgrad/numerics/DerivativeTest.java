package vectorgrad.numerics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

/// The table of derivatives, one function at a time, against the complex step, which is as exact as
/// the function itself, and against differences.
class DerivativeTest {
  private static final Formula X = Formula.input(0);
  private static final Formula Y = Formula.input(1);

  private static final Set<UnaryFunction> BITS =
      EnumSet.of(
          UnaryFunction.NOT,
          UnaryFunction.POWER_OF_TWO,
          UnaryFunction.EXPONENT,
          UnaryFunction.SIGNIFICAND);

  @Property(tries = 100)
  void everyFunctionHasItsDerivative(@ForAll long seed) {
    Random random = new Random(seed);
    for (UnaryFunction function : UnaryFunction.values()) {
      if (BITS.contains(function)) {
        continue;
      }
      double[] domain = domain(function);
      double x = awayFromKinks(domain[0] + (domain[1] - domain[0]) * random.nextDouble());
      check(new Formula.Unary(function, X), x);
    }
  }

  /// Kinks and jumps are at multiples of ½, or, for one formula, at −1.01; differences reach 0.01.
  private static double awayFromKinks(double x) {
    double kink = Math.rint(2 * x) / 2;
    return Math.abs(x - kink) < 0.06 ? kink + 0.1 : x;
  }

  /// Where the function is smooth.
  private static double[] domain(UnaryFunction function) {
    return switch (function) {
      case SQRT, LOG, LOG2, LOG10, CBRT -> new double[] {0.1, 5};
      case LOG1P -> new double[] {-0.9, 5};
      case ASIN, ACOS, ATANH -> new double[] {-0.9, 0.9};
      case ACOSH -> new double[] {1.1, 5};
      case TAN -> new double[] {-1.4, 1.4};
      default -> new double[] {-3, 3};
    };
  }

  @Property(tries = 100)
  void everyFunctionOfTwoHasBothItsDerivatives(@ForAll long seed) {
    Random random = new Random(seed);
    double a = 0.3 + 2 * random.nextDouble();
    double b = 3 + random.nextDouble();
    Set<BinaryFunction> seen = new HashSet<>();
    for (BinaryFunction function : BinaryFunction.values()) {
      if (!function.isTruth()) {
        check(new Formula.Binary(function, X, Formula.constant(b)), a);
        check(new Formula.Binary(function, Formula.constant(a), X), b);
        seen.add(function);
      }
    }
    assertTrue(seen.contains(BinaryFunction.POW));
  }

  @Property(tries = 100)
  void whatIsMadeOfThemHasItsDerivative(@ForAll double at) {
    double t = Math.abs(at % 1);
    double x = awayFromKinks(4 * t - 2.03);
    for (Formula f :
        List.of(
            X.sigmoid(),
            X.softplus(),
            X.logSigmoid(),
            X.logAddExp(Formula.HALF),
            X.remainder(Formula.TWO),
            X.copysign(Formula.constant(-1)),
            X.clamp(Formula.constant(-1.01), Formula.ONE),
            X.lerp(Formula.TWO, Formula.HALF),
            X.trunc())) {
      check(f, x);
    }
    double p = 0.05 + 0.9 * t;
    check(X.logit(), p);
    check(X.xlogy(X), p);
    check(X.rsqrt(), p);
  }

  /// Differences of the reading have its rounding in them; the complex step has not.
  private static void check(Formula f, double x) {
    double found = f.derivative(0).evaluate(x);
    double size = Math.max(1, Math.abs(found));
    double difference = FiniteDifference.richardson(f::evaluate, x, 0.01, 5);
    assertEquals(difference, found, 1e-8 * size, () -> f + " at " + x);
    double step = FiniteDifference.complexStep(f, x, 1e-30);
    assertEquals(step, found, 1e-13 * size, () -> f + " at " + x);
  }

  @Test
  void kinksAndFlatPartsFollowPyTorch() {
    Map<Formula, Double> atZero = new HashMap<>();
    atZero.put(X.abs(), 0.0);
    atZero.put(X.sign(), 0.0);
    atZero.put(X.floor(), 0.0);
    atZero.put(X.ceil(), 0.0);
    atZero.put(X.rint(), 0.0);
    atZero.put(X.relu(), 0.0);
    atZero.put(X.softplus(), 0.5);
    atZero.put(X.clamp(Formula.ZERO, Formula.ONE), 1.0);
    atZero.put(X.clamp(Formula.constant(-1), Formula.ZERO), 1.0);
    atZero.put(X.clamp(Formula.HALF, Formula.ONE), 0.0);
    atZero.put(X.max(Formula.ZERO), 0.5);
    atZero.put(X.pow(Formula.ZERO), 0.0);
    atZero.put(X.pow(Formula.TWO), 0.0);
    atZero.put(X.pow(Formula.ONE), 1.0);
    atZero.forEach((f, slope) -> assertEquals(slope, f.derivative(0).evaluate(0.0), f::toString));
    assertEquals(0, X.pow(Y).derivative(1).evaluate(0.0, 2.0));
    assertEquals(-3, X.fmod(Y).derivative(1).evaluate(7.0, 2.0));
    assertEquals(0, X.erf().derivative(0).evaluate(1e200));
  }

  /// The rule of quotients would find 0·∞ where `e⁻ˣ` is too large for the format.
  @Test
  void theLogisticFunctionIsFlatWhereItsExponentialOverflows() {
    Formula slope = X.sigmoid().derivative(0);
    assertEquals(0f, slope.evaluate(-100f));
    assertEquals(0.0, slope.evaluate(-1000.0));
    assertEquals(0.25, slope.evaluate(0.0));
    assertEquals(Math.exp(-40), slope.evaluate(40.0), 1e-15 * Math.exp(-40));
    assertEquals(Math.exp(-40), slope.evaluate(-40.0), 1e-15 * Math.exp(-40));
    Formula swish = X.times(X.sigmoid());
    assertEquals(0.0, swish.derivative(0).evaluate(-1000.0));
    assertEquals(0.0, X.softplus().derivative(0).derivative(0).evaluate(-1000.0));
  }

  @Test
  void squaresDoNotOverflowOnTheWayToASlope() {
    assertEquals(1e-200, X.asinh().derivative(0).evaluate(1e200), 1e-215);
    for (double scale : new double[] {1e-300, 1e-200, 1, 1e200, 1e300}) {
      double byY = X.atan2(Y).derivative(0).evaluate(3 * scale, 4 * scale);
      double byX = X.atan2(Y).derivative(1).evaluate(3 * scale, 4 * scale);
      assertEquals(0.16, byY * scale, 1e-15);
      assertEquals(-0.12, byX * scale, 1e-15);
    }
  }

  /// 1/0.1 rounds to 10, although 0.1 as a double fits into 1 only nine times.
  @Test
  void aRemainderKnowsHowOftenItsDivisorWasTakenAway() {
    assertEquals(-9, X.fmod(Y).derivative(1).evaluate(1, 0.1));
    assertEquals(-9, X.remainder(Y).derivative(1).evaluate(1, 0.1));
    assertEquals(1, X.remainder(Y).derivative(1).evaluate(-1, 7.0));
  }
}
