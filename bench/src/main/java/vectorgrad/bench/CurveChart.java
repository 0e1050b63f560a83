package vectorgrad.bench;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;

/// Samples a second against the size of the batch: a panel for each work, a curve for each
/// contender, on logarithmic scales.
final class CurveChart {
  private static final int PANEL_HEIGHT = 210;
  private static final int HEAD = 26;
  private static final int FOOT = 44;
  private static final int LEFT = 64;
  private static final int COLUMNS = 2;
  private static final int LEGEND = 24;
  private static final List<String> THEIR_COLOURS = List.of(Drawing.THEIRS, "#8c510a", "#bf812d");

  private CurveChart() {}

  /// Whether a report is of throughput.
  static boolean suits(Report report) {
    return report.timings().stream().allMatch(row -> row.trial().samples().isPresent());
  }

  /// The picture.
  static String svg(Report report) {
    var drawing =
        Drawing.of(report.group() + ": samples a second, higher is better", report.origin());
    var contenders =
        report.timings().stream().map(row -> row.trial().contender()).distinct().toList();
    double x = Drawing.MARGIN;
    for (String contender : contenders) {
      drawing.dot(x + 5, Drawing.TOP + 4, 5, colour(report, contenders, contender));
      drawing.text(contender, x + 16, Drawing.TOP + 8);
      x += 40 + 8.0 * contender.length();
    }
    var panels = panels(report);
    double width = (Drawing.WIDTH - 2.0 * Drawing.MARGIN) / COLUMNS;
    int number = 0;
    for (var panel : panels.entrySet()) {
      double left = Drawing.MARGIN + (number % COLUMNS) * width;
      int line = number / COLUMNS;
      double top = Drawing.TOP + LEGEND + line * (HEAD + PANEL_HEIGHT + FOOT);
      drawing.heading(panel.getKey(), left + LEFT, top + 18);
      panel(
          drawing,
          report,
          contenders,
          panel.getValue(),
          left + LEFT,
          top + HEAD,
          width - LEFT - 16);
      number++;
    }
    int lines = Math.ceilDiv(panels.size(), COLUMNS);
    return drawing.svg(Drawing.TOP + LEGEND + lines * (double) (HEAD + PANEL_HEIGHT + FOOT));
  }

  private static void panel(
      Drawing drawing,
      Report report,
      List<String> contenders,
      List<Timing> rows,
      double left,
      double top,
      double width) {
    double fewest =
        rows.stream().mapToInt(r -> r.trial().samples().orElseThrow()).min().orElseThrow();
    double most =
        rows.stream().mapToInt(r -> r.trial().samples().orElseThrow()).max().orElseThrow();
    double slowest = rows.stream().mapToDouble(Timing::samplesPerSecond).min().orElseThrow();
    double fastest = rows.stream().mapToDouble(Timing::samplesPerSecond).max().orElseThrow();
    double low = Math.floor(Math.log10(slowest) * 3) / 3;
    double high = Math.ceil(Math.log10(fastest) * 3) / 3;
    double bottom = top + PANEL_HEIGHT;
    for (int power = (int) Math.ceil(low); power <= high; power++) {
      double y = bottom - (power - low) / (high - low) * PANEL_HEIGHT;
      drawing.line(left, y, left + width, y, 1, Drawing.PALE);
      drawing.label(power(power), left - 8, y + 4, Drawing.Anchor.END);
    }
    drawing.line(left, bottom, left + width, bottom, 1, Drawing.QUIET);
    rows.stream()
        .mapToInt(row -> row.trial().samples().orElseThrow())
        .distinct()
        .forEach(batch ->
            drawing.label(
                String.valueOf(batch),
                left + width * part(batch, fewest, most),
                bottom + 18,
                Drawing.Anchor.MIDDLE));
    for (String contender : contenders) {
      String colour = colour(report, contenders, contender);
      double lastX = Double.NaN;
      double lastY = Double.NaN;
      for (Timing row : rows) {
        if (row.trial().contender().equals(contender)) {
          double x = left + width * part(row.trial().samples().orElseThrow(), fewest, most);
          double share = (Math.log10(row.samplesPerSecond()) - low) / (high - low);
          double y = bottom - share * PANEL_HEIGHT;
          if (!Double.isNaN(lastX)) {
            drawing.line(lastX, lastY, x, y, 2, colour);
          }
          drawing.dot(x, y, 4, colour);
          lastX = x;
          lastY = y;
        }
      }
    }
  }

  private static double part(double batch, double fewest, double most) {
    return most == fewest ? 0.5 : Math.log(batch / fewest) / Math.log(most / fewest);
  }

  private static String power(int power) {
    return power < 3
        ? "%.0f".formatted(Math.pow(10, power))
        : power < 6
            ? "%.0f k".formatted(Math.pow(10, power - 3))
            : "%.0f M".formatted(Math.pow(10, power - 6));
  }

  private static String colour(Report report, List<String> contenders, String contender) {
    var theirs =
        contenders.stream()
            .filter(name ->
                report.timings().stream()
                    .anyMatch(row -> row.trial().peer() && row.trial().contender().equals(name)))
            .toList();
    int place = theirs.indexOf(contender);
    return place < 0 ? Drawing.OURS : THEIR_COLOURS.get(place % THEIR_COLOURS.size());
  }

  /// The rows of each work, whatever the batch.
  private static SequencedMap<String, List<Timing>> panels(Report report) {
    var panels = new LinkedHashMap<String, List<Timing>>();
    for (Timing row : report.timings()) {
      String name =
          row.trial().parameters().entrySet().stream()
              .filter(parameter -> !parameter.getKey().equals("batch"))
              .map(java.util.Map.Entry::getValue)
              .collect(java.util.stream.Collectors.joining(" "));
      panels.computeIfAbsent(name, _ -> new ArrayList<>()).add(row);
    }
    return panels;
  }
}
