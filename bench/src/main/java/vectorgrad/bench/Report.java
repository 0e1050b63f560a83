package vectorgrad.bench;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.IntSummaryStatistics;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.SequencedMap;
import java.util.function.Predicate;

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

  private List<Timing> sameWork(Timing row) {
    return timings.stream().filter(t -> t.trial().work().equals(row.trial().work())).toList();
  }

  /// A row of ours beside the best peer at the same work, if there is one: on the same rung, if one
  /// is. The best is the one beside which ours takes longest.
  Optional<Duel> duel(Timing row) {
    if (row.trial().peer()) {
      return Optional.empty();
    }
    var peers = sameWork(row).stream().filter(timing -> timing.trial().peer()).toList();
    Predicate<Timing> level = peer -> label(peer).equals(label(row));
    return peers.stream()
        .filter(peers.stream().anyMatch(level) ? level : _ -> true)
        .map(peer -> Duel.of(row, peer))
        .max(Comparator.comparingDouble(Duel::median));
  }

  /// How many times as long as the best peer a row of ours took.
  OptionalDouble ratio(Timing row) {
    return duel(row).stream().mapToDouble(Duel::median).findFirst();
  }

  /// How many times as fast as the [Baseline] or the lowest [Rung] a row is: of the same library,
  /// or, if that has none, of ours.
  OptionalDouble speed(Timing row) {
    var bases = sameWork(row).stream().filter(timing -> timing.trial().baseline()).toList();
    Predicate<Timing> own = base -> base.trial().library().equals(row.trial().library());
    return bases.stream()
        .filter(bases.stream().anyMatch(own) ? own : _ -> true)
        .mapToDouble(base -> base.median() / row.median())
        .findFirst();
  }

  private static String label(Timing timing) {
    return timing.trial().rung().map(Rung::label).orElse("");
  }

  /// Where and how it was measured.
  String origin() {
    return "%s, %s, JDK %s, commit %s, %s; median of %s"
        .formatted(
            machine.cpu().replaceAll(" \\(.*", ""),
            threads(),
            machine.jdk(),
            machine.commit(),
            machine.date(),
            jvms());
  }

  /// Where several were measured: each of its own commit perhaps, as its chart says.
  static String origin(List<Report> reports) {
    var commits = reports.stream().map(report -> report.machine().commit()).distinct().toList();
    String origin = reports.getFirst().origin();
    return commits.size() == 1
        ? origin
        : origin.replaceFirst(
            "commit .*", "%d commits, see the charts of the groups".formatted(commits.size()));
  }

  /// In how many JVMs ours was measured, and others, some of which take fewer.
  private String jvms() {
    var ours = jvms(false);
    var theirs = jvms(true);
    int more = Math.max(ours.getMax(), theirs.getMax());
    String all = more == 1 ? "one JVM" : more + " JVMs";
    if (theirs.getCount() == 0 || theirs.getMin() >= ours.getMax()) {
      return all;
    }
    return theirs.getMin() == theirs.getMax()
        ? all + ", of other libraries %d".formatted(theirs.getMin())
        : all + ", of other libraries %d to %d".formatted(theirs.getMin(), theirs.getMax());
  }

  private IntSummaryStatistics jvms(boolean peer) {
    return timings.stream()
        .filter(timing -> timing.trial().peer() == peer)
        .mapToInt(timing -> timing.forks().size())
        .summaryStatistics();
  }

  private String threads() {
    return plan.threads() == 1 ? "1 thread" : plan.threads() + " threads";
  }

  /// The report as text: median, fastest iteration, slowest JVM, how far siblings were apart, and
  /// median processor time; how many times as long as the best peer ours took, between what half of
  /// these ratios are and what they were in the slowest JVM, or how many times as fast as the
  /// baseline it is.
  List<String> lines() {
    int width =
        timings.stream()
            .map(Timing::trial)
            .mapToInt(trial -> Math.max(trial.contender().length(), trial.work().length() + 2))
            .max()
            .orElse(0);
    var lines = new ArrayList<String>();
    lines.add(
        "%s, %s on %s, %s, commit %s"
            .formatted(group, threads(), machine.cpu(), "JDK " + machine.jdk(), machine.commit()));
    byWork()
        .forEach((work, rows) -> {
          Unit unit = Unit.of(rows.stream().mapToDouble(Timing::median).min().orElseThrow());
          lines.add("");
          lines.add(
              pad(work + ", " + unit.symbol(), width + 2)
                  + right("median")
                  + right("min")
                  + right("worst")
                  + (siblings(rows) ? right("apart") : "")
                  + right("cpu")
                  + (rows.getFirst().trial().samples().isPresent() ? "   samples/s" : "")
                  + (rows.stream().anyMatch(row -> ratio(row).isPresent())
                      ? "   ÷ best peer    half are worst JVM"
                      : "")
                  + (rows.stream().anyMatch(row -> speed(row).isPresent()) ? "   × as fast" : ""));
          boolean compared = rows.stream().anyMatch(row -> ratio(row).isPresent());
          rows.forEach(row -> lines.add(row(row, unit, siblings(rows), compared, width)));
        });
    return lines;
  }

  private static boolean siblings(List<Timing> rows) {
    return rows.stream().anyMatch(row -> row.apart().isPresent());
  }

  private String row(Timing row, Unit unit, boolean siblings, boolean compared, int width) {
    String times =
        right(unit.number(row.median()))
            + right(unit.number(row.min()))
            + right(unit.number(row.worst()))
            + (siblings ? right(apart(row)) : "")
            + right(unit.number(row.cpu()));
    String rate =
        row.trial().samples().isPresent()
            ? String.format(Locale.ROOT, "%12.0f", row.samplesPerSecond())
            : "";
    String ratio = duel(row).map(Report::ratios).orElse(compared ? " ".repeat(36) : "");
    String speed = speed(row).isPresent() ? "%12s".formatted(digits(speed(row).orElseThrow())) : "";
    String line = "  " + pad(row.trial().contender(), width) + times + rate + ratio + speed;
    return line.stripTrailing()
        + (row.steady() ? "" : "   not steady")
        + (row.even() ? "" : "   uneven");
  }

  private static String apart(Timing row) {
    var apart = row.apart();
    return apart.isPresent() ? digits(apart.orElseThrow()) : "";
  }

  private static String ratios(Duel duel) {
    return String.format(
        Locale.ROOT,
        "%14.2f%7.2f–%.2f%10.2f",
        duel.median(),
        duel.low(),
        duel.high(),
        duel.worst());
  }

  /// A factor, with three digits that count and two decimals at most.
  static String digits(double factor) {
    return String.format(
        Locale.ROOT, factor < 10 ? "%.2f" : factor < 100 ? "%.1f" : "%.0f", factor);
  }

  private static String pad(String text, int width) {
    return text + " ".repeat(Math.max(0, width - text.length()));
  }

  private static String right(String text) {
    return " ".repeat(Math.max(1, NUMBER - text.length())) + text;
  }
}
