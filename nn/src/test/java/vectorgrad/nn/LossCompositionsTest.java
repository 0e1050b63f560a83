package vectorgrad.nn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;
import static vectorgrad.nn.Loss.Reduction.BATCH_MEAN;
import static vectorgrad.nn.Loss.Reduction.MEAN;
import static vectorgrad.nn.Loss.Reduction.NONE;
import static vectorgrad.nn.Loss.Reduction.SUM;

import java.util.Set;
import java.util.function.BinaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import vectorgrad.autograd.Gradients;
import vectorgrad.autograd.Variable;
import vectorgrad.tensor.DType;
import vectorgrad.tensor.Seed;
import vectorgrad.tensor.Shape;
import vectorgrad.tensor.Tensor;

/// Every loss in one kernel, or in its stable form, is the composition of elementary operations
/// that its definition says, in value and gradient.
class LossCompositionsTest {
  /// Both sides round a few times in f64, on numbers below 10.
  private static final double TOLERANCE = 1e-10;

  private static final int N = 6;
  private static final int C = 5;
  private static final Tensor LABELS = Tensor.of(2, 0, 4, 2, 1, 3);
  private static final Tensor SIGNS = draw(9, N, C).gt(0).to(DType.F64).mul(2).sub(1);

  private static Tensor draw(int seed, int... sizes) {
    return Tensor.normal(Seed.of(seed), 0, Shape.of(sizes), DType.F64);
  }

  /// A loss beside its definition, of two inputs (N, C).
  private record Pair(
      String name, BinaryOperator<Variable> loss, BinaryOperator<Variable> definition) {}

  private static Variable signs() {
    return Variable.constant(SIGNS);
  }

  private static Variable oneMinus(Variable x) {
    return x.neg().add(1);
  }

  private static Pair elementwise(ElementwiseLoss loss, BinaryOperator<Variable> definition) {
    return new Pair(loss.toString(), loss::of, definition);
  }

  private static Variable hinge(Variable x) {
    return x.relu(); // as good as any off the kink
  }

  private static Variable oneHot() {
    return Variable.constant(LABELS.oneHot(C).to(DType.F64));
  }

  private static Variable distance(Variable x, Variable y) {
    return x.sub(y).add(1e-6).square().sum(1).sqrt();
  }

  private static Stream<Pair> pairs() {
    return Stream.of(
        elementwise(new MSE(), (x, t) -> x.sub(t).mul(x.sub(t)).sum().div(N * C)),
        elementwise(new MAE(), (x, t) -> x.sub(t).square().sqrt().mean()),
        elementwise(
            new Huber().delta(0.8),
            (x, t) -> {
              Variable d = x.sub(t).abs();
              Variable inner = d.clampMax(0.8); // ½·inner² + δ·(d − inner)
              return inner.square().mul(0.5).add(d.sub(inner).mul(0.8)).mean();
            }),
        elementwise(
            new SmoothL1().beta(0.8).reduction(SUM),
            (x, t) -> new Huber().delta(0.8).reduction(SUM).of(x, t).div(0.8)),
        new Pair(
            "BinaryCrossEntropy",
            (x, t) -> new BinaryCrossEntropy().of(x.sigmoid(), t.sigmoid()),
            (x, t) -> BinaryCrossEntropyWithLogits.naive(x, t.sigmoid())),
        new Pair(
            "BinaryCrossEntropyWithLogits",
            (x, t) -> new BinaryCrossEntropyWithLogits().of(x, t.sigmoid()),
            (x, t) -> BinaryCrossEntropyWithLogits.naive(x, t.sigmoid())),
        new Pair(
            "BinaryCrossEntropyWithLogits, positives weighted by 1, is that without",
            (x, t) ->
                new BinaryCrossEntropyWithLogits().posWeight(Tensor.of(1.0)).of(x, t.sigmoid()),
            (x, t) -> BinaryCrossEntropyWithLogits.naive(x, t.sigmoid())),
        new Pair(
            "CrossEntropy",
            (x, t) -> new CrossEntropy().of(x, LABELS),
            (x, t) -> CrossEntropy.naive(x, LABELS)),
        new Pair(
            "CrossEntropy smoothed",
            (x, t) -> new CrossEntropy().labelSmoothing(0.3).of(x, LABELS),
            (x, t) -> {
              Variable target = oneHot().mul(0.7).add(0.3 / C);
              return x.softmax(1).log().mul(target).sum().div(-N);
            }),
        new Pair(
            "CrossEntropy of probabilities",
            (x, t) -> new CrossEntropy().reduction(SUM).of(x, t.softmax(1)),
            (x, t) -> x.softmax(1).log().mul(t.softmax(1)).sum().neg()),
        new Pair(
            "NLL",
            (x, t) -> new NLL().of(x.logSoftmax(1), LABELS),
            (x, t) -> x.softmax(1).log().mul(oneHot()).sum().div(-N)),
        new Pair(
            "KLDivergence",
            (x, t) -> new KLDivergence().of(x.logSoftmax(1), t.softmax(1)),
            (x, t) -> {
              Variable p = t.softmax(1);
              return p.mul(p.div(x.softmax(1)).log()).sum().div(N);
            }),
        new Pair(
            "KLDivergence of logarithms",
            (x, t) -> new KLDivergence().logTarget(true).of(x.logSoftmax(1), t.logSoftmax(1)),
            (x, t) -> {
              Variable p = t.softmax(1);
              return p.mul(p.div(x.softmax(1)).log()).sum().div(N);
            }),
        elementwise(new Hinge(), (x, t) -> hinge(oneMinus(x.mul(t))).mean()),
        elementwise(new Hinge().squared(true), (x, t) -> hinge(oneMinus(x.mul(t))).square().mean()),
        elementwise(new SoftMargin(), SoftMargin::naive),
        new Pair(
            "HingeEmbedding",
            (x, t) -> new HingeEmbedding().margin(0.5).of(x, SIGNS),
            (x, t) -> {
              Variable alike = signs().add(1).mul(0.5);
              Variable unlike = hinge(x.neg().add(0.5));
              return x.mul(alike).add(unlike.mul(oneMinus(alike))).mean();
            }),
        new Pair(
            "MultiMargin",
            (x, t) -> new MultiMargin().p(2).margin(0.6).of(x, LABELS),
            (x, t) -> {
              Variable own = x.mul(oneHot()).sum(true, 1);
              Variable behind = hinge(x.sub(own).add(0.6)).square();
              return behind.mul(oneMinus(oneHot())).sum().div(N * C);
            }),
        new Pair(
            "CosineEmbedding",
            (x, t) -> new CosineEmbedding().margin(0.1).of(x, t, SIGNS.select(1, 0)),
            (x, t) -> {
              Variable alike = signs().select(1, 0).add(1).mul(0.5);
              Variable cosine =
                  x.mul(t).sum(1).div(x.square().sum(1).sqrt().mul(t.square().sum(1).sqrt()));
              return oneMinus(cosine)
                  .mul(alike)
                  .add(hinge(cosine.sub(0.1)).mul(oneMinus(alike)))
                  .mean();
            }),
        new Pair(
            "MarginRanking",
            (x, t) -> new MarginRanking().margin(0.4).of(x, t, SIGNS),
            (x, t) -> hinge(oneMinus(signs().mul(x.sub(t))).sub(0.6)).mean()),
        new Pair(
            "TripletMargin",
            (x, t) -> new TripletMargin().of(x, t, x.mul(t)),
            (x, t) -> hinge(distance(x, t).sub(distance(x, x.mul(t))).add(1)).mean()),
        elementwise(new PoissonNLL(), (x, t) -> x.exp().sub(t.mul(x)).mean()),
        new Pair(
            "PoissonNLL of rates, without ε, is that of their logarithms",
            (x, t) -> new PoissonNLL().logInput(false).eps(0).of(x.exp(), t),
            (x, t) -> new PoissonNLL().of(x, t)),
        new Pair(
            "GaussianNLL",
            (x, t) -> new GaussianNLL().full(true).of(x, SIGNS, t.exp()),
            (x, t) -> {
              Variable deviation = t.mul(0.5).exp();
              Variable density =
                  signs()
                      .sub(x)
                      .div(deviation)
                      .square()
                      .mul(-0.5)
                      .exp()
                      .div(deviation.mul(Math.sqrt(2 * Math.PI)));
              return density.log().neg().mean();
            }),
        new Pair(
            "NegativeSampling",
            (x, t) -> new NegativeSampling().of(x.select(1, 0), t),
            (x, t) -> NegativeSampling.naive(x.select(1, 0), t)),
        new Pair(
            "NoiseContrastive",
            (x, t) -> new NoiseContrastive().of(x.select(1, 0), t, SIGNS.select(1, 1), SIGNS),
            (x, t) -> {
              // the odds of data against K draws of noise: e^s / (e^s + K·q)
              Variable p = x.select(1, 0).exp();
              Variable noise = signs().select(1, 1).exp().mul(C);
              Variable ofDrawn = t.exp();
              Variable noiseOfDrawn = signs().exp().mul(C);
              return p.div(p.add(noise))
                  .log()
                  .add(noiseOfDrawn.div(ofDrawn.add(noiseOfDrawn)).log().sum(1))
                  .mean()
                  .neg();
            }),
        new Pair(
            "ELBO",
            (x, t) -> new ELBO().beta(2).of(x.mul(t), SIGNS.sigmoid(), x, t),
            (x, t) -> {
              Variable divergence = x.square().add(t.exp()).sub(1).sub(t).sum().mul(0.5);
              Variable reconstruction =
                  BinaryCrossEntropyWithLogits.naive(x.mul(t), signs().sigmoid()).mul(N * C);
              return reconstruction.add(divergence.mul(2)).div(N);
            }),
        new Pair("GANLoss", GANLoss.NON_SATURATING::discriminator, GANLoss::naive));
  }

  /// The losses that have a definition here.
  static Set<String> names() {
    return pairs().map(pair -> pair.name().split("[ \\[,]")[0]).collect(Collectors.toSet());
  }

  @TestFactory
  Stream<DynamicTest> lossesAreCompositionsOfElementaryOperations() {
    return pairs()
        .map(pair ->
            dynamicTest(
                pair.name(),
                () -> {
                  Variable x = Variable.leaf(draw(1, N, C));
                  Variable t = Variable.leaf(draw(2, N, C));
                  Variable found = pair.loss().apply(x, t);
                  Variable wanted = pair.definition().apply(x, t);
                  assertEquals(wanted.item(), found.item(), TOLERANCE);
                  Gradients ours = found.backward();
                  Gradients theirs = wanted.backward();
                  for (Variable input : theirs.variables()) {
                    assertArrayEquals(
                        theirs.get(input).toDoubles(), ours.get(input).toDoubles(), TOLERANCE);
                  }
                }));
  }

  @Test
  void thePenaltyOfALinearCriticIsKnown() {
    // the slope of x ↦ x·w is w everywhere, so the penalty is λ·(‖w‖ − 1)²
    Variable w = Variable.leaf(Tensor.of(new double[] {3, 0, 4}, Shape.of(3, 1)));
    Variable loss =
        new GradientPenalty().of(x -> x.matmul(w), draw(1, 5, 3), draw(2, 5, 3), Seed.of(3));
    assertEquals(160, loss.item(), TOLERANCE);
    assertArrayEquals( // 2·λ·(‖w‖ − 1)·w/‖w‖
        new double[] {48, 0, 64}, loss.backward().get(w).toDoubles(), TOLERANCE);
  }

  @Test
  void reductionsAreJoinedAsTheirNamesSay() {
    Variable x = Variable.constant(draw(1, 4, 3));
    Tensor t = draw(2, 4, 3);
    Tensor losses = new MSE().reduction(NONE).of(x, t).value();
    assertEquals(Shape.of(4, 3), losses.shape());
    double sum = losses.sum().item();
    assertEquals(sum, new MSE().reduction(SUM).of(x, t).item(), 1e-12);
    assertEquals(sum / 12, new MSE().reduction(MEAN).of(x, t).item(), 1e-12);
    assertEquals(sum / 4, new MSE().reduction(BATCH_MEAN).of(x, t).item(), 1e-12);
  }

  @Test
  void aWeightedMeanOverLabelsDividesByTheSumOfTheWeights() {
    Variable logits = Variable.constant(draw(1, 3, 2));
    Tensor labels = Tensor.of(0, 1, 1);
    Tensor weights = Tensor.of(3.0, 1.0);
    double[] each = new CrossEntropy().reduction(NONE).of(logits, labels).value().toDoubles();
    assertEquals(
        (3 * each[0] + each[1] + each[2]) / 5,
        new CrossEntropy().weight(weights).of(logits, labels).item(),
        1e-12);
    assertEquals(
        (each[1] + each[2]) / 2,
        new CrossEntropy().weight(weights).ignoreIndex(0).of(logits, labels).item(),
        1e-12);
  }

  @Test
  void labelsOfI64AreAsGood() {
    Variable scores = Variable.constant(draw(1, N, C));
    Tensor wide = LABELS.to(DType.I64);
    for (Loss loss :
        new Loss[] {
          new CrossEntropy().ignoreIndex(1), new NLL().weight(draw(3, C)), new MultiMargin()
        }) {
      assertEquals(loss.of(scores, LABELS).item(), loss.of(scores, wide).item());
    }
  }

  @Test
  void anIgnoredExampleMayHoldAnything() {
    Tensor logits = Tensor.of(new double[] {1, 2, Double.NEGATIVE_INFINITY, 5}, Shape.of(2, 2));
    Variable leaf = Variable.leaf(logits);
    Variable loss = new CrossEntropy().ignoreIndex(-100).of(leaf, Tensor.of(1, -100));
    assertEquals(Math.log1p(Math.exp(-1)), loss.item(), 1e-12);
    double[] gradient = loss.backward().get(leaf).toDoubles();
    assertEquals(0, gradient[2]);
    assertEquals(0, gradient[3]);
  }
}
