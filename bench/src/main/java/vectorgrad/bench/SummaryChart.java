package vectorgrad.bench;

import java.util.List;
import java.util.Locale;

/// Every ratio to the best other library in one picture, on a logarithmic scale around 1: to the
/// left we are faster.
final class SummaryChart {
  private static final int NAMES = 360;
  private static final int NUMBERS = 60;
  private static final int STEP = 19;
  private static final int GAP = 12;
  private static final int BASE_LINE = 13;
  private static final double MOST = 8; // times faster or slower; what is beyond ends at the edge

  private SummaryChart() {}

  /// The picture; no rows make none.
  static String svg(List<Ratios.Row> rows, String origin) {
    long faster = rows.stream().filter(row -> row.ratio() < 1).count();
    var drawing =
        Drawing.of(
            "Time ÷ that of the best other library: below 1 we are faster, on %d of %d rows"
                .formatted(faster, rows.size()),
            origin);
    double left = Drawing.MARGIN + NAMES;
    double right = Drawing.WIDTH - Drawing.MARGIN - NUMBERS;
    double middle = (left + right) / 2;
    double perE = (right - left) / 2 / Math.log(MOST);
    int top = Drawing.TOP + 20;
    int bottom = top + rows.size() * STEP + gaps(rows) * GAP;
    for (double tick : new double[] {1 / MOST, 0.25, 0.5, 1, 2, 4, MOST}) {
      double x = middle + perE * Math.log(tick);
      drawing.line(
          x, top - 6, x, bottom, tick == 1 ? 1.5 : 1, tick == 1 ? Drawing.INK : Drawing.PALE);
      drawing.label(
          tick < 1 ? "1/%.0f".formatted(1 / tick) : "%.0f".formatted(tick),
          x,
          top - 12,
          Drawing.Anchor.MIDDLE);
    }
    int y = top;
    String group = rows.isEmpty() ? "" : rows.getFirst().group();
    for (Ratios.Row row : rows) {
      if (!row.group().equals(group)) {
        y += GAP;
        group = row.group();
      }
      boolean beyond = row.ratio() > MOST || row.ratio() < 1 / MOST;
      double end = middle + perE * Math.log(Math.clamp(row.ratio(), 1 / MOST, MOST));
      drawing.text(name(row), Drawing.MARGIN, y + BASE_LINE);
      drawing.bar(
          Math.min(middle, end),
          y + 2,
          Math.abs(end - middle),
          STEP - 5,
          row.ratio() < 1 ? Drawing.OURS : Drawing.THEIRS);
      drawing.text(
          String.format(Locale.ROOT, "%.2f", row.ratio()) + (beyond ? " »" : ""),
          right + 10,
          y + BASE_LINE);
      y += STEP;
    }
    return drawing.svg(bottom + Drawing.MARGIN / 2.0);
  }

  /// `train LENET`, and what tells two rows of ours apart.
  private static String name(Ratios.Row row) {
    int comma = row.contender().indexOf(", ");
    return row.group() + " " + row.work() + (comma < 0 ? "" : row.contender().substring(comma));
  }

  private static int gaps(List<Ratios.Row> rows) {
    return (int) Math.max(0, rows.stream().map(Ratios.Row::group).distinct().count() - 1);
  }
}
