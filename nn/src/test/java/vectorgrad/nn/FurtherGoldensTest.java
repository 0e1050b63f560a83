package vectorgrad.nn;

import static vectorgrad.nn.LayerGoldens.input;
import static vectorgrad.nn.LayerGoldens.wave;
import static vectorgrad.nn.Layers.*;

import java.util.List;
import java.util.function.BiFunction;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import vectorgrad.autograd.Mode;
import vectorgrad.autograd.Variable;
import vectorgrad.nn.LayerGoldens.Case;
import vectorgrad.nn.SequenceCompositionsTest.Twice;
import vectorgrad.tensor.Conv2dGeometry;
import vectorgrad.tensor.FractionalRegions;
import vectorgrad.tensor.Pool1dGeometry;
import vectorgrad.tensor.Shape;
import vectorgrad.tensor.Tensor;

/// Layers that join others, that draw, or that PyTorch has no module for, against its operations
/// and autograd, in f64. The numbers come from `src/test/golden/further.py`, which says how; what
/// is drawn stands there too, so these tests hold the generator to its masks for ever.
class FurtherGoldensTest {
  private static final Tensor WORDS = Tensor.of(1, 2, 0, 4, 1, 1, 2);
  private static final Tensor OFFSETS = Tensor.of(0, 3, 3);
  private static final Tensor FACTORS = wave(Shape.of(7), i -> Math.cos(0.5 * i));
  private static final Conv2dGeometry GEOMETRY = Conv2dGeometry.DEFAULT;

  private static <L extends Layer> Case by(
      String name, L layer, Tensor x, BiFunction<L, Variable, Variable> forward) {
    return new Case(name, layer, x, v -> forward.apply(layer, v));
  }

  private static <L extends Layer> Case inUse(String name, L layer, int... shape) {
    return by(
        name,
        layer,
        input(shape),
        (l, x) -> Mode.TRAINING.training(false).call(() -> l.forward(x)));
  }

  static final List<Case> CASES =
      List.of(
          // shapes and activations
          new Case("linear", linear(3, 2).withoutBias(), 2, 2, 3),
          new Case("flatten", flatten(), 2, 3, 2),
          new Case("unflatten", unflatten(1, 3, 2), 2, 6, 2),
          new Case(
              "unfold",
              unfold(3, 2, GEOMETRY.dilation(1, 2).padding(1, 0).stride(2, 1)),
              1,
              2,
              5,
              4),
          new Case("fold", fold(4, 5, 3, 2, GEOMETRY.padding(1, 0).stride(1, 2)), 1, 12, 8),
          new Case(
              "maxPool2d",
              new MaxPool(
                  List.of(
                      Pool1dGeometry.of(3).stride(2).padding(1),
                      Pool1dGeometry.of(2).stride(2).padding(1).dilation(2))),
              1,
              2,
              5,
              6),
          new Case("globalAvgPool", globalAvgPool(), 2, 3, 2, 3),
          new Case("softmax", softmax(1), 2, 4, 3),
          new Case("logSoftmax", logSoftmax(-1), 2, 3, 4),
          new Case("prelu1", prelu(), 2, 3),

          // joined
          new Case("sequential", sequential(linear(3, 4), Layers.tanh(), linear(4, 2)), 2, 3),
          new Case("residual", residual(linear(3, 3), Layers.tanh()), 2, 3),
          new Case(
              "parallel",
              parallel(conv1d(2, 1, 3).padding(1), conv1d(2, 3, 1).withoutBias()),
              1,
              2,
              4),
          new Case("ensemble", ensemble(linear(3, 4), linear(3, 4)), 2, 3),

          // normalisation
          inUse("batchNormUntracked", batchNorm(3).withoutRunningStats(), 4, 3),
          new Case("rmsNorm", rmsNorm(2, 3).eps(1e-2), 2, 2, 3),
          new Case("instanceTraining", instanceNorm(3).eps(1e-2).runningStats(), 2, 3, 4),

          // bags of words
          by(
              "bagSum",
              embeddingBag(5, 3).way(EmbeddingBag.Way.SUM).paddingIndex(2),
              WORDS,
              (bag, x) -> bag.forward(x.value(), OFFSETS, Variable.constant(FACTORS))),
          new Case(
              "bagMean",
              embeddingBag(5, 3).paddingIndex(1),
              Tensor.of(1, 2, 0, 4, 1, 1, 1, 1, 1).reshape(3, 3)),
          by(
              "bagMax",
              embeddingBag(5, 3).way(EmbeddingBag.Way.MAX),
              WORDS,
              (bag, x) -> bag.forward(x.value(), OFFSETS)),

          // layers that draw
          new Case("dropout", dropout(0.4), 4, 6),
          new Case("channelDropout", channelDropout(0.5), 3, 4, 2),
          new Case("stochasticDepth", stochasticDepth(0.5), 6, 2),
          new Case("classicDropout", dropout(0.7).classic(), 4, 6),
          inUse("dropoutInUse", dropout(0.4), 4, 6),
          inUse("classicInUse", dropout(0.7).classic(), 4, 6),
          inUse("alphaInUse", alphaDropout(0.3), 4, 6),
          new Case("alphaDropout", alphaDropout(0.3), 4, 6),
          new Case("dropConnect", dropConnect(4, 3, 0.3), 2, 4),
          new Case(
              "fractionalRandom",
              fractionalMaxPool(0.6).regions(FractionalRegions.RANDOM_DISJOINT),
              1,
              2,
              7,
              8),
          new Case("fractionalOverlapping", fractionalMaxPool(0.6), 1, 2, 7, 8),

          // cells, two steps of one input
          new Case("rnnCell", new Twice(new RNNCell(3, 2).withRelu()), 4, 3),
          new Case("lstmCell", new Twice(new LSTMCell(3, 2)), 4, 3),
          new Case("gruCell", new Twice(new GRUCell(3, 2).fresh(3, false)), 4, 3),

          // positions and attention
          by("sinusoidal", sinusoidalPositions(), input(2, 3, 5), (l, x) -> l.forward(x, 2)),
          new Case("rotary", lambda("rotary", x -> rotated(x)), 2, 3, 6),
          by("learnedPositions", learnedPositions(5, 2), input(2, 3, 2), (l, x) -> l.forward(x, 1)),
          new Case(
              "groupedRotaryCausal",
              multiHeadAttention(8, 4).keyHeads(2).rotary().causal(),
              2,
              3,
              8),
          new Case("attentionDropout", multiHeadAttention(4, 2).dropout(0.4), 2, 3, 4));

  private static Variable rotated(Variable x) {
    return new RotaryPositions(100).forward(x, 2);
  }

  @TestFactory
  Stream<DynamicTest> valuesAndGradientsAreThoseOfPyTorch() {
    return CASES.stream().map(c -> DynamicTest.dynamicTest(c.name(), c::run));
  }
}
