package vectorgrad.nn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static vectorgrad.nn.Attention.scaledDotProductAttention;
import static vectorgrad.nn.Layers.multiHeadAttention;
import static vectorgrad.nn.SequenceGoldens.sines;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.function.Executable;
import vectorgrad.autograd.GradCheck;
import vectorgrad.autograd.Mode;
import vectorgrad.autograd.Variable;
import vectorgrad.tensor.DType;
import vectorgrad.tensor.Seed;
import vectorgrad.tensor.Shape;
import vectorgrad.tensor.Tensor;

class AttentionTest {
  private static final AttentionMask CAUSAL = AttentionMask.causal();
  private static final AttentionMask EVERYTHING = AttentionMask.none();

  private static Tensor draw(int seed, int... sizes) {
    return Tensor.normal(Seed.of(seed), 0, Shape.of(sizes), DType.F64);
  }

  private static Variable constant(int seed, int... sizes) {
    return Variable.constant(draw(seed, sizes));
  }

  private static <P extends Parameterized> P doubles(P layer) {
    layer.initialize(Seed.of(2)).to(DType.F64);
    return layer;
  }

  private static void assertClose(Tensor expected, Tensor found, double tolerance) {
    assertEquals(expected.shape(), found.shape());
    assertArrayEquals(expected.contiguous().toDoubles(), found.contiguous().toDoubles(), tolerance);
  }

  private static void refused(String text, Executable executable) {
    assertEquals(text, assertThrows(RuntimeException.class, executable).getMessage());
  }

  // ---- attention alone --------------------------------------------------------------------------

  private record Case(String name, Shape query, Shape key, AttentionMask mask) {}

  private static Stream<Case> cases() {
    Shape four = Shape.of(2, 4, 5, 3);
    return Stream.of(
        new Case("one head", Shape.of(5, 3), Shape.of(7, 3), EVERYTHING),
        new Case("batch", Shape.of(2, 5, 3), Shape.of(2, 7, 3), EVERYTHING),
        new Case("heads, causal", four, four, CAUSAL),
        new Case("shared keys", four, Shape.of(2, 2, 6, 3), EVERYTHING),
        new Case("one head of keys, causal", four, Shape.of(2, 1, 6, 3), CAUSAL),
        new Case("lengths", four, four, AttentionMask.lengths(5, 5, 2)),
        new Case("causal and lengths", four, four, CAUSAL.and(AttentionMask.lengths(5, 1, 4))),
        new Case(
            "bias",
            four,
            four,
            AttentionMask.bias(constant(7, 4, 5, 5)).and(AttentionMask.bias(constant(8, 5, 5)))),
        new Case("one query", Shape.of(2, 4, 1, 3), Shape.of(2, 4, 6, 3), CAUSAL));
  }

  @TestFactory
  Stream<DynamicTest> attentionIsItsDefinitionInValueAndGradient() {
    return cases()
        .map(c ->
            DynamicTest.dynamicTest(
                c.name(),
                () -> {
                  Variable q = Variable.leaf(draw(1, c.query().toArray()));
                  Variable k = Variable.leaf(draw(2, c.key().toArray()));
                  // values of other features than keys
                  Variable v = Variable.leaf(draw(3, c.key().with(-1, 2).toArray()));
                  Variable fast = scaledDotProductAttention(q, k, v, c.mask(), Optional.empty());
                  Variable naive = Attention.naive(q, k, v, c.mask());
                  assertClose(naive.value(), fast.value(), 1e-13);
                  var expected = naive.square().sum().backward();
                  var found = fast.square().sum().backward();
                  List.of(q, k, v).forEach(x -> assertClose(expected.get(x), found.get(x), 1e-12));
                }));
  }

  @TestFactory
  Stream<DynamicTest> gradientsOfTwoOrdersAgreeWithDifferences() {
    return cases()
        .map(c ->
            DynamicTest.dynamicTest(
                c.name(),
                () ->
                    GradCheck.of(
                            in ->
                                scaledDotProductAttention(
                                    in.get(0), in.get(1), in.get(2), c.mask(), Optional.empty()),
                            draw(1, c.query().toArray()),
                            draw(2, c.key().toArray()),
                            draw(3, c.key().toArray()))
                        .orThrow()));
  }

  @Test
  void aQueryThatMayLookAtNothingGivesZeroAndTakesNoGradient() {
    Variable q = Variable.leaf(draw(1, 2, 1, 3, 4));
    Variable k = Variable.leaf(draw(2, 2, 1, 3, 4));
    Variable v = Variable.leaf(draw(3, 2, 1, 3, 4));
    AttentionMask mask = AttentionMask.lengths(3, 2, 0);
    Variable y = scaledDotProductAttention(q, k, v, mask, Optional.empty());
    assertEquals(0, y.value().select(0, 1).abs().sum().item());
    assertClose(Attention.naive(q, k, v, mask).value().select(0, 0), y.value().select(0, 0), 1e-13);
    var gradients = y.square().add(y).sum().backward();
    for (Variable x : List.of(q, k, v)) {
      assertEquals(0, gradients.get(x).select(0, 1).abs().sum().item());
      assertTrue(gradients.get(x).select(0, 0).abs().sum().item() > 0);
    }
    // more queries than keys: the first ones stand before every key
    Tensor weights = Attention.weights(constant(1, 3, 4), constant(2, 2, 4), CAUSAL).value();
    assertArrayEquals(new double[] {0, 1, 1}, weights.sum(1).toDoubles(), 1e-15);
  }

  @Test
  void scoresOfAnySizeGiveWeightsThatSumToOne() {
    Variable q = Variable.constant(Tensor.full(1e4, Shape.of(2, 4), DType.F32));
    Variable k =
        Variable.constant(Tensor.of(new float[] {1, 1, 1, 1, -1, -1, -1, -1}, Shape.of(2, 4)));
    assertArrayEquals(
        new float[] {1, 0, 1, 0}, Attention.weights(q, k, EVERYTHING).value().toFloats());
  }

  @Test
  void dropoutDropsWeightsInTrainingOnly() {
    Variable q = constant(1, 2, 4, 5, 3);
    Optional<Dropout> dropout = Optional.of(new Dropout(0.5));
    Tensor plain = scaledDotProductAttention(q, q, q).value();
    Tensor dropped = scaledDotProductAttention(q, q, q, EVERYTHING, dropout).value();
    assertFalse(Arrays.equals(plain.toDoubles(), dropped.toDoubles()));
    Mode.inference(() -> {
      assertClose(plain, scaledDotProductAttention(q, q, q, EVERYTHING, dropout).value(), 0);
      return plain;
    });
  }

  @Test
  void shapesThatDoNotFitAreRefused() {
    refused(
        """
        scaledDotProductAttention: the heads of keys, 3, do not divide those of queries
          query  (2, 4, 5, 3)
          key    (2, 3, 5, 3)
          value  (2, 3, 5, 3)
          rule   (… H Lq d), (… G Lk d) and (… G Lk v), where G divides H\
        """,
        () ->
            scaledDotProductAttention(
                constant(1, 2, 4, 5, 3), constant(2, 2, 3, 5, 3), constant(2, 2, 3, 5, 3)));
    refused(
        """
        scaledDotProductAttention: one value for each key is needed
          query  (5, 3)
          key    (5, 3)
          value  (4, 3)
          rule   (… H Lq d), (… G Lk d) and (… G Lk v), where G divides H\
        """,
        () -> scaledDotProductAttention(constant(1, 5, 3), constant(1, 5, 3), constant(1, 4, 3)));
    refused(
        """
        scaledDotProductAttention: queries and keys need equal features and axes
          query  (5, 3)
          key    (5, 4)
          value  (5, 4)
          rule   (… H Lq d), (… G Lk d) and (… G Lk v), where G divides H\
        """,
        () -> scaledDotProductAttention(constant(1, 5, 3), constant(1, 5, 4), constant(1, 5, 4)));
  }

  @Test
  void masksAreTruthAndBatchesAgree() {
    refused(
        """
        AttentionMask: what is allowed is BOOL, found f32
          help   numbers are added to the scores by AttentionMask.bias\
        """,
        () -> AttentionMask.of(Tensor.ones(Shape.of(2, 2), DType.F32)));
    refused(
        """
        scaledDotProductAttention: queries and keys are of different batches
          query  (2, 1, 5, 3)
          key    (3, 1, 5, 3)
          value  (3, 1, 5, 3)
          rule   (… H Lq d), (… G Lk d) and (… G Lk v), where G divides H\
        """,
        () ->
            scaledDotProductAttention(
                constant(1, 2, 1, 5, 3), constant(1, 3, 1, 5, 3), constant(1, 3, 1, 5, 3)));
  }

  // ---- heads ------------------------------------------------------------------------------------

  @Test
  void selfAttentionAgreesWithPyTorch() {
    MultiHeadAttention layer = multiHeadAttention(6, 3).causal();
    SequenceGoldens.check(
        "self attention",
        layer,
        Map.of("x", sines(0.1, 2, 4, 6)),
        in -> Map.of("outputs", layer.forward(in.get("x"), AttentionMask.lengths(4, 4, 2))));
  }

  @Test
  void crossAttentionAgreesWithPyTorch() {
    MultiHeadAttention layer = multiHeadAttention(6, 2).withoutBias();
    SequenceGoldens.check(
        "cross attention",
        layer,
        Map.of("x", sines(0.1, 2, 4, 6), "memory", sines(0.2, 2, 5, 6)),
        in ->
            Map.of(
                "outputs",
                layer.forward(in.get("x"), in.get("memory"), AttentionMask.lengths(5, 3, 5))));
  }

  @Test
  void sharedHeadsOfKeysAreHeadsWithEqualWeights() {
    MultiHeadAttention shared = doubles(multiHeadAttention(8, 4).keyHeads(2).causal());
    MultiHeadAttention all = doubles(multiHeadAttention(8, 4).causal());
    assertEquals(Shape.of(16, 8), shared.inWeight().shape());
    // rows of queries stay; those of keys and of values are repeated, two features a head
    all.inWeight().set(repeated(shared.inWeight().value()));
    all.outProjection().weight().set(shared.outProjection().weight().value());
    Variable x = constant(1, 2, 5, 8);
    assertClose(all.forward(x).value(), shared.forward(x).value(), 1e-13);
  }

  private static Tensor repeated(Tensor weight) {
    Tensor keys = weight.narrow(0, 8, 8).reshape(4, 2, 8).repeatInterleave(2, 0);
    return Tensor.concat(0, weight.narrow(0, 0, 8), keys.reshape(16, 8));
  }

  @TestFactory
  Stream<DynamicTest> generatingPlaceByPlaceGivesTheNumbersOfTheWhole() {
    return Stream.of(
            multiHeadAttention(8, 4).causal(),
            multiHeadAttention(8, 4).causal().rotary(),
            multiHeadAttention(8, 4).causal().rotary().keyHeads(2))
        .map(layer ->
            DynamicTest.dynamicTest(
                layer.label() + layer.positions(),
                () -> {
                  doubles(layer);
                  Variable x = constant(1, 2, 6, 8);
                  Tensor whole = layer.forward(x).value();
                  KeyValueCache cache = KeyValueCache.empty();
                  int place = 0;
                  for (int more : new int[] {3, 1, 1, 1}) { // a prompt, then one by one
                    var result = layer.forward(x.narrow(1, place, more), EVERYTHING, cache);
                    assertClose(whole.narrow(1, place, more), result.outputs().value(), 1e-14);
                    cache = result.cache().keep();
                    place += more;
                    assertEquals(place, cache.length());
                  }
                  assertEquals(
                      Shape.of(2, layer.keyHeads(), 6, 2), cache.keys().orElseThrow().shape());
                }));
  }

  @Test
  void causalOutputsDoNotSeeWhatComesLater() {
    MultiHeadAttention layer = doubles(multiHeadAttention(8, 2).causal());
    Variable x = Variable.leaf(draw(1, 1, 5, 8));
    Tensor dx = layer.forward(x).narrow(1, 0, 3).sum().backward().get(x);
    assertEquals(0, dx.narrow(1, 3, 2).abs().sum().item());
    assertTrue(dx.narrow(1, 0, 3).abs().sum().item() > 0);
  }

  @Test
  void gradientsOfHeadsAgreeWithDifferences() {
    MultiHeadAttention layer =
        doubles(multiHeadAttention(4, 2).keyHeads(1).rotary().causal().dropout(0.3));
    GradCheck.of(in -> layer.forward(in.get(0), AttentionMask.lengths(3, 3, 2)), draw(1, 2, 3, 4))
        .orThrow();
    MultiHeadAttention cross = doubles(multiHeadAttention(4, 2));
    GradCheck.of(
            in -> cross.forward(in.get(0), in.get(1), EVERYTHING),
            draw(1, 2, 3, 4),
            draw(2, 2, 2, 4))
        .orThrow();
  }

  @Test
  void headsHavePyTorchsNamesAndInitialDistributions() {
    MultiHeadAttention layer = multiHeadAttention(64, 4).dropout(0.1);
    layer.initialize(Seed.of(1));
    var named = layer.namedParameters();
    assertEquals(
        List.of("in_proj_weight", "in_proj_bias", "out_proj.weight", "out_proj.bias"),
        List.copyOf(named.keySet()));
    double bound = Math.sqrt(6.0 / (64 + 192));
    double[] weight = named.get("in_proj_weight").value().toDoubles();
    double square = Arrays.stream(weight).map(w -> w * w).average().orElseThrow();
    assertTrue(Arrays.stream(weight).allMatch(w -> Math.abs(w) <= bound));
    assertEquals(
        bound * bound / 3, square, 5 * bound * bound * Math.sqrt(4 / 45.0 / weight.length));
    assertEquals(0, named.get("in_proj_bias").value().abs().sum().item());
    assertEquals(0, named.get("out_proj.bias").value().abs().sum().item());
    double[] out = named.get("out_proj.weight").value().toDoubles();
    assertTrue(Arrays.stream(out).allMatch(w -> Math.abs(w) <= 1.0 / 8));
    assertTrue(Arrays.stream(out).anyMatch(w -> Math.abs(w) > 0.9 / 8));
    assertEquals(
        "MultiHeadAttention(64, heads 4, of keys 2, causal)", layer.keyHeads(2).causal().label());
  }

  @Test
  void headsThatDoNotFitAreRefused() {
    refused(
        "MultiHeadAttention: heads share the features evenly, found 3 for 8",
        () -> multiHeadAttention(8, 3));
    refused(
        "MultiHeadAttention: heads share keys evenly, found 3 of keys for 4",
        () -> multiHeadAttention(8, 4).keyHeads(3));
    refused(
        """
        MultiHeadAttention: the input is (5, 8), expected (N, L, 8)
          help   one sequence alone is x.unsqueeze(0)\
        """,
        () -> multiHeadAttention(8, 4).forward(constant(1, 5, 8)));
    refused(
        "MultiHeadAttention: rotary positions compare places of one sequence, not of two",
        () ->
            multiHeadAttention(8, 4)
                .rotary()
                .forward(constant(1, 2, 3, 8), constant(1, 2, 3, 8), EVERYTHING));
  }

  // ---- positions --------------------------------------------------------------------------------

  @Test
  void rotaryPositionsTurnPairsAndCompareDistances() {
    RotaryPositions rotary = new RotaryPositions();
    Variable q = constant(1, 1, 6);
    Variable k = constant(2, 1, 6);
    Tensor turned = rotary.forward(q, 5).value();
    double[] x = q.value().toDoubles();
    for (int i = 0; i < 3; i++) { // as complex numbers: times e^(ipθ)
      double angle = 5 * Math.pow(10_000, -2 * i / 6.0);
      double re = x[i] * Math.cos(angle) - x[i + 3] * Math.sin(angle);
      double im = x[i] * Math.sin(angle) + x[i + 3] * Math.cos(angle);
      assertEquals(re, turned.toDoubles()[i], 1e-15);
      assertEquals(im, turned.toDoubles()[i + 3], 1e-15);
    }
    double near = rotary.forward(q, 5).mul(rotary.forward(k, 2)).sum().item();
    double far = rotary.forward(q, 105).mul(rotary.forward(k, 102)).sum().item();
    assertEquals(near, far, 1e-12);
    assertFalse(
        Math.abs(near - rotary.forward(q, 5).mul(rotary.forward(k, 3)).sum().item()) < 1e-3);
    GradCheck.of(in -> rotary.forward(in.get(0), 3), draw(1, 2, 3, 4)).orThrow();
    refused(
        """
        RotaryPositions: features are turned in pairs, found (2, 3)
          rule   (… L d) with an even d\
        """,
        () -> rotary.forward(constant(1, 2, 3), 0));
    refused(
        "RotaryPositions: the base must be positive, found -1.0", () -> new RotaryPositions(-1));
  }

  @Test
  void sinusoidalPositionsAreSinesAndCosinesOfSlowerAndSlowerAngles() {
    var layer = new SinusoidalPositions();
    Variable y = layer.forward(Tensor.zeros(Shape.of(2, 3, 5), DType.F64));
    double slow = 2 / Math.pow(10_000, 2 / 5.0);
    double slower = 2 / Math.pow(10_000, 4 / 5.0);
    assertArrayEquals(
        new double[] {Math.sin(2), Math.cos(2), Math.sin(slow), Math.cos(slow), Math.sin(slower)},
        y.value().select(0, 1).select(0, 2).toDoubles(),
        1e-15);
    assertClose(
        y.value().narrow(1, 1, 2),
        layer.forward(Variable.constant(Tensor.zeros(Shape.of(2, 2, 5), DType.F64)), 1).value(),
        0);
    refused(
        """
        SinusoidalPositions: places and features are needed, found (3)
          rule   (… L d)\
        """,
        () -> layer.forward(constant(1, 3)));
  }

  @Test
  void learnedPositionsAreRowsThatGradientsReach() {
    LearnedPositions layer = doubles(new LearnedPositions(6, 3));
    Variable x = constant(1, 2, 4, 3);
    Tensor rows = layer.weight().value();
    assertClose(x.value().add(rows.narrow(0, 0, 4)), layer.forward(x).value(), 0);
    assertClose(x.value().add(rows.narrow(0, 2, 4)), layer.forward(x, 2).value(), 0);
    Tensor gradient = layer.forward(x, 2).sum().backward().get(layer.weight());
    assertArrayEquals(new double[] {0, 0, 6, 6, 6, 6}, gradient.sum(1).toDoubles());
    LearnedPositions wide = new LearnedPositions(100, 100);
    wide.initialize(Seed.of(1));
    double variance = wide.weight().value().square().mean().item();
    assertEquals(4e-4, variance, 5 * 4e-4 * Math.sqrt(2e-4));
    refused(
        """
        LearnedPositions: no vectors for the input (2, 4, 3) from place 3 on
          weight (6, 3)   places d
          rule   the input is (… L d), and offset + L at most 6\
        """,
        () -> layer.forward(x, 3));
  }
}
