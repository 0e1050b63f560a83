package vectorgrad.train;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.geom.Ellipse2D;
import java.io.IOException;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.style.XYStyler;
import org.knowm.xchart.style.markers.None;
import vectorgrad.numerics.FiniteDifference;
import vectorgrad.numerics.FiniteDifference.Method;

/// The errors of finite differences against their step, as a picture with logarithmic axes: to the
/// right truncation falls along lines whose slope is the order of the method, to the left rounding
/// rises, and the complex step lies at the bottom.
public final class DerivativePlot {
  private static final int WIDTH = 980;
  private static final int HEIGHT = 640;
  private static final int TITLE = 92;
  private static final int MARGIN = 32;
  private static final Font KEY = Figure.font(Font.PLAIN, 16);
  private static final Font NOTE = Figure.font(Font.ITALIC, 16);

  /// What is exact has no logarithm; it is drawn here, below one unit of the last place.
  private static final double EXACT = 0.25;

  /// Derivatives that are smaller, such as 0, are measured as if they were this.
  private static final double LEAST = 0.01;

  private static final Map<Method, Color> COLORS = new EnumMap<>(Method.class);

  static {
    COLORS.put(Method.FORWARD, Figure.BLUE);
    COLORS.put(Method.BACKWARD, new Color(0x8fbbdd));
    COLORS.put(Method.CENTRAL, Figure.ORANGE);
    COLORS.put(Method.RICHARDSON, new Color(0x1b8a5a));
    COLORS.put(Method.COMPLEX_STEP, Figure.INK);
  }

  private DerivativePlot() {}

  /// Writes the picture as a PNG file.
  ///
  /// @param samples of [FiniteDifference#errors]
  /// @param exact the derivative
  /// @param title what is differentiated, and where
  /// @throws IOException if it cannot be written
  public static void write(
      List<FiniteDifference.Sample> samples, double exact, String title, Path file)
      throws IOException {
    double unit = Math.ulp(Math.max(Math.abs(exact), LEAST));
    XYChart chart = chart();
    double worst =
        samples.stream()
            .mapToDouble(FiniteDifference.Sample::error)
            .filter(Double::isFinite)
            .max()
            .orElse(1);
    chart.getStyler().setYAxisMin(unit / 8).setYAxisMax(Math.max(worst * 2, unit * 1e6));
    for (Method method : Method.values()) {
      double[] x =
          samples.stream()
              .filter(s -> s.method() == method)
              .mapToDouble(FiniteDifference.Sample::step)
              .toArray();
      double[] y =
          samples.stream()
              .filter(s -> s.method() == method)
              .mapToDouble(s -> Math.max(s.error(), unit * EXACT))
              .map(e -> Double.isFinite(e) ? e : Double.NaN)
              .toArray();
      XYSeries series = chart.addSeries(method.toString(), x, y);
      series.setMarker(new None()).setLineColor(COLORS.get(method));
      series.setLineStyle(stroke(method));
    }
    Figure.write(
        file,
        WIDTH,
        TITLE + HEIGHT,
        g -> {
          Figure.text(g, Figure.font(Font.BOLD, 22), Figure.INK, title, MARGIN, 36, 0);
          keys(g);
          g.translate(MARGIN - 10, TITLE);
          chart.paint(g, WIDTH - MARGIN, HEIGHT - 12);
          notes(g);
        });
  }

  /// Where two methods have the same error, the one above lets the one below be seen.
  private static BasicStroke stroke(Method method) {
    boolean above = method == Method.BACKWARD || method == Method.COMPLEX_STEP;
    int cap = BasicStroke.CAP_ROUND;
    int join = BasicStroke.JOIN_ROUND;
    return above
        ? new BasicStroke(2.6f, cap, join, 10, new float[] {8, 14}, 0)
        : new BasicStroke(2.6f, cap, join);
  }

  private static void keys(Graphics2D g) {
    double x = MARGIN;
    double y = 74;
    for (Method method : Method.values()) {
      g.setColor(COLORS.get(method));
      g.fill(new Ellipse2D.Double(x, y - 5, 11, 11));
      Figure.text(g, KEY, Figure.QUIET, method.toString(), x + 18, y, 0);
      x += 18 + Figure.width(g, KEY, method.toString()) + 26;
    }
  }

  private static void notes(Graphics2D g) {
    Figure.text(g, NOTE, Figure.QUIET, "↖ rounding, as 1/h", 300, 90, 0);
    Figure.text(g, NOTE, Figure.QUIET, "truncation, as h and h² ↗", 800, 90, 1);
    Figure.text(g, NOTE, Figure.QUIET, "the complex step subtracts nothing", 130, HEIGHT - 150, 0);
  }

  private static XYChart chart() {
    XYChart chart =
        new XYChartBuilder()
            .width(WIDTH)
            .height(HEIGHT)
            .xAxisTitle("step h")
            .yAxisTitle("error of the derivative")
            .build();
    XYStyler style = Figure.plain(chart);
    style.setXAxisLogarithmic(true).setYAxisLogarithmic(true);
    style.setPlotMargin(0).setPlotContentSize(0.98);
    style
        .setPlotGridLinesColor(Figure.mix(Figure.GRID, Color.WHITE, 0.45))
        .setPlotGridVerticalLinesVisible(true);
    style.setAntiAlias(true);
    style.setXAxisTickLabelsFormattingFunction(DerivativePlot::power);
    style.setYAxisTickLabelsFormattingFunction(DerivativePlot::power);
    return chart;
  }

  /// Even powers of ten, as 10⁻⁸; nothing between.
  private static String power(double value) {
    double exponent = Math.log10(value);
    long n = Math.round(exponent);
    if (Math.abs(exponent - n) > 1e-6 || n % 2 != 0) {
      return "";
    }
    StringBuilder text = new StringBuilder("10");
    for (char digit : Long.toString(n).toCharArray()) {
      text.append(digit == '-' ? '⁻' : "⁰¹²³⁴⁵⁶⁷⁸⁹".charAt(digit - '0'));
    }
    return n == 0 ? "1" : text.toString();
  }
}
