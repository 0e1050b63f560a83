package vectorgrad.bench;

import java.util.List;
import java.util.OptionalDouble;

/// What was measured of a trial.
///
/// @param forks of each JVM
record Timing(Trial trial, List<Times> forks) {
  /// How fast the slower of two siblings has to be, beside the other.
  private static final double EVEN = 0.8;

  /// The median of the JVMs' medians.
  double median() {
    return median(forks.stream().map(fork -> median(fork.wall())).toList());
  }

  /// The same of the processor's time.
  double cpu() {
    return median(forks.stream().map(fork -> median(fork.cpu())).toList());
  }

  /// The fastest iteration of all.
  double min() {
    return forks.stream().mapToDouble(Times::fastest).min().orElseThrow();
  }

  /// The median of the slowest JVM: what a user meets when the JIT compiler has a bad day, or the
  /// machine; see [#apart()].
  double worst() {
    return forks.stream().mapToDouble(fork -> median(fork.wall())).max().orElseThrow();
  }

  /// How many times as long as its sibling a JVM took in the same round, in turn with it, where
  /// that was most: what the JIT compiler did on a bad day, when what the machine did is taken out.
  /// None without siblings.
  ///
  /// Slow code is slow in every iteration, the fastest included. A neighbour on the same core comes
  /// and goes, and may come to one of two more often; so it counts what both the medians and the
  /// fastest iterations say.
  OptionalDouble apart() {
    var most = OptionalDouble.empty();
    for (int a = 0; a < forks.size(); a++) {
      for (int b = a + 1; b < forks.size(); b++) {
        if (forks.get(a).round() == forks.get(b).round()) {
          most = OptionalDouble.of(Math.max(most.orElse(1), apart(forks.get(a), forks.get(b))));
        }
      }
    }
    return most;
  }

  private static double apart(Times one, Times other) {
    double medians = median(one.over(other));
    double fastest = one.fastest() / other.fastest();
    boolean agree = (medians > 1) == (fastest > 1);
    return agree ? Math.min(beyond(medians), beyond(fastest)) : 1;
  }

  private static double beyond(double ratio) {
    return Math.max(ratio, 1 / ratio);
  }

  /// Whether no JVM was much slower than its sibling; if one was, a kernel hangs on the JIT
  /// compiler's whims, and is to be mended.
  boolean even() {
    return EVEN * apart().orElse(1) <= 1;
  }

  /// By the median, if [Trial#samples()] says how many there are.
  double samplesPerSecond() {
    return trial.samples().orElseThrow() * 1e9 / median();
  }

  /// The share of the time in which a watched device computed.
  OptionalDouble busy() {
    var shares = forks.stream().flatMap(fork -> fork.busy().stream()).toList();
    return shares.isEmpty() ? OptionalDouble.empty() : OptionalDouble.of(median(shares));
  }

  /// Whether every JVM was done with warming up, see [Times#steady()].
  boolean steady() {
    return forks.stream().allMatch(Times::steady);
  }

  static double median(List<Double> numbers) {
    var sorted = numbers.stream().sorted().toList();
    int half = sorted.size() / 2;
    return sorted.size() % 2 == 1
        ? sorted.get(half)
        : (sorted.get(half - 1) + sorted.get(half)) / 2;
  }
}
