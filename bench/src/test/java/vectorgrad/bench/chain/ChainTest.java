package vectorgrad.bench.chain;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import vectorgrad.numerics.FiniteDifference;

/// What every library has to compute before it is measured.
class ChainTest {
  @ParameterizedTest
  @EnumSource
  void theSlopeIsTheDerivativeOfTheValue(Chain chain) {
    for (float x : Chain.input(101)) {
      // a smooth function near 1: the step squared, and an ulp over the step, are below that
      assertEquals(FiniteDifference.central(chain::value, x, 1e-5), chain.slope(x), 1e-9);
    }
  }

  @ParameterizedTest
  @EnumSource
  void anotherGradientIsRefused(Chain chain) {
    float[] x = Chain.input(3);
    var gradient = new float[] {(float) chain.slope(x[0]), (float) chain.slope(x[1]), 2};
    var e = assertThrows(IllegalStateException.class, () -> chain.expect(x, gradient));
    assertEquals(
        chain + ": the gradient at 0.6666667 is 2.0 and should be " + chain.slope(x[2]),
        e.getMessage());
  }

  @ParameterizedTest
  @EnumSource
  void aGradientForEachElementIsExpected(Chain chain) {
    var e =
        assertThrows(
            IllegalStateException.class, () -> chain.expect(Chain.input(3), new float[] {1}));
    assertEquals(chain + ": 3 elements have 1 gradients", e.getMessage());
  }
}
