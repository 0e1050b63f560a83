package vectorgrad.nn;

import java.util.Arrays;
import vectorgrad.autograd.Variable;
import vectorgrad.tensor.Message;
import vectorgrad.tensor.Shape;
import vectorgrad.tensor.ShapeException;

/// Negative sampling: an observed pair is to score high, and pairs with words drawn at random low:
///
/// `−log σ(s) − Σ log σ(−s′) = softplus(−s) + Σ softplus(s′)`
///
/// | name | shape | meaning |
/// |---|---|---|
/// | scores s | (N) | of the observed pairs |
/// | drawn s′ | (N, K) | of each with K words that were drawn |
/// | loss | (), or (N) without a reduction | |
///
/// K + 1 scores stand in for a softmax over the whole vocabulary. What is learned is `s = log(p /
/// q) − log K`, for words drawn from `q`; word2vec draws from `q ∝ count^¾`. [NoiseContrastive]
/// learns `log p`. Cost: an exponential and a logarithm a score, beside 2·D·(K + 1) flops a pair
/// where vectors are given.
///
/// Source: T. Mikolov et al., *Distributed representations of words and phrases and their
/// compositionality*, 2013, equation 4.
///
/// @param reduction mean, sum, or none
public record NegativeSampling(Loss.Reduction reduction) {
  /// The mean over all pairs.
  public NegativeSampling() {
    this(Loss.Reduction.MEAN);
  }

  /// A copy with this reduction.
  public NegativeSampling reduction(Loss.Reduction other) {
    return new NegativeSampling(other);
  }

  /// The loss of scores.
  ///
  /// @throws ShapeException if there are not some drawn scores for each observed one
  public Variable of(Variable scores, Variable drawn) {
    expectRows("NegativeSampling", scores.shape(), drawn.shape());
    return reduction.of(scores.neg().softplus().add(drawn.softplus().sum(1)));
  }

  /// The loss of vectors, whose products are the scores: of words (N, D), of a neighbour of each
  /// (N, D), and of K drawn words for each (N, K, D).
  ///
  /// @throws ShapeException if the shapes are not these
  public Variable of(Variable words, Variable neighbours, Variable drawn) {
    Agreement.ofShapes("NegativeSampling", "words", words, "neighbours", neighbours);
    return of(
        words.mul(neighbours).sum(-1), drawn.matmul(words.unsqueeze(words.rank())).squeeze(-1));
  }

  static void expectRows(String loss, Shape scores, Shape drawn) {
    int[] sizes = drawn.toArray();
    if (drawn.rank() != 2 || !scores.equals(Shape.of(Arrays.copyOf(sizes, 1)))) {
      throw new ShapeException(
          Message.of(loss, "there is not a row of drawn scores for each observed one")
              .row("scores", Location.column(scores, drawn) + "N")
              .row("drawn", Location.column(drawn, scores) + "N K"),
          scores,
          drawn);
    }
  }

  /// The definition, to be read and to be tested against: in f32 the sigmoid of a score of −104
  /// rounds to 0, whose logarithm is infinite.
  static Variable naive(Variable scores, Variable drawn) {
    return scores.sigmoid().log().add(drawn.neg().sigmoid().log().sum(1)).neg().mean();
  }
}
