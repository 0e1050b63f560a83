package vectorgrad.data;

import vectorgrad.numerics.Philox;
import vectorgrad.tensor.Message;
import vectorgrad.tensor.Seed;
import vectorgrad.tensor.Tensor;

/// Mixes every sample of a batch with another one of it, inputs and targets alike: a network that
/// learns from `λ·xᵢ + (1 − λ)·xⱼ` with the target `λ·yᵢ + (1 − λ)·yⱼ` behaves linearly between
/// samples, believes wrong labels less, and is less sure of itself.
///
/// | | |
/// |---|---|
/// | λ | one for each batch, from the beta distribution Beta(α, α) |
/// | j | a permutation of the batch; some samples may be their own partners |
/// | classes | become probabilities, F32 (N, C), which cross-entropy takes as they are |
/// | numbers | are mixed as they are |
///
/// α from 0.1 to 0.4 is usual. Towards 0, λ becomes 0 or 1, and the batches become those without,
/// in order or permuted; towards infinity it becomes ½. λ and partners are functions of seed, epoch
/// and batch, so a training that is resumed inside an epoch sees what it would have seen. Cost: one
/// more pass over the batch, on the loader's thread.
///
/// Source: Zhang, Cissé, Dauphin, Lopez-Paz, "mixup: beyond empirical risk minimization" (2018); as
/// their program does, with one λ for a batch.
///
/// @param alpha α, both parameters of the beta distribution, above 0
/// @param seed from which λ and partners follow
public record Mixup(double alpha, Seed seed) {
  /// Checks α.
  ///
  /// @throws IllegalArgumentException if it is not above 0, or infinite
  public Mixup {
    if (!(alpha > 0 && Double.isFinite(alpha))) {
      throw new IllegalArgumentException(
          Message.of("mixup", "alpha must be above 0, found " + alpha)
              .row("rule", "the share of a sample is drawn from Beta(alpha, alpha)")
              .row("help", "0.2 is usual; leave mixup out to mix nothing")
              .toString());
    }
  }

  /// How a batch is mixed.
  ///
  /// @param share λ, of the sample itself
  /// @param partners which other sample each one is mixed with; not to be written
  @SuppressWarnings("ArrayRecordComponent") // a plan that lives for one batch, compared by nobody
  record Mix(double share, int[] partners) {}

  /// How batch `batch` of `samples` samples of an epoch is mixed.
  Mix of(long epoch, int batch, int samples) {
    Seed own = seed.fold(epoch).fold(batch);
    return new Mix(share(own.fold(0)), Tensor.permutation(own.fold(1), samples).toInts());
  }

  /// λ = g / (g + h) for g and h from the gamma distribution Γ(α), by their logarithms: for small α
  /// they are smaller than any `double`.
  double share(Seed drawn) {
    double g = logGamma(drawn.key(), 0);
    double h = logGamma(drawn.key(), 1);
    return 1 / (1 + StrictMath.exp(h - g));
  }

  /// The logarithm of a number from Γ(α), for α ≥ 1 by Marsaglia and Tsang, "A simple method for
  /// generating gamma variables" (2000): `d·v` with `v = (1 + z / √(9d))³`, `d = α − ⅓` and z
  /// normal, if a uniform number is below the ratio of the densities; otherwise again, with the
  /// next counter. For α < 1 a number from Γ(α + 1) times `u^(1/α)`.
  private double logGamma(long key, long which) {
    double d = (alpha < 1 ? alpha + 1 : alpha) - 1.0 / 3;
    double c = 1 / Math.sqrt(9 * d);
    int[] words = new int[4];
    for (long counter = 0; ; counter++) {
      Philox.block(key, which, counter, words);
      double z =
          Math.sqrt(-2 * StrictMath.log(uniform(words[0])))
              * StrictMath.cos(2 * Math.PI * uniform(words[1]));
      double v = (1 + c * z) * (1 + c * z) * (1 + c * z);
      if (v > 0
          && StrictMath.log(uniform(words[2])) < z * z / 2 + d - d * v + d * StrictMath.log(v)) {
        double boost = alpha < 1 ? StrictMath.log(uniform(words[3])) / alpha : 0;
        return StrictMath.log(d * v) + boost;
      }
    }
  }

  /// In the middle of one of 2³² parts of (0, 1).
  private static double uniform(int word) {
    return ((word & 0xffffffffL) + 0.5) * 0x1p-32;
  }
}
