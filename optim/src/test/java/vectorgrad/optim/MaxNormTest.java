package vectorgrad.optim;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import vectorgrad.autograd.Parameter;
import vectorgrad.tensor.DType;
import vectorgrad.tensor.Seed;
import vectorgrad.tensor.Shape;
import vectorgrad.tensor.Tensor;

class MaxNormTest {
  /// The parameter after a step of rate 0, which changes nothing but by the bound.
  private static double[] bounded(Tensor weights, double most, int axis) {
    Parameter p = Parameter.of(weights);
    Sgd sgd = new Sgd(List.of(p)).learningRate(0).maxNorm(most, axis);
    sgd.step(p.sum().backward());
    return p.value().toDoubles();
  }

  /// The same, number by number.
  private static double[] naive(Tensor weights, double most, int axis) {
    double[] all = weights.toDoubles();
    int units = weights.size(axis);
    int inner =
        IntStream.range(axis + 1, weights.rank()).map(weights::size).reduce(1, (a, b) -> a * b);
    double[] squares = new double[units];
    for (int i = 0; i < all.length; i++) {
      squares[i / inner % units] += all[i] * all[i];
    }
    for (int i = 0; i < all.length; i++) {
      double norm = Math.sqrt(squares[i / inner % units]);
      all[i] *= norm > most ? most / (norm + 1e-7) : 1;
    }
    return all;
  }

  /// `torch.renorm(w, 2, axis, most)` of PyTorch 1.13.
  @Test
  void theNumbersArePyTorchs() {
    Tensor w = Tensor.of(3, 4, 0, 0.1, -0.2, 0.3, -2, 1, 2).reshape(3, 3);
    assertArrayEquals(
        new double[] {
          1.4999999700000006,
          1.9999999600000007,
          0.0,
          0.1,
          -0.2,
          0.3,
          -1.666666611111113,
          0.8333333055555565,
          1.666666611111113
        },
        bounded(w, 2.5, 0),
        1e-15);
    assertArrayEquals(
        new double[] {
          2.079326091107392,
          2.4225078568721012,
          0.0,
          0.06931086970357973,
          -0.12112539284360507,
          0.3,
          -1.3862173940715947,
          0.6056269642180253,
          2.0
        },
        bounded(w, 2.5, 1),
        1e-15);
  }

  @Property(tries = 30)
  void everyUnitIsInsideTheBallAndWhatWasInsideIsAsItWas(
      @ForAll long seed,
      @ForAll @IntRange(min = 1, max = 7) int first,
      @ForAll @IntRange(min = 1, max = 5) int second,
      @ForAll @IntRange(min = 1, max = 4) int third,
      @ForAll @IntRange(min = 0, max = 2) int axis) {
    Tensor w = Tensor.normal(Seed.of(seed), 0, Shape.of(first, second, third), DType.F64);
    double most = 1.5;
    double[] bounded = bounded(w, most, axis);
    // sums of at most 35 squares, in another order
    assertArrayEquals(naive(w, most, axis), bounded, 1e-13);
    double[] twice = bounded(Tensor.of(bounded).reshape(first, second, third), most, axis);
    assertArrayEquals(bounded, twice, "drawn in far enough to stay");
  }

  @Test
  void theBoundHoldsAfterEveryStepOfAnyRule() {
    Parameter weight = Parameter.of(Tensor.of(1.0, 0, 0, 1).reshape(2, 2)).name("weight");
    Parameter bias = Parameter.of(Tensor.of(0.0, 0)).name("bias");
    Adam adam = new Adam(List.of(weight, bias)).learningRate(0.5).maxNorm(2).maximize();
    for (int i = 0; i < 20; i++) {
      adam.step(weight.sum().add(bias.sum()).backward());
      double[] w = weight.value().toDoubles();
      assertTrue(Math.hypot(w[0], w[1]) <= 2 && Math.hypot(w[2], w[3]) <= 2);
    }
    assertArrayEquals(new double[] {10, 10}, bias.value().toDoubles(), 1e-6); // left alone
  }

  @Test
  void unitsThatAreNotNumbersStayAndThoseTooLargeToMeasureVanish() {
    Tensor w = Tensor.of(Double.NaN, 9, 1e200, 1, 30, 40).reshape(3, 2);
    double[] bounded = bounded(w, 5, 0);
    assertTrue(Double.isNaN(bounded[0]));
    assertArrayEquals(
        new double[] {9, 0, 0, 3, 4}, java.util.Arrays.copyOfRange(bounded, 1, 6), 1e-7);
  }

  @Test
  void boundsThatMakeNoSenseAreRefused() {
    Sgd sgd = new Sgd(List.of(Parameter.of(Tensor.of(1.0))));
    assertEquals(
        "Sgd: the largest norm must be above 0, found 0.0",
        assertThrows(IllegalArgumentException.class, () -> sgd.maxNorm(0)).getMessage());
    assertEquals(
        "Sgd: the axis of the units must be at least 0.0, found -1.0",
        assertThrows(IllegalArgumentException.class, () -> sgd.maxNorm(1, -1)).getMessage());
  }

  @Test
  void theRecipeSaysWhatDecidesTheNextSteps() {
    List<Parameter> one = List.of(Parameter.of(Tensor.of(1.0)));
    assertEquals(
        "Sgd Prepared[rule=Rule[momentum=0.9, dampening=0.0, nesterov=false, weightDecay=0.0],"
            + " maximize=false, l1=0.0, decay=0.1], max norm 3.0 by axis 0,"
            + " learning rate warmup(5) then cosine(9)",
        new Sgd(one)
            .momentum(0.9)
            .decoupledDecay(0.1)
            .maxNorm(3)
            .learningRate(Schedule.warmup(5).then(Schedule.cosine(9)))
            .recipe());
    assertEquals(
        "Lbfgs, history 3, 20 iterations, 25 evaluations, tolerances 1.0E-7 and 1.0E-9,"
            + " learning rate constant(1)",
        new Lbfgs(one).history(3).recipe());
    assertEquals("equal", WeightAverage.equal(one).toString());
    assertEquals("exponential(0.9)", WeightAverage.exponential(one, 0.9).toString());
  }
}
