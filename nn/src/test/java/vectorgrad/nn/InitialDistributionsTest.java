package vectorgrad.nn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static vectorgrad.nn.Layers.*;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import vectorgrad.tensor.Seed;
import vectorgrad.tensor.Tensor;

/// How the parameters of every layer begin, by their moments. PyTorch's own draws
/// (`src/test/golden/initial.py`) are held to the same distribution by the same test, so that it is
/// PyTorch's default and not what somebody read into its documentation.
///
/// Mean and variance lie within five standard errors, which one draw in a million would miss (and
/// seeds are fixed); no number is beyond the bound, and the largest of n uniform ones is within 14
/// / n of it, which one draw in a million would miss too.
class InitialDistributionsTest {
  private static final double ERRORS = 5;

  /// @param mean of the distribution
  /// @param variance of the distribution
  /// @param kurtosis its fourth central moment over the square of its variance
  /// @param bound no number is larger in size
  private record Distribution(double mean, double variance, double kurtosis, double bound) {
    static Distribution uniform(double bound) {
      return new Distribution(0, bound * bound / 3, 1.8, bound);
    }

    static Distribution normal(double deviation) {
      return new Distribution(0, deviation * deviation, 3, Double.POSITIVE_INFINITY);
    }

    static Distribution constant(double value) {
      return new Distribution(value, 0, 1, Math.abs(value));
    }

    void hold(String what, double n, double mean, double variance, double largest) {
      double error = Math.sqrt(variance() / n);
      assertEquals(mean(), mean, ERRORS * error + Math.ulp(1f), what + ": mean");
      double spread = variance() * Math.sqrt((kurtosis - 1) / n);
      assertEquals(variance(), variance, ERRORS * spread, what + ": variance");
      assertTrue(largest <= bound * (1 + 0x1p-23), what + " is beyond its bound: " + largest);
      if (Double.isFinite(bound)) {
        assertTrue(largest >= bound * (1 - 14 / n), what + " does not reach its bound: " + largest);
      }
    }
  }

  /// @param layer of many parameters
  /// @param distribution of each parameter, by its name
  private record Case(Parameterized layer, Function<String, Distribution> distribution) {}

  private static Case both(Parameterized layer, double fan) {
    return new Case(layer, _ -> Distribution.uniform(1 / Math.sqrt(fan)));
  }

  private static Distribution attention(String name, int width) {
    return name.endsWith("bias")
        ? Distribution.constant(0)
        : name.contains("in_proj")
            ? Distribution.uniform(Math.sqrt(6.0 / (width + 3 * width))) // Xavier's of (3·E, E)
            : Distribution.uniform(1 / Math.sqrt(width));
  }

  private static Distribution block(String name, int width, int hidden) {
    return name.contains("attn")
        ? attention(name, width)
        : name.startsWith("norm")
            ? norm(name)
            : Distribution.uniform(1 / Math.sqrt(name.startsWith("linear1") ? width : hidden));
  }

  private static Distribution norm(String name) {
    return Distribution.constant(name.endsWith("weight") ? 1 : 0);
  }

  private static final Map<String, Case> CASES = new LinkedHashMap<>();

  static {
    CASES.put("linear", both(linear(300, 200), 300));
    CASES.put("dropConnect", both(dropConnect(300, 200, 0.5), 300));
    CASES.put("conv1d", both(conv1d(60, 200, 5), 60 * 5));
    CASES.put("conv2d", both(conv2d(32, 120, 5).groups(4), 32 / 4 * 25));
    CASES.put("conv3d", both(conv3d(16, 100, 3), 16 * 27));
    // as PyTorch has it: the fan of a transposed weight (in, out / groups, …) is that of its axis 1
    CASES.put("convTranspose1d", both(convTranspose1d(100, 60, 5), 60 * 5));
    CASES.put("convTranspose2d", both(convTranspose2d(120, 32, 5).groups(4), 32 / 4 * 25));
    CASES.put("convTranspose3d", both(convTranspose3d(60, 16, 3), 16 * 27));
    CASES.put("rnn", both(rnn(50, 100).layers(2).bidirectional(), 100));
    CASES.put("lstm", both(lstm(50, 100).layers(2), 100));
    CASES.put("gru", both(gru(50, 100).bidirectional(), 100));
    CASES.put("rnnCell", both(new RNNCell(50, 100), 100));
    CASES.put("lstmCell", both(new LSTMCell(50, 100), 100));
    CASES.put("gruCell", both(new GRUCell(50, 100), 100));
    CASES.put("multiHeadAttention", new Case(multiHeadAttention(120, 4), p -> attention(p, 120)));
    CASES.put("transformerBlock", new Case(transformerBlock(60, 4, 200), p -> block(p, 60, 200)));
    CASES.put("decoder", new Case(transformerBlock(60, 4, 200).decoder(), p -> block(p, 60, 200)));
    CASES.put("embedding", new Case(embedding(300, 100), _ -> Distribution.normal(1)));
    CASES.put("paddedEmbedding", padded(embedding(300, 100).paddingIndex(7)));
    CASES.put("embeddingBag", padded(embeddingBag(300, 100).paddingIndex(7)));
    CASES.put(
        "learnedPositions", new Case(learnedPositions(300, 100), _ -> Distribution.normal(0.02)));
    CASES.put("batchNorm", new Case(batchNorm(50), InitialDistributionsTest::norm));
    CASES.put("layerNorm", new Case(layerNorm(10, 20), InitialDistributionsTest::norm));
    CASES.put("groupNorm", new Case(groupNorm(5, 50), InitialDistributionsTest::norm));
    CASES.put("instanceNorm", new Case(instanceNorm(50).affine(), InitialDistributionsTest::norm));
    CASES.put("rmsNorm", new Case(rmsNorm(10, 20), _ -> Distribution.constant(1)));
    CASES.put("prelu", new Case(prelu(50), _ -> Distribution.constant(0.25)));
  }

  /// A row of 300 is 0, so that the variance is that of the other 299.
  private static Case padded(Parameterized layer) {
    double share = 299.0 / 300;
    return new Case(layer, _ -> new Distribution(0, share, 3 / share, Double.POSITIVE_INFINITY));
  }

  @TestFactory
  Stream<DynamicTest> everyParameterHasTheMomentsOfItsDistribution() {
    return CASES.entrySet().stream()
        .map(e ->
            DynamicTest.dynamicTest(
                e.getKey(),
                () -> {
                  Case c = e.getValue();
                  c.layer().initialize(Seed.of(5));
                  c.layer()
                      .namedParameters()
                      .forEach((name, p) -> {
                        double[] x = p.value().toDoubles();
                        double mean = Arrays.stream(x).average().orElseThrow();
                        c.distribution()
                            .apply(name)
                            .hold(
                                name,
                                x.length,
                                mean,
                                Arrays.stream(x).map(v -> (v - mean) * (v - mean)).sum() / x.length,
                                Arrays.stream(x).map(Math::abs).max().orElseThrow());
                      });
                }));
  }

  @TestFactory
  Stream<DynamicTest> pytorchBeginsLikeThis() {
    Map<String, Map<String, String[]>> drawn = new TreeMap<>();
    for (String line : LayerGoldens.lines("initial.txt")) {
      String[] words = line.split(" ");
      drawn.computeIfAbsent(words[0], _ -> new TreeMap<>()).put(words[1], words);
    }
    var ours = new TreeSet<>(CASES.keySet());
    // what PyTorch 1.13 has not
    ours.removeAll(java.util.Set.of("dropConnect", "learnedPositions", "rmsNorm"));
    assertEquals(ours, drawn.keySet());
    return drawn.entrySet().stream()
        .map(e ->
            DynamicTest.dynamicTest(
                e.getKey(),
                () -> {
                  Case c = CASES.get(e.getKey());
                  assertEquals(
                      new TreeSet<>(c.layer().namedParameters().keySet()), e.getValue().keySet());
                  e.getValue()
                      .forEach((name, words) -> {
                        double[] n =
                            Arrays.stream(words, 2, 6).mapToDouble(Double::parseDouble).toArray();
                        c.distribution().apply(name).hold(name, n[0], n[1], n[2], n[3]);
                      });
                }));
  }

  @Test
  void theRowOfThePaddingBeginsAsZero() {
    for (Layer layer :
        new Layer[] {embedding(9, 4).paddingIndex(7), embeddingBag(9, 4).paddingIndex(7)}) {
      layer.initialize(Seed.of(5));
      Tensor weight = layer.namedParameters().get("weight").value();
      assertArrayEquals(new double[4], weight.select(0, 7).toDoubles(), 0);
      assertTrue(weight.ne(0).sum().item() == 8 * 4);
    }
  }

  @Test
  void aForgetGateCanBeginOpen() {
    LSTM layer = lstm(3, 4).forgetBias(1);
    layer.initialize(Seed.of(5));
    Tensor bias = layer.namedParameters().get("bias_ih_l0").value();
    assertArrayEquals(new double[] {1, 1, 1, 1}, bias.narrow(0, 4, 4).toDoubles(), 0);
    assertTrue(bias.narrow(0, 0, 4).abs().max().item() < 0.5, "the others are U(±1/√H)");
  }

  @Test
  void statisticsBeginAsThoseOfNumbersOfMeanZeroAndVarianceOne() {
    for (Layer layer : new Layer[] {batchNorm(3), instanceNorm(3).runningStats()}) {
      layer.initialize(Seed.of(5));
      assertArrayEquals(
          new double[] {0, 0, 0}, layer.namedBuffers().get("runningMean").value().toDoubles());
      assertArrayEquals(
          new double[] {1, 1, 1}, layer.namedBuffers().get("runningVar").value().toDoubles());
    }
  }

  /// The layers whose parameters are tested here.
  static Stream<Parameterized> layers() {
    return CASES.values().stream().map(Case::layer);
  }
}
