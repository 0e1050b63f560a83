package vectorgrad.nn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static vectorgrad.nn.Layers.batchNorm;
import static vectorgrad.nn.Layers.groupNorm;
import static vectorgrad.nn.Layers.instanceNorm;
import static vectorgrad.nn.Layers.layerNorm;
import static vectorgrad.nn.Layers.rmsNorm;
import static vectorgrad.nn.Layers.sequential;

import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import vectorgrad.autograd.GradCheck;
import vectorgrad.autograd.Mode;
import vectorgrad.autograd.Parameter;
import vectorgrad.autograd.Variable;
import vectorgrad.tensor.DType;
import vectorgrad.tensor.Seed;
import vectorgrad.tensor.Shape;
import vectorgrad.tensor.ShapeException;
import vectorgrad.tensor.Tensor;

class NormalizationTest {
  private static Tensor draw(int... sizes) {
    return Tensor.normal(Seed.of(21), 0, Shape.of(sizes), DType.F64).mul(2).add(3);
  }

  /// In f64, weight and bias drawn, so that none is a number of its beginning.
  private static <L extends Layer> L drawn(L layer) {
    layer.initialize(Seed.of(4)).to(DType.F64);
    layer
        .namedParameters()
        .forEach(
            (name, p) -> p.set(Tensor.normal(Seed.of(name.length()), 0, p.shape(), DType.F64)));
    return layer;
  }

  /// `(x − mean) / √(var + eps)` from nothing but sums.
  private static Variable standard(Variable x, double eps, int... axes) {
    int count = 1;
    for (int axis : axes) {
      count *= x.size(axis);
    }
    Variable centred = x.sub(x.sum(true, axes).div(count));
    Variable variance = centred.mul(centred).sum(true, axes).div(count);
    return centred.div(variance.add(eps).sqrt());
  }

  private record Case(String name, Layer layer, UnaryOperator<Variable> twin, Tensor x) {}

  private static List<Case> cases() {
    BatchNorm batch = drawn(batchNorm(3));
    LayerNorm layer = drawn(layerNorm(3, 2));
    GroupNorm group = drawn(groupNorm(2, 4).eps(1e-3));
    InstanceNorm instance = drawn(instanceNorm(3).affine());
    RMSNorm rms = drawn(rmsNorm(6).eps(0.1));
    return List.of(
        new Case(
            "batchNorm",
            batch,
            x ->
                standard(x, 1e-5, 0, 2, 3)
                    .mul(batch.weight().orElseThrow().reshape(1, 3, 1, 1))
                    .add(batch.bias().orElseThrow().reshape(1, 3, 1, 1)),
            draw(2, 3, 2, 3)),
        new Case(
            "layerNorm",
            layer,
            x ->
                standard(x, 1e-5, 1, 2)
                    .mul(layer.weight().orElseThrow())
                    .add(layer.bias().orElseThrow()),
            draw(4, 3, 2)),
        new Case(
            "groupNorm",
            group,
            x ->
                standard(x.reshape(2, 2, 6), 1e-3, 2)
                    .reshape(2, 4, 3)
                    .mul(group.weight().orElseThrow().reshape(4, 1))
                    .add(group.bias().orElseThrow().reshape(4, 1)),
            draw(2, 4, 3)),
        new Case(
            "instanceNorm",
            instance,
            x ->
                standard(x, 1e-5, 2)
                    .mul(instance.weight().orElseThrow().reshape(3, 1))
                    .add(instance.bias().orElseThrow().reshape(3, 1)),
            draw(2, 3, 5)),
        new Case(
            "rmsNorm",
            rms,
            x ->
                x.div(x.mul(x).sum(true, 1).div(6).add(0.1).sqrt()).mul(rms.weight().orElseThrow()),
            draw(3, 6)));
  }

  /// Rows that are visited once: some more than are summed together.
  private static List<Case> longRows() {
    LayerNorm layer = drawn(layerNorm(2, 150));
    LayerNorm unbiased = drawn(layerNorm(2, 150).withoutBias());
    return List.of(
        new Case(
            "layerNorm",
            layer,
            x ->
                standard(x, 1e-5, 1, 2)
                    .mul(layer.weight().orElseThrow())
                    .add(layer.bias().orElseThrow()),
            draw(140, 2, 150)),
        new Case(
            "without bias",
            unbiased,
            x -> standard(x, 1e-5, 1, 2).mul(unbiased.weight().orElseThrow()),
            draw(3, 2, 150)),
        new Case(
            "without affine",
            layerNorm(300).withoutAffine(),
            x -> standard(x, 1e-5, 1),
            draw(3, 300)),
        new Case(
            "of rows that lie across",
            layer,
            x ->
                standard(x, 1e-5, 1, 2)
                    .mul(layer.weight().orElseThrow())
                    .add(layer.bias().orElseThrow()),
            draw(2, 150, 3).permute(2, 0, 1)));
  }

  private static Variable weighted(Variable y) {
    return y.mul(Variable.constant(draw(y.shape().toArray()))).square().sum();
  }

  @TestFactory
  Stream<DynamicTest> valuesAndGradientsAreThoseOfTheSums() {
    return Stream.concat(cases().stream(), longRows().stream())
        .map(c ->
            DynamicTest.dynamicTest(
                c.name(),
                () -> {
                  Variable x = Variable.leaf(c.x());
                  Variable y = c.layer().forward(x);
                  Variable twin = c.twin().apply(x);
                  assertArrayEquals(twin.value().toDoubles(), y.value().toDoubles(), 1e-10);
                  var found = weighted(y).backward();
                  var expected = weighted(twin).backward();
                  List<Variable> inputs = new ArrayList<>(c.layer().parameters());
                  inputs.add(x);
                  for (Variable input : inputs) {
                    double[] gradient = expected.get(input).toDoubles();
                    double scale = expected.get(input).abs().max().item() + 1;
                    assertArrayEquals(
                        gradient, found.get(input).toDoubles(), 1e-10 * scale, input::toString);
                  }
                }));
  }

  @TestFactory
  Stream<DynamicTest> gradientsAgreeWithDifferencesTwice() {
    return cases().stream()
        .map(c ->
            DynamicTest.dynamicTest(
                c.name(),
                () -> GradCheck.of(xs -> c.layer().forward(xs.get(0)).square(), c.x()).orThrow()));
  }

  @Test
  void parametersHaveTheSameGradientsIfTheInputHasNone() {
    LayerNorm layer = drawn(layerNorm(300));
    Variable x = Variable.leaf(draw(5, 300));
    var all = layer.forward(x).square().sum().backward();
    var some = layer.forward(x.detach()).square().sum().backward();
    for (Parameter parameter : layer.parameters()) {
      double[] expected = all.get(parameter).toDoubles();
      assertArrayEquals(expected, some.get(parameter).toDoubles(), 1e-10, parameter.name());
    }
  }

  @Test
  void aLargeMeanDoesNotDrownTheVariance() {
    Tensor x = draw(4, 64).to(DType.F32).add(1e5);
    double[] y = layerNorm(64).forward(x).value().toDoubles();
    double square = 0;
    for (double v : y) {
      square += v * v / y.length;
    }
    assertEquals(1, square, 1e-4, "one pass, E(x²) − E(x)², would lose every digit");
  }

  @Test
  void gradientsHaveTheDTypesOfWhatTheyAreGradientsOf() {
    LayerNorm layer = layerNorm(8);
    Variable x = Variable.leaf(draw(4, 8));
    var gradients = layer.forward(x).square().sum().backward();
    assertEquals(DType.F64, gradients.get(x).dtype());
    for (Parameter parameter : layer.parameters()) {
      assertEquals(DType.F32, gradients.get(parameter).dtype(), parameter.name());
    }
  }

  @Test
  void halvesAreNormalisedInF32() {
    Tensor x = draw(4, 8).mul(100).to(DType.F16);
    Variable y = layerNorm(8).forward(x);
    assertEquals(DType.F32, y.dtype());
    assertEquals(1, y.value().square().mean().item(), 1e-3, "squares of 300 overflow f16");
  }

  @Test
  void theyBeginAsInPyTorch() {
    BatchNorm layer = batchNorm(3);
    for (int i = 0; i < 2; i++) { // fresh, and initialised after use
      assertEquals(3, layer.weight().orElseThrow().value().sum().item());
      assertEquals(0, layer.bias().orElseThrow().value().abs().sum().item());
      assertEquals(0, layer.runningMean().orElseThrow().value().abs().sum().item());
      assertEquals(3, layer.runningVar().orElseThrow().value().sum().item());
      assertEquals(0, layer.numBatchesTracked().orElseThrow().value().item());
      layer.forward(draw(4, 3));
      layer.weight().orElseThrow().set(Tensor.zeros(Shape.of(3), DType.F32));
      layer.initialize(Seed.of(1));
    }
    assertEquals(
        List.of("runningMean", "runningVar", "numBatchesTracked"),
        List.copyOf(layer.namedBuffers().keySet()));
    assertEquals(List.of("weight"), List.copyOf(rmsNorm(4).namedParameters().keySet()));
  }

  @Test
  void runningStatisticsMoveOnceUnderACheckpoint() {
    BatchNorm plain = drawn(batchNorm(3));
    BatchNorm checkpointed = drawn(batchNorm(3));
    Variable x = Variable.leaf(draw(5, 3));
    var expected = weighted(plain.forward(x)).backward();
    var found = weighted(x.checkpoint(checkpointed::forward)).backward();
    assertArrayEquals(expected.get(x).toDoubles(), found.get(x).toDoubles(), 0);
    assertEquals(1, checkpointed.numBatchesTracked().orElseThrow().value().item());
    assertArrayEquals(
        plain.runningVar().orElseThrow().value().toDoubles(),
        checkpointed.runningVar().orElseThrow().value().toDoubles(),
        0);
  }

  @Test
  void aTrainingPassInBetweenLeavesTheGradientOfUseAlone() {
    BatchNorm layer = drawn(batchNorm(3));
    layer.forward(draw(5, 3));
    Mode use = Mode.TRAINING.training(false);
    Variable x = Variable.leaf(draw(4, 3));
    double[] alone = use.call(() -> weighted(layer.forward(x))).backward().get(x).toDoubles();
    Variable loss = use.call(() -> weighted(layer.forward(x)));
    layer.forward(draw(5, 3).mul(7));
    assertArrayEquals(alone, loss.backward().get(x).toDoubles(), 0);
  }

  @Test
  void withoutRunningStatisticsUseIsAsTraining() {
    BatchNorm layer = drawn(batchNorm(3).withoutRunningStats());
    Tensor x = draw(4, 3);
    double[] training = layer.forward(x).value().toDoubles();
    assertArrayEquals(training, Mode.inference(() -> layer.forward(x)).value().toDoubles(), 0);
    assertTrue(layer.namedBuffers().isEmpty());
  }

  @Test
  void copiesAreApart() {
    BatchNorm layer = batchNorm(3);
    BatchNorm copy = (BatchNorm) layer.copy();
    copy.forward(draw(4, 3));
    assertEquals(0, layer.numBatchesTracked().orElseThrow().value().item());
    assertEquals(1, copy.numBatchesTracked().orElseThrow().value().item());
    layer.eps(0.1).forward(draw(4, 3));
    assertEquals(1, layer.numBatchesTracked().orElseThrow().value().item(), "settings share");
  }

  @Test
  void theyPrintTheirSettings() {
    assertEquals(
        """
        Sequential                                                18
          0  BatchNorm(3, eps 0.01, cumulative average)            6  \
        weight (3), bias (3), runningMean (3) buffer, runningVar (3) buffer, numBatchesTracked () \
        buffer
          1  LayerNorm(2×3, without bias)                          6  weight (2, 3)
          2  GroupNorm(2, 4, without affine)
          3  InstanceNorm(3, affine)                               6  weight (3), bias (3)
          4  BatchNorm(3, without affine, without running stats)
          5  RMSNorm(4, eps 0.1, without affine)
          6  InstanceNorm(2, running stats)                           runningMean (2) buffer, \
        runningVar (2) buffer\
        """,
        sequential(
                batchNorm(3).eps(0.01).cumulativeAverage(),
                layerNorm(2, 3).withoutBias(),
                groupNorm(2, 4).withoutAffine(),
                instanceNorm(3).affine(),
                batchNorm(3).withoutAffine().withoutRunningStats(),
                rmsNorm(4).eps(0.1).withoutAffine(),
                instanceNorm(2).runningStats())
            .toString());
  }

  // ---- errors -----------------------------------------------------------------------------------

  private static void assertRefused(String text, Layer layer, int... shape) {
    assertEquals(
        text, assertThrows(ShapeException.class, () -> layer.forward(draw(shape))).getMessage());
  }

  @Test
  void aBatchOfOneIsRefusedInTraining() {
    assertRefused(
        """
        BatchNorm: its statistics need more than one value for each channel
          input  (1, 3)
          why    a single value is its own mean, so nothing but the bias would come out\
        """,
        batchNorm(3),
        1,
        3);
    BatchNorm layer = drawn(batchNorm(3));
    assertEquals(Shape.of(1, 3), Mode.inference(() -> layer.forward(draw(1, 3))).shape());
    assertEquals(Shape.of(1, 3, 2), layer.forward(draw(1, 3, 2)).shape());
    BatchNorm untracked = drawn(batchNorm(3).withoutRunningStats());
    assertThrows(ShapeException.class, () -> Mode.inference(() -> untracked.forward(draw(1, 3))));
    assertRefused(
        """
        InstanceNorm: its statistics need more than one value for each channel
          at     model.0
          input  (2, 3, 1)
          why    a single value is its own mean, so nothing but the bias would come out\
        """,
        sequential(instanceNorm(3)),
        2,
        3,
        1);
  }

  @Test
  void inputsThatDoNotFitAreRefused() {
    assertRefused(
        """
        BatchNorm: the input has 4 channels, the layer was made for 3
          input  (2, 4)
          rule   axis 1 holds the channels: N C …\
        """,
        batchNorm(3),
        2,
        4);
    assertRefused(
        """
        InstanceNorm: the input has too few axes
          input  (2, 3)
          rule   N C …, at least 3\
        """,
        instanceNorm(3),
        2,
        3);
    assertRefused(
        """
        LayerNorm: the input does not end with the axes that are normalised
          input  (2, 3)
          ends   (…, 4, 3)\
        """,
        layerNorm(4, 3),
        2,
        3);
  }

  @Test
  void settingsThatMakeNoSenseAreRefused() {
    assertEquals(
        """
        GroupNorm: 4 channels do not split into 3 groups
          rule   the channels are a multiple of the groups\
        """,
        assertThrows(ShapeException.class, () -> groupNorm(3, 4)).getMessage());
    assertEquals(
        """
        LayerNorm: eps must not be negative, found -1.0
          rule   y = (x − mean) / √(var + eps)\
        """,
        assertThrows(IllegalArgumentException.class, () -> layerNorm(4).eps(-1)).getMessage());
    assertEquals(
        """
        BatchNorm: the momentum must be between 0 and 1, found 1.5
          rule   it is the share of the newest batch: 1 − Keras's momentum
          help   cumulativeAverage() gives all batches the same share\
        """,
        assertThrows(IllegalArgumentException.class, () -> batchNorm(4).momentum(1.5))
            .getMessage());
  }
}
