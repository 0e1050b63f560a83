package vectorgrad.tensor;

import java.util.function.DoubleUnaryOperator;
import vectorgrad.numerics.Gaussian;

/// What random numbers are drawn from, and how the words of the generator become elements.
///
/// The generator is Philox4x32-10: a key (the [Seed]) and a counter give a *block* of four words of
/// 32 bits. Element `i` of a draw depends on its own words alone, so a draw has the same bits for
/// any number of threads, on every device, and however it is cut into parts.
///
/// | distribution | elements | words of element `i`, for a draw from counter `c` on |
/// |---|---|---|
/// | [Uniform], f32 | 4 a block | word `i mod 4` of block `c + i / 4` |
/// | [Normal] | 4 a block | a pair of words for each pair of elements, of block `c + i / 4` |
/// | all others, and [Uniform], f64 | 2 a block | a pair of words of block `c + i / 2` |
///
/// So a draw of `n` elements uses the counters from `c` up to but without `c + ⌈n / 2⌉`, or less.
/// Draws of one seed that must be independent begin at counters so far apart; or each takes a seed
/// of its own ([Seed#fold]).
///
/// ```java
/// var d = Distribution.truncatedNormal(0, 0.02, -0.04, 0.04);
/// Tensor weight = Tensor.random(d, Seed.of(1), 0, Shape.of(768, 768), DType.F32, Device.CPU);
/// ```
public sealed interface Distribution {
  /// Evenly in `[0, 1)`.
  static Distribution uniform() {
    return new Uniform(0, 1);
  }

  /// Mean 0, variance 1.
  static Distribution normal() {
    return new Normal(0, 1);
  }

  /// Evenly in `[low, high)`.
  static Distribution uniform(double low, double high) {
    return new Uniform(low, high);
  }

  /// The normal distribution of the given mean and standard deviation.
  static Distribution normal(double mean, double std) {
    return new Normal(mean, std);
  }

  /// The normal distribution without what is outside `[low, high]`.
  static Distribution truncatedNormal(double mean, double std, double low, double high) {
    return new TruncatedNormal(mean, std, low, high);
  }

  /// Waiting times of mean `1 / rate`.
  static Distribution exponential(double rate) {
    return new Exponential(rate);
  }

  /// The largest of many: added to logarithms of weights, the largest sum chooses by weight.
  static Distribution gumbel() {
    return new Gumbel();
  }

  /// True with probability `p`.
  static Distribution bernoulli(double p) {
    return new Bernoulli(p);
  }

  /// Whole numbers evenly from `low` up to but without `high`.
  static Distribution integers(long low, long high) {
    return new Integers(low, high);
  }

  /// Whether elements of `dtype` can be drawn: f32 and f64, if nothing else is said.
  default boolean draws(DType dtype) {
    return dtype == DType.F32 || dtype == DType.F64;
  }

  /// `low + (high − low)·u`, in `[low, high)`. For f32, `u` is the upper 24 bits of one word times
  /// 2⁻²⁴; for f64, the upper 53 bits of two words, the first above the second, times 2⁻⁵³.
  /// Computed in f64 and rounded once; what would round to `high` becomes its lower neighbour.
  ///
  /// @param low the least number
  /// @param high the end, which does not come up
  record Uniform(double low, double high) implements Distribution {
    /// Checks that there is something between the limits.
    public Uniform {
      if (!(low < high && Double.isFinite(high - low))) {
        throw refused("uniform", "there is nothing from " + low + " to " + high);
      }
    }
  }

  /// `mean + std·z`, with z by Box and Muller (1958): the words `a, b` of a pair give the elements
  /// `r·cos φ` and `r·sin φ` of `r = √(−2·ln((a + 1) / 2³²))`, `φ = 2π·b / 2³²`. Computed in f64
  /// and rounded once. No element is more than 6.7 standard deviations from the mean.
  ///
  /// @param mean the middle
  /// @param std the standard deviation, not negative
  record Normal(double mean, double std) implements Distribution {
    /// Checks that the numbers are finite, and `std` not negative.
    public Normal {
      if (!(Double.isFinite(mean) && std >= 0 && Double.isFinite(std))) {
        throw refused(
            "normal", "no normal distribution has mean " + mean + " and standard deviation " + std);
      }
    }
  }

  /// A distribution by inversion: an element is the quantile of one number `u` in `(0, 1)`, `(k +
  /// ½)·2⁻⁵²` with k the upper 52 bits of two words, the first above the second. Both ends are
  /// never reached, and `1 − u` is as likely as `u`. Computed in f64 and rounded once.
  ///
  /// Yours may be one too:
  ///
  /// ```java
  /// record Cauchy() implements Distribution.Inverse {
  ///   public DoubleUnaryOperator quantile() {
  ///     return u -> StrictMath.tan(Math.PI * (u - 0.5));
  ///   }
  /// }
  /// ```
  non-sealed interface Inverse extends Distribution {
    /// The number that is exceeded with probability `1 − u`, as a function of `u`. It should use
    /// `StrictMath`, so that its bits are the same on every machine.
    DoubleUnaryOperator quantile();
  }

  /// The normal distribution of the given mean and standard deviation, before cutting, without what
  /// is outside `[low, high]`: `mean + std·Φ⁻¹(Φ(α) + (Φ(β) − Φ(α))·u)` with α and β the limits in
  /// standard deviations from the mean. Where both are above the mean everything is mirrored, since
  /// Φ is exact near 0 and not near 1. Limits more than 37 deviations on one side of the mean leave
  /// only the nearer of them.
  ///
  /// @param mean the middle before cutting
  /// @param std the standard deviation before cutting, positive
  /// @param low the least number
  /// @param high the greatest number
  record TruncatedNormal(double mean, double std, double low, double high) implements Inverse {
    /// Checks that there is something between the limits, which may be infinite.
    public TruncatedNormal {
      if (!(Double.isFinite(mean) && std > 0 && Double.isFinite(std))) {
        throw refused(
            "truncatedNormal",
            "no normal distribution has mean " + mean + " and standard deviation " + std);
      }
      if (!(low < high)) {
        throw refused("truncatedNormal", "there is nothing from " + low + " to " + high);
      }
    }

    /// −1 if both limits are above the mean and everything is mirrored, or 1.
    public double sign() {
      return low > mean ? -1 : 1;
    }

    /// How likely it was to be beyond the limit where `u` begins.
    public double start() {
      return cumulative(sign() > 0 ? low : high);
    }

    /// How likely it was to be within the limits.
    public double range() {
      return cumulative(sign() > 0 ? high : low) - start();
    }

    private double cumulative(double x) {
      return Gaussian.cumulative((x - mean) / std * sign());
    }

    /// The limit nearer to the mean, which alone is left if the range is 0.
    public double nearer() {
      return sign() > 0 ? high : low;
    }

    @Override
    public DoubleUnaryOperator quantile() {
      double scale = sign() * std;
      double start = start();
      double range = range();
      double nearer = nearer();
      return range == 0
          ? _ -> nearer
          : u -> Math.clamp(mean + scale * Gaussian.quantile(start + range * u), low, high);
    }
  }

  /// `−ln(u) / rate`, of mean `1 / rate`.
  ///
  /// @param rate how often what is waited for happens, positive
  record Exponential(double rate) implements Inverse {
    /// Checks that the rate is positive.
    public Exponential {
      if (!(rate > 0 && Double.isFinite(rate))) {
        throw refused("exponential", "the rate is not positive, " + rate);
      }
    }

    @Override
    public DoubleUnaryOperator quantile() {
      return u -> -StrictMath.log(u) / rate;
    }
  }

  /// `−ln(−ln u)`, of mean 0.5772 and variance π² / 6.
  record Gumbel() implements Inverse {
    @Override
    public DoubleUnaryOperator quantile() {
      return u -> -StrictMath.log(-StrictMath.log(u));
    }
  }

  /// True if `u < p`, with `u` as [Uniform] draws it in f64. Draws bool.
  ///
  /// @param p the probability of truth, 0 to 1
  record Bernoulli(double p) implements Distribution {
    /// Checks that `p` is a probability.
    public Bernoulli {
      if (!(p >= 0 && p <= 1)) {
        throw refused("bernoulli", "no probability is " + p);
      }
    }

    @Override
    public boolean draws(DType dtype) {
      return dtype == DType.BOOL;
    }
  }

  /// Whole numbers from `low` up to but without `high`, each exactly as likely as any other. Draws
  /// i32, i64 and u8.
  ///
  /// With `n = high − low` and x the 64 bits of two words, `x·n = h·2⁶⁴ + l` gives `low + h`,
  /// except if `l < 2⁶⁴ mod n`: then some numbers would come up once too often, and x is drawn
  /// again, from the same counter with 1, 2, … as its upper 64 bits, which are 0 in all other
  /// draws. For n below 2³² that happens less than once in 2³² draws.
  ///
  /// Source: D. Lemire, "Fast random integer generation in an interval" (2019).
  ///
  /// @param low the least number
  /// @param high the end, which does not come up
  record Integers(long low, long high) implements Distribution {
    /// Checks that there is a number.
    public Integers {
      if (low >= high) {
        throw refused("integers", "there is nothing from " + low + " to " + high);
      }
    }

    @Override
    public boolean draws(DType dtype) {
      return switch (dtype) {
        case I64 -> true;
        case I32 -> low >= Integer.MIN_VALUE && high - 1 <= Integer.MAX_VALUE;
        case U8 -> low >= 0 && high <= 256;
        default -> false;
      };
    }
  }

  private static TensorException refused(String operation, String problem) {
    return new TensorException(Message.of(operation, problem));
  }
}
