package vectorgrad.bench;

import java.util.List;

/// What one JVM took for an operation, in nanoseconds, a number for each iteration.
///
/// @param wall on the clock
/// @param cpu of the processor, see [CpuTime]
/// @param warmup on the clock, in the iterations before, which do not count
/// @param busy the shares of the time in which a device computed, where one was watched
record Times(List<Double> wall, List<Double> cpu, List<Double> warmup, List<Double> busy) {
  /// How much slower the last iterations that do not count may be.
  private static final double STEADY = 1.1;

  /// Results of before devices were watched have no such numbers.
  Times {
    busy = busy == null ? List.of() : busy;
  }

  Times(List<Double> wall, List<Double> cpu) {
    this(wall, cpu, List.of());
  }

  Times(List<Double> wall, List<Double> cpu, List<Double> warmup) {
    this(wall, cpu, warmup, List.of());
  }

  /// Whether the times had stopped falling when they began to count. If not, the JIT compiler was
  /// still at work, or another program.
  boolean steady() {
    int last = Math.min(wall.size(), warmup.size());
    return last == 0
        || Timing.median(warmup.subList(warmup.size() - last, warmup.size()))
            <= STEADY * Timing.median(wall);
  }
}
