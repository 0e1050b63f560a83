package vectorgrad.numerics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class FiniteDifferenceTest {
  private static double f(double x) {
    return x * x * x * Math.sin(x);
  }

  private static final double AT_2 = 12 * Math.sin(2) + 8 * Math.cos(2);

  @Test
  void eachMethodHasItsOrder() {
    double h = 1e-3;
    double secants =
        Math.abs(FiniteDifference.forward(FiniteDifferenceTest::f, 2, h) - AT_2)
            / Math.abs(FiniteDifference.forward(FiniteDifferenceTest::f, 2, h / 2) - AT_2);
    double across =
        Math.abs(FiniteDifference.central(FiniteDifferenceTest::f, 2, h) - AT_2)
            / Math.abs(FiniteDifference.central(FiniteDifferenceTest::f, 2, h / 2) - AT_2);
    assertEquals(2, secants, 0.01);
    assertEquals(4, across, 0.01);
    assertEquals(
        FiniteDifference.central(FiniteDifferenceTest::f, 2, h),
        (FiniteDifference.forward(FiniteDifferenceTest::f, 2, h)
                + FiniteDifference.backward(FiniteDifferenceTest::f, 2, h))
            / 2,
        1e-9);
  }

  @Test
  void richardsonReachesWhatCentralCannot() {
    double best = Double.POSITIVE_INFINITY;
    for (double h = 1e-1; h > 1e-12; h /= 2) {
      best =
          Math.min(best, Math.abs(FiniteDifference.central(FiniteDifferenceTest::f, 2, h) - AT_2));
    }
    double error = Math.abs(FiniteDifference.richardson(FiniteDifferenceTest::f, 2, 0.1, 7) - AT_2);
    assertTrue(error < 1e-12 && error < best, () -> "richardson " + error);
  }

  private static final Formula F = Formula.parse("x^3*sin(x)");

  @Test
  void theComplexStepIsExactHoweverSmallItIs() {
    for (double h : new double[] {1e-8, 1e-20, 1e-100, 1e-300}) {
      assertEquals(AT_2, FiniteDifference.complexStep(F, 2, h), 2 * Math.ulp(AT_2));
    }
  }

  @Test
  void truncationFallsRoundingRisesAndCentralWins() {
    double[] steps =
        java.util.stream.IntStream.rangeClosed(0, 60)
            .mapToDouble(i -> Math.pow(10, -i / 4.0))
            .toArray();
    var best =
        new java.util.EnumMap<FiniteDifference.Method, FiniteDifference.Sample>(
            FiniteDifference.Method.class);
    for (var error : FiniteDifference.errors(F, 2, steps)) {
      assertEquals(Math.abs(error.value() - AT_2), error.error(), 1e-14);
      best.merge(error.method(), error, (a, b) -> a.error() <= b.error() ? a : b);
    }
    assertEquals(5, best.size());
    var forward = best.get(FiniteDifference.Method.FORWARD);
    var central = best.get(FiniteDifference.Method.CENTRAL);
    var complex = best.get(FiniteDifference.Method.COMPLEX_STEP);
    assertTrue(central.error() < forward.error() / 10);
    assertTrue(complex.error() < central.error());
    assertTrue(1e-10 < forward.step() && forward.step() < 1e-6, forward::toString); // about √u
    assertTrue(1e-7 < central.step() && central.step() < 1e-3, central::toString); // about ∛u
    assertEquals("complex step", FiniteDifference.Method.COMPLEX_STEP.toString());
  }

  @Test
  void complexNumbersFollowTheirIdentities() {
    Complex z = new Complex(0.6, -1.3);
    close(z, z.exp().log());
    close(z, z.sqrt().times(z.sqrt()));
    close(z, z.times(z).over(z));
    close(Complex.real(1), z.sin().times(z.sin()).plus(z.cos().times(z.cos())));
    close(z.times(z).times(z), z.pow(Complex.real(3)));
    close(z.times(z.log()).exp(), z.pow(z));
    for (String identity :
        new String[] {
          "sin(asin(x))", "cos(acos(x))", "tan(atan(x))", "sinh(asinh(x))", "cosh(acosh(x))",
          "tanh(atanh(x))", "log1p(expm1(x))", "log2(exp2(x))", "hypot(x, 0)", "cbrt(x)^3"
        }) {
      close(z, Formula.parse(identity).evaluate(z));
    }
  }

  private static void close(Complex expected, Complex found) {
    assertTrue(expected.minus(found).modulus() < 1e-14, () -> expected + ", found " + found);
  }

  @Test
  void whatIsNotAnalyticIsReadNearTheAxisOrRefused() {
    Complex z = new Complex(-2, 1e-3);
    assertEquals(z.negate(), Formula.input(0).abs().evaluate(z));
    assertEquals(Complex.real(0), Formula.input(0).relu().evaluate(z));
    Formula bits = new Formula.Unary(UnaryFunction.EXPONENT, Formula.input(0));
    assertEquals(
        """
        complex: EXPONENT works on the bits of a real number
          help   evaluate a formula before it is lowered\
        """,
        org.junit.jupiter.api.Assertions.assertThrows(
                IllegalArgumentException.class, () -> bits.evaluate(z))
            .getMessage());
  }

  @Test
  void theErrorFunctionIsContinued() {
    // by mpmath 1.3.0
    close(new Complex(1.3161512816979477, 0.19045346923783468), erf(new Complex(1, 1)));
    close(new Complex(-0.9999999999992643, -1.82243807707677e-12), erf(new Complex(-5, 0.5)));
    close(erf(new Complex(0.3, -0.2)).negate(), erf(new Complex(-0.3, 0.2)));
    Complex z = new Complex(4.5, 0.1);
    close(Complex.real(1), erf(z).plus(Formula.input(0).erfc().evaluate(z)));
  }

  private static Complex erf(Complex z) {
    return Formula.input(0).erf().evaluate(z);
  }

  @Test
  void ulpsCountNeighbours() {
    assertEquals(1, Ulps.distance(1f, Math.nextUp(1f)));
    assertEquals(2, Ulps.distance(-Float.MIN_VALUE, Float.MIN_VALUE));
    assertEquals(0, Ulps.distance(0f, -0f));
    assertEquals(0, Ulps.distance(Float.NaN, Float.NaN));
    assertEquals(Long.MAX_VALUE, Ulps.distance(1f, Float.NaN));
    assertEquals(1, Ulps.distance(1.0, Math.nextDown(1.0)));
    assertEquals(0, Ulps.distance(0.0, -0.0));
    assertEquals(Long.MAX_VALUE, Ulps.distance(-Double.MAX_VALUE, Double.MAX_VALUE));
  }
}
