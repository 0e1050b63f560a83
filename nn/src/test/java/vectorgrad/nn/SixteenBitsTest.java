package vectorgrad.nn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static vectorgrad.nn.Layers.*;
import static vectorgrad.tensor.DType.BF16;
import static vectorgrad.tensor.DType.F16;
import static vectorgrad.tensor.DType.F32;
import static vectorgrad.tensor.DType.I32;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BinaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import vectorgrad.autograd.Autocast;
import vectorgrad.autograd.Gradients;
import vectorgrad.autograd.Mode;
import vectorgrad.autograd.Parameter;
import vectorgrad.autograd.Variable;
import vectorgrad.tensor.Conv2dGeometry;
import vectorgrad.tensor.DType;
import vectorgrad.tensor.DTypeException;
import vectorgrad.tensor.PadMode;
import vectorgrad.tensor.Seed;
import vectorgrad.tensor.Shape;
import vectorgrad.tensor.Tensor;

/// Layers whose products, or whose parameters too, have 16 bits.
class SixteenBitsTest {
  /// Numbers of size about 1 through a few layers: a few units in the last of 8 binary places.
  private static final double A_FEW_ROUNDINGS = 0.06;

  private static Tensor normal(long seed, int... sizes) {
    return normal(seed, Shape.of(sizes));
  }

  private static Tensor normal(long seed, Shape shape) {
    return Tensor.normal(Seed.of(seed), 0, shape, F32);
  }

  /// A layer and the shape of what it takes.
  private record Case(Layer layer, Shape shape) {
    Case(Layer layer, int... sizes) {
      this(layer, Shape.of(sizes));
    }
  }

  private static Map<String, Case> layers() {
    Map<String, Case> cases = new LinkedHashMap<>();
    cases.put("linear", new Case(linear(6, 4), 3, 6));
    cases.put("conv2d", new Case(conv2d(3, 4, 3).padding(1), 2, 3, 5, 5));
    cases.put("convTranspose2d", new Case(convTranspose2d(3, 4, 3), 2, 3, 5, 5));
    cases.put("reflected", new Case(conv1d(3, 4, 3).padding(1).padMode(PadMode.REFLECT), 2, 3, 5));
    cases.put("rnn", new Case(rnn(5, 4), 6, 2, 5));
    cases.put("rnn without bias", new Case(rnn(5, 4).withoutBias(), 6, 2, 5));
    cases.put("lstm", new Case(lstm(5, 4).layers(2).bidirectional(), 6, 2, 5));
    cases.put("gru", new Case(gru(5, 4), 6, 2, 5));
    cases.put("attention", new Case(multiHeadAttention(8, 2), 2, 5, 8));
    cases.put("transformer", new Case(transformerBlock(8, 2, 16).dropout(0), 2, 5, 8));
    cases.put("layerNorm", new Case(layerNorm(8), 5, 8));
    cases.put("rmsNorm", new Case(rmsNorm(8), 5, 8));
    cases.put("groupNorm", new Case(groupNorm(2, 4), 3, 4, 5));
    cases.put("batchNorm", new Case(batchNorm(4), 6, 4));
    cases.put(
        "net",
        new Case(
            sequential(
                conv2d(1, 4, 3),
                batchNorm(4),
                relu(),
                maxPool2d(2),
                flatten(),
                linear(36, 8),
                gelu(),
                dropout(0.0),
                linear(8, 3)),
            4,
            1,
            8,
            8));
    cases.values().forEach(each -> each.layer().initialize(Seed.of(5)));
    return cases;
  }

  private static void assertNear(String name, Tensor expected, Tensor actual) {
    double far = actual.to(F32).sub(expected).abs().max().item();
    assertTrue(far < A_FEW_ROUNDINGS, name + " is off by " + far);
  }

  @ParameterizedTest
  @EnumSource(names = {"F16", "BF16"})
  void everyLayerRunsInARegionAndItsGradientsAreF32(DType dtype) {
    layers()
        .forEach((name, each) -> {
          Variable x = Variable.leaf(normal(1, each.shape()));
          Variable wide = each.layer().forward(x);
          Variable low = Autocast.to(dtype).call(() -> each.layer().forward(x));
          assertNear(name, wide.value(), low.value());
          Gradients expected = wide.to(F32).square().mean().backward();
          Gradients found = low.to(F32).square().mean().backward();
          for (Parameter p : each.layer().parameters()) {
            assertEquals(F32, found.get(p).dtype());
            assertNear(name + "." + p.name(), expected.get(p), found.get(p));
          }
          assertNear(name + " of x", expected.get(x), found.get(x));
        });
  }

  @Test
  void whatLayersGiveInARegion() {
    Map<String, DType> given = new LinkedHashMap<>();
    layers()
        .forEach((name, each) ->
            given.put(
                name,
                Autocast.to(BF16)
                    .call(() -> each.layer().forward(normal(1, each.shape())))
                    .dtype()));
    given.values().removeIf(dtype -> dtype != F32);
    assertEquals(
        "[rnn, rnn without bias, lstm, gru, transformer, layerNorm, rmsNorm, groupNorm, batchNorm]",
        given.keySet().toString());
  }

  @Test
  void aLinearLayerInARegionIsWhatItSays() {
    Linear layer = linear(300, 7);
    layer.initialize(Seed.of(1));
    Variable x = Variable.constant(normal(1, 4, 300));
    Variable b = layer.bias().orElseThrow();
    Tensor product =
        x.value().to(BF16).to(F32).matmul(layer.weight().value().to(BF16).to(F32).transpose());
    Tensor expected = product.to(BF16).add(b.value().to(BF16)); // summed in F32, rounded once
    Tensor found = Autocast.to(BF16).call(() -> layer.forward(x)).value();
    assertArrayEquals(expected.toDoubles(), found.toDoubles());
  }

  @Test
  void aConvolutionInARegionIsWhatItSays() {
    Conv2d layer = conv2d(3, 4, 3);
    layer.initialize(Seed.of(1));
    Variable x = Variable.constant(normal(1, 2, 3, 6, 6));
    Variable b = layer.bias().orElseThrow();
    Tensor wide =
        x.value()
            .to(F16)
            .to(F32)
            .conv2d(layer.weight().value().to(F16).to(F32), Conv2dGeometry.DEFAULT);
    Tensor expected = wide.to(F16).add(b.value().to(F16).reshape(4, 1, 1));
    Tensor found = Autocast.to(F16).call(() -> layer.forward(x)).value();
    assertArrayEquals(expected.toDoubles(), found.toDoubles());
  }

  @ParameterizedTest
  @EnumSource(names = {"F16", "BF16"})
  void aModelOfSixteenBitsServes(DType dtype) {
    layers()
        .forEach((name, each) -> {
          Tensor x = normal(1, each.shape());
          Layer layer = each.layer();
          Tensor wide = Mode.inference(() -> layer.forward(x)).value();
          layer.to(dtype);
          assertEquals(2, layer.parameters().getFirst().dtype().bytes());
          Tensor low = Mode.inference(() -> layer.forward(x.to(dtype))).value();
          assertEquals(dtype, low.dtype(), name);
          assertNear(name, wide, low);
          Tensor mixed = Mode.inference(() -> layer.forward(x)).value();
          assertNear(name, wide, mixed);
        });
  }

  @Test
  void anEmbeddingOfSixteenBitsGivesItsRows() {
    Embedding words = new Embedding(5, 3);
    words.initialize(Seed.of(1));
    Tensor rows = words.weight().value().copy();
    words.to(BF16);
    Variable y = words.forward(Variable.constant(Tensor.of(4, 0)));
    assertEquals(BF16, y.dtype());
    assertArrayEquals(
        rows.indexSelect(0, Tensor.of(4, 0)).to(BF16).toDoubles(), y.value().toDoubles());
  }

  @ParameterizedTest
  @EnumSource(names = {"F16", "BF16"})
  void dropoutGivesHalvesForHalves(DType dtype) {
    Dropout layer = dropout(0.5);
    layer.initialize(Seed.of(1));
    Dropout twin = (Dropout) layer.copy();
    Variable x = Variable.leaf(normal(1, 10, 10).to(dtype));
    Variable y = layer.forward(x);
    assertEquals(dtype, y.dtype());
    assertArrayEquals(twin.forward(x.to(F32)).value().toDoubles(), y.value().toDoubles());
    assertEquals(dtype, y.sum().backward().get(x).dtype());
  }

  @Test
  void parametersOfWholeNumbersAreRefused() {
    var e = assertThrows(DTypeException.class, () -> linear(2, 2).to(I32));
    assertEquals("to: parameters are floating numbers, i32 is not", e.getMessage());
  }

  @Test
  void lossesOfHalvesAreF32InARegion() {
    Variable x = Variable.leaf(normal(1, 4, 3).to(F16));
    Variable y = Variable.constant(normal(2, 4, 3).to(F16));
    Tensor labels = Tensor.of(0, 1, 2, 1);
    Tensor signs = Tensor.of(1f, -1, 1, -1);
    Tensor yes = Tensor.of(1f, 0, 1, 0).reshape(4, 1).expand(Shape.of(4, 3));
    Tensor shares = y.value().softmax(1);
    Tensor weights = Tensor.of(0.1f, 0.2f, 0.3f);
    List<BinaryOperator<Variable>> losses =
        List.of(
            (v, t) -> Losses.mse(v, t),
            (v, t) -> Losses.mae(v, t),
            (v, t) -> new Huber().of(v, t),
            (v, t) -> Losses.crossEntropy(v, labels),
            (v, t) -> Losses.crossEntropy(v, shares),
            (v, t) -> new CrossEntropy().weight(weights).of(v, labels),
            (v, t) -> new CrossEntropy().weight(weights).of(v, shares),
            (v, t) -> Losses.binaryCrossEntropyWithLogits(v, yes),
            (v, t) -> Losses.binaryCrossEntropy(v.sigmoid(), yes),
            (v, t) -> new MultiMargin().weight(weights).of(v, labels),
            (v, t) -> new CosineEmbedding().of(v, t, signs),
            (v, t) ->
                new MarginRanking().of(v.narrow(1, 0, 1), t.narrow(1, 0, 1), signs.reshape(4, 1)),
            (v, t) -> new TripletMargin().of(v, t, t.neg()));
    for (int i = 0; i < losses.size(); i++) {
      BinaryOperator<Variable> loss = losses.get(i);
      Variable found = Autocast.to(F16).call(() -> loss.apply(x, y));
      assertEquals(F32, found.dtype(), "loss " + i);
      assertEquals(
          loss.apply(x.to(F32), y.to(F32)).item(), found.item(), i == 8 ? 1e-3 : 1e-6, "loss " + i);
      assertEquals(F16, found.backward().get(x).dtype());
    }
    Variable large = Variable.constant(Tensor.full(300, Shape.of(2), F16)); // whose square is not
    assertEquals(90_000, Autocast.to(F16).call(() -> Losses.mse(large, large.mul(0))).item());
  }
}
