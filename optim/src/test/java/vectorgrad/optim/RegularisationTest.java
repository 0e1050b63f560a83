package vectorgrad.optim;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import org.junit.jupiter.api.Test;
import vectorgrad.autograd.Parameter;
import vectorgrad.tensor.Tensor;

/// Decay in its three kinds, side by side: L2 coupled to the gradient, decoupled from it, and L1.
class RegularisationTest {
  private static Parameter at(double... values) {
    return Parameter.of(Tensor.of(values));
  }

  /// One step on a bowl whose slopes differ ten thousand times.
  private static double[] step(Optimizer optimizer) {
    Parameter p = optimizer.parameters().getFirst();
    optimizer.step(Valley.bowl(p, 0.01, 100).backward());
    return p.value().toDoubles();
  }

  @Test
  void forPlainDescentCoupledAndDecoupledDecayAreOne() {
    double[] coupled = step(new Sgd(List.of(at(1, 1))).learningRate(0.1).weightDecay(0.5));
    double[] decoupled = step(new Sgd(List.of(at(1, 1))).learningRate(0.1).decoupledDecay(0.5));
    assertArrayEquals(coupled, decoupled, 1e-14);
  }

  @Test
  void withMomentumTheyDifferFromTheSecondStepOn() {
    Sgd coupled = new Sgd(List.of(at(1, 1))).learningRate(0.001).momentum(0.9).weightDecay(0.5);
    Sgd apart = new Sgd(List.of(at(1, 1))).learningRate(0.001).momentum(0.9).decoupledDecay(0.5);
    assertArrayEquals(step(coupled), step(apart), 1e-14);
    double first = 1 - 0.001 * (0.01 + 0.5);
    double second = 0.01 * first;
    double velocity = 0.9 * (0.01 + 0.5) + second + 0.5 * first; // decay has momentum too
    assertEquals(first - 0.001 * velocity, step(coupled)[0], 1e-15);
    double shrunk = first * (1 - 0.001 * 0.5);
    assertEquals(shrunk - 0.001 * (0.9 * 0.01 + second), step(apart)[0], 1e-15);
  }

  @Test
  void adamDividesCoupledDecayAwayAndKeepsDecoupledDecay() {
    double[] coupled = step(new Adam(List.of(at(1, 1))).learningRate(0.1).weightDecay(0.5));
    double[] decoupled = step(new Adam(List.of(at(1, 1))).learningRate(0.1).decoupledDecay(0.5));
    double[] adamW = step(new AdamW(List.of(at(1, 1))).learningRate(0.1).weightDecay(0.5));
    assertArrayEquals(new double[] {0.9, 0.9}, coupled, 1e-7); // the rate, decay or not
    assertArrayEquals(new double[] {0.85, 0.85}, decoupled, 1e-6); // and 5 % of the parameter
    assertArrayEquals(adamW, decoupled, 1e-15);
  }

  @Test
  void l1DrawsSmallNumbersAsFastAsLargeOnesAndNotAtZero() {
    Sgd sgd = new Sgd(List.of(at(2, -0.5, 0))).learningRate(0.1).l1(1);
    Parameter p = sgd.parameters().getFirst();
    sgd.step(Valley.bowl(p, 0, 0, 0).backward());
    assertArrayEquals(new double[] {1.9, -0.4, 0}, p.value().toDoubles(), 1e-15);
  }

  @Test
  void maximizingIsDescendingTheOpposite() {
    Adam up = new Adam(List.of(at(1, 2))).learningRate(0.1).weightDecay(0.2).maximize();
    Adam down = new Adam(List.of(at(1, 2))).learningRate(0.1).weightDecay(0.2);
    for (int i = 0; i < 5; i++) {
      up.step(Valley.bowl(up.parameters().getFirst(), 1, 3).neg().backward());
      down.step(Valley.bowl(down.parameters().getFirst(), 1, 3).backward());
    }
    assertArrayEquals(
        down.parameters().getFirst().value().toDoubles(),
        up.parameters().getFirst().value().toDoubles());
  }

  @Test
  void decayThatMakesNoSenseIsRefused() {
    assertEquals(
        """
        decoupledDecay: AdamW decays its parameters already
          help   say how much with weightDecay(0.5)\
        """,
        assertThrows(
                IllegalArgumentException.class, () -> new AdamW(List.of(at(1))).decoupledDecay(0.5))
            .getMessage());
    assertEquals(
        "Sgd: the strength of l1 must be at least 0.0, found -1.0",
        assertThrows(IllegalArgumentException.class, () -> new Sgd(List.of(at(1))).l1(-1))
            .getMessage());
  }

  @Test
  void lambMovesEveryParameterByTheRatesShareOfItsNorm() {
    Parameter large = at(30, -40).name("large");
    Parameter small = at(0.3, 0.4).name("small");
    Parameter zero = at(0, 0).name("zero");
    Lamb lamb = new Lamb(List.of(large, small, zero)).learningRate(0.1).weightDecay(0).epsilon(0);
    var loss = large.sum().add(small.sum()).add(zero.sum());
    lamb.step(loss.backward());
    double length = Math.sqrt(0.5); // a number of a direction of two equal ones
    assertArrayEquals(
        new double[] {30 - 5 * length, -40 - 5 * length}, large.value().toDoubles(), 1e-12);
    assertArrayEquals(
        new double[] {0.3 - 0.05 * length, 0.4 - 0.05 * length}, small.value().toDoubles(), 1e-12);
    assertArrayEquals(new double[] {-0.1, -0.1}, zero.value().toDoubles(), 1e-12);
  }
}
