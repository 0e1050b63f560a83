package vectorgrad.numerics;

/// What became of many results of one operation in a format of few bits, beside what they would be
/// in float64.
///
/// A result loses `log₂(|x̂ − x| / |x|) + p` bits, of the `p` bits that the format has: none if it
/// is the exact one rounded, `p` if nothing of it is left.
///
/// @param results how many there are
/// @param overflows became ∞, or NaN where there is no ∞, of numbers that were finite
/// @param underflows became 0 and were not
/// @param subnormals became so small that bits are missing
/// @param nans became NaN of numbers that were none, such as `∞ − ∞`
/// @param worst the most bits that one result lost
/// @param mean the bits that they lost on average
public record Fidelity(
    long results,
    long overflows,
    long underflows,
    long subnormals,
    long nans,
    double worst,
    double mean) {

  /// Whether nothing happened but ordinary rounding.
  public boolean isHarmless() {
    return overflows == 0 && underflows == 0 && subnormals == 0 && nans == 0;
  }

  /// Counts results.
  public static final class Counter {
    private final FloatFormat format;
    private long results;
    private long overflows;
    private long underflows;
    private long subnormals;
    private long nans;
    private double worst;
    private double sum;

    /// Of results in `format`.
    public Counter(FloatFormat format) {
      this.format = format;
    }

    /// Counts one result.
    ///
    /// @param exact what it would be had nothing ever been rounded
    /// @param computed what the operation gave of its rounded arguments
    /// @param rounded that, rounded
    /// @param finite whether all its arguments were finite
    /// @param numbers whether none of its arguments was NaN
    public void count(
        double exact, double computed, double rounded, boolean finite, boolean numbers) {
      results++;
      if (Double.isNaN(computed)) {
        nans += numbers ? 1 : 0;
      } else if (!Double.isFinite(rounded)) {
        overflows += finite ? 1 : 0;
      } else if (computed != 0 && rounded == 0) {
        underflows++;
      } else if (rounded != 0 && Math.abs(rounded) < format.minNormal() && rounded != computed) {
        subnormals++;
      }
      double lost = lostBits(exact, rounded);
      worst = Math.max(worst, lost);
      sum += lost;
    }

    private double lostBits(double exact, double rounded) {
      if (Double.compare(exact, rounded) == 0 || exact == rounded) {
        return 0;
      }
      double relative = Math.abs((rounded - exact) / exact);
      double lost = Math.log(relative) / Math.log(2) + format.precision();
      return Double.isNaN(lost) ? format.precision() : Math.clamp(lost, 0, format.precision());
    }

    /// What was counted until now.
    public Fidelity total() {
      return new Fidelity(
          results,
          overflows,
          underflows,
          subnormals,
          nans,
          worst,
          results == 0 ? 0 : sum / results);
    }
  }
}
