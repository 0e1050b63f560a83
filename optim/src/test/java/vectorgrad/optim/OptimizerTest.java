package vectorgrad.optim;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import vectorgrad.autograd.GradientException;
import vectorgrad.autograd.Parameter;
import vectorgrad.autograd.Variable;
import vectorgrad.numerics.Formula;
import vectorgrad.tensor.DType;
import vectorgrad.tensor.DTypeException;
import vectorgrad.tensor.Device;
import vectorgrad.tensor.Scope;
import vectorgrad.tensor.Shape;
import vectorgrad.tensor.Tensor;

class OptimizerTest {
  private static Parameter named(String name, double... values) {
    Parameter p = Parameter.of(Tensor.of(values));
    p.name(name);
    return p;
  }

  private static Variable bowl(Parameter p) {
    return p.mul(p).sum().mul(0.5);
  }

  @Test
  void gradientsOfAnotherModelAreRefused() {
    Parameter mine = named("0.weight", 1, 2);
    Parameter other = named("1.weight", 1, 2);
    Adam adam = new Adam(List.of(mine));
    var e = assertThrows(GradientException.class, () -> adam.step(bowl(other).backward()));
    assertEquals(
        """
        Adam: the gradients do not hold its parameter
          first  "0.weight" (2)
          held   "1.weight" (2)
          why    the loss does not depend on it, or belongs to another optimizer\
        """,
        e.getMessage());
    assertEquals(0, adam.steps());
  }

  @Test
  void parametersOfSixteenBitsAreRefused() {
    Parameter p = named("0.weight", 1, 2);
    p.set(p.value().to(DType.BF16));
    Adam adam = new Adam(List.of(p));
    var e = assertThrows(DTypeException.class, () -> adam.step(bowl(p).backward()));
    assertEquals(
        """
        Adam: "0.weight" is bf16, which loses small steps
          shape  (2)
          help   model.to(DType.F32), and Autocast for the forward pass\
        """,
        e.getMessage());
    assertEquals(0, adam.steps());
  }

  @Test
  void anOptimizerOfFrozenParametersSaysSo() {
    Parameter a = named("a", 1);
    Parameter b = named("b", 1);
    Parameter c = named("c", 1);
    Parameter d = named("d", 1);
    a.trainable(false);
    d.trainable(false);
    Sgd sgd = new Sgd(List.of(a, d));
    var e = assertThrows(GradientException.class, () -> sgd.step(bowl(b).add(bowl(c)).backward()));
    assertEquals(
        """
        Sgd: the gradients hold none of its 2 parameters
          first  "a" (1)
          held   "c" (1) and 1 more
          why    everything here is frozen\
        """,
        e.getMessage());
  }

  @Test
  void anEmptyListIsRefused() {
    var e = assertThrows(IllegalArgumentException.class, () -> new Adam(List.of()));
    assertEquals(
        """
        Adam: there are no parameters to optimize
          help   pass model.parameters()\
        """,
        e.getMessage());
  }

  @Test
  void aParameterThatIsListedTwiceIsRefused() {
    Parameter p = named("w", 1);
    var e = assertThrows(IllegalArgumentException.class, () -> new Adam(List.of(p, p)));
    assertEquals(
        """
        Adam: "w" is in the list twice
          help   model.parameters() lists a shared parameter once\
        """,
        e.getMessage());
  }

  @Test
  void frozenParametersAndTheirStateStayAsTheyAre() {
    Parameter a = named("a", 1);
    Parameter b = named("b", 1);
    Adam adam = new Adam(List.of(a, b)).learningRate(0.1);
    adam.step(bowl(a).add(bowl(b)).backward());
    double frozen = a.value().item();
    double moment = adam.state().get("a.firstMoment").value().item();
    a.trainable(false);
    adam.step(bowl(a).add(bowl(b)).backward());
    assertEquals(frozen, a.value().item());
    assertEquals(moment, adam.state().get("a.firstMoment").value().item());
    assertEquals(1, adam.state().get("a.step").value().item());
    assertEquals(2, adam.state().get("b.step").value().item());
    assertEquals(2, adam.steps());
  }

  @Test
  void biasCorrectionBeginsWhenAParameterBeginsToTrain() {
    Parameter late = named("late", 1);
    Parameter early = named("early", 1);
    Adam adam = new Adam(List.of(late, early)).learningRate(0.1);
    for (int i = 0; i < 5; i++) {
      adam.step(bowl(early).backward());
    }
    adam.step(bowl(late).backward());
    assertEquals(0.9, late.value().item(), 1e-7);
  }

  @Test
  void stateIsNamedByParameterAndPart() {
    Adam adam = new Adam(List.of(named("0.weight", 1, 2), named("0.bias", 1)));
    assertEquals(
        List.of(
            "0.weight.firstMoment",
            "0.weight.secondMoment",
            "0.weight.step",
            "0.bias.firstMoment",
            "0.bias.secondMoment",
            "0.bias.step"),
        List.copyOf(adam.state().keySet()));
    assertEquals(Shape.of(2), adam.state().get("0.weight.firstMoment").value().shape());
  }

  @Test
  void equalAndMissingNamesAreToldApart() {
    Sgd sgd =
        new Sgd(List.of(named("w", 1), named("w", 2), Parameter.of(Tensor.of(3.0)))).momentum(0.9);
    assertEquals(
        List.of(
            "w.velocity",
            "w.step",
            "w~2.velocity",
            "w~2.step",
            "parameter.velocity",
            "parameter.step"),
        List.copyOf(sgd.state().keySet()));
  }

  @Test
  void aRestoredOptimizerGoesOnToTheBit() {
    Parameter p = named("w", 1, -2, 3);
    Adam straight = adam(p);
    for (int i = 0; i < 10; i++) {
      straight.step(Valley.quartic(p).backward());
    }

    Parameter q = named("w", 1, -2, 3);
    Adam first = adam(q);
    for (int i = 0; i < 5; i++) {
      first.step(Valley.quartic(q).backward());
    }
    Parameter r = named("w", q.value().toDoubles());
    Adam second = adam(r);
    Map<String, Tensor> saved = new LinkedHashMap<>();
    first.state().forEach((name, cell) -> saved.put(name, cell.value().copy()));
    second.restore(saved, first.steps());
    for (int i = 0; i < 5; i++) {
      second.step(Valley.quartic(r).backward());
    }
    assertArrayEquals(p.value().toDoubles(), r.value().toDoubles());
    assertEquals(10, second.steps());
  }

  private static Adam adam(Parameter p) {
    return new Adam(List.of(p))
        .learningRate(Schedule.warmup(3).then(Schedule.cosine(20)).times(0.1));
  }

  @Test
  void aStateThatDoesNotFitChangesNothing() {
    Parameter p = named("w", 1, 2);
    Sgd sgd = new Sgd(List.of(p)).momentum(0.9);
    Map<String, Tensor> saved = new LinkedHashMap<>();
    saved.put("w.velocity", Tensor.of(1.0, 1, 1));
    saved.put("v.velocity", Tensor.of(1.0));
    var e = assertThrows(IllegalArgumentException.class, () -> sgd.restore(saved, 3));
    assertEquals(
        """
        Sgd: the saved state does not fit, 3 differences
          shape  "w.velocity" (3), expected (2)
          miss   "w.step" ()
          extra  "v.velocity" (1)\
        """,
        e.getMessage());
    assertEquals(0, sgd.steps());
    assertArrayEquals(new double[2], sgd.state().get("w.velocity").value().toDoubles());
  }

  @Test
  void stateOutlivesTheScopeOfTheStepThatMadeIt() {
    Parameter p = Parameter.of(Tensor.ones(Shape.of(1000), DType.F64));
    Adam adam = new Adam(List.of(p)).learningRate(0.5);
    for (int i = 0; i < 3; i++) {
      try (Scope step = Scope.open()) {
        adam.step(bowl(p).backward());
        assertEquals(i + 1, adam.steps(), step.openedAt());
      }
    }
    Parameter q = Parameter.of(Tensor.ones(Shape.of(1000), DType.F64));
    Adam unscoped = new Adam(List.of(q)).learningRate(0.5);
    for (int i = 0; i < 3; i++) {
      unscoped.step(bowl(q).backward());
    }
    assertArrayEquals(q.value().toDoubles(), p.value().toDoubles());
  }

  @Test
  void stateFollowsItsParameterToAnotherDtypeAndDevice() {
    Parameter p = named("w", 1, 2);
    Adam adam = new Adam(List.of(p)).learningRate(0.1);
    adam.step(bowl(p).backward());
    p.set(p.value().to(DType.F32).to(Device.REFERENCE));
    adam.step(bowl(p).backward());
    Tensor moment = adam.state().get("w.firstMoment").value();
    assertEquals(DType.F32, moment.dtype());
    assertEquals(Device.REFERENCE, moment.device());
    assertArrayEquals(new double[] {0.8, 1.8}, p.value().to(DType.F64).toDoubles(), 1e-2);
  }

  @Test
  void theRateFollowsItsSchedule() {
    Parameter p = named("w", 0);
    Sgd sgd = new Sgd(List.of(p)).learningRate(Schedule.step(2, 0.1));
    Variable slope = Variable.constant(Tensor.of(1.0));
    double[] places = new double[5];
    for (int i = 0; i < 5; i++) {
      sgd.step(p.mul(slope).sum().backward());
      places[i] = p.value().item();
    }
    assertArrayEquals(new double[] {-1, -2, -2.1, -2.2, -2.21}, places, 1e-12);
    assertEquals(0.01, sgd.learningRate(), 1e-15);
  }

  @Test
  void aRateThatChangesDoesNotMakeANewKernel() {
    Adam.Rule rule = (Adam.Rule) new Adam(List.of(named("w", 1))).rule();
    List<Formula> state = List.of(Formula.input(2), Formula.input(3));
    List<Formula> scalars = List.of(Formula.input(4), Formula.input(5), Formula.input(6));
    assertEquals(
        rule.update(Formula.input(0), Formula.input(1), state, scalars),
        rule.update(Formula.input(0), Formula.input(1), state, scalars));
    assertNotEquals(rule.scalars(0.1, 1)[0], rule.scalars(0.2, 1)[0]);
    assertNotEquals(rule.scalars(0.1, 1)[1], rule.scalars(0.1, 2)[1]);
  }

  @Test
  void groupsStepTogetherWithRatesOfTheirOwn() {
    Parameter body = named("body", 0);
    Parameter head = named("head", 0);
    Optimizer both =
        Optimizer.groups(
            new Sgd(List.of(body)).learningRate(0.1), new Sgd(List.of(head)).learningRate(1));
    both.step(body.add(head).sum().backward());
    both.step(head.sum().backward());
    assertEquals(-0.1, body.value().item(), 1e-15);
    assertEquals(-2, head.value().item(), 1e-15);
    assertEquals(2, both.steps());
    assertEquals(List.of(body, head), both.parameters());
    assertEquals(1, both.state().get("group.0.steps").value().item());
    assertEquals(2, both.state().get("group.1.steps").value().item());
    var e = assertThrows(GradientException.class, () -> both.step(named("x", 1).sum().backward()));
    assertEquals(
        """
        groups: the gradients hold no parameter of any of the 2 groups
          held   "x" (1)\
        """,
        e.getMessage());
  }

  @Test
  void restoredGroupsGoOnFromTheirOwnSteps() {
    Parameter a = named("a", 0);
    Parameter b = named("b", 0);
    Optimizer saved =
        Optimizer.groups(new Sgd(List.of(a)).momentum(0.5), new Sgd(List.of(b)).momentum(0.5));
    saved.step(a.add(b).sum().backward());
    saved.step(b.sum().backward());
    Map<String, Tensor> state = new LinkedHashMap<>();
    saved.state().forEach((name, cell) -> state.put(name, cell.value().copy()));
    Sgd forA = new Sgd(List.of(a)).momentum(0.5);
    Sgd forB = new Sgd(List.of(b)).momentum(0.5);
    Optimizer restored = Optimizer.groups(forA, forB);
    restored.restore(state, saved.steps());
    assertEquals(1, forA.steps());
    assertEquals(2, forB.steps());
    assertEquals(2, restored.steps());
    assertEquals(1.5, forB.state().get("b.velocity").value().item());
  }

  @Test
  void aParameterInTwoGroupsIsRefused() {
    Parameter p = named("w", 1);
    var e =
        assertThrows(
            IllegalArgumentException.class,
            () -> Optimizer.groups(new Sgd(List.of(p)), new Adam(List.of(p))));
    assertEquals("groups: \"w\" is in two groups", e.getMessage());
  }

  @Test
  void ownRulesAreOneFormula() {
    record SignDescent() implements UpdateRule {
      @Override
      public List<Formula> update(
          Formula p, Formula g, List<Formula> state, List<Formula> scalars) {
        return List.of(p.minus(scalars.get(0).times(g.sign())));
      }
    }
    Parameter p = named("w", 3, -4);
    var optimizer = new FormulaOptimizer(List.of(p), new SignDescent()).learningRate(0.5);
    optimizer.step(bowl(p).backward());
    assertArrayEquals(new double[] {2.5, -3.5}, p.value().toDoubles());
    assertEquals("SignDescent(1 parameter, learning rate 0.5)", optimizer.toString());
  }

  @Test
  void settingsOutsideTheirRangeAreRefused() {
    List<Parameter> p = List.of(named("w", 1));
    assertEquals(
        "Adam: beta1 must be in [0.0, 1.0), found 1.0",
        assertThrows(IllegalArgumentException.class, () -> new Adam(p).betas(1, 0.9)).getMessage());
    assertEquals(
        "Sgd: weight decay must be at least 0.0, found -1.0",
        assertThrows(IllegalArgumentException.class, () -> new Sgd(p).weightDecay(-1))
            .getMessage());
    assertEquals(
        """
        Sgd: Nesterov's look ahead needs momentum and no dampening
          found  momentum 0.0, dampening 0.0
          help   new Sgd(parameters).momentum(0.9).nesterov()\
        """,
        assertThrows(IllegalArgumentException.class, () -> new Sgd(p).nesterov()).getMessage());
  }
}
