package vectorgrad.train;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.style.XYStyler;
import org.knowm.xchart.style.markers.Circle;
import org.knowm.xchart.style.markers.None;

/// The losses of a [RateFinder] over its rates: those of the batches faint, their running mean, and
/// where it falls fastest and is lowest.
final class RatePlot {
  private static final int WIDTH = 980;
  private static final int HEIGHT = 500;
  private static final int TITLE = 92;
  private static final int MARGIN = 32;
  private static final Font KEY = Figure.font(Font.PLAIN, 16);

  private RatePlot() {}

  static void write(RateFinder.Result result, String title, Path file) throws IOException {
    List<RateFinder.Trial> trials = result.trials();
    double[] rates = trials.stream().mapToDouble(RateFinder.Trial::rate).toArray();
    double[] losses = trials.stream().mapToDouble(RateFinder.Trial::loss).toArray();
    double[] smoothed = trials.stream().mapToDouble(RateFinder.Trial::smoothed).toArray();
    XYChart chart = chart();
    // the last losses explode, and would flatten all others
    double first = Math.max(losses[0], smoothed[0]);
    chart.getStyler().setYAxisMin(0.0).setYAxisMax(first > 0 ? first * 1.5 : 1);
    line(chart, "batches", rates, clipped(losses, first), Figure.FAINT_BLUE, 1.3f);
    line(chart, "mean", rates, clipped(smoothed, first), Figure.BLUE, 2.6f);
    mark(chart, "steepest", result.steepest(), trials, Figure.ORANGE);
    mark(chart, "lowest", result.lowest(), trials, Figure.INK);
    Figure.write(
        file,
        WIDTH,
        TITLE + HEIGHT,
        g -> {
          Figure.text(g, Figure.font(Font.BOLD, 22), Figure.INK, title, MARGIN, 36, 0);
          String found =
              String.format(
                  Locale.ROOT,
                  "falls fastest at %.2g (orange), is lowest at %.2g (black)",
                  result.steepest(),
                  result.lowest());
          Figure.text(g, KEY, Figure.QUIET, found, MARGIN, 70, 0);
          g.translate(MARGIN - 10, TITLE);
          chart.paint(g, WIDTH - MARGIN, HEIGHT - 12);
        });
  }

  private static double[] clipped(double[] losses, double first) {
    return java.util.Arrays.stream(losses).map(loss -> Math.min(loss, first * 1.5)).toArray();
  }

  private static void line(
      XYChart chart, String name, double[] x, double[] y, Color color, float width) {
    XYSeries series = chart.addSeries(name, x, y);
    series.setMarker(new None()).setLineColor(color);
    series.setLineStyle(new BasicStroke(width, BasicStroke.CAP_ROUND, BasicStroke.JOIN_ROUND));
  }

  private static void mark(
      XYChart chart, String name, double rate, List<RateFinder.Trial> trials, Color color) {
    double loss =
        trials.stream()
            .filter(trial -> trial.rate() == rate)
            .mapToDouble(RateFinder.Trial::smoothed)
            .findFirst()
            .orElseThrow();
    XYSeries series = chart.addSeries(name, new double[] {rate}, new double[] {loss});
    series.setMarker(new Circle()).setMarkerColor(color).setLineColor(color);
  }

  private static XYChart chart() {
    XYChart chart =
        new XYChartBuilder()
            .width(WIDTH)
            .height(HEIGHT)
            .xAxisTitle("learning rate")
            .yAxisTitle("loss")
            .build();
    XYStyler style = Figure.plain(chart);
    style.setXAxisLogarithmic(true);
    style.setPlotMargin(0).setPlotContentSize(0.97);
    style.setPlotGridVerticalLinesVisible(true);
    style.setMarkerSize(11);
    style.setYAxisTickMarkSpacingHint(56);
    style.setXAxisTickLabelsFormattingFunction(RatePlot::power);
    return chart;
  }

  /// `0.001`, `1e-6`; nothing between powers of ten.
  private static String power(double value) {
    double exponent = Math.log10(value);
    long n = Math.round(exponent);
    if (Math.abs(exponent - n) > 1e-6) {
      return "";
    }
    return n >= -4 && n <= 4
        ? java.math.BigDecimal.ONE.scaleByPowerOfTen((int) n).toPlainString()
        : "1e" + n;
  }
}
