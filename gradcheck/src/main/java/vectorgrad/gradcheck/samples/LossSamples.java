package vectorgrad.gradcheck.samples;

import static vectorgrad.nn.Loss.Reduction.NONE;
import static vectorgrad.nn.Loss.Reduction.SUM;

import vectorgrad.autograd.Variable;
import vectorgrad.gradcheck.GradCheck;
import vectorgrad.nn.BinaryCrossEntropy;
import vectorgrad.nn.BinaryCrossEntropyWithLogits;
import vectorgrad.nn.CosineEmbedding;
import vectorgrad.nn.CrossEntropy;
import vectorgrad.nn.ELBO;
import vectorgrad.nn.GANLoss;
import vectorgrad.nn.GaussianNLL;
import vectorgrad.nn.GradientPenalty;
import vectorgrad.nn.Hinge;
import vectorgrad.nn.HingeEmbedding;
import vectorgrad.nn.Huber;
import vectorgrad.nn.KLDivergence;
import vectorgrad.nn.Layer;
import vectorgrad.nn.Layers;
import vectorgrad.nn.Losses;
import vectorgrad.nn.MAE;
import vectorgrad.nn.MSE;
import vectorgrad.nn.MarginRanking;
import vectorgrad.nn.MultiMargin;
import vectorgrad.nn.NLL;
import vectorgrad.nn.NegativeSampling;
import vectorgrad.nn.NoiseContrastive;
import vectorgrad.nn.PoissonNLL;
import vectorgrad.nn.SmoothL1;
import vectorgrad.nn.SoftMargin;
import vectorgrad.nn.TripletMargin;
import vectorgrad.tensor.DType;
import vectorgrad.tensor.Seed;
import vectorgrad.tensor.Shape;
import vectorgrad.tensor.Tensor;

/// Losses; every one of `nn` has a sample here: under the name of its record with options that are
/// not the defaults, under the name of its method with the defaults.
final class LossSamples {
  private static final int[] LABELS = {2, 0, 3};

  /// Targets of −1 and 1 for inputs (3, 4), and for three pairs.
  private static final Tensor SIGNS =
      Tensor.of(new double[] {1, -1, -1, 1, -1, 1, 1, -1, 1, 1, -1, -1}, Shape.of(3, 4));

  private static final Tensor PAIRS = Tensor.of(1.0, -1.0, -1.0);
  private static final Tensor WEIGHTS = Tensor.of(0.5, 2.0, 1.0, 0.25);

  // smooth, as a gradient penalty of order 2 is a derivative of order 3 of the critic
  private final Layer critic =
      Layers.sequential(Layers.linear(3, 4), Layers.tanh(), Layers.linear(4, 1))
          .initialize(Seed.of(6))
          .to(DType.F64);

  // ---- classes ----------------------------------------------------------------------------------

  @GradCheck
  static Variable crossEntropy(Variable logits) {
    return Losses.crossEntropy(logits, Tensor.of(LABELS));
  }

  @GradCheck(of = "crossEntropy")
  static Variable crossEntropySmoothed(Variable logits) {
    return Losses.crossEntropy(logits, Tensor.of(LABELS), 0.2);
  }

  @GradCheck(of = "CrossEntropy")
  static Variable crossEntropyOfEachExample(Variable logits) {
    return new CrossEntropy().reduction(NONE).of(logits, Tensor.of(LABELS));
  }

  @GradCheck(of = "CrossEntropy")
  static Variable crossEntropyWithoutPadding(Variable logits) {
    return new CrossEntropy().ignoreIndex(3).of(logits, Tensor.of(LABELS));
  }

  @GradCheck(of = "CrossEntropy")
  static Variable crossEntropyWeighted(Variable logits) {
    return new CrossEntropy()
        .weight(WEIGHTS)
        .labelSmoothing(0.1)
        .ignoreIndex(0)
        .of(logits, Tensor.of(LABELS));
  }

  @GradCheck(of = "CrossEntropy")
  static Variable crossEntropyOfProbabilities(Variable logits, Variable probabilities) {
    return new CrossEntropy().labelSmoothing(0.1).of(logits, probabilities.softmax(1));
  }

  @GradCheck
  static Variable nll(Variable logits) {
    return Losses.nll(logits.logSoftmax(1), Tensor.of(LABELS));
  }

  @GradCheck(of = "NLL", shapes = "1,4,3")
  static Variable nllOfLines(Variable x) {
    return new NLL().weight(WEIGHTS).of(x.square(), Tensor.of(LABELS).unsqueeze(0));
  }

  @GradCheck(away = 1.1)
  static Variable multiMargin(Variable scores) {
    return Losses.multiMargin(scores.mul(0.3), Tensor.of(LABELS)).square();
  }

  @GradCheck(of = "MultiMargin")
  static Variable multiMarginSquared(Variable scores) {
    return new MultiMargin()
        .p(2)
        .margin(4.5) // nothing is so far behind that it costs nothing
        .weight(WEIGHTS)
        .reduction(NONE)
        .of(scores, Tensor.of(LABELS));
  }

  // ---- numbers ----------------------------------------------------------------------------------

  @GradCheck
  static Variable mse(Variable prediction, Variable target) {
    return Losses.mse(prediction, target);
  }

  @GradCheck(of = "MSE")
  static Variable mseOfExamples(Variable prediction, Variable target) {
    return new MSE().reduction(vectorgrad.nn.Loss.Reduction.BATCH_MEAN).of(prediction, target);
  }

  @GradCheck
  static Variable mae(Variable prediction, Variable target) {
    return Losses.mae(prediction, target.mul(0.1)).square();
  }

  @GradCheck(of = "MAE")
  static Variable maeOfEach(Variable prediction, Variable target) {
    return new MAE().reduction(NONE).of(prediction, target.mul(0.1)).square();
  }

  @GradCheck
  static Variable huber(Variable prediction) {
    return Losses.huber(prediction.square(), Tensor.zeros(prediction.shape(), DType.F64));
  }

  @GradCheck(of = "Huber")
  static Variable huberOfDelta(Variable prediction, Variable target) {
    return new Huber().delta(0.2).reduction(SUM).of(prediction, target.mul(0.1)).square();
  }

  @GradCheck
  static Variable smoothL1(Variable prediction) {
    return Losses.smoothL1(prediction.square(), Tensor.zeros(prediction.shape(), DType.F64));
  }

  @GradCheck(of = "SmoothL1")
  static Variable smoothL1OfBeta(Variable prediction, Variable target) {
    return new SmoothL1().beta(5).reduction(NONE).of(prediction, target);
  }

  @GradCheck
  static Variable poissonNLL(Variable logRates) {
    return Losses.poissonNLL(logRates, SIGNS.add(1));
  }

  @GradCheck(of = "PoissonNLL")
  static Variable poissonNLLOfRates(Variable rates, Variable counts) {
    return new PoissonNLL()
        .logInput(false)
        .full(true)
        .eps(0.01)
        .reduction(NONE)
        .of(rates.square(), counts.square().add(1.5));
  }

  @GradCheck
  static Variable gaussianNLL(Variable mean, Variable variance) {
    return Losses.gaussianNLL(mean, SIGNS, variance.square());
  }

  @GradCheck(
      of = "GaussianNLL",
      shapes = {"3,4", "3,1"})
  static Variable gaussianNLLOfRows(Variable mean, Variable variance) {
    return new GaussianNLL().full(true).reduction(NONE).of(mean, SIGNS, variance.exp());
  }

  // ---- yes or no --------------------------------------------------------------------------------

  @GradCheck
  static Variable binaryCrossEntropyWithLogits(Variable logits, Variable targets) {
    return Losses.binaryCrossEntropyWithLogits(logits, targets.sigmoid());
  }

  @GradCheck(of = "BinaryCrossEntropyWithLogits")
  static Variable binaryCrossEntropyWithLogitsWeighted(Variable logits, Variable targets) {
    return new BinaryCrossEntropyWithLogits()
        .weight(WEIGHTS)
        .posWeight(Tensor.of(3.0))
        .reduction(NONE)
        .of(logits, targets.sigmoid());
  }

  @GradCheck
  static Variable binaryCrossEntropy(Variable x) {
    return Losses.binaryCrossEntropy(x.sigmoid(), SIGNS.add(1).mul(0.4));
  }

  @GradCheck(of = "BinaryCrossEntropy")
  static Variable binaryCrossEntropyWeighted(Variable x, Variable targets) {
    return new BinaryCrossEntropy()
        .weight(WEIGHTS)
        .reduction(SUM)
        .of(x.sigmoid(), targets.sigmoid());
  }

  @GradCheck
  static Variable hinge(Variable scores) {
    return Losses.hinge(scores.mul(0.4), SIGNS).square();
  }

  @GradCheck(of = "Hinge")
  static Variable hingeSquared(Variable scores) {
    return new Hinge().squared(true).reduction(NONE).of(scores.mul(0.4), SIGNS);
  }

  @GradCheck
  static Variable softMargin(Variable scores) {
    return Losses.softMargin(scores, SIGNS);
  }

  @GradCheck(of = "SoftMargin")
  static Variable softMarginOfEach(Variable scores, Variable targets) {
    return new SoftMargin().reduction(NONE).of(scores, targets);
  }

  // ---- distributions ----------------------------------------------------------------------------

  @GradCheck
  static Variable klDivergence(Variable logits) {
    return Losses.klDivergence(logits.logSoftmax(1), SIGNS.softmax(1));
  }

  @GradCheck(of = "KLDivergence")
  static Variable klDivergenceOfLogarithms(Variable logits, Variable target) {
    return new KLDivergence()
        .logTarget(true)
        .reduction(SUM)
        .of(logits.logSoftmax(1), target.logSoftmax(1));
  }

  @GradCheck(of = "KLDivergence")
  static Variable klDivergenceOfProbabilities(Variable logits, Variable target) {
    return new KLDivergence().of(logits.logSoftmax(1), target.softmax(1));
  }

  @GradCheck(shapes = {"3,4", "3,2", "3,2"})
  static Variable elbo(Variable decoded, Variable mean, Variable logVariance) {
    return Losses.elbo(decoded, SIGNS.sigmoid(), mean, logVariance);
  }

  @GradCheck(
      of = "ELBO",
      shapes = {"3,4", "3,4"})
  static Variable elboOfADraw(Variable mean, Variable logVariance) {
    Variable z = ELBO.sample(mean, logVariance, Seed.of(3));
    return new ELBO()
        .reconstruction(new MSE().reduction(NONE))
        .beta(0.3)
        .reduction(NONE)
        .of(z.sin(), SIGNS, mean, logVariance);
  }

  // ---- places in a space ------------------------------------------------------------------------

  @GradCheck
  static Variable cosineEmbedding(Variable a, Variable b) {
    return Losses.cosineEmbedding(a, b, Tensor.ones(PAIRS.shape(), DType.F64));
  }

  @GradCheck(of = "CosineEmbedding")
  static Variable cosineEmbeddingOfUnlikePairs(Variable a, Variable b) {
    return new CosineEmbedding().margin(-1).reduction(NONE).of(a, b, PAIRS);
  }

  @GradCheck
  static Variable hingeEmbedding(Variable distances) {
    return Losses.hingeEmbedding(distances.mul(0.4), SIGNS).square();
  }

  @GradCheck(of = "HingeEmbedding")
  static Variable hingeEmbeddingOfEach(Variable distances) {
    return new HingeEmbedding().margin(2.5).reduction(NONE).of(distances, SIGNS).square();
  }

  @GradCheck(away = 1)
  static Variable marginRanking(Variable a, Variable b) {
    return Losses.marginRanking(a, b.mul(0.2), SIGNS).square();
  }

  @GradCheck(of = "MarginRanking")
  static Variable marginRankingOfEach(Variable a, Variable b) {
    return new MarginRanking().margin(4.5).reduction(NONE).of(a, b, SIGNS).square();
  }

  @GradCheck
  static Variable tripletMargin(Variable anchor, Variable positive, Variable negative) {
    return Losses.tripletMargin(anchor, positive, negative.mul(0.1)).square();
  }

  @GradCheck(of = "TripletMargin")
  static Variable tripletMarginSwapped(Variable anchor, Variable positive, Variable negative) {
    return new TripletMargin()
        .margin(20)
        .p(3)
        .swap(true)
        .reduction(NONE)
        .of(anchor, positive.mul(0.1), negative)
        .square();
  }

  // ---- large vocabularies -----------------------------------------------------------------------

  @GradCheck(shapes = {"3,4", "3,4", "3,2,4"})
  static Variable negativeSampling(Variable words, Variable neighbours, Variable drawn) {
    return Losses.negativeSampling(words, neighbours, drawn);
  }

  @GradCheck(
      of = "NegativeSampling",
      shapes = {"3", "3,4"})
  static Variable negativeSamplingOfScores(Variable scores, Variable drawn) {
    return new NegativeSampling().reduction(NONE).of(scores, drawn);
  }

  @GradCheck(shapes = {"3", "3,4"})
  static Variable noiseContrastive(Variable scores, Variable drawn) {
    return Losses.noiseContrastive(scores, drawn, PAIRS, SIGNS);
  }

  @GradCheck(
      of = "NoiseContrastive",
      shapes = {"3", "3,4"})
  static Variable noiseContrastiveOfEach(Variable scores, Variable drawn) {
    return new NoiseContrastive().reduction(NONE).of(scores, drawn, PAIRS, SIGNS);
  }

  // ---- adversaries ------------------------------------------------------------------------------

  @GradCheck(of = "GANLoss", to = 0.9)
  static Variable adversaries(Variable real, Variable generated) {
    Variable sum = generated.mean();
    for (GANLoss loss : GANLoss.values()) {
      Variable both = loss.discriminator(real, generated.mul(0.45)).mul(loss.generator(generated));
      sum = sum.add(both.square());
    }
    return sum;
  }

  @GradCheck(of = "GradientPenalty", shapes = "2,3")
  Variable gradientPenalty(Variable x) {
    Tensor real = Tensor.normal(Seed.of(7), 0, Shape.of(2, 3), DType.F64);
    Tensor generated = Tensor.normal(Seed.of(8), 0, Shape.of(2, 3), DType.F64);
    return new GradientPenalty().of(v -> critic.forward(v.mul(x)), real, generated, Seed.of(9));
  }
}
