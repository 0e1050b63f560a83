package vectorgrad.autograd;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import example.Forward;
import org.junit.jupiter.api.Test;
import vectorgrad.tensor.Tensor;

/// The first NaN or infinity, and where it came from.
class AnomalyTest {
  private static String message(Runnable work) {
    return assertThrows(AnomalyException.class, () -> Anomaly.detect(work)).getMessage();
  }

  @Test
  void theFirstOperationThatMakesANanIsNamedWithItsInputs() {
    Variable x = Variable.leaf(Tensor.of(4.0, -1.0, 0.25));
    String message = message(() -> Forward.logarithm(x.mul(2)).exp().sum().backward());
    assertTrue(
        message.matches(
            """
            log: made the first NaN, in 1 of 3 elements
              at     example.Forward.logarithm\\(Forward.java:\\d+\\)
              output \\(3\\) f64, from -0.6931 to 2.079, mean 0.6931, 1 NaN
              in 0   \\(3\\) f64, from -2.000 to 8.000, mean 2.167\
            """),
        message);
  }

  @Test
  void anInfinityIsOneOnlyWhereEverythingWasFinite() {
    Variable x = Variable.leaf(Tensor.of(1.0, 800.0));
    assertTrue(message(() -> x.add(1).exp()).startsWith("exp: made the first infinity, in 1 of 2"));
    Variable mask = Variable.constant(Tensor.of(0.0, Double.NEGATIVE_INFINITY));
    assertEquals(1, Anomaly.detect(() -> x.add(mask).softmax(0)).value().toDoubles()[0]);
  }

  @Test
  void aNanThatWasPutInIsSaidToBe() {
    Variable data = Variable.constant(Tensor.of(1.0, Double.NaN));
    assertTrue(message(() -> data.mul(2)).startsWith("mul: was given the first NaN, in 1 of 2"));
  }

  @Test
  void aGradientThatIsNoNumberNamesTheForwardLine() {
    Variable x = Variable.leaf(Tensor.of(0.0, 1.0));
    String message = message(() -> Forward.root(x).sum().backward());
    assertTrue(
        message.matches(
            """
            sqrt: the gradient of input 0 has the first infinity, in 1 of 2 elements
              at     example.Forward.root\\(Forward.java:\\d+\\), forward
              dy     \\(2\\) f64, from 1.000 to 1.000, mean 1.000
              d0     \\(2\\) f64, from 0.5000 to 0.5000, mean 0.5000, 1 infinite
              in 0   \\(2\\) f64, from 0.000 to 1.000, mean 0.5000\
            """),
        message);
  }

  @Test
  void whatIsWellPassesAndGivesItsResult() {
    Variable x = Variable.leaf(Tensor.of(1.0, 2.0));
    Gradients gradients = Anomaly.detect(() -> x.square().sum().backward());
    assertEquals(4, gradients.get(x).toDoubles()[1]);
  }

  @Test
  void nothingIsLookedAtOutside() {
    Variable x = Variable.leaf(Tensor.of(-1.0));
    assertTrue(Double.isNaN(x.log().item()));
  }
}
