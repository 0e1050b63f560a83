package vectorgrad.bench;

import java.util.ArrayList;
import java.util.List;

/// How many times as long as another one a trial took, in turn with it. What the machine had to
/// spare for one of them it had for the other, mostly; so the median of these numbers says more
/// than the ratio of two medians.
///
/// @param rounds of each JVM beside the other's in the same round, at least one
record Duel(Timing other, List<List<Double>> rounds) {
  static Duel of(Timing row, Timing other) {
    var rounds = new ArrayList<List<Double>>();
    for (Times mine : row.forks()) {
      other.forks().stream()
          .filter(theirs -> theirs.round() == mine.round())
          .map(mine::over)
          .forEach(rounds::add);
    }
    return new Duel(other, List.copyOf(rounds));
  }

  /// Of all rounds.
  double median() {
    return Timing.median(all());
  }

  /// The median of the JVM in which it was least.
  double best() {
    return rounds.stream().mapToDouble(Timing::median).min().orElseThrow();
  }

  /// The median of the JVM in which it was most: what the JIT compiler did on a bad day, or the
  /// machine, if the pace at which it changed did not suit both.
  double worst() {
    return rounds.stream().mapToDouble(Timing::median).max().orElseThrow();
  }

  /// What a quarter of all ratios is below.
  double low() {
    return quantile(1);
  }

  /// What three quarters of them are below.
  double high() {
    return quantile(3);
  }

  private double quantile(int quarters) {
    var sorted = all().stream().sorted().toList();
    double at = quarters * (sorted.size() - 1) / 4.0;
    double below = sorted.get((int) Math.floor(at));
    double above = sorted.get((int) Math.ceil(at));
    return below + (at - Math.floor(at)) * (above - below);
  }

  private List<Double> all() {
    return rounds.stream().flatMap(List::stream).toList();
  }
}
