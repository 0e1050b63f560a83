package vectorgrad.numerics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.function.DoubleUnaryOperator;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/// The elementary functions against the correctly rounded values, on dense sweeps and at the edges.
///
/// In float32 the oracle is `StrictMath` in float64, rounded. In float64 it is `StrictMath` itself,
/// which is within 1 ulp of the truth, so 1 more is allowed than documented.
class ElementaryTest {
  private static final Formula X = Formula.input(0);

  private static void sweep(
      String name,
      UnaryOperator<Formula> function,
      DoubleUnaryOperator oracle,
      double from,
      double to,
      long ulps) {
    Program program = Program.of(function.apply(X));
    Program lowered = program.lowered(Precision.DOUBLE);
    float[] single = new float[1];
    double[] twice = new double[1];
    int steps = 100_000;
    for (int i = 0; i <= steps; i++) {
      double x = from + (to - from) * i / steps;
      float f = (float) x;
      program.evaluate(new float[] {f}, single);
      float expected = (float) oracle.applyAsDouble(f);
      assertTrue(
          Ulps.distance(expected, single[0]) <= ulps,
          () -> "%s(%s) = %s, expected %s".formatted(name, f, single[0], expected));
      lowered.evaluate(new double[] {x}, twice);
      double exact = oracle.applyAsDouble(x);
      assertTrue(
          Ulps.distance(exact, twice[0]) <= ulps + 1,
          () -> "%s(%s) = %s, expected %s".formatted(name, x, twice[0], exact));
    }
  }

  @Test
  void exponentialsAreWithinOneUlp() {
    sweep("exp", Formula::exp, StrictMath::exp, -87, 88.7, 1);
    sweep("exp", Formula::exp, StrictMath::exp, -1, 1, 1);
  }

  @Test
  void logarithmsAreWithinOneUlp() {
    sweep("log", Formula::log, StrictMath::log, 1e-3, 10, 1);
    sweep("log", Formula::log, StrictMath::log, 0.9, 1.1, 1);
    sweep("log", Formula::log, StrictMath::log, 1e-37, 1e-30, 1);
    sweep("log", Formula::log, StrictMath::log, 1, 1e30, 1);
  }

  @Test
  void hyperbolicTangentsAreWithinTwoUlps() {
    sweep("tanh", Formula::tanh, StrictMath::tanh, -10, 10, 2);
    sweep("tanh", Formula::tanh, StrictMath::tanh, -0.7, 0.7, 2);
    sweep("tanh", Formula::tanh, StrictMath::tanh, -1e-5, 1e-5, 2);
  }

  @Test
  void sinesAndCosinesAreWithinTwoUlps() {
    sweep("sin", Formula::sin, StrictMath::sin, -10, 10, 2);
    sweep("cos", Formula::cos, StrictMath::cos, -10, 10, 2);
  }

  private static void edge(UnaryOperator<Formula> function, double x, double expected) {
    Program program = Program.of(function.apply(X));
    double[] twice = new double[1];
    program.lowered(Precision.DOUBLE).evaluate(new double[] {x}, twice);
    assertEquals(expected, twice[0], () -> program + " at " + x);
    float[] single = new float[1];
    program.evaluate(new float[] {(float) x}, single);
    assertEquals((float) expected, single[0], () -> program + " at " + (float) x);
  }

  @Test
  void theEdgesAreExact() {
    double inf = Double.POSITIVE_INFINITY;
    double nan = Double.NaN;
    edge(Formula::exp, 0, 1);
    edge(Formula::exp, inf, inf);
    edge(Formula::exp, -inf, 0);
    edge(Formula::exp, 1e4, inf);
    edge(Formula::exp, -1e4, 0);
    edge(Formula::exp, nan, nan);
    edge(Formula::log, 1, 0);
    edge(Formula::log, 0, -inf);
    edge(Formula::log, -0.0, -inf);
    edge(Formula::log, inf, inf);
    edge(Formula::log, -1, nan);
    edge(Formula::log, -inf, nan);
    edge(Formula::log, nan, nan);
    edge(Formula::tanh, 0.0, 0.0);
    edge(Formula::tanh, -0.0, -0.0);
    edge(Formula::tanh, inf, 1);
    edge(Formula::tanh, -inf, -1);
    edge(Formula::tanh, nan, nan);
    edge(Formula::sigmoid, inf, 1);
    edge(Formula::sigmoid, -inf, 0);
    edge(Formula::sin, 0.0, 0.0);
    edge(Formula::sin, -0.0, -0.0);
    edge(Formula::sin, nan, nan);
    edge(Formula::cos, 0, 1);
    edge(Formula::sign, -0.0, -0.0);
    edge(Formula::sign, -3, -1);
    edge(Formula::sign, nan, nan);
    edge(Formula::sqrt, -1, nan);
  }

  @Test
  void underflowIsGradual() {
    float[] out = new float[1];
    Program exp = Program.of(X.exp());
    for (float x = -103.9f; x < -87; x += 0.01f) {
      exp.evaluate(new float[] {x}, out);
      float expected = (float) StrictMath.exp(x);
      assertTrue(Math.abs(out[0] - expected) <= Float.MIN_VALUE + Math.ulp(expected));
    }
    Program log = Program.of(X.log());
    for (float x = Float.MIN_VALUE; x < Float.MIN_NORMAL; x *= 1.5f) {
      log.evaluate(new float[] {x}, out);
      assertTrue(Ulps.distance((float) StrictMath.log(x), out[0]) <= 1);
      x += Float.MIN_VALUE;
    }
  }
}
