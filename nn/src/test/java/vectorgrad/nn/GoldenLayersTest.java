package vectorgrad.nn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static vectorgrad.nn.Layers.*;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import vectorgrad.autograd.Buffer;
import vectorgrad.autograd.Mode;
import vectorgrad.autograd.Parameter;
import vectorgrad.autograd.Variable;
import vectorgrad.tensor.DType;
import vectorgrad.tensor.PadMode;
import vectorgrad.tensor.Seed;
import vectorgrad.tensor.Shape;
import vectorgrad.tensor.Tensor;

/// Layers with non-default options against PyTorch 1.13, in f64: values, gradients of the input and
/// of every parameter. The numbers come from `src/test/golden/layers.py`, which says how.
class GoldenLayersTest {
  /// Sums of at most a few dozen numbers near 1, in another order than PyTorch's.
  private static final double TOLERANCE = 1e-12;

  private static final Map<String, Map<String, Tensor>> GOLDEN = read();

  private static Map<String, Map<String, Tensor>> read() {
    Map<String, Map<String, Tensor>> cases = new LinkedHashMap<>();
    try (var lines =
        new BufferedReader(
            new InputStreamReader(
                GoldenLayersTest.class.getResourceAsStream("layers.txt"),
                StandardCharsets.UTF_8))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        String[] words = line.split(" ");
        int[] sizes =
            Arrays.stream(words[2].replaceAll("[\\[\\]]", "").split(","))
                .mapToInt(Integer::parseInt)
                .toArray();
        double[] values =
            Arrays.stream(words, 3, words.length).mapToDouble(Double::parseDouble).toArray();
        cases
            .computeIfAbsent(words[0], _ -> new LinkedHashMap<>())
            .put(words[1], Tensor.of(values, Shape.of(sizes)));
      }
    } catch (IOException e) {
      throw new AssertionError(e);
    }
    return cases;
  }

  private static Tensor wave(Shape shape, IntToDoubleFunction number) {
    return Tensor.of(IntStream.range(0, shape.size()).mapToDouble(number).toArray(), shape);
  }

  private static Tensor input(int... sizes) {
    return wave(Shape.of(sizes), i -> Math.sin(0.7 * i + 0.3));
  }

  private static <L extends Layer> L filled(L layer) {
    layer.initialize(Seed.of(1)).to(DType.F64);
    int[] k = {1};
    for (Parameter p : layer.parameters()) {
      p.set(wave(p.shape(), i -> 0.3 * Math.cos(1.3 * i + k[0])));
      k[0]++;
    }
    return layer;
  }

  private static void assertGolden(String name, String tensor, Tensor found) {
    Tensor expected = GOLDEN.get(name).get(tensor);
    assertEquals(expected.shape(), found.shape(), tensor);
    assertArrayEquals(expected.toDoubles(), found.toDoubles(), TOLERANCE, tensor);
  }

  private record Case(String name, Layer layer, Tensor x) {
    Case(String name, Layer layer, int... shape) {
      this(name, layer, input(shape));
    }

    void run() {
      filled(layer);
      boolean numbers = x.dtype().isFloating();
      Variable in = numbers ? Variable.leaf(x) : Variable.constant(x);
      Variable y = layer.forward(in);
      assertGolden(name, "y", y.value());
      Tensor dy = wave(y.shape(), i -> Math.cos(0.9 * i));
      var gradients = y.mul(Variable.constant(dy)).sum().backward();
      if (numbers) {
        assertGolden(name, "dx", gradients.get(in));
      }
      layer
          .namedParameters()
          .forEach((p, cell) -> assertGolden(name, "d" + p, gradients.get(cell)));
    }
  }

  private static final List<Case> CASES =
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

  private static void assertTrajectory(String name, BatchNorm layer, int... shape) {
    filled(layer);
    for (int step = 0; step < 5; step++) {
      int s = step;
      layer.forward(wave(Shape.of(shape), i -> (1 + s) * Math.sin(0.7 * i + s)));
      assertGolden(name, "mean" + step, layer.runningMean().orElseThrow().value());
      assertGolden(name, "var" + step, layer.runningVar().orElseThrow().value());
    }
    Buffer count = layer.numBatchesTracked().orElseThrow();
    assertEquals(5, count.value().item());
    assertEquals(DType.I64, count.value().dtype());
    Tensor x = input(shape);
    assertGolden(name, "y", Mode.inference(() -> layer.forward(x)).value());
    assertEquals(5, count.value().item(), "use tracks nothing");
  }

  @Test
  void runningStatisticsFollowFiveBatchesAsInPyTorch() {
    assertTrajectory("tracked", batchNorm(3).momentum(0.3), 2, 3, 2, 2);
    assertTrajectory("cumulative", batchNorm(3).cumulativeAverage(), 4, 3);
  }

  // ---- activations ------------------------------------------------------------------------------

  private static final Map<String, Activation> CURVES = new TreeMap<>();

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
    var run = new TreeSet<>(List.of("tracked", "cumulative", "curves"));
    CASES.forEach(c -> run.add(c.name()));
    assertEquals(new TreeSet<>(GOLDEN.keySet()), run);
    assertTrue(GOLDEN.values().stream().allMatch(tensors -> tensors.size() > 1));
  }
}
