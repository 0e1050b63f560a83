package vectorgrad.nn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static vectorgrad.nn.Layers.*;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import vectorgrad.autograd.Mode;
import vectorgrad.autograd.Variable;
import vectorgrad.nn.Dropout.Whole;
import vectorgrad.tensor.DType;
import vectorgrad.tensor.DTypeException;
import vectorgrad.tensor.Seed;
import vectorgrad.tensor.Shape;
import vectorgrad.tensor.Tensor;

/// Layers that draw, and the embedding.
class RegularisationTest {
  private static Tensor draw(int... sizes) {
    return Tensor.normal(Seed.of(41), 0, Shape.of(sizes), DType.F64);
  }

  private static double mean(Variable y) {
    return y.value().mean().item();
  }

  /// The mean of a dropout's outputs for ones lies within five standard deviations.
  private static void assertMean(double expected, Variable y, double each) {
    assertEquals(expected, mean(y), 5 * each / Math.sqrt(y.size()));
  }

  @Test
  void classicAndInvertedDropoutHaveEqualExpectationsInTrainingAndUse() {
    Tensor ones = Tensor.ones(Shape.of(100_000), DType.F64);
    for (double p : new double[] {0.2, 0.5, 0.9}) {
      double deviation = Math.sqrt(p * (1 - p)); // of what is kept, counted as 1
      Dropout inverted = dropout(p);
      inverted.initialize(Seed.of(1));
      assertMean(1, inverted.forward(ones), deviation / (1 - p));
      assertEquals(1, mean(Mode.inference(() -> inverted.forward(ones))));

      Dropout classic = dropout(p).classic();
      classic.initialize(Seed.of(1));
      assertMean(1 - p, classic.forward(ones), deviation);
      assertEquals(1 - p, mean(Mode.inference(() -> classic.forward(ones))), 1e-12);
    }
  }

  @Test
  void copiesOfAModelDropOthersFromTheSameState() {
    List<List<Float>> masks = new ArrayList<>();
    for (int replica : new int[] {0, 1, 2, 0, 1, 2}) {
      Variable ones = Variable.constant(Tensor.ones(Shape.of(64), DType.F32));
      Dropout copy = dropout(0.5); // the key and the counter are 0 in each
      List<Float> mask = new ArrayList<>();
      for (float kept : new Replica(replica).call(() -> copy.forward(ones)).value().toFloats()) {
        mask.add(kept);
      }
      masks.add(mask);
      assertEquals(0, Replica.current());
    }
    assertEquals(masks.subList(0, 3), masks.subList(3, 6));
    assertEquals(3, Set.copyOf(masks).size());
    Variable ones = Variable.constant(Tensor.ones(Shape.of(64), DType.F32));
    float[] plain = dropout(0.5).forward(ones).value().toFloats();
    for (int i = 0; i < 64; i++) {
      assertEquals(plain[i], masks.getFirst().get(i), "copy 0 draws as ever");
    }
  }

  @Test
  void classicAndInvertedDropoutDropTheSameElements() {
    Dropout inverted = dropout(0.3);
    inverted.initialize(Seed.of(1));
    Dropout classic = dropout(0.3).classic();
    classic.initialize(Seed.of(1));
    Tensor x = draw(50);
    assertArrayEquals(
        inverted.forward(x).value().toDoubles(),
        classic.forward(x).div(0.7).value().toDoubles(),
        1e-12);
    assertSame(inverted.state(), inverted.classic().state());
  }

  @Test
  void wholePartsAreDroppedTogether() {
    var sizes = Map.of(Whole.ELEMENT, 1, Whole.CHANNEL, 4, Whole.EXAMPLE, 1200, Whole.BATCH, 2400);
    for (Whole whole : Whole.values()) {
      Dropout layer = dropout(0.5).whole(whole);
      layer.initialize(Seed.of(3));
      int together = sizes.get(whole);
      double[] y = layer.forward(Tensor.ones(Shape.of(2, 300, 4), DType.F64)).value().toDoubles();
      for (int i = 0; i < y.length; i++) {
        assertTrue(y[i] == 0 || y[i] == 2);
        assertEquals(y[i - (i % together)], y[i], whole::toString);
      }
    }
    Dropout channels = channelDropout(0.25);
    channels.initialize(Seed.of(3));
    Variable y = channels.forward(Tensor.ones(Shape.of(50, 200, 3), DType.F64));
    assertEquals(1, mean(y), 5 * Math.sqrt(0.25 / 0.75 / 10_000));
  }

  @Test
  void stochasticDepthMakesANetworkThinnerAndKeepsItWholeInUse() {
    Layer body = lambda("twice", x -> x.mul(2));
    Residual block = residual(body, stochasticDepth(0.5));
    block.initialize(Seed.of(2));
    Tensor ones = Tensor.ones(Shape.of(400, 3), DType.F64);
    double[] y = block.forward(ones).value().toDoubles();
    assertTrue(Arrays.stream(y).allMatch(v -> v == 1 || v == 5));
    assertEquals(3, Arrays.stream(y).average().orElseThrow(), 5 * 2 / Math.sqrt(400));
    assertEquals(3, mean(Mode.inference(() -> block.forward(ones))));
  }

  @Test
  void alphaDropoutKeepsMeanAndVariance() {
    AlphaDropout layer = alphaDropout(0.3);
    layer.initialize(Seed.of(4));
    Tensor x = Tensor.normal(Seed.of(5), 0, Shape.of(200_000), DType.F64);
    Tensor y = layer.forward(x).value();
    assertEquals(0, y.mean().item(), 5 / Math.sqrt(200_000));
    assertEquals(1, y.var().item(), 0.02); // five deviations of a variance with kurtosis below 4
    double alpha = Curve.selu().forward(Tensor.of(-100.0)).value().item();
    double dropped = alpha * 0.7 / Math.sqrt(0.7 * (1 + 0.3 * alpha * alpha)); // a·α' + b
    long lowest = Arrays.stream(y.toDoubles()).filter(v -> Math.abs(v - dropped) < 1e-9).count();
    assertEquals(0.3, lowest / 200_000.0, 5 * Math.sqrt(0.21 / 200_000));
    Variable in = Variable.constant(x);
    assertSame(in, Mode.inference(() -> layer.forward(in)));
  }

  @Test
  void dropConnectDropsWeightsAndUsesTheirMean() {
    DropConnect layer = dropConnect(30, 40, 0.25);
    layer.initialize(Seed.of(6)).to(DType.F64);
    Tensor unit = Tensor.eye(30, DType.F64); // its outputs are the weights
    double[] weight = layer.linear().weight().value().transpose().contiguous().toDoubles();
    double[] bias = layer.linear().bias().orElseThrow().value().toDoubles();
    double[] y = layer.forward(unit).value().toDoubles();
    int dropped = 0;
    for (int i = 0; i < y.length; i++) {
      double found = y[i] - bias[i % 40];
      dropped += Math.abs(found) < 1e-12 ? 1 : 0;
      assertTrue(Math.abs(found) < 1e-12 || Math.abs(found - (weight[i] / 0.75)) < 1e-12);
    }
    assertEquals(0.25, dropped / 1200.0, 5 * Math.sqrt(0.1875 / 1200));
    assertArrayEquals(
        layer.linear().forward(unit).value().toDoubles(),
        Mode.inference(() -> layer.forward(unit)).value().toDoubles(),
        0);
    assertEquals(
        List.of("linear.weight", "linear.bias"), List.copyOf(layer.namedParameters().keySet()));
  }

  @Test
  void whatDrawsIsRefusedWithoutAProbability() {
    assertEquals(
        "AlphaDropout: the probability must be at least 0 and below 1, found 1.0",
        assertThrows(IllegalArgumentException.class, () -> alphaDropout(1)).getMessage());
    assertEquals(
        "Dropout: the probability must be between 0 and 1, found -0.5",
        assertThrows(IllegalArgumentException.class, () -> dropConnect(2, 3, -0.5)).getMessage());
    assertEquals("Dropout(0.2, each example, classic)", stochasticDepth(0.2).classic().label());
    assertEquals("AlphaDropout(0.2)", alphaDropout(0.2).label());
  }

  // ---- embedding --------------------------------------------------------------------------------

  private static Embedding table(Embedding layer) {
    layer.initialize(Seed.of(8)).to(DType.F64);
    return layer;
  }

  @Test
  void anEmbeddingIsTheProductWithOneHotRows() {
    Embedding layer = table(embedding(5, 3));
    Tensor words = Tensor.of(4, 0, 4, 2, 2, 4).reshape(2, 3);
    Variable y = layer.forward(words);
    Tensor hot = words.oneHot(5).to(DType.F64);
    Variable twin = Variable.constant(hot.reshape(6, 5)).matmul(layer.weight());
    assertEquals(Shape.of(2, 3, 3), y.shape());
    assertArrayEquals(twin.value().toDoubles(), y.value().toDoubles(), 1e-12);
    assertArrayEquals(
        twin.square().sum().backward().get(layer.weight()).toDoubles(),
        y.square().sum().backward().get(layer.weight()).toDoubles(),
        1e-12);
    assertEquals(Shape.of(3), layer.forward(Tensor.of(1).reshape(Shape.of())).shape());
  }

  @Test
  void thePaddingBeginsAsZeroAndGetsNoGradient() {
    Embedding layer = table(embedding(4, 3).paddingIndex(1));
    double[] row = layer.weight().value().select(0, 1).contiguous().toDoubles();
    assertArrayEquals(new double[3], row);
    layer.weight().set(draw(4, 3));
    Variable y = layer.forward(Tensor.of(1, 2, 1));
    assertArrayEquals(
        layer.weight().value().select(0, 1).contiguous().toDoubles(),
        y.value().select(0, 2).contiguous().toDoubles(),
        0,
        "its value is shown");
    double[] gradient = y.sum().backward().get(layer.weight()).toDoubles();
    assertArrayEquals(new double[] {0, 0, 0, 0, 0, 0, 1, 1, 1, 0, 0, 0}, gradient);
  }

  @Test
  void rowsThatAreTooLongAreScaledInTrainingAndShownScaledInUse() {
    Embedding layer = table(embedding(4, 3).maxNorm(0.5));
    layer.weight().set(draw(4, 3).mul(10));
    double[] before = layer.weight().value().toDoubles();
    Variable used = Mode.inference(() -> layer.forward(Tensor.of(2, 0)));
    assertArrayEquals(before, layer.weight().value().toDoubles(), "use writes nothing");
    Variable trained = layer.forward(Tensor.of(2, 0));
    assertArrayEquals(used.value().toDoubles(), trained.value().toDoubles(), 1e-12);
    double[] lengths = layer.weight().value().norm(2, false, 1).toDoubles();
    assertEquals(0.5, lengths[0], 1e-7);
    assertEquals(0.5, lengths[2], 1e-7);
    assertTrue(lengths[1] > 1 && lengths[3] > 1, "rows that nobody asks for stay");
  }

  @Test
  void embeddingsBeginStandardNormal() {
    Embedding layer = embedding(100, 200);
    layer.initialize(Seed.of(9));
    Tensor w = layer.weight().value();
    assertEquals(0, w.mean().item(), 5 / Math.sqrt(20_000));
    assertEquals(1, w.var().item(), 5 * Math.sqrt(2 / 20_000.0));
    assertEquals(
        "Embedding(100, 200, padding index 3, max norm 2.0)",
        layer.paddingIndex(3).maxNorm(2).label());
  }

  @Test
  void wordsThatAreNoneAreRefused() {
    assertEquals(
        """
        Embedding: rows are numbered by i32 or i64, not f32
          at     model.0
          input  (2)
          help   x.to(DType.I32)\
        """,
        assertThrows(
                DTypeException.class,
                () -> sequential(embedding(4, 3)).forward(Tensor.ones(Shape.of(2), DType.F32)))
            .getMessage());
    assertEquals(
        """
        Embedding: there is no padding row 4
          rule   0 <= paddingIndex < 4, the number of words\
        """,
        assertThrows(IllegalArgumentException.class, () -> embedding(4, 3).paddingIndex(4))
            .getMessage());
    assertEquals(
        "Embedding: the largest norm must be positive, found 0.0",
        assertThrows(IllegalArgumentException.class, () -> embedding(4, 3).maxNorm(0))
            .getMessage());
  }
}
