package vectorgrad.numerics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.function.BinaryOperator;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/// The elementary functions at the edges; [AccuracyTest] sweeps what is between.
class ElementaryTest {
  private static final Formula X = Formula.input(0);
  private static final Formula Y = Formula.input(1);
  private static final double INF = Double.POSITIVE_INFINITY;
  private static final double NAN = Double.NaN;

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
  void decayHasTheBitsOfExpWhereThatIsNormal() {
    for (double x = 0; x > -90; x -= 0x1p-7) {
      float[] single = new float[2];
      var both = Program.of(X.exp(), Precision.SINGLE.decay(X));
      both.evaluate(new float[] {(float) x}, single);
      assertEquals(x < -87.33 ? 0 : single[0], single[1], "e^" + x);
      double[] twice = new double[2];
      both = Program.of(X.exp(), Precision.DOUBLE.decay(X)).lowered(Precision.DOUBLE);
      both.evaluate(new double[] {8 * x}, twice);
      assertEquals(8 * x < -708.39 ? 0 : twice[0], twice[1], "e^" + 8 * x);
    }
    for (Precision precision : Precision.values()) {
      edge(precision::decay, Double.NEGATIVE_INFINITY, 0);
      edge(precision::decay, -0.0, 1);
      edge(precision::decay, NAN, NAN);
    }
  }

  @Test
  void theEdgesAreExact() {
    edge(Formula::exp, 0, 1);
    edge(Formula::exp, INF, INF);
    edge(Formula::exp, -INF, 0);
    edge(Formula::exp, 1e4, INF);
    edge(Formula::exp, -1e4, 0);
    edge(Formula::exp, NAN, NAN);
    edge(Formula::log, 1, 0);
    edge(Formula::log, 0, -INF);
    edge(Formula::log, -0.0, -INF);
    edge(Formula::log, INF, INF);
    edge(Formula::log, -1, NAN);
    edge(Formula::log, -INF, NAN);
    edge(Formula::log, NAN, NAN);
    edge(Formula::tanh, 0.0, 0.0);
    edge(Formula::tanh, -0.0, -0.0);
    edge(Formula::tanh, INF, 1);
    edge(Formula::tanh, -INF, -1);
    edge(Formula::tanh, NAN, NAN);
    edge(Formula::sigmoid, INF, 1);
    edge(Formula::sigmoid, -INF, 0);
    edge(Formula::sin, 0.0, 0.0);
    edge(Formula::sin, -0.0, -0.0);
    edge(Formula::sin, NAN, NAN);
    edge(Formula::cos, 0, 1);
    edge(Formula::sign, -0.0, -0.0);
    edge(Formula::sign, -3, -1);
    edge(Formula::sign, NAN, NAN);
    edge(Formula::sqrt, -1, NAN);
  }

  @Test
  void theEdgesOfTheOthersAreExact() {
    for (UnaryOperator<Formula> odd :
        List.<UnaryOperator<Formula>>of(
            Formula::tan,
            Formula::asin,
            Formula::atan,
            Formula::sinh,
            Formula::asinh,
            Formula::atanh,
            Formula::expm1,
            Formula::log1p)) {
      for (double x : new double[] {0.0, -0.0, 1e-40, -1e-40, Float.MIN_VALUE, NAN}) {
        edge(odd, x, x);
      }
    }
    for (UnaryOperator<Formula> odd :
        List.<UnaryOperator<Formula>>of(Formula::cbrt, Formula::erf)) {
      edge(odd, 0.0, 0.0);
      edge(odd, -0.0, -0.0);
      edge(odd, NAN, NAN);
    }
    edge(Formula::exp2, 10, 1024);
    edge(Formula::exp2, -140, 0x1p-140);
    edge(Formula::exp2, 5000, INF);
    edge(Formula::exp2, -5000, 0);
    edge(Formula::exp2, INF, INF);
    edge(Formula::exp2, -INF, 0);
    edge(Formula::exp2, NAN, NAN);
    edge(Formula::expm1, INF, INF);
    edge(Formula::expm1, -INF, -1);
    edge(Formula::expm1, 5000, INF);
    edge(Formula::log1p, -1, -INF);
    edge(Formula::log1p, -1.5, NAN);
    edge(Formula::log1p, INF, INF);
    for (int n = -126; n < 128; n++) {
      edge(Formula::log2, Math.scalb(1.0, n), n);
    }
    for (int n = 0; n <= 10; n++) {
      edge(Formula::log10, Math.rint(Math.pow(10, n)), n);
    }
    for (UnaryOperator<Formula> log :
        List.<UnaryOperator<Formula>>of(Formula::log2, Formula::log10)) {
      edge(log, -0.0, -INF);
      edge(log, -1, NAN);
      edge(log, INF, INF);
      edge(log, NAN, NAN);
    }
    edge(Formula::sinh, INF, INF);
    edge(Formula::sinh, -INF, -INF);
    edge(Formula::sinh, -5000, -INF);
    edge(Formula::cosh, 0, 1);
    edge(Formula::cosh, -INF, INF);
    edge(Formula::cosh, 5000, INF);
    edge(Formula::cosh, NAN, NAN);
    edge(Formula::asinh, -INF, -INF);
    edge(Formula::acosh, 1, 0);
    edge(Formula::acosh, 0.5, NAN);
    edge(Formula::acosh, -5, NAN);
    edge(Formula::acosh, INF, INF);
    edge(Formula::acosh, NAN, NAN);
    edge(Formula::atanh, 1, INF);
    edge(Formula::atanh, -1, -INF);
    edge(Formula::atanh, 1.5, NAN);
    edge(Formula::atanh, -INF, NAN);
    edge(Formula::tan, INF, NAN);
    edge(Formula::sin, -INF, NAN);
    edge(Formula::sin, 0x1p46, NAN);
    edge(Formula::asin, 1, Math.PI / 2);
    edge(Formula::asin, -1, -Math.PI / 2);
    edge(Formula::asin, 1.5, NAN);
    edge(Formula::acos, 1, 0);
    edge(Formula::acos, -1, Math.PI);
    edge(Formula::acos, 0, Math.PI / 2);
    edge(Formula::acos, -1.5, NAN);
    edge(Formula::acos, NAN, NAN);
    edge(Formula::atan, INF, Math.PI / 2);
    edge(Formula::atan, -INF, -Math.PI / 2);
    edge(Formula::cbrt, INF, INF);
    edge(Formula::cbrt, -INF, -INF);
    edge(Formula::cbrt, -27, -3);
    edge(Formula::cbrt, 0x1p-141, 0x1p-47);
    edge(Formula::erf, INF, 1);
    edge(Formula::erf, -INF, -1);
    edge(Formula::erfc, INF, 0);
    edge(Formula::erfc, -INF, 2);
    edge(Formula::erfc, 0, 1);
    edge(Formula::erfc, NAN, NAN);
    edge(Formula::softplus, INF, INF);
    edge(Formula::softplus, -INF, 0);
    edge(Formula::softplus, NAN, NAN);
    edge(Formula::logSigmoid, -INF, -INF);
    edge(Formula::logit, 0, -INF);
    edge(Formula::logit, 1, INF);
    edge(Formula::logit, 0.5, 0);
    edge(Formula::logit, 2, NAN);
    edge(Formula::rsqrt, 0, INF);
    edge(Formula::rsqrt, INF, 0);
    edge(Formula::ceil, -0.5, -0.0);
    edge(Formula::ceil, 1.5, 2);
    edge(Formula::trunc, -1.5, -1);
    edge(Formula::trunc, -0.5, -0.0);
    edge(Formula::trunc, 1e30f, 1e30f);
  }

  private static void edge(BinaryOperator<Formula> function, double x, double y, double expected) {
    Program program = Program.of(function.apply(X, Y));
    double[] twice = new double[1];
    program.lowered(Precision.DOUBLE).evaluate(new double[] {x, y}, twice);
    assertEquals(expected, twice[0], () -> program + " at " + x + ", " + y);
    float[] single = new float[1];
    program.evaluate(new float[] {(float) x, (float) y}, single);
    assertEquals(
        (float) expected, single[0], () -> program + " at " + (float) x + ", " + (float) y);
  }

  /// As the table of IEEE 754-2019, 9.2.1, says.
  @Test
  void theExceptionsOfPowersAreThoseOfIeee754() {
    BinaryOperator<Formula> pow = Formula::pow;
    for (double x : new double[] {NAN, INF, -INF, 0.0, -0.0, -3, 1e-40}) {
      edge(pow, x, 0.0, 1);
      edge(pow, x, -0.0, 1);
      edge(pow, 1, x, 1);
    }
    edge(pow, NAN, 2, NAN);
    edge(pow, 2, NAN, NAN);
    edge(pow, -1, NAN, NAN);
    edge(pow, -1, INF, 1);
    edge(pow, -1, -INF, 1);
    edge(pow, 0.0, -3, INF);
    edge(pow, -0.0, -3, -INF);
    edge(pow, -0.0, -2, INF);
    edge(pow, -0.0, -2.5, INF);
    edge(pow, -0.0, 3, -0.0);
    edge(pow, -0.0, 2, 0.0);
    edge(pow, 0.0, -INF, INF);
    edge(pow, 0.0, INF, 0.0);
    edge(pow, INF, 2.5, INF);
    edge(pow, INF, -2.5, 0.0);
    edge(pow, -INF, 3, -INF);
    edge(pow, -INF, -3, -0.0);
    edge(pow, -INF, 2, INF);
    edge(pow, -INF, 2.5, INF);
    edge(pow, 0.5, INF, 0);
    edge(pow, 0.5, -INF, INF);
    edge(pow, -2, INF, INF);
    edge(pow, -8, 1.0 / 3, NAN);
    edge(pow, -2, 3, -8);
    edge(pow, -2, 4, 16);
    edge(pow, 10, 500, INF);
    edge(pow, 10, -500, 0);
    edge(pow, -10, 501, -INF);
    edge(pow, 2, -140, 0x1p-140);
    edge(pow, 2, 100, 0x1p100);
    edge(pow, 3, 10, 59049);
  }

  @Test
  void theExceptionsOfAnglesAndLengthsAreThoseOfIeee754() {
    BinaryOperator<Formula> atan2 = Formula::atan2;
    double pi = Math.PI;
    edge(atan2, 0.0, 0.0, 0.0);
    edge(atan2, -0.0, 0.0, -0.0);
    edge(atan2, 0.0, -0.0, pi);
    edge(atan2, -0.0, -0.0, -pi);
    edge(atan2, 0.0, -3, pi);
    edge(atan2, -0.0, -3, -pi);
    edge(atan2, -0.0, 3, -0.0);
    edge(atan2, 1, 0.0, pi / 2);
    edge(atan2, -1, -0.0, -pi / 2);
    edge(atan2, INF, INF, pi / 4);
    edge(atan2, -INF, -INF, -0.75 * pi);
    edge(atan2, 1, INF, 0.0);
    edge(atan2, -1, -INF, -pi);
    edge(atan2, -INF, 5, -pi / 2);
    edge(atan2, NAN, 1, NAN);
    edge(atan2, 1, NAN, NAN);
    edge(atan2, 3e38, 3e38, pi / 4);
    edge(atan2, 1e-40f, 1e-40f, pi / 4);
    BinaryOperator<Formula> hypot = Formula::hypot;
    edge(hypot, INF, NAN, INF);
    edge(hypot, NAN, -INF, INF);
    edge(hypot, NAN, 1, NAN);
    edge(hypot, 0.0, -0.0, 0.0);
    edge(hypot, 3, -4, 5);
    edge(hypot, 3 * 0x1p120, 4 * 0x1p120, 5 * 0x1p120);
    edge(hypot, 3 * 0x1p-140, 4 * 0x1p-140, 5 * 0x1p-140);
    BinaryOperator<Formula> fmod = Formula::fmod;
    edge(fmod, -7, 3, -1);
    edge(fmod, 0x1p100, 3, 1);
    edge(fmod, 1, 0, NAN);
    edge(fmod, 5, INF, 5);
    BinaryOperator<Formula> remainder = Formula::remainder;
    edge(remainder, -7, 3, 2);
    edge(remainder, 7, -3, -2);
    edge(remainder, 6, -3, 0.0);
    edge(remainder, -0.25, 1, 0.75);
    edge(remainder, NAN, 1, NAN);
    BinaryOperator<Formula> divide = Formula::floorDivide;
    edge(divide, -7, 2, -4);
    edge(divide, 7, 2, 3);
    edge(divide, 1, 0, INF);
    edge(divide, 1, 0.1f, 9); // 1 / 0.1f rounds to 10
    BinaryOperator<Formula> copysign = Formula::copysign;
    edge(copysign, 3, -0.0, -3);
    edge(copysign, -3, 0.0, 3);
    edge(copysign, -INF, 2, INF);
    BinaryOperator<Formula> sums = Formula::logAddExp;
    edge(sums, -INF, -INF, -INF);
    edge(sums, INF, INF, INF);
    edge(sums, -INF, 3, 3);
    edge(sums, NAN, 3, NAN);
    BinaryOperator<Formula> xlogy = Formula::xlogy;
    edge(xlogy, 0.0, 0.0, 0);
    edge(xlogy, 0.0, NAN, NAN);
    edge(xlogy, 2, 0.0, -INF);
  }

  @Test
  void subnormalResultsAreWithinOneUnit() {
    float[] out = new float[1];
    for (Formula f : List.of(X.exp2(), Formula.constant(2).pow(X))) {
      Program program = Program.of(f);
      for (float x = -150; x < -126; x += 0.01f) {
        program.evaluate(new float[] {x}, out);
        double exact = f.evaluate((double) x);
        assertTrue(Math.abs(out[0] - exact) <= Float.MIN_VALUE + Math.ulp((float) exact));
      }
    }
    for (Formula f :
        List.of(X.erf(), X.cbrt(), X.log2(), X.log10(), X.hypot(X), X.atan2(X.exp()))) {
      Program program = Program.of(f);
      for (float x = Float.MIN_VALUE; x < 0x1p-125f; x = x * 1.3f + Float.MIN_VALUE) {
        program.evaluate(new float[] {x}, out);
        double exact = f.evaluate((double) x);
        assertTrue(Math.abs(out[0] - exact) <= Math.ulp((float) exact), () -> f + " " + out[0]);
      }
    }
    Program erfc = Program.of(X.erfc());
    for (float x = 9.19f; x < 10.2f; x += 0.001f) {
      erfc.evaluate(new float[] {x}, out);
      assertTrue(Math.abs(out[0] - X.erfc().evaluate((double) x)) <= Float.MIN_VALUE);
    }
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
