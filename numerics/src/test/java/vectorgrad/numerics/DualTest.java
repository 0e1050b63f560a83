package vectorgrad.numerics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class DualTest {
  private static final Formula X = Formula.input(0);
  private static final Formula Y = Formula.input(1);

  @Property(tries = 500)
  void aDualCarriesTheDerivativeAlong(@ForAll long seed) {
    Random random = new Random(seed);
    Formula f = RandomFormulas.smooth(random, 2, 14);
    double x = random.nextGaussian();
    double y = random.nextGaussian();
    Dual byX = f.evaluate(Dual.variable(x), Dual.constant(y));
    Dual byY = f.evaluate(Dual.constant(x), Dual.variable(y));
    assertEquals(f.evaluate(x, y), byX.value());
    close(f.derivative(0).evaluate(x, y), byX.slope(), f);
    close(f.derivative(1).evaluate(x, y), byY.slope(), f);
  }

  /// The same sums of products in another order.
  private static void close(double expected, double found, Formula f) {
    assertEquals(expected, found, 1e-12 * Math.max(1, Math.abs(expected)), f::toString);
  }

  @Test
  void theSecondDerivativeIsTheDualOfTheFirst() {
    Formula f = X.pow(3).times(X.sin());
    Dual slope = f.derivative(0).evaluate(Dual.variable(2));
    assertEquals(12 * Math.sin(2) + 8 * Math.cos(2), slope.value(), 1e-14);
    assertEquals(12 * Math.sin(2) + 24 * Math.cos(2) - 8 * Math.sin(2), slope.slope(), 1e-14);
  }

  @Test
  void kinksHaveTheSlopesOfTheDerivative() {
    for (double x : new double[] {-2, 0, 3}) {
      for (double y : new double[] {-2, 0, 3}) {
        for (Formula f :
            new Formula[] {
              X.max(Y),
              X.min(Y),
              X.abs(),
              X.relu(),
              X.clamp(Y, Formula.ONE),
              X.pow(Y),
              X.fmod(Y),
              X.floor(),
              X.sign(),
              X.cbrt()
            }) {
          double expected = f.derivative(0).evaluate(x, y);
          double found = f.evaluate(Dual.variable(x), Dual.constant(y)).slope();
          assertEquals(expected, found, 3 * Math.ulp(expected), () -> f + " at " + x + ", " + y);
        }
      }
    }
  }

  @Test
  void whatDoesNotChangeHasNoSlopeWhereFunctionsAreSteep() {
    assertEquals(0, X.sqrt().evaluate(Dual.constant(0)).slope());
    assertEquals(Double.POSITIVE_INFINITY, X.sqrt().evaluate(Dual.variable(0)).slope());
  }

  @Test
  void bitsHaveNoSlope() {
    Formula bits = new Formula.Unary(UnaryFunction.EXPONENT, X);
    assertEquals(
        """
        dual: EXPONENT works on bits and has no derivative
          help   evaluate a formula before it is lowered\
        """,
        assertThrows(IllegalArgumentException.class, () -> bits.evaluate(Dual.variable(2)))
            .getMessage());
  }
}
