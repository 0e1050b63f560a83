package vectorgrad.bench;

import java.util.ArrayList;
import java.util.List;

/// How many times as long as another one a trial took: a number for each two iterations of the same
/// round that followed each other, see [Turns]. What the machine had to spare for one of them it
/// had for the other, mostly; so the median says more than the ratio of two medians.
///
/// @param rounds that both were part of, at least one
record Duel(Timing other, List<List<Double>> rounds) {
  /// How fast the slowest JVM has to be, beside the median of all.
  private static final double EVEN = 0.8;

  static Duel of(Timing row, Timing other) {
    var rounds = new ArrayList<List<Double>>();
    for (Times mine : row.forks()) {
      other.forks().stream()
          .filter(theirs -> theirs.round() == mine.round())
          .map(theirs -> ratios(mine.wall(), theirs.wall()))
          .forEach(rounds::add);
    }
    return new Duel(other, List.copyOf(rounds));
  }

  private static List<Double> ratios(List<Double> mine, List<Double> theirs) {
    var ratios = new ArrayList<Double>();
    for (int i = 0; i < Math.min(mine.size(), theirs.size()); i++) {
      ratios.add(mine.get(i) / theirs.get(i));
    }
    return List.copyOf(ratios);
  }

  /// Of all rounds.
  double median() {
    return Timing.median(all());
  }

  /// The median of the round in which it was least.
  double best() {
    return rounds.stream().mapToDouble(Timing::median).min().orElseThrow();
  }

  /// The median of the round in which it was most: what the JIT compiler did on a bad day, when
  /// what the machine did is taken out.
  double worst() {
    return rounds.stream().mapToDouble(Timing::median).max().orElseThrow();
  }

  /// Whether the slowest JVM came near the others; if not, a kernel hangs on the JIT compiler's
  /// whims, and is to be mended.
  boolean even() {
    return median() >= EVEN * worst();
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
