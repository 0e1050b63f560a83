package vectorgrad.optim;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import vectorgrad.autograd.GradientException;
import vectorgrad.autograd.Gradients;
import vectorgrad.autograd.Parameter;
import vectorgrad.autograd.Variable;
import vectorgrad.tensor.DType;
import vectorgrad.tensor.Scope;
import vectorgrad.tensor.Shape;
import vectorgrad.tensor.Tensor;

/// Whole descents: to the digit where someone printed them, to the minimum where it is known.
class DescentTest {

  /// The lines that the study note on gradient descent prints: x⁴ − 3x³ + 2 from 6, at a rate of
  /// 0.01, until a step is smaller than 10⁻⁵.
  private static final List<String> PRINTED =
      List.of(
          "67 x_old:2.249913, x_new:2.249930, grad:-0.001772, diff:0.00001772",
          "68 x_old:2.249930, x_new:2.249944, grad:-0.001413, diff:0.00001413",
          "69 x_old:2.249944, x_new:2.249956, grad:-0.001127, diff:0.00001127",
          "70 x_old:2.249956, x_new:2.249965, grad:-0.000899, diff:0.00000899");

  @Test
  void theDescentOfTheStudyNoteIsReproducedToTheLastPrintedDigit() {
    Parameter x = Parameter.of(Tensor.of(6.0));
    Sgd sgd = new Sgd(List.of(x)).learningRate(0.01);
    List<String> lines = new ArrayList<>();
    double before;
    double after = 6;
    do {
      before = after;
      Gradients gradients = quartic(x).backward();
      double slope = gradients.get(x).item();
      sgd.step(gradients);
      after = x.value().item();
      lines.add(
          String.format(
              Locale.ROOT,
              "%d x_old:%.6f, x_new:%.6f, grad:%.6f, diff:%.8f",
              sgd.steps(),
              before,
              after,
              slope,
              after - before));
    } while (Math.abs(after - before) > 1e-5);
    assertEquals(70, lines.size());
    assertEquals(PRINTED, lines.subList(66, 70));
    assertEquals(resource("quartic.txt"), lines);
    assertEquals("2.249965", String.format(Locale.ROOT, "%.6f", after));
  }

  /// All seventy lines, as the note's own program prints them: `src/test/golden/quartic.py`.
  private static List<String> resource(String name) {
    try (InputStream file = DescentTest.class.getResourceAsStream(name)) {
      return new String(file.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Variable quartic(Parameter x) {
    Variable cube = x.mul(x).mul(x);
    return cube.mul(x).sub(cube.mul(3)).add(2).sum();
  }

  @Test
  void plainDescentInABowlShrinksEachDirectionByItsOwnFactor() {
    Parameter p = Parameter.of(Tensor.of(4.0, -3.0));
    Sgd sgd = new Sgd(List.of(p)).learningRate(0.1);
    for (int i = 0; i < 20; i++) {
      sgd.step(Valley.bowl(p, 1, 5).backward());
    }
    double[] closedForm = {4 * Math.pow(1 - 0.1, 20), -3 * Math.pow(1 - 0.5, 20)};
    assertArrayEquals(closedForm, p.value().toDoubles(), 1e-14);
  }

  @Test
  void momentumInABowlFollowsItsLinearRecurrence() {
    Parameter p = Parameter.of(Tensor.of(4.0));
    Sgd sgd = new Sgd(List.of(p)).learningRate(0.1).momentum(0.9);
    double previous = 4;
    double present = 4;
    for (int i = 0; i < 50; i++) {
      sgd.step(Valley.bowl(p, 2).backward());
      double next = present - 0.1 * 2 * present + 0.9 * (present - previous);
      previous = present;
      present = next;
      assertEquals(present, p.value().item(), 1e-13);
    }
  }

  @Test
  void theFirstStepOfAdamIsTheRateWhateverTheGradient() {
    Parameter p = Parameter.of(Tensor.of(1.0, 1.0, 1.0));
    new Adam(List.of(p)).learningRate(0.01).step(Valley.bowl(p, 1e-4, 1, 1e4).backward());
    assertArrayEquals(new double[] {0.99, 0.99, 0.99}, p.value().toDoubles(), 1e-6);
  }

  @Test
  void adamFindsRosenbrocksMinimum() {
    assertArrayEquals(
        new double[] {1, 1},
        descend(
            Valley::rosenbrock,
            p -> new Adam(p).learningRate(Schedule.cosine(4000).times(0.05)),
            4000,
            -1.2,
            1),
        1e-3);
  }

  /// Rates that suit the valley, all of them falling to 0 in the end.
  private static Map<String, Function<List<Parameter>, Optimizer>> racers() {
    Map<String, Function<List<Parameter>, Optimizer>> racers = new LinkedHashMap<>();
    Schedule fall = Schedule.cosine(STEPS);
    racers.put("descent", p -> new Sgd(p).learningRate(fall.times(0.03)));
    racers.put("momentum", p -> new Sgd(p).learningRate(fall.times(0.003)).momentum(0.95));
    racers.put(
        "Nesterov", p -> new Sgd(p).learningRate(fall.times(0.003)).momentum(0.95).nesterov());
    racers.put("AdaGrad", p -> new AdaGrad(p).learningRate(1));
    racers.put("AdaDelta", p -> new AdaDelta(p).learningRate(fall.times(10)));
    racers.put("RMSProp", p -> new RmsProp(p).learningRate(fall.times(0.02)));
    racers.put("Adam", p -> new Adam(p).learningRate(fall.times(0.05)));
    racers.put("AMSGrad", p -> new Adam(p).learningRate(fall.times(0.05)).amsgrad());
    racers.put("AdamW", p -> new AdamW(p).learningRate(fall.times(0.05)).weightDecay(0));
    racers.put("NAdam", p -> new NAdam(p).learningRate(fall.times(0.05)));
    racers.put("RAdam", p -> new RAdam(p).learningRate(fall.times(0.05)).betas(0.9, 0.99));
    racers.put("Lion", p -> new Lion(p).learningRate(fall.times(0.01)));
    racers.put("LAMB", p -> new Lamb(p).learningRate(fall.times(0.02)).weightDecay(0));
    return racers;
  }

  private static final int STEPS = 2000;

  @TestFactory
  List<DynamicTest> everyOptimizerFindsBealesMinimum() {
    return racers().entrySet().stream()
        .map(racer ->
            DynamicTest.dynamicTest(
                racer.getKey(),
                () ->
                    assertArrayEquals(
                        new double[] {3, 0.5},
                        descend(Valley::beale, racer.getValue(), STEPS, 1, 1),
                        1e-3)))
        .toList();
  }

  private static double[] descend(
      Function<Parameter, Variable> loss,
      Function<List<Parameter>, Optimizer> make,
      int steps,
      double... start) {
    Parameter p = Parameter.of(Tensor.of(start));
    Optimizer optimizer = make.apply(List.of(p));
    for (int i = 0; i < steps; i++) {
      try (Scope step = Scope.open()) {
        assertTrue(step.openedAt().contains("DescentTest"));
        optimizer.step(loss.apply(p).backward());
      }
    }
    return p.value().toDoubles();
  }

  @Test
  void coupledAndDecoupledDecayAreTheSameForPlainDescentAndDifferForAdam() {
    Parameter coupled = Parameter.of(Tensor.of(1.0, 1.0));
    Parameter byHand = Parameter.of(Tensor.of(1.0, 1.0));
    new Sgd(List.of(coupled))
        .learningRate(0.1)
        .weightDecay(0.5)
        .step(Valley.bowl(coupled, 1, 100).backward());
    new Sgd(List.of(byHand)).learningRate(0.1).step(Valley.bowl(byHand, 1, 100).backward());
    double[] shrunk = byHand.value().toDoubles();
    assertArrayEquals(
        new double[] {shrunk[0] - 0.1 * 0.5, shrunk[1] - 0.1 * 0.5},
        coupled.value().toDoubles(),
        1e-14);

    Parameter p = Parameter.of(Tensor.of(1.0, 1.0));
    Parameter q = Parameter.of(Tensor.of(1.0, 1.0));
    Adam adam = new Adam(List.of(p)).learningRate(0.1).weightDecay(0.5);
    AdamW adamW = new AdamW(List.of(q)).learningRate(0.1).weightDecay(0.5);
    adam.step(Valley.bowl(p, 1, 100).backward());
    adamW.step(Valley.bowl(q, 1, 100).backward());
    // Adam's decay disappears in the normalised step; AdamW's shrinks both numbers by 5 %
    assertArrayEquals(new double[] {0.9, 0.9}, p.value().toDoubles(), 1e-7);
    assertArrayEquals(new double[] {0.85, 0.85}, q.value().toDoubles(), 1e-7);
  }

  @Test
  void weightsThatNobodyInitialisedAreRefusedAtTheFirstStep() {
    Parameter first = Parameter.of(Shape.of(3, 2)).name("0.weight");
    Parameter bias = Parameter.of(Shape.of(1)).name("2.bias");
    Parameter second = Parameter.of(Shape.of(2, 1)).name("2.weight");
    Variable x = Variable.constant(Tensor.ones(Shape.of(4, 3), DType.F32));
    Supplier<Gradients> gradients =
        () -> x.matmul(first).relu().matmul(second).add(bias).sub(1).square().mean().backward();
    Adam adam = new Adam(List.of(first, second, bias));
    String message =
        assertThrows(GradientException.class, () -> adam.step(gradients.get())).getMessage();
    assertEquals(
        """
        Adam: all 2 weights are 0 with gradients of 0, no step would change them
          first  "0.weight" (3, 2)
          help   model.initialize(Seed.of(1)) before training\
        """,
        message);
    assertEquals(0, adam.steps());
    second.set(Tensor.ones(Shape.of(2, 1), DType.F32)); // one of them alone may begin at 0
    adam.step(gradients.get());
    assertEquals(1, adam.steps());
  }
}
