package vectorgrad.nn;

import java.util.Optional;
import vectorgrad.autograd.Variable;
import vectorgrad.tensor.Message;
import vectorgrad.tensor.Shape;
import vectorgrad.tensor.ShapeException;
import vectorgrad.tensor.Tensor;

/// Attention: every query takes the mean of the values, weighed by how well their keys fit,
/// `softmax(Q·Kᵀ/√d)·V`.
///
/// | name | shape | meaning |
/// |------|-------|---------|
/// | query | (…, H, Lq, d) | any leading axes; without H too |
/// | key | (…, G, Lk, d) | G divides H: H / G neighbouring heads of queries share one of keys |
/// | value | (…, G, Lk, v) | |
/// | result | (…, H, Lq, v) | |
///
/// **A query that may look at nothing** gives 0, with a gradient of 0; PyTorch 1.13 gives NaN
/// there. What is masked has a weight of exactly 0, so it may hold any finite numbers.
///
/// Cost: 2·H·Lq·Lk·(d + v) flops, half of it if causal; backward two and a half times as much, and
/// keeps q, k, v, the result and two numbers for each query. **No matrix of queries and keys is in
/// memory**: weights are computed in blocks, and again in backward (`Blockwise`). Only under a mask
/// other than [AttentionMask#causal()], with a bias or with dropout that drops, or within an
/// [vectorgrad.autograd.Autocast], are there H·Lq·Lk of them, which backward keeps.
///
/// Vaswani et al. 2017, equation 1; shared heads: Shazeer 2019 (G = 1), Ainslie et al. 2023;
/// blocks: Rabe and Staats 2021, Dao 2023.
public final class Attention {
  private Attention() {}

  /// The definition, written out: heads repeated, scores, masks as −∞, the quotient of
  /// exponentials.
  static Variable naive(Variable query, Variable key, Variable value, AttentionMask mask) {
    int sharing = query.rank() < 3 ? 1 : query.size(-3) / key.size(-3);
    Variable k = sharing == 1 ? key : key.repeatInterleave(sharing, -3);
    Variable v = sharing == 1 ? value : value.repeatInterleave(sharing, -3);
    Variable scores = query.matmul(k.transpose()).div(Math.sqrt(query.size(-1)));
    Variable biased = mask.bias().map(scores::add).orElse(scores);
    Variable seen =
        mask.allowed(query.size(-2), key.size(-2), query.device())
            .map(allowed -> biased.maskedFill(allowed.logicalNot(), Double.NEGATIVE_INFINITY))
            .orElse(biased);
    Variable powers = seen.exp();
    return powers.div(powers.sum(true, -1)).matmul(v);
  }

  /// Every query looks at every key.
  ///
  /// @throws ShapeException if the shapes do not fit
  public static Variable scaledDotProductAttention(Variable query, Variable key, Variable value) {
    return scaledDotProductAttention(query, key, value, AttentionMask.none(), Optional.empty());
  }

  /// Every query looks at the keys that the mask allows; `dropout`, if any, drops weights.
  ///
  /// @throws ShapeException if the shapes do not fit, or the mask does not broadcast to the scores
  public static Variable scaledDotProductAttention(
      Variable query, Variable key, Variable value, AttentionMask mask, Optional<Dropout> dropout) {
    if (value.rank() != key.rank() || !value.shape().with(-1, 1).equals(key.shape().with(-1, 1))) {
      throw refused("one value for each key is needed", query, key, value);
    }
    expectFit(query, key);
    // a single query has one row of weights, and its heads read shared keys together
    return query.size(-2) > 1 && Blockwise.suits(mask, dropout, query, key, value)
        ? inBlocks(query, key, value, mask.onlyPast())
        : composed(query, key, value, mask, dropout);
  }

  private static Variable inBlocks(Variable query, Variable key, Variable value, boolean causal) {
    Variable q = ofFourAxes(query);
    Variable k = ofFourAxes(key);
    Variable y =
        Variable.apply(new Blockwise(q.size(1), k.size(1), causal), q, k, ofFourAxes(value));
    return query.rank() == 4 ? y : y.reshape(query.shape().with(-1, value.size(-1)));
  }

  private static Variable ofFourAxes(Variable x) {
    int rank = x.rank();
    return rank == 4 ? x : x.reshape(-1, rank < 3 ? 1 : x.size(-3), x.size(-2), x.size(-1));
  }

  /// From operations on all weights at once, (…, H, Lq, Lk): under any mask, with dropout.
  static Variable composed(
      Variable query, Variable key, Variable value, AttentionMask mask, Optional<Dropout> dropout) {
    Variable weights = weights(query, key, mask);
    Variable kept = dropout.isPresent() ? dropout.get().forward(weights) : weights;
    return split(grouped(kept, key).matmul(value), query);
  }

  /// How much every query looks at every key, (…, H, Lq, Lk): each row sums to 1, or is 0 where
  /// nothing is allowed.
  ///
  /// @throws ShapeException if the shapes do not fit, or the mask does not broadcast to the scores
  public static Variable weights(Variable query, Variable key, AttentionMask mask) {
    expectFit(query, key);
    Variable small = query.mul(1 / Math.sqrt(query.size(-1))); // fewer numbers than the scores
    Variable raw = split(grouped(small, key).matmul(key.transpose()), query);
    Variable scores = mask.bias().isPresent() ? raw.add(mask.bias().get()) : raw;
    Optional<Tensor> allowed = mask.allowed(query.size(-2), key.size(-2), query.device());
    return allowed.isPresent() ? masked(scores, allowed.get()) : scores.softmax(-1);
  }

  private static void expectFit(Variable query, Variable key) {
    if (query.rank() < 2 || key.rank() != query.rank() || query.size(-1) != key.size(-1)) {
      throw refused("queries and keys need equal features and axes", query, key, key);
    }
    if (!batch(query.shape()).equals(batch(key.shape()))) {
      throw refused("queries and keys are of different batches", query, key, key);
    }
    if (query.rank() > 2 && (key.size(-3) == 0 || query.size(-3) % key.size(-3) != 0)) {
      throw refused(
          "the heads of keys, " + key.size(-3) + ", do not divide those of queries",
          query,
          key,
          key);
    }
  }

  /// The sizes of the axes before the heads.
  private static Shape batch(Shape shape) {
    Shape alike = shape.with(-1, 1).with(-2, 1);
    return shape.rank() < 3 ? alike : alike.with(-3, 1);
  }

  private static Variable masked(Variable scores, Tensor allowed) {
    Tensor any = allowed.any(true, -1);
    Tensor blocked = allowed.logicalNot();
    if (any.all().item() != 0) {
      return scores.maskedFill(blocked, Double.NEGATIVE_INFINITY).softmax(-1);
    }
    // −∞ everywhere would be 0/0: such rows keep their scores, and lose their weights
    return scores
        .maskedFill(blocked.logicalAnd(any), Double.NEGATIVE_INFINITY)
        .softmax(-1)
        .maskedFill(any.logicalNot(), 0);
  }

  /// The heads of `x` that share a head of keys one below the other, (…, G, H/G·L, d).
  private static Variable grouped(Variable x, Variable key) {
    if (x.rank() < 3) {
      return x;
    }
    int heads = key.size(-3);
    return x.reshape(x.shape().with(-3, heads).with(-2, x.size(-3) / heads * x.size(-2)));
  }

  /// The heads one beside the other again, as those of `query` are.
  private static Variable split(Variable y, Variable query) {
    return y.reshape(query.shape().with(-1, y.size(-1)));
  }

  private static ShapeException refused(String problem, Variable q, Variable k, Variable v) {
    return new ShapeException(
        Message.of("scaledDotProductAttention", problem)
            .row("query", q.shape())
            .row("key", k.shape())
            .row("value", v.shape())
            .row("rule", "(… H Lq d), (… G Lk d) and (… G Lk v), where G divides H"),
        q.shape(),
        k.shape(),
        v.shape());
  }
}
