package vectorgrad.bench;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.infra.IterationParams;
import org.openjdk.jmh.profile.InternalProfiler;
import org.openjdk.jmh.results.AggregationPolicy;
import org.openjdk.jmh.results.IterationResult;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.ScalarResult;

/// The processor time of the thread that calls, beside the time on the clock: on a machine that
/// others share it leaves out the time in which they had the core. What the garbage collector and
/// further threads did is not in it.
public final class CpuTime implements InternalProfiler {
  static final String LABEL = "cpu";
  private static final String WORKER = "-jmh-worker-";

  private static final AtomicLong OUTSIDE = new AtomicLong();

  private final ThreadMXBean threads = ManagementFactory.getThreadMXBean();
  private long before;

  /// Does what prepares an iteration and does not count.
  public static void outside(Runnable work) {
    var threads = ManagementFactory.getThreadMXBean();
    long start = threads.getCurrentThreadCpuTime();
    try {
      work.run();
    } finally {
      OUTSIDE.addAndGet(threads.getCurrentThreadCpuTime() - start);
    }
  }

  /// Counts what another process used on behalf of an iteration.
  public static void elsewhere(long nanoseconds) {
    OUTSIDE.addAndGet(-nanoseconds);
  }

  @Override
  public String getDescription() {
    return "processor time of the calling thread";
  }

  @Override
  public void beforeIteration(BenchmarkParams benchmark, IterationParams iteration) {
    before = used();
  }

  @Override
  public Collection<? extends Result<?>> afterIteration(
      BenchmarkParams benchmark, IterationParams iteration, IterationResult result) {
    double each = (double) (used() - before) / result.getMetadata().getAllOps();
    return List.of(new ScalarResult(LABEL, each, "ns/op", AggregationPolicy.AVG));
  }

  private long used() {
    long sum = 0;
    for (long id : threads.getAllThreadIds()) {
      var thread = threads.getThreadInfo(id);
      if (thread != null && thread.getThreadName().contains(WORKER)) {
        sum += Math.max(0, threads.getThreadCpuTime(id));
      }
    }
    return sum - OUTSIDE.get();
  }
}
