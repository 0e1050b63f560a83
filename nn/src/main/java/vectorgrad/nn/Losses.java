package vectorgrad.nn;

import vectorgrad.autograd.Variable;
import vectorgrad.tensor.Tensor;

/// The usual losses in their usual form, for `import static vectorgrad.nn.Losses.*`. Each is a
/// record, which has the formula, the shapes and the options.
///
/// | for | losses |
/// |---|---|
/// | numbers | [#mse], [#mae], [#huber], [#smoothL1], [#poissonNLL], [#gaussianNLL] |
/// | one of many classes | [#crossEntropy], [#nll], [#multiMargin] |
/// | yes or no | [#binaryCrossEntropyWithLogits], [#binaryCrossEntropy], [#hinge], [#softMargin] |
/// | distributions | [#klDivergence], [#elbo] |
/// | places in a space | [#cosineEmbedding], [#hingeEmbedding], [#tripletMargin], [#marginRanking] |
/// | large vocabularies | [#negativeSampling], [#noiseContrastive] |
/// | adversaries | [GANLoss], [GradientPenalty] |
public final class Losses {
  private static final CrossEntropy CROSS_ENTROPY = new CrossEntropy();
  private static final MSE SQUARED = new MSE();
  private static final MAE ABSOLUTE = new MAE();
  private static final BinaryCrossEntropyWithLogits OF_LOGITS = new BinaryCrossEntropyWithLogits();

  private Losses() {}

  /// Cross-entropy of I32 labels (N), or of probabilities (N, C), under the softmax of logits (N,
  /// C): [CrossEntropy].
  ///
  /// @throws vectorgrad.tensor.ShapeException if there is not one label for each row of logits
  /// @throws vectorgrad.tensor.DTypeException if the labels are not I32 or I64
  public static Variable crossEntropy(Variable logits, Tensor labels) {
    return CROSS_ENTROPY.of(logits, labels);
  }

  /// [#crossEntropy(Variable, Tensor)] against labels smoothed by `labelSmoothing`.
  public static Variable crossEntropy(Variable logits, Tensor labels, double labelSmoothing) {
    return CROSS_ENTROPY.labelSmoothing(labelSmoothing).of(logits, labels);
  }

  /// Mean squared error: the mean of `(prediction − target)²` over all elements: [MSE]. The shapes
  /// must be equal: a target that broadcasts is a mistake here more often than not.
  public static Variable mse(Variable prediction, Variable target) {
    return SQUARED.of(prediction, target);
  }

  /// Mean squared error against a fixed target.
  public static Variable mse(Variable prediction, Tensor target) {
    return SQUARED.of(prediction, target);
  }

  /// Mean absolute error: the mean of `|prediction − target|`: [MAE]. Its slope at 0 is 0.
  public static Variable mae(Variable prediction, Variable target) {
    return ABSOLUTE.of(prediction, target);
  }

  /// Mean absolute error against a fixed target.
  public static Variable mae(Variable prediction, Tensor target) {
    return ABSOLUTE.of(prediction, target);
  }

  /// Squared up to an error of 1, absolute beyond: [Huber].
  public static Variable huber(Variable prediction, Tensor target) {
    return new Huber().of(prediction, target);
  }

  /// Absolute with a rounded tip: [SmoothL1].
  public static Variable smoothL1(Variable prediction, Tensor target) {
    return new SmoothL1().of(prediction, target);
  }

  /// Binary cross-entropy of targets `t` in [0, 1] under the sigmoid of logits, which no logit
  /// makes overflow: [BinaryCrossEntropyWithLogits].
  public static Variable binaryCrossEntropyWithLogits(Variable logits, Variable targets) {
    return OF_LOGITS.of(logits, targets);
  }

  /// Binary cross-entropy against fixed targets.
  public static Variable binaryCrossEntropyWithLogits(Variable logits, Tensor targets) {
    return OF_LOGITS.of(logits, targets);
  }

  /// Binary cross-entropy of targets under probabilities: [BinaryCrossEntropy]. With logits at
  /// hand, [#binaryCrossEntropyWithLogits].
  public static Variable binaryCrossEntropy(Variable probabilities, Tensor targets) {
    return new BinaryCrossEntropy().of(probabilities, targets);
  }

  /// Negative log-likelihood of labels (N) under log-probabilities (N, C): [NLL].
  public static Variable nll(Variable logProbabilities, Tensor labels) {
    return new NLL().of(logProbabilities, labels);
  }

  /// Divergence of probabilities from predicted log-probabilities, the mean over the first axis:
  /// [KLDivergence].
  public static Variable klDivergence(Variable logProbabilities, Tensor probabilities) {
    return new KLDivergence().of(logProbabilities, probabilities);
  }

  /// `max(0, 1 − t·x)` for targets of −1 and 1: [Hinge].
  public static Variable hinge(Variable scores, Tensor targets) {
    return new Hinge().of(scores, targets);
  }

  /// `log(1 + e^(−t·x))` for targets of −1 and 1: [SoftMargin].
  public static Variable softMargin(Variable scores, Tensor targets) {
    return new SoftMargin().of(scores, targets);
  }

  /// The hinge of many classes, for labels (N) and scores (N, C): [MultiMargin].
  public static Variable multiMargin(Variable scores, Tensor labels) {
    return new MultiMargin().of(scores, labels);
  }

  /// Of distances of pairs that are alike (1) or not (−1): [HingeEmbedding].
  public static Variable hingeEmbedding(Variable distances, Tensor targets) {
    return new HingeEmbedding().of(distances, targets);
  }

  /// Of angles of pairs of vectors (N, D) that are alike (1) or not (−1): [CosineEmbedding].
  public static Variable cosineEmbedding(Variable a, Variable b, Tensor targets) {
    return new CosineEmbedding().of(a, b, targets);
  }

  /// Of pairs of scores whose first (1) or second (−1) is to be higher: [MarginRanking].
  public static Variable marginRanking(Variable a, Variable b, Tensor targets) {
    return new MarginRanking().of(a, b, targets);
  }

  /// Of vectors (N, D) that are to be nearer to one than to another: [TripletMargin].
  public static Variable tripletMargin(Variable anchor, Variable positive, Variable negative) {
    return new TripletMargin().of(anchor, positive, negative);
  }

  /// Of counts under predicted logarithms of rates: [PoissonNLL].
  public static Variable poissonNLL(Variable logRates, Tensor counts) {
    return new PoissonNLL().of(logRates, counts);
  }

  /// Of numbers under Gaussians of predicted mean and variance: [GaussianNLL].
  public static Variable gaussianNLL(Variable mean, Tensor target, Variable variance) {
    return new GaussianNLL().of(mean, target, variance);
  }

  /// Of words (N, D), a neighbour of each, and words drawn at random (N, K, D): [NegativeSampling].
  public static Variable negativeSampling(Variable words, Variable neighbours, Variable drawn) {
    return new NegativeSampling().of(words, neighbours, drawn);
  }

  /// Of scores of observed classes (N) and of drawn ones (N, K), with the logarithms of how likely
  /// the draw makes each: [NoiseContrastive].
  public static Variable noiseContrastive(
      Variable scores, Variable drawn, Tensor logNoise, Tensor logNoiseOfDrawn) {
    return new NoiseContrastive().of(scores, drawn, logNoise, logNoiseOfDrawn);
  }

  /// Of an autoencoder's logits for pixels in [0, 1] and its latent Gaussians: [ELBO].
  public static Variable elbo(Variable decoded, Tensor x, Variable mean, Variable logVariance) {
    return new ELBO().of(decoded, x, mean, logVariance);
  }
}
