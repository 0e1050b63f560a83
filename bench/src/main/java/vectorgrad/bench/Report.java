package vectorgrad.bench;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.SequencedMap;

/// The timings of a group, beside each other.
///
/// @param timings in the order of the table; those of the same work follow one another
record Report(String group, Machine machine, Plan plan, List<Timing> timings) {
  private static final int NUMBER = 10;

  /// The timings of each work.
  SequencedMap<String, List<Timing>> byWork() {
    var works = new LinkedHashMap<String, List<Timing>>();
    for (Timing timing : timings) {
      works.computeIfAbsent(timing.trial().work(), _ -> new ArrayList<>()).add(timing);
    }
    return works;
  }

  /// The median of the best peer at some work, if there is one.
  static OptionalDouble bestPeer(List<Timing> sameWork) {
    return sameWork.stream()
        .filter(timing -> timing.trial().peer())
        .mapToDouble(Timing::median)
        .min();
  }

  /// The median of the [Baseline] of some work, if it has one.
  static OptionalDouble baseline(List<Timing> sameWork) {
    return sameWork.stream()
        .filter(timing -> timing.trial().baseline())
        .mapToDouble(Timing::median)
        .findFirst();
  }

  /// The report as text: median, fastest iteration, slowest JVM and median processor time, and how
  /// many times as long as the best peer's median ours is, or how many times as fast as the
  /// baseline.
  List<String> lines() {
    int width =
        timings.stream()
            .map(Timing::trial)
            .mapToInt(trial -> Math.max(trial.contender().length(), trial.work().length() - 2))
            .max()
            .orElse(0);
    var lines = new ArrayList<String>();
    lines.add(
        "%s, %s on %s, %s, commit %s"
            .formatted(
                group,
                plan.threads() == 1 ? "1 thread" : plan.threads() + " threads",
                machine.cpu(),
                "JDK " + machine.jdk(),
                machine.commit()));
    byWork()
        .forEach((work, rows) -> {
          lines.add("");
          lines.add(
              pad(work, width + 2)
                  + right("median")
                  + right("min")
                  + right("worst")
                  + right("cpu")
                  + (bestPeer(rows).isPresent() ? "   ÷ best peer" : "")
                  + (baseline(rows).isPresent() ? "   × as fast" : ""));
          Unit unit = Unit.of(rows.stream().mapToDouble(Timing::median).min().orElseThrow());
          for (Timing row : rows) {
            lines.add(row(row, unit, rows, width));
          }
        });
    return lines;
  }

  private static String row(Timing row, Unit unit, List<Timing> sameWork, int width) {
    OptionalDouble peer = bestPeer(sameWork);
    OptionalDouble base = baseline(sameWork);
    String times =
        right(unit.number(row.median()))
            + right(unit.number(row.min()))
            + right(unit.number(row.worst()))
            + right(unit.number(row.cpu()))
            + " "
            + unit.symbol();
    String ratio =
        peer.isPresent() && !row.trial().peer()
            ? String.format(Locale.ROOT, "%10.2f", row.median() / peer.orElseThrow())
            : "";
    String speed =
        base.isPresent()
            ? String.format(Locale.ROOT, "%10.2f", base.orElseThrow() / row.median())
            : "";
    return ("  " + pad(row.trial().contender(), width) + times + ratio + speed).stripTrailing();
  }

  private static String pad(String text, int width) {
    return text + " ".repeat(Math.max(0, width - text.length()));
  }

  private static String right(String text) {
    return " ".repeat(Math.max(1, NUMBER - text.length())) + text;
  }
}
