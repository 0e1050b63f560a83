package vectorgrad.bench;

import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.infra.IterationParams;
import org.openjdk.jmh.profile.InternalProfiler;
import org.openjdk.jmh.results.AggregationPolicy;
import org.openjdk.jmh.results.IterationResult;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.ScalarResult;
import vectorgrad.train.Profile;

/// The share of an iteration in which a device computed, of benchmarks that watch one.
public final class Busy implements InternalProfiler {
  static final String LABEL = "busy";

  private static volatile Optional<Profile> watched = Optional.empty();

  /// Watches the device of `profile` from the next iteration on.
  public static void watch(Profile profile) {
    watched = Optional.of(profile);
  }

  @Override
  public String getDescription() {
    return "share of the time in which the device computed";
  }

  @Override
  public void beforeIteration(BenchmarkParams benchmark, IterationParams iteration) {
    watched.ifPresent(Profile::clear);
  }

  @Override
  public Collection<? extends Result<?>> afterIteration(
      BenchmarkParams benchmark, IterationParams iteration, IterationResult result) {
    return watched
        .map(profile -> {
          profile.rows(); // waits
          return List.of(new ScalarResult(LABEL, profile.busy(), "", AggregationPolicy.AVG));
        })
        .orElse(List.of());
  }
}
