package vectorgrad.bench;

import java.util.List;

/// What one JVM took for an operation, in nanoseconds, a number for each iteration.
///
/// @param wall on the clock
/// @param cpu of the processor, see [CpuTime]
record Times(List<Double> wall, List<Double> cpu) {}
