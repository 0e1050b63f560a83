package vectorgrad.bench;

import java.util.List;
import java.util.stream.IntStream;

/// What one JVM took for an operation, in nanoseconds, a number for each iteration.
///
/// @param round in which it was, from 1
/// @param wall on the clock
/// @param cpu of the processor, see [CpuTime]
/// @param warmup on the clock, in the iterations before, which do not count
/// @param busy the shares of the time in which a device computed, where one was watched
/// @param jit the shares of the time in which the JIT compiler worked, see [Compiling]
record Times(
    int round,
    List<Double> wall,
    List<Double> cpu,
    List<Double> warmup,
    List<Double> busy,
    List<Double> jit) {
  /// How much slower the last iterations that do not count may be.
  private static final double STEADY = 1.1;

  /// How much of the time the JIT compiler may have worked.
  private static final double COMPILED = 0.01;

  /// Results of before one of them was measured lack such numbers.
  Times {
    busy = busy == null ? List.of() : busy;
    jit = jit == null ? List.of() : jit;
  }

  Times(List<Double> wall, List<Double> cpu) {
    this(wall, cpu, List.of());
  }

  Times(List<Double> wall, List<Double> cpu, List<Double> warmup) {
    this(1, wall, cpu, warmup, List.of(), List.of());
  }

  Times in(int other) {
    return new Times(other, wall, cpu, warmup, busy, jit);
  }

  /// The fastest iteration that counts.
  double fastest() {
    return wall.stream().mapToDouble(x -> x).min().orElseThrow();
  }

  /// How many times as long as another one this took: a number for each two iterations that
  /// followed each other, if both were in the same round.
  List<Double> over(Times other) {
    int both = Math.min(wall.size(), other.wall.size());
    return IntStream.range(0, both).mapToObj(i -> wall.get(i) / other.wall.get(i)).toList();
  }

  /// Whether code was as fast as it will be when times began to count: they had stopped falling, or
  /// it was not the JIT compiler that let them fall.
  boolean steady() {
    int last = Math.min(wall.size(), warmup.size());
    return last == 0
        || Timing.median(warmup.subList(warmup.size() - last, warmup.size()))
            <= STEADY * Timing.median(wall)
        || (!jit.isEmpty() && jit.stream().mapToDouble(x -> x).average().orElse(0) <= COMPILED);
  }
}
