package vectorgrad.bench;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.SequencedMap;
import java.util.function.DoubleFunction;
import java.util.function.Function;
import java.util.stream.Collectors;

/// A curve for each work against its size, or its batch: how many times as fast as the processor a
/// device is, and how busy it was.
final class CrossoverChart {
  private static final int PANEL_HEIGHT = 260;
  private static final int LEFT = 64;
  private static final int LEGEND = 26;
  private static final int FOOT = 48;
  private static final List<String> SIZES = List.of("size", "batch");
  private static final List<String> COLOURS =
      List.of(Drawing.OURS, Drawing.THEIRS, "#1b7837", "#762a83", "#8c510a");

  private CrossoverChart() {}

  /// A number of a work at a size.
  private record Point(double size, double value) {}

  /// Whether a report compares the processor with a device.
  static boolean suits(Report report) {
    return report.group().equals("gpu");
  }

  /// How many times as fast as the processor, on logarithmic scales: above the line the device is
  /// faster.
  static String speeds(Report report) {
    var curves =
        curves(report, row -> row.busy().isPresent() ? OptionalDouble.empty() : speed(report, row));
    return drawn(
        "gpu: how many times as fast as the processor, by elements or samples",
        report,
        curves,
        true,
        factor -> factor < 1 ? "1/%.0f".formatted(1 / factor) : "%.0f".formatted(factor));
  }

  /// The share of the time in which the device computed, by the size of the batch.
  static String busy(Report report) {
    return drawn(
        "gpu: share of a training step in which the device computes, by samples",
        report,
        curves(report, Timing::busy),
        false,
        share -> "%.0f %%".formatted(100 * share));
  }

  private static OptionalDouble speed(Report report, Timing row) {
    return row.trial().baseline() ? OptionalDouble.empty() : report.speed(row);
  }

  private static SequencedMap<String, List<Point>> curves(
      Report report, Function<Timing, OptionalDouble> value) {
    var curves = new LinkedHashMap<String, List<Point>>();
    for (Timing row : report.timings()) {
      var parameters = row.trial().parameters();
      var size = SIZES.stream().filter(parameters::containsKey).findFirst();
      OptionalDouble found = value.apply(row);
      if (size.isPresent() && found.isPresent()) {
        String work =
            parameters.entrySet().stream()
                .filter(p -> !SIZES.contains(p.getKey()) && !p.getKey().equals("where"))
                .map(Map.Entry::getValue)
                .collect(Collectors.joining(" "));
        curves
            .computeIfAbsent(
                work + ("batch".equals(size.orElseThrow()) ? ", a step" : ""),
                _ -> new ArrayList<>())
            .add(
                new Point(
                    Double.parseDouble(parameters.get(size.orElseThrow())), found.orElseThrow()));
      }
    }
    return curves;
  }

  /// @param logarithmic whether values are on such a scale; shares begin at 0 and end at 1
  private static String drawn(
      String title,
      Report report,
      SequencedMap<String, List<Point>> curves,
      boolean logarithmic,
      DoubleFunction<String> label) {
    var drawing = Drawing.of(title, report.origin());
    double x = Drawing.MARGIN;
    int number = 0;
    for (String work : curves.keySet()) {
      drawing.dot(x + 5, Drawing.TOP + 4, 5, colour(number));
      drawing.text(work, x + 16, Drawing.TOP + 8);
      x += 40 + 8.0 * work.length();
      number++;
    }
    var points = curves.values().stream().flatMap(List::stream).toList();
    double top = Drawing.TOP + LEGEND;
    double bottom = top + PANEL_HEIGHT;
    double left = Drawing.MARGIN + LEFT;
    double width = Drawing.WIDTH - Drawing.MARGIN - left - 16;
    double first = points.stream().mapToDouble(p -> Math.log10(p.size)).min().orElse(0);
    double last = points.stream().mapToDouble(p -> Math.log10(p.size)).max().orElse(1);
    double low = 0;
    double high = 1;
    if (logarithmic) {
      low = Math.floor(points.stream().mapToDouble(p -> Math.log10(p.value)).min().orElse(0) - 0.1);
      high = Math.ceil(points.stream().mapToDouble(p -> Math.log10(p.value)).max().orElse(1) + 0.1);
    }
    for (double mark = low; mark <= high + 1e-9; mark += logarithmic ? 1 : 0.25) {
      double y = bottom - (mark - low) / (high - low) * PANEL_HEIGHT;
      boolean even = logarithmic && mark == 0;
      drawing.line(left, y, left + width, y, even ? 2 : 1, even ? Drawing.QUIET : Drawing.PALE);
      String text = label.apply(logarithmic ? Math.pow(10, mark) : mark);
      drawing.label(text, left - 8, y + 4, Drawing.Anchor.END);
    }
    for (double size : points.stream().mapToDouble(Point::size).distinct().sorted().toArray()) {
      double at = left + width * part(size, first, last);
      drawing.line(at, bottom, at, bottom + 4, 1, Drawing.QUIET);
      drawing.label(size(size), at, bottom + 18, Drawing.Anchor.MIDDLE);
    }
    number = 0;
    for (List<Point> curve : curves.values()) {
      Point before = null;
      for (Point point : curve) {
        double at = left + width * part(point.size, first, last);
        double y = height(point, logarithmic, low, high, bottom);
        if (before != null) {
          double from = left + width * part(before.size, first, last);
          double start = height(before, logarithmic, low, high, bottom);
          drawing.line(from, start, at, y, 2, colour(number));
        }
        drawing.dot(at, y, 4, colour(number));
        before = point;
      }
      number++;
    }
    return drawing.svg(bottom + FOOT);
  }

  private static double height(
      Point point, boolean logarithmic, double low, double high, double bottom) {
    double value = logarithmic ? Math.log10(point.value) : point.value;
    return bottom - (value - low) / (high - low) * PANEL_HEIGHT;
  }

  private static double part(double size, double first, double last) {
    return last == first ? 0.5 : (Math.log10(size) - first) / (last - first);
  }

  private static String size(double size) {
    return size < 1 << 10
        ? "%.0f".formatted(size)
        : size < 1 << 20
            ? String.format(Locale.ROOT, "%.0f Ki", size / (1 << 10))
            : String.format(Locale.ROOT, "%.0f Mi", size / (1 << 20));
  }

  private static String colour(int number) {
    return COLOURS.get(number % COLOURS.size());
  }
}
