package vectorgrad.bench;

import java.lang.management.ManagementFactory;
import java.util.Collection;
import java.util.List;
import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.infra.IterationParams;
import org.openjdk.jmh.profile.InternalProfiler;
import org.openjdk.jmh.results.AggregationPolicy;
import org.openjdk.jmh.results.IterationResult;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.ScalarResult;

/// How long the JIT compiler worked during an iteration, as a share of it: what tells code that is
/// still becoming faster from a machine that is.
public final class Compiling implements InternalProfiler {
  static final String LABEL = "jit";
  private static final double NANOSECONDS = 1e6; // in a millisecond

  private long compiled; // milliseconds
  private long start;

  @Override
  public String getDescription() {
    return "share of the time in which the JIT compiler worked";
  }

  @Override
  public void beforeIteration(BenchmarkParams benchmark, IterationParams iteration) {
    compiled = total();
    start = System.nanoTime();
  }

  @Override
  public Collection<? extends Result<?>> afterIteration(
      BenchmarkParams benchmark, IterationParams iteration, IterationResult result) {
    double milliseconds = (System.nanoTime() - start) / NANOSECONDS;
    double share = (total() - compiled) / milliseconds;
    return List.of(new ScalarResult(LABEL, share, "", AggregationPolicy.AVG));
  }

  /// Of methods that are done.
  private static long total() {
    var compiler = ManagementFactory.getCompilationMXBean();
    return compiler == null || !compiler.isCompilationTimeMonitoringSupported()
        ? 0 // nothing is compiled
        : compiler.getTotalCompilationTime();
  }
}
