package vectorgrad.bench;

import com.google.gson.GsonBuilder;
import com.google.gson.JsonParseException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Stream;
import vectorgrad.data.SafeFile;

/// What a later run is held to: how many times as long as the best peer each row of ours took.
///
/// Ratios instead of times, since these depend on the machine and on what else it does. A row is
/// slower only if in *every* round its ratio is beyond [#TOLERANCE] times the baseline's: one JVM
/// in which the JIT compiler had a bad day is noise, all of them are not.
///
/// @param cpu where it was measured
/// @param rows in the order of the tables
record Ratios(String cpu, List<Row> rows) {
  /// Medians of the same code were seen to differ by a tenth on a machine that others share.
  static final double TOLERANCE = 1.15;

  private static final int NUMBER = 10;

  /// A row.
  ///
  /// @param work what is done
  /// @param contender by whom, of ours
  /// @param ratio of its median to the best peer's
  record Row(String group, String work, String contender, double ratio) {
    String name() {
      return "%s %s, %s".formatted(group, work, contender);
    }

    boolean is(Row other) {
      return name().equals(other.name());
    }

    boolean is(Trial trial) {
      return is(new Row(trial.group(), trial.work(), trial.contender(), 0));
    }
  }

  /// A row of a run, beside that of the baseline.
  private record Measured(Row row, double best) {}

  /// What came of a check.
  ///
  /// @param lines a table
  /// @param passed whether no row is slower or gone
  record Verdict(List<String> lines, boolean passed) {}

  /// The rows of ours that a peer stands beside.
  static Ratios of(List<Report> reports) {
    return new Ratios(
        reports.getFirst().machine().cpu(), measured(reports).map(Measured::row).toList());
  }

  /// These rows, and those of `old` whose groups are not among the `groups` of these.
  Ratios over(Optional<Ratios> old, List<String> groups) {
    var all = new ArrayList<Row>();
    old.ifPresent(b -> b.rows.stream().filter(r -> !groups.contains(r.group)).forEach(all::add));
    all.addAll(rows);
    all.sort(Comparator.comparing(Row::group)); // stable
    return new Ratios(cpu, List.copyOf(all));
  }

  static Ratios read(Path file) throws IOException {
    try {
      var read = new GsonBuilder().create().fromJson(Files.readString(file), Ratios.class);
      if (read == null || read.cpu == null || read.rows == null) {
        throw new IOException(file + ": not a baseline");
      }
      return read;
    } catch (JsonParseException e) {
      throw new IOException(file + ": " + e.getMessage(), e);
    }
  }

  void write(Path file) throws IOException {
    SafeFile.write(file, new GsonBuilder().setPrettyPrinting().create().toJson(this) + "\n");
  }

  /// Holds a run to this baseline. A row that the baseline lacks is new; one that the run lacks,
  /// though it measured the group, is gone.
  ///
  /// @param leftOut what a quick run did not measure, which is therefore not gone
  Verdict check(List<Report> reports, List<Trial> leftOut) {
    var measured = measured(reports).toList();
    int width = measured.stream().mapToInt(m -> m.row.name().length()).max().orElse(0);
    var lines = new ArrayList<String>();
    lines.add("against the baseline of " + cpu);
    lines.add(
        "slower is what takes more than %s times the baseline's ratio in every JVM"
            .formatted(TOLERANCE));
    lines.add("");
    lines.add(" ".repeat(width) + right("baseline") + right("now") + right("best JVM"));
    int failed = 0;
    for (Measured m : measured) {
      var before = rows.stream().filter(m.row::is).findFirst();
      boolean slower = before.isPresent() && m.best > TOLERANCE * before.get().ratio;
      failed += slower ? 1 : 0;
      lines.add(
          m.row.name()
              + " ".repeat(width - m.row.name().length())
              + right(before.map(row -> ratio(row.ratio)).orElse("–"))
              + right(ratio(m.row.ratio))
              + right(ratio(m.best))
              + (before.isEmpty() ? "   new" : slower ? "   slower" : ""));
    }
    var groups = new TreeSet<>(reports.stream().map(Report::group).toList());
    for (Row row : rows) {
      if (groups.contains(row.group)
          && measured.stream().noneMatch(m -> m.row.is(row))
          && leftOut.stream().noneMatch(row::is)) {
        failed++;
        lines.add(row.name() + "   gone");
      }
    }
    lines.add("");
    lines.add(
        failed == 0
            ? "no row is slower"
            : "%d of %d rows slower or gone".formatted(failed, Math.max(failed, measured.size())));
    return new Verdict(List.copyOf(lines), failed == 0);
  }

  private static Stream<Measured> measured(List<Report> reports) {
    return reports.stream()
        .flatMap(report ->
            report.timings().stream()
                .filter(timing -> !timing.trial().essay())
                .flatMap(timing ->
                    report.duel(timing).stream()
                        .map(duel -> measured(report.group(), timing.trial(), duel))));
  }

  private static Measured measured(String group, Trial trial, Duel duel) {
    var row = new Row(group, trial.work(), trial.contender(), rounded(duel.median()));
    return new Measured(row, duel.best());
  }

  private static double rounded(double ratio) {
    return Double.parseDouble(String.format(Locale.ROOT, "%.3g", ratio));
  }

  private static String ratio(double number) {
    return String.format(Locale.ROOT, "%.2f", number);
  }

  private static String right(String text) {
    return " ".repeat(Math.max(1, NUMBER - text.length())) + text;
  }
}
