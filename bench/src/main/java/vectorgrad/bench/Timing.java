package vectorgrad.bench;

import java.util.List;

/// What was measured of a trial.
///
/// @param forks for each JVM, the nanoseconds of each of its iterations
record Timing(Trial trial, List<List<Double>> forks) {
  /// The median of the JVMs' medians.
  double median() {
    return median(forks.stream().map(Timing::median).toList());
  }

  /// The fastest iteration of all.
  double min() {
    return forks.stream().flatMap(List::stream).mapToDouble(x -> x).min().orElseThrow();
  }

  /// The median of the slowest JVM: what a user meets when the JIT compiler has a bad day.
  double worst() {
    return forks.stream().mapToDouble(Timing::median).max().orElseThrow();
  }

  private static double median(List<Double> numbers) {
    var sorted = numbers.stream().sorted().toList();
    int half = sorted.size() / 2;
    return sorted.size() % 2 == 1
        ? sorted.get(half)
        : (sorted.get(half - 1) + sorted.get(half)) / 2;
  }
}
