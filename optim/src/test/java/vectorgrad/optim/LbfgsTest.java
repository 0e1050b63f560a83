package vectorgrad.optim;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import vectorgrad.autograd.GradientException;
import vectorgrad.autograd.Parameter;
import vectorgrad.autograd.Variable;
import vectorgrad.tensor.Scope;
import vectorgrad.tensor.Tensor;

class LbfgsTest {
  private static Parameter named(String name, double... values) {
    return Parameter.of(Tensor.of(values)).name(name);
  }

  @Test
  void rosenbrocksMinimumIsFoundInThreeSteps() {
    Parameter p = named("p", -1.2, 1);
    Lbfgs lbfgs = new Lbfgs(List.of(p)).tolerances(1e-9, 0);
    double before = lbfgs.step(() -> Valley.rosenbrock(p));
    assertEquals(24.2, before, 1e-12);
    lbfgs.step(() -> Valley.rosenbrock(p));
    lbfgs.step(() -> Valley.rosenbrock(p));
    assertArrayEquals(new double[] {1, 1}, p.value().toDoubles(), 1e-6);
  }

  @Test
  void bealesMinimumIsFoundInTwoSteps() {
    Parameter p = named("p", 1, 1);
    Lbfgs lbfgs = new Lbfgs(List.of(p)).tolerances(1e-9, 0);
    lbfgs.step(() -> Valley.beale(p));
    lbfgs.step(() -> Valley.beale(p));
    assertArrayEquals(new double[] {3, 0.5}, p.value().toDoubles(), 1e-6);
  }

  @Test
  void theConditionOfABowlDoesNotMatterMuch() {
    Parameter p = named("p", 1, 1, 1);
    new Lbfgs(List.of(p))
        .iterations(40)
        .tolerances(1e-9, 0)
        .step(() -> Valley.bowl(p, 1e-3, 1, 1e3));
    // plain descent would need as many steps as the slopes differ, a million
    assertArrayEquals(new double[3], p.value().toDoubles(), 1e-6);
  }

  @Test
  void severalParametersAreOneVector() {
    Parameter whole = named("w", 1, -2, 3);
    Parameter first = named("a", 1);
    Parameter rest = named("b", -2, 3);
    Variable shares = Variable.constant(Tensor.of(10.0, 0.1));
    Lbfgs one = new Lbfgs(List.of(whole)).iterations(3);
    Lbfgs two = new Lbfgs(List.of(first, rest)).iterations(3);
    for (int i = 0; i < 3; i++) {
      one.step(() -> Valley.bowl(whole, 1, 10, 0.1));
      two.step(() -> Valley.bowl(first, 1).add(rest.mul(rest).mul(shares).sum().mul(0.5)));
    }
    assertEquals(whole.value().toDoubles()[0], first.value().item(), 1e-14);
    assertArrayEquals(
        new double[] {whole.value().toDoubles()[1], whole.value().toDoubles()[2]},
        rest.value().toDoubles(),
        1e-14);
  }

  @Test
  void aRestoredOneGoesOnToTheBit() {
    Parameter p = named("w", -1.2, 1);
    Lbfgs straight = new Lbfgs(List.of(p)).iterations(2).history(3);
    for (int i = 0; i < 8; i++) {
      straight.step(() -> Valley.rosenbrock(p));
    }
    Parameter q = named("w", -1.2, 1);
    Lbfgs first = new Lbfgs(List.of(q)).iterations(2).history(3);
    for (int i = 0; i < 5; i++) {
      first.step(() -> Valley.rosenbrock(q));
    }
    Map<String, Tensor> saved = new LinkedHashMap<>();
    first.state().forEach((name, cell) -> saved.put(name, cell.value().copy()));
    Parameter r = named("w", q.value().toDoubles());
    Lbfgs second = new Lbfgs(List.of(r)).iterations(2).history(3);
    second.restore(saved, first.steps());
    for (int i = 0; i < 3; i++) {
      second.step(() -> Valley.rosenbrock(r));
    }
    assertArrayEquals(p.value().toDoubles(), r.value().toDoubles());
    assertEquals(8, second.steps());
  }

  @Test
  void aFrozenParameterStaysAndAForeignLossIsRefused() {
    Parameter a = named("a", 1, 2);
    Parameter b = named("b", 3);
    a.trainable(false);
    Lbfgs lbfgs = new Lbfgs(List.of(a, b));
    lbfgs.step(() -> Valley.bowl(a, 1, 1).add(Valley.bowl(b, 1)));
    assertArrayEquals(new double[] {1, 2}, a.value().toDoubles());
    assertEquals(0, b.value().item(), 1e-6);
    Parameter other = named("c", 1);
    var e = assertThrows(GradientException.class, () -> lbfgs.step(() -> Valley.bowl(other, 1)));
    assertEquals(
        """
        Lbfgs: the gradients hold none of its 2 parameters
          first  "a" (2)
          held   "c" (1)
          why    the loss does not depend on it, or belongs to another optimizer\
        """,
        e.getMessage());
  }

  @Test
  void aLossThatIsNotANumberBeyondTheBracketIsNotEntered() {
    Parameter p = named("p", 2);
    Lbfgs lbfgs = new Lbfgs(List.of(p));
    // p − 3·log(p) is smallest at 3 and nowhere below 0; the long first tries land there
    lbfgs.learningRate(100).step(() -> p.sub(p.log().mul(3)).sum());
    assertEquals(3, p.value().item(), 1e-4);
  }

  @Test
  void theScopeOfACallerTakesNothingAway() {
    Parameter p = named("p", -1.2, 1);
    Lbfgs lbfgs = new Lbfgs(List.of(p)).tolerances(1e-9, 0);
    for (int i = 0; i < 3; i++) {
      try (Scope scope = Scope.open()) {
        lbfgs.step(() -> Valley.rosenbrock(p));
        assertEquals(i + 1, lbfgs.steps(), scope.openedAt());
      }
    }
    assertArrayEquals(new double[] {1, 1}, p.value().toDoubles(), 1e-6);
  }

  @Test
  void settingsThatMakeNoSenseAreRefused() {
    Parameter p = named("p", 1);
    Lbfgs lbfgs = new Lbfgs(List.of(p));
    assertEquals(
        "Lbfgs: the history must be at least 1.0, found 0.0",
        assertThrows(IllegalArgumentException.class, () -> lbfgs.history(0)).getMessage());
    lbfgs.step(() -> Valley.bowl(p, 1));
    assertEquals(
        "Lbfgs: the history is set before the first step",
        assertThrows(IllegalArgumentException.class, () -> lbfgs.history(5)).getMessage());
    var e = assertThrows(IllegalArgumentException.class, () -> new Lbfgs(List.of()));
    assertTrue(e.getMessage().startsWith("Lbfgs: there are no parameters to optimize"));
  }
}
