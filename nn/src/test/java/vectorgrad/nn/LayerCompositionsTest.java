package vectorgrad.nn;

import static vectorgrad.nn.Composition.draw;
import static vectorgrad.nn.Layers.*;

import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import vectorgrad.autograd.Mode;
import vectorgrad.autograd.Parameter;
import vectorgrad.autograd.Variable;
import vectorgrad.tensor.DType;
import vectorgrad.tensor.Shape;
import vectorgrad.tensor.Tensor;

/// Layers beside their composition from elementary operations: value and gradients, in f64. Those
/// of windows are in [WindowCompositionsTest], those of sequences in [SequenceCompositionsTest].
class LayerCompositionsTest {

  // ---- pieces -----------------------------------------------------------------------------------

  private static Variable constant(Tensor x) {
    return Variable.constant(x);
  }

  private static Variable oneMinus(Variable x) {
    return x.neg().add(1);
  }

  private static Variable rectified(Variable x) {
    return x.add(x.abs()).div(2);
  }

  static Variable squashed(Variable x) {
    return x.neg().exp().add(1).reciprocal();
  }

  private static Variable hyperbolic(Variable x) {
    Variable up = x.exp();
    Variable down = x.neg().exp();
    return up.sub(down).div(up.add(down));
  }

  private static Variable log1pExp(Variable x) {
    return x.exp().add(1).log();
  }

  private static Variable normal(Variable x) {
    return x.div(Math.sqrt(2)).erf().add(1).div(2);
  }

  static Variable quotient(Variable x, int axis) {
    return x.exp().div(x.exp().sum(true, axis));
  }

  /// Ones where a condition holds, which has no slope.
  private static Variable where(Tensor condition) {
    return constant(condition.to(DType.F64));
  }

  /// `Σⱼ xⱼ·wₒⱼ + bₒ`
  static Variable fullyConnected(Variable x, Variable weight, Optional<? extends Variable> bias) {
    Variable y = x.unsqueeze(x.rank() - 1).mul(weight).sum(-1);
    return bias.isPresent() ? y.add(bias.get()) : y;
  }

  static Variable fullyConnected(Linear layer, Variable x) {
    return fullyConnected(x, layer.weight(), layer.bias());
  }

  /// `(x − mean) / √(var + eps)` over some axes, by their sums.
  static Variable standard(Variable x, double eps, int... axes) {
    int count = IntStream.of(axes).map(x::size).reduce(1, (a, b) -> a * b);
    Variable d = x.sub(x.sum(true, axes).div(count));
    return d.div(d.mul(d).sum(true, axes).div(count).add(eps).sqrt());
  }

  /// A number for each channel of `rank` axes.
  private static Variable each(Optional<Parameter> cell, int rank, double otherwise) {
    int[] sizes = new int[rank];
    Arrays.fill(sizes, 1);
    sizes[1] = -1;
    return cell.<Variable>map(p -> p.reshape(sizes)).orElse(constant(Tensor.of(otherwise)));
  }

  private static Variable affine(Variable y, Optional<Parameter> weight, Optional<Parameter> bias) {
    return y.mul(each(weight, y.rank(), 1)).add(each(bias, y.rank(), 0));
  }

  /// What a dropout draws next, as it stands.
  private static Variable mask(Dropout layer, Shape shape) {
    return ((Dropout) layer.copy()).forward(Tensor.ones(shape, DType.F64));
  }

  // ---- activations ------------------------------------------------------------------------------

  /// Each activation of [Layers] from sums, products, quotients, powers and sizes.
  static final Map<String, UnaryOperator<Variable>> CURVES = new TreeMap<>();

  private static Variable elu(Variable x, double alpha, double rate) {
    Variable below = rectified(x.neg()).neg();
    return rectified(x).add(below.mul(rate).exp().sub(1).mul(alpha));
  }

  private static Variable gate(Variable x) {
    return rectified(x.add(3)).sub(rectified(x.sub(3))).div(6);
  }

  static {
    CURVES.put("relu", LayerCompositionsTest::rectified);
    CURVES.put("leakyRelu", x -> rectified(x).sub(rectified(x.neg()).mul(0.2)));
    CURVES.put("tanh", LayerCompositionsTest::hyperbolic);
    CURVES.put("sigmoid", LayerCompositionsTest::squashed);
    CURVES.put("silu", x -> x.mul(squashed(x)));
    CURVES.put(
        "gelu",
        x -> {
          Variable inner = x.add(x.mul(x).mul(x).mul(0.044715)).mul(Math.sqrt(2 / Math.PI));
          return x.mul(hyperbolic(inner).add(1)).div(2);
        });
    CURVES.put("geluExact", x -> x.mul(normal(x)));
    CURVES.put("elu", x -> elu(x, 0.7, 1));
    CURVES.put("selu", x -> elu(x, 1.6732632423543772, 1).mul(1.0507009873554805));
    CURVES.put("celu", x -> elu(x, 2, 0.5));
    CURVES.put("mish", x -> x.mul(hyperbolic(log1pExp(x))));
    CURVES.put("softplus", x -> log1pExp(x.mul(0.8)).div(0.8));
    CURVES.put("softsign", x -> x.div(x.abs().add(1)));
    CURVES.put("logSigmoid", x -> log1pExp(x.neg()).neg());
    CURVES.put("tanhshrink", x -> x.sub(hyperbolic(x)));
    CURVES.put("hardtanh", x -> rectified(x.add(0.5)).sub(rectified(x.sub(1.5))).sub(0.5));
    CURVES.put("relu6", x -> rectified(x).sub(rectified(x.sub(6))));
    CURVES.put("hardsigmoid", LayerCompositionsTest::gate);
    CURVES.put("hardswish", x -> x.mul(gate(x)));
    CURVES.put("softshrink", x -> rectified(x.sub(0.3)).sub(rectified(x.neg().sub(0.3))));
    CURVES.put("hardshrink", x -> x.mul(where(x.value().abs().gt(0.3))));
    CURVES.put(
        "threshold",
        x -> {
          Variable above = where(x.value().gt(0.2));
          return x.mul(above).sub(oneMinus(above));
        });
  }

  private static Stream<Composition<?>> activations() {
    return CURVES.entrySet().stream()
        .map(curve ->
            Composition.of(
                (Layer) GoldenLayersTest.CURVES.get(curve.getKey()),
                (l, x) -> curve.getValue().apply(x),
                4,
                9));
  }

  // ---- the others -------------------------------------------------------------------------------

  private static Variable oneHot(Variable words, int count) {
    return constant(words.value().oneHot(count).to(DType.F64));
  }

  /// The weight, of which the row at the padding has no gradient.
  private static Variable table(Embedding layer) {
    Variable w = layer.weight();
    if (layer.paddingIndex().isEmpty()) {
      return w;
    }
    Tensor padding = Tensor.of(layer.paddingIndex().getAsInt()).oneHot(w.size(0)).to(DType.F64);
    Variable kept = oneMinus(constant(padding.reshape(w.size(0), 1)));
    return w.mul(kept).add(w.detach().mul(oneMinus(kept)));
  }

  private static Variable bag(EmbeddingBag layer, Variable x) {
    Variable w = layer.words().weight();
    Tensor padding = x.value().eq(layer.words().paddingIndex().orElse(-1));
    Variable rows = oneHot(x, w.size(0)).matmul(w);
    Variable kept = oneMinus(where(padding)).unsqueeze(2);
    return switch (layer.way()) {
      case SUM -> rows.mul(kept).sum(1);
      case MEAN -> rows.mul(kept).sum(1).div(kept.sum(1));
      case MAX -> Windows.largest(rows, 1, 0, rows.size(1)).squeeze(1);
    };
  }

  private static Stream<Composition<?>> others() {
    Tensor words = Tensor.of(1, 2, 0, 4, 1, 3).reshape(2, 3);
    return Stream.of(
        Composition.of(linear(4, 3), LayerCompositionsTest::fullyConnected, 5, 4),
        Composition.of(linear(4, 3).withoutBias(), LayerCompositionsTest::fullyConnected, 2, 3, 4),
        Composition.of(flatten(), (l, x) -> x.reshape(2, 12), 2, 3, 4),
        Composition.of(unflatten(1, 2, -1), (l, x) -> x.reshape(2, 2, 3, 4), 2, 6, 4),
        Composition.of(softmax(1), (l, x) -> quotient(x, 1), 2, 4, 3),
        Composition.of(logSoftmax(-1), (l, x) -> quotient(x, -1).log(), 2, 4, 3),
        Composition.of(
            glu(1), (l, x) -> x.narrow(1, 0, 2).mul(squashed(x.narrow(1, 2, 2))), 3, 4, 2),
        Composition.of(
            prelu(3),
            (l, x) ->
                rectified(x)
                    .sub(rectified(x.neg()).mul(each(Optional.of(l.weight()), x.rank(), 1))),
            2,
            3,
            4),

        // embeddings
        Composition.of(
            embedding(5, 3).paddingIndex(2), words, (l, x) -> oneHot(x, 5).matmul(table(l))),
        Composition.of(embeddingBag(5, 3), words, LayerCompositionsTest::bag),
        Composition.of(
            embeddingBag(5, 3).way(EmbeddingBag.Way.SUM).paddingIndex(1),
            words,
            LayerCompositionsTest::bag),
        Composition.of(
            embeddingBag(5, 3).way(EmbeddingBag.Way.MAX), words, LayerCompositionsTest::bag),

        // normalisation
        Composition.of(
            batchNorm(3).eps(1e-3),
            (l, x) -> affine(standard(x, l.eps(), 0, 2), l.weight(), l.bias()),
            4,
            3,
            2),
        Composition.of(
            batchNorm(3).withoutAffine().withoutRunningStats(),
            (l, x) -> standard(x, l.eps(), 0),
            6,
            3),
        Composition.of(
            layerNorm(2, 3),
            (l, x) ->
                standard(x, l.eps(), 1, 2)
                    .mul(l.weight().orElseThrow())
                    .add(l.bias().orElseThrow()),
            4,
            2,
            3),
        Composition.of(
            groupNorm(2, 4),
            (l, x) ->
                affine(
                    standard(x.reshape(2, 2, 2, 5), l.eps(), 2, 3).reshape(2, 4, 5),
                    l.weight(),
                    l.bias()),
            2,
            4,
            5),
        Composition.of(
            instanceNorm(3).affine().eps(1e-2),
            (l, x) -> affine(standard(x, l.eps(), 2, 3), l.weight(), l.bias()),
            2,
            3,
            4,
            2),
        Composition.of(
            rmsNorm(4).eps(1e-3),
            (l, x) ->
                x.div(x.mul(x).sum(true, 1).div(4).add(l.eps()).sqrt())
                    .mul(l.weight().orElseThrow()),
            3,
            4),

        // drawn
        Composition.of(dropout(0.4), (l, x) -> x.mul(mask(l, x.shape())), 4, 6),
        Composition.of(channelDropout(0.5), (l, x) -> x.mul(mask(l, x.shape())), 3, 4, 2),
        Composition.of(dropout(0.4).classic(), (l, x) -> x.mul(mask(l, x.shape())), 4, 6),
        Composition.of(
            alphaDropout(0.3),
            (l, x) -> {
              // Klambauer et al. 2017, section 3: α' where dropped, then mean 0 and variance 1
              // again
              double p = 0.3;
              double lowest = -1.0507009873554805 * 1.6732632423543772;
              double q = 1 - p;
              double a = 1 / Math.sqrt(q + lowest * lowest * q * p);
              Variable kept =
                  mask(new Dropout(p, Dropout.Whole.ELEMENT, true, l.state()), x.shape());
              return x.mul(kept).add(oneMinus(kept).mul(lowest)).mul(a).sub(a * p * lowest);
            },
            4,
            6),
        Composition.of(
            dropConnect(4, 3, 0.3),
            (l, x) ->
                fullyConnected(
                    x,
                    l.linear().weight().mul(mask(l.dropout(), Shape.of(3, 4))),
                    l.linear().bias()),
            5,
            4),

        // joined
        Composition.of(
            sequential(linear(4, 3), Layers.tanh()),
            (l, x) -> hyperbolic(fullyConnected((Linear) l.get(0), x)),
            2,
            4),
        Composition.of(
            residual(linear(4, 4)), (l, x) -> x.add(fullyConnected((Linear) l.body(), x)), 2, 4),
        Composition.of(
            parallel(linear(4, 2), linear(4, 3)),
            (l, x) -> { // placed by matrices of zeros and ones, and added
              Variable first = fullyConnected((Linear) l.layers().get(0), x);
              Variable second = fullyConnected((Linear) l.layers().get(1), x);
              return Windows.along(first, 1, Windows.reading(5, 2, i -> i))
                  .add(Windows.along(second, 1, Windows.reading(5, 3, i -> i - 2)));
            },
            2,
            4),
        Composition.of(
            ensemble(linear(4, 3), linear(4, 3)),
            (l, x) ->
                quotient(fullyConnected((Linear) l.members().get(0), x), 1)
                    .add(quotient(fullyConnected((Linear) l.members().get(1), x), 1))
                    .div(2)
                    .log(),
            2,
            4));
  }

  // ---- in use -----------------------------------------------------------------------------------

  /// A layer as it is in use, recorded all the same.
  private record Used<L extends Layer>(L layer) implements Layer {
    @Override
    public Variable forward(Variable x) {
      return Mode.TRAINING.training(false).call(() -> layer.forward(x));
    }

    @Override
    public String label() {
      return layer.label() + " in use";
    }
  }

  private static Variable byStatistics(
      Variable x,
      Tensor mean,
      Tensor variance,
      double eps,
      Optional<Parameter> w,
      Optional<Parameter> b) {
    Variable m = each(Optional.of(Parameter.of(mean)), x.rank(), 0).detach();
    Variable v = each(Optional.of(Parameter.of(variance)), x.rank(), 0).detach();
    return affine(x.sub(m).div(v.add(eps).sqrt()), w, b);
  }

  private static Stream<Composition<?>> used() {
    BatchNorm batch = batchNorm(3);
    InstanceNorm instance = instanceNorm(3).affine().runningStats();
    return Stream.of(
        Composition.of(
            new Used<>(batch),
            (l, x) -> {
              batch.forward(draw(7, 5, 3, 2)); // statistics to use
              return byStatistics(
                  x,
                  batch.runningMean().orElseThrow().value(),
                  batch.runningVar().orElseThrow().value(),
                  batch.eps(),
                  batch.weight(),
                  batch.bias());
            },
            2,
            3,
            2),
        Composition.of(
            new Used<>(instance),
            (l, x) -> {
              instance.forward(draw(7, 5, 3, 2));
              return byStatistics(
                  x,
                  instance.runningMean().orElseThrow().value(),
                  instance.runningVar().orElseThrow().value(),
                  instance.eps(),
                  instance.weight(),
                  instance.bias());
            },
            2,
            3,
            2),
        Composition.of(new Used<>(dropout(0.4).classic()), (l, x) -> x.mul(0.6), 4, 6),
        Composition.of(
            new Used<>(dropConnect(4, 3, 0.3)),
            (l, x) -> fullyConnected(l.layer().linear(), x),
            5,
            4));
  }

  static Stream<Composition<?>> all() {
    return Stream.of(activations(), others(), used()).flatMap(cases -> cases);
  }

  @TestFactory
  Stream<DynamicTest> layersAreCompositionsOfElementaryOperations() {
    return Composition.tests(all());
  }
}
