package vectorgrad.bench;

import java.util.Comparator;
import java.util.List;
import java.util.OptionalDouble;

/// A report as a picture: a block of bars for each work.
///
/// Of times, each block has a scale of its own, from zero: shorter is better, the bar ends at the
/// median, a thin line at the worst JVM; what takes many times as long as the shortest is cut off
/// and has a gap. Of an essay's rungs, a bar is how many times as fast as the lowest rung: longer
/// is better.
final class BarChart {
  private static final int NAMES = 230;
  private static final int NUMBERS = 190;
  private static final int BAR = 18;
  private static final int STEP = 26;
  private static final int HEAD = 34;
  private static final int BASE_LINE = 14;

  /// Bars that are this many times as long as the shortest are cut off: the others would be dots.
  private static final double CUT = 4;

  private static final int GAP = 5;

  private final Report report;
  private final boolean speeds;
  private final Drawing drawing;

  private BarChart(Report report) {
    this.report = report;
    this.speeds = report.timings().stream().anyMatch(row -> row.trial().rung().isPresent());
    this.drawing = Drawing.of(report.group() + ": " + subject(), report.origin());
  }

  /// The picture.
  static String svg(Report report) {
    return new BarChart(report).draw();
  }

  private String draw() {
    int y = Drawing.TOP;
    for (var work : report.byWork().entrySet()) {
      drawing.heading(work.getKey(), Drawing.MARGIN, y + 16);
      y = block(work.getValue(), y + HEAD - 8);
    }
    return drawing.svg(y + Drawing.MARGIN / 2.0);
  }

  private String subject() {
    if (speeds) {
      return "speed, longer is better";
    }
    boolean peers = report.timings().stream().anyMatch(row -> report.duel(row).isPresent());
    return "time, shorter is better" + (peers ? "; in brackets, of the best other library's" : "");
  }

  private int block(List<Timing> rows, int top) {
    double shortest = rows.stream().mapToDouble(Timing::median).min().orElseThrow();
    double most = speeds ? Double.POSITIVE_INFINITY : CUT * shortest;
    double longest =
        rows.stream()
            .map(row -> Math.min(most, speeds ? length(row) : row.worst()))
            .max(Comparator.naturalOrder())
            .orElseThrow();
    Unit unit = Unit.of(shortest);
    int left = Drawing.MARGIN + NAMES;
    double scale = (Drawing.WIDTH - left - NUMBERS - Drawing.MARGIN) / longest;
    int y = top;
    for (Timing row : rows) {
      boolean cut = length(row) > most;
      double length = Math.min(most, length(row)) * scale;
      double end = speeds || cut ? length : Math.min(most, row.worst()) * scale;
      drawing.text(row.trial().contender(), Drawing.MARGIN, y + BASE_LINE);
      drawing.bar(left, y, length, BAR, row.trial().peer() ? Drawing.THEIRS : Drawing.OURS);
      if (cut) {
        drawing.bar(left + length - (4 * GAP), y, GAP, BAR, Drawing.PAPER);
      } else if (!speeds) {
        drawing.bar(
            left, y + (BAR / 2.0) - 1, end, 2, row.trial().peer() ? Drawing.THEIRS : Drawing.OURS);
      }
      drawing.text(caption(row, unit), left + end + 8, y + BASE_LINE);
      y += STEP;
    }
    return y;
  }

  private double length(Timing row) {
    return speeds ? report.speed(row).orElse(1) : row.median();
  }

  private String caption(Timing row, Unit unit) {
    // speeds lie far apart, and so do their times
    Unit own = speeds ? Unit.of(row.median()) : unit;
    String time = own.number(row.median()) + " " + own.symbol();
    OptionalDouble speed = report.speed(row);
    if (speeds) {
      return speed.isPresent()
          ? "%s ×, %s".formatted(Report.digits(speed.orElseThrow()), time)
          : time;
    }
    OptionalDouble ratio = report.ratio(row);
    if (ratio.isPresent()) {
      return "%s (%.2f)".formatted(time, ratio.orElseThrow());
    }
    return speed.isPresent() && !row.trial().baseline()
        ? "%s, %.2f × as fast".formatted(time, speed.orElseThrow())
        : time;
  }
}
