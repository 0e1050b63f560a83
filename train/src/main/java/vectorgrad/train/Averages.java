package vectorgrad.train;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/// The mean loss and metrics over the samples seen so far, kept as sums, so that batches of
/// different sizes count as they should.
///
/// @param samples how many samples were seen
/// @param lossSum the sum of their losses
/// @param sums the sums of their metrics, by the metric's name
public record Averages(long samples, double lossSum, Map<String, Double> sums) {
  /// Nothing seen yet.
  public static final Averages NONE = new Averages(0, 0, Map.of());

  /// Keeps a copy of the sums.
  public Averages {
    sums = Collections.unmodifiableMap(new LinkedHashMap<>(sums));
  }

  /// These averages with one batch more.
  ///
  /// @param count the samples of the batch
  /// @param meanLoss their mean loss
  /// @param totals the sums of their metrics, by name
  public Averages plus(int count, double meanLoss, Map<String, Double> totals) {
    return plus(new Averages(count, meanLoss * count, totals));
  }

  /// These averages with those of other samples.
  public Averages plus(Averages others) {
    Map<String, Double> more = new LinkedHashMap<>(sums);
    others.sums.forEach((name, total) -> more.merge(name, total, Double::sum));
    return new Averages(samples + others.samples, lossSum + others.lossSum, more);
  }

  /// The mean loss; NaN if nothing was seen.
  public double loss() {
    return lossSum / samples;
  }

  /// The mean of the metric with the given name; NaN if nothing was seen or it was not measured.
  public double metric(String name) {
    return sums.getOrDefault(name, Double.NaN) / samples;
  }

  /// The mean of [Metric#ACCURACY].
  public double accuracy() {
    return metric(Metric.ACCURACY.name());
  }
}
