package vectorgrad.train;

import java.awt.BasicStroke;
import java.awt.Font;
import java.awt.RenderingHints;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.style.XYStyler;
import org.knowm.xchart.style.markers.None;
import vectorgrad.optim.Schedule;

/// The learning rates of a schedule as a picture, step by step.
public final class SchedulePlot {
  private static final int WIDTH = 980;
  private static final int HEIGHT = 460;
  private static final int TITLE = 64;
  private static final int MARGIN = 32;

  /// Columns of the picture. Where several steps share one, its lowest and highest rate are drawn.
  private static final int COLUMNS = 900;

  /// Steps of a column that are looked at.
  private static final int LOOKS = 64;

  private SchedulePlot() {}

  /// Writes the picture as a PNG file.
  ///
  /// @param steps how many steps are shown, from 0 on
  /// @throws IOException if it cannot be written
  public static void write(Schedule schedule, long steps, String title, Path file)
      throws IOException {
    List<Double> x = new ArrayList<>();
    List<Double> y = new ArrayList<>();
    int columns = (int) Math.min(steps, COLUMNS);
    for (int i = 0; i < columns; i++) {
      column(schedule, steps * i / columns, steps * (i + 1) / columns, x, y);
    }
    if (x.size()
        > 1) { // evenly spaced points would have labels at every k-th instead of round ones
      x.add(1, x.getFirst() + 1e-3);
      y.add(1, y.getFirst());
    }
    XYChart chart = chart();
    double highest = y.stream().mapToDouble(rate -> rate).filter(Double::isFinite).max().orElse(1);
    double lowest = y.stream().mapToDouble(rate -> rate).filter(Double::isFinite).min().orElse(0);
    double top = highest > 0 ? highest * 1.05 : 1;
    chart.getStyler().setYAxisMin(Math.min(0, lowest)).setYAxisMax(top);
    chart.getStyler().setXAxisMin(0.0).setXAxisMax((double) Math.max(1, steps));
    XYSeries series = chart.addSeries("rate", x, y);
    series.setMarker(new None()).setLineColor(Figure.BLUE);
    series.setLineStyle(new BasicStroke(2.6f, BasicStroke.CAP_ROUND, BasicStroke.JOIN_ROUND));
    Figure.write(
        file,
        WIDTH,
        TITLE + HEIGHT,
        g -> {
          Font font = Figure.font(Font.BOLD, 22);
          double share = Math.min(1, (WIDTH - 2.0 * MARGIN) / Figure.width(g, font, title));
          Font fitting = font.deriveFont((float) (22 * share));
          Figure.text(g, fitting, Figure.INK, title, MARGIN, 36, 0);
          // hundreds of short lines, each moved to whole pixels, would make a jagged one
          g.setRenderingHint(RenderingHints.KEY_STROKE_CONTROL, RenderingHints.VALUE_STROKE_PURE);
          g.translate(MARGIN - 10, TITLE);
          chart.paint(g, WIDTH - MARGIN, HEIGHT - 12);
        });
  }

  /// Adds the lowest and highest rate from `start` up to `end`, in the order they come.
  private static void column(
      Schedule schedule, long start, long end, List<Double> x, List<Double> y) {
    long stride = Math.max(1, (end - start) / LOOKS);
    long low = start;
    long high = start;
    for (long step = start; step < end; step += stride) {
      double rate = schedule.rate(step);
      low = rate < schedule.rate(low) ? step : low;
      high = rate > schedule.rate(high) ? step : high;
    }
    x.add((double) Math.min(low, high));
    y.add(schedule.rate(Math.min(low, high)));
    if (low != high) {
      x.add((double) Math.max(low, high));
      y.add(schedule.rate(Math.max(low, high)));
    }
  }

  private static XYChart chart() {
    XYChart chart =
        new XYChartBuilder()
            .width(WIDTH)
            .height(HEIGHT)
            .xAxisTitle("step")
            .yAxisTitle("learning rate")
            .build();
    XYStyler style = Figure.plain(chart);
    style.setPlotMargin(0).setPlotContentSize(0.97);
    style.setXAxisTickMarkSpacingHint(110).setYAxisTickMarkSpacingHint(56);
    style.setPlotGridVerticalLinesVisible(false);
    style.setXAxisTickLabelsFormattingFunction(
        step -> step == Math.rint(step) ? String.format(Locale.ROOT, "%,.0f", step) : "");
    style.setYAxisTickLabelsFormattingFunction(SchedulePlot::rate);
    return chart;
  }

  /// `0.75`, `0.0005`, `2.5E-6`.
  private static String rate(double rate) {
    double rounded = Math.abs(rate) < 1e-12 ? 0 : Double.parseDouble("%.6e".formatted(rate));
    BigDecimal plain = BigDecimal.valueOf(rounded).stripTrailingZeros();
    return Math.abs(rounded) < 1e-5 && rounded != 0 ? plain.toString() : plain.toPlainString();
  }
}
