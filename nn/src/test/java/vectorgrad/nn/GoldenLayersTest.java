package vectorgrad.nn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static vectorgrad.nn.LayerGoldens.assertGolden;
import static vectorgrad.nn.LayerGoldens.filled;
import static vectorgrad.nn.LayerGoldens.input;
import static vectorgrad.nn.LayerGoldens.wave;
import static vectorgrad.nn.Layers.*;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import vectorgrad.autograd.Buffer;
import vectorgrad.autograd.Mode;
import vectorgrad.autograd.Variable;
import vectorgrad.nn.LayerGoldens.Case;
import vectorgrad.tensor.DType;
import vectorgrad.tensor.PadMode;
import vectorgrad.tensor.Shape;
import vectorgrad.tensor.Tensor;

/// Layers with non-default options against PyTorch 1.13, in f64: values, gradients of the input and
/// of every parameter. The numbers come from `src/test/golden/layers.py`, which says how.
class GoldenLayersTest {
  static final List<Case> CASES =
      List.of(
          new Case("batchNorm", batchNorm(3).eps(1e-2), 4, 3),
          new Case("batchNorm2d", batchNorm(2).withoutAffine(), 2, 2, 2, 3),
          new Case("layerNorm", layerNorm(2, 3).eps(1e-2), 2, 2, 3),
          new Case("groupNorm", groupNorm(2, 4).eps(1e-2), 2, 4, 3),
          new Case("instanceNorm", instanceNorm(3).eps(1e-2).affine(), 2, 3, 4),
          new Case(
              "conv1d",
              conv1d(4, 6, 3).stride(2).padding(2).dilation(2).groups(2).padMode(PadMode.CIRCULAR),
              2,
              4,
              7),
          new Case(
              "conv2d",
              conv2d(2, 4, 3, 2)
                  .stride(2, 1)
                  .padding(1)
                  .groups(2)
                  .withoutBias()
                  .padMode(PadMode.REFLECT),
              1,
              2,
              5,
              4),
          new Case(
              "conv3d",
              new Conv3d(1, 2, 2, 1, 2).stride(1, 2, 1).padding(1, 0, 1).padMode(PadMode.REPLICATE),
              1,
              1,
              2,
              3,
              3),
          new Case(
              "convTranspose1d",
              convTranspose1d(2, 3, 3).stride(2).padding(1).outputPadding(1).dilation(2),
              2,
              2,
              4),
          new Case(
              "convTranspose2d",
              convTranspose2d(4, 2, 2).stride(2, 3).outputPadding(1, 2).groups(2).withoutBias(),
              1,
              4,
              2,
              2),
          new Case("convTranspose3d", convTranspose3d(1, 2, 2).stride(2).padding(1), 1, 1, 2, 2, 3),
          new Case(
              "maxPool1d", maxPool1d(3).stride(2).padding(1).dilation(2).ceilMode(true), 2, 2, 8),
          new Case("maxPool3d", maxPool3d(2).stride(1), 1, 1, 2, 3, 3),
          new Case("avgPool1d", avgPool1d(3).stride(2).padding(1).countIncludePad(false), 2, 2, 6),
          new Case("avgPool2d", avgPool2d(2).padding(1).ceilMode(true), 1, 2, 4, 3),
          new Case("avgPool3d", avgPool3d(2).stride(1), 1, 1, 2, 3, 3),
          new Case("adaptiveAvg", adaptiveAvgPool(3, 2), 1, 2, 5, 4),
          new Case("adaptiveMax", adaptiveMaxPool(3), 2, 2, 7),
          new Case(
              "embedding",
              embedding(5, 3).paddingIndex(2).maxNorm(0.45, 1.5),
              Tensor.of(1, 2, 0, 4, 1, 1).reshape(2, 3)),
          new Case("pixelShuffle", pixelShuffle(2), 1, 8, 2, 3),
          new Case("nearest", upsampleNearest(1.5), 1, 2, 3, 4),
          new Case("bilinear", upsampleLinear(1.6), 1, 2, 3, 4),
          new Case("trilinearAligned", new Upsample(2, Upsample.Way.LINEAR_ALIGNED), 1, 1, 2, 2, 3),
          new Case("glu", glu(1), 2, 4, 2),
          new Case("prelu", prelu(3), 2, 3, 2));

  @TestFactory
  Stream<DynamicTest> valuesAndGradientsAreThoseOfPyTorch() {
    return CASES.stream().map(c -> DynamicTest.dynamicTest(c.name(), c::run));
  }

  // ---- running statistics -----------------------------------------------------------------------

  private static <L extends Layer> void assertTrajectory(
      String name,
      L layer,
      Function<L, Optional<Buffer>> mean,
      Function<L, Optional<Buffer>> variance,
      int... shape) {
    filled(layer);
    for (int step = 0; step < 5; step++) {
      int s = step;
      layer.forward(wave(Shape.of(shape), i -> (1 + s) * Math.sin(0.7 * i + s)));
      assertGolden(name, "mean" + step, mean.apply(layer).orElseThrow().value());
      assertGolden(name, "var" + step, variance.apply(layer).orElseThrow().value());
    }
    Tensor x = input(shape);
    assertGolden(name, "y", Mode.inference(() -> layer.forward(x)).value());
    assertGolden(name, "mean4", mean.apply(layer).orElseThrow().value()); // use tracks nothing
  }

  private static void assertTrajectory(String name, BatchNorm layer, int... shape) {
    assertTrajectory(name, layer, BatchNorm::runningMean, BatchNorm::runningVar, shape);
    Buffer count = layer.numBatchesTracked().orElseThrow();
    assertEquals(5, count.value().item(), "use tracks nothing");
    assertEquals(DType.I64, count.value().dtype());
  }

  @Test
  void runningStatisticsFollowFiveBatchesAsInPyTorch() {
    assertTrajectory("tracked", batchNorm(3).momentum(0.3), 2, 3, 2, 2);
    assertTrajectory("cumulative", batchNorm(3).cumulativeAverage(), 4, 3);
    assertTrajectory(
        "instanceTracked",
        instanceNorm(3).affine().runningStats().momentum(0.3),
        InstanceNorm::runningMean,
        InstanceNorm::runningVar,
        2,
        3,
        2,
        2);
  }

  // ---- activations ------------------------------------------------------------------------------

  static final Map<String, Activation> CURVES = new TreeMap<>();

  static {
    CURVES.put("elu", elu(0.7));
    CURVES.put("selu", selu());
    CURVES.put("celu", celu(2));
    CURVES.put("geluExact", geluExact());
    CURVES.put("gelu", gelu());
    CURVES.put("silu", silu());
    CURVES.put("mish", mish());
    CURVES.put("softplus", softplus(0.8));
    CURVES.put("softsign", softsign());
    CURVES.put("logSigmoid", logSigmoid());
    CURVES.put("tanhshrink", tanhshrink());
    CURVES.put("hardtanh", hardtanh(-0.5, 1.5));
    CURVES.put("relu6", relu6());
    CURVES.put("hardsigmoid", hardsigmoid());
    CURVES.put("hardswish", hardswish());
    CURVES.put("softshrink", softshrink(0.3));
    CURVES.put("hardshrink", hardshrink(0.3));
    CURVES.put("threshold", threshold(0.2, -1));
    CURVES.put("leakyRelu", leakyRelu(0.2));
    CURVES.put("sigmoid", sigmoid());
    CURVES.put("tanh", Layers.tanh());
    CURVES.put("relu", relu());
  }

  @TestFactory
  Stream<DynamicTest> activationsAreThoseOfPyTorchAtTheirKinksToo() {
    double[] points = {
      -40, -7.5, -3, -2.9, -1, -0.5, -0.3, -0.1, 0, 0.1, 0.2, 0.3, 0.9, 1.5, 2.5, 3, 6, 6.5, 40
    };
    return CURVES.entrySet().stream()
        .map(e ->
            DynamicTest.dynamicTest(
                e.getKey(),
                () -> {
                  Variable x = Variable.leaf(Tensor.of(points));
                  Variable y = e.getValue().forward(x);
                  assertGolden("curves", e.getKey(), y.value());
                  Tensor slope = y.sum().backward().get(x);
                  if (e.getKey().equals("hardsigmoid")) { // PyTorch's 1/6 is one of f32
                    Tensor sixth = Tensor.fullLike(slope, (double) (1 / 6f));
                    slope = Tensor.where(slope.gt(0), sixth, slope);
                  }
                  assertGolden("curves", "d" + e.getKey(), slope);
                }));
  }

  // ---- nothing is left out ----------------------------------------------------------------------

  @Test
  void everyActivationOfLayersHasItsGoldenNumbers() {
    var offered = new TreeSet<String>();
    for (var method : Layers.class.getMethods()) {
      if (Activation.class.isAssignableFrom(method.getReturnType())) {
        offered.add(method.getName());
      }
    }
    assertEquals(offered, CURVES.keySet());
  }

  @Test
  void everyGoldenCaseIsRun() {
    var run = new TreeSet<>(List.of("tracked", "cumulative", "instanceTracked", "curves"));
    CASES.forEach(c -> run.add(c.name()));
    FurtherGoldensTest.CASES.forEach(c -> run.add(c.name()));
    assertEquals(new TreeSet<>(LayerGoldens.CASES.keySet()), run);
    assertTrue(LayerGoldens.CASES.values().stream().allMatch(tensors -> tensors.size() > 1));
  }
}
