package vectorgrad.train;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.geom.Ellipse2D;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.style.XYStyler;
import org.knowm.xchart.style.markers.Circle;
import org.knowm.xchart.style.markers.None;

/// The learning curves of a run as a picture: the loss of every step, faint, and the mean of every
/// epoch, beside the accuracy of every epoch, each in training and on the validation samples.
public final class LearningCurves {
  private static final int PANEL = 720;
  private static final int HEIGHT = 520;
  private static final int TITLE = 72;
  private static final int HEADING = 40;
  private static final int MARGIN = 32;
  private static final Font NAME = Figure.font(Font.BOLD, 18);
  private static final Font KEY = Figure.font(Font.PLAIN, 16);

  /// More points than this cannot be told apart.
  private static final int MOST_POINTS = 600;

  private LearningCurves() {}

  /// A line in a panel: what it is called, its last value, its colour.
  private record Key(String name, String value, Color color) {}

  /// A chart and what is written above it.
  private record Panel(String name, XYChart chart, List<Key> keys) {}

  /// Writes the picture as a PNG file. A history whose first epoch was not finished shows its steps
  /// alone.
  ///
  /// @throws IOException if it cannot be written
  public static void write(History history, String title, Path file) throws IOException {
    List<History.Epoch> epochs = history.epochs();
    List<Panel> panels = new ArrayList<>();
    panels.add(loss(history));
    if (epochs.stream().anyMatch(e -> !Double.isNaN(e.training().accuracy()))) {
      panels.add(accuracy(epochs));
    }
    Figure.write(
        file,
        panels.size() * PANEL,
        TITLE + HEADING + HEIGHT,
        g -> {
          Figure.text(g, Figure.font(Font.BOLD, 22), Figure.INK, title, MARGIN, 44, 0);
          g.translate(0, TITLE);
          for (Panel panel : panels) {
            paint(g, panel);
            g.translate(PANEL, 0);
          }
        });
  }

  private static void paint(Graphics2D g, Panel panel) {
    double y = HEADING / 2.0;
    Figure.text(g, NAME, Figure.INK, panel.name(), MARGIN, y, 0);
    double x = PANEL - MARGIN + 8;
    for (Key key : panel.keys().reversed()) {
      if (!key.value().isEmpty()) {
        Figure.text(g, KEY, Figure.INK, key.value(), x, y, 1);
        x -= Figure.width(g, KEY, key.value()) + 8;
      }
      Figure.text(g, KEY, Figure.QUIET, key.name(), x, y, 1);
      x -= Figure.width(g, KEY, key.name()) + 16;
      g.setColor(key.color());
      g.fill(new Ellipse2D.Double(x, y - 5, 11, 11));
      x -= 22;
    }
    g.translate(MARGIN - 10, HEADING);
    panel.chart().paint(g, PANEL - MARGIN, HEIGHT - 12);
    g.translate(10 - MARGIN, -HEADING);
  }

  private static Panel loss(History history) {
    XYChart chart = chart();
    List<Key> keys = new ArrayList<>();
    List<History.Epoch> epochs = history.epochs();
    double highest = steps(chart, keys, history);
    lines(chart, keys, epochs, Averages::loss);
    for (History.Epoch epoch : epochs) {
      highest = max(highest, epoch.training().loss(), epoch.validation().loss());
    }
    double top = highest > 0 ? highest * 1.1 : 1;
    chart.getStyler().setYAxisMin(0.0).setYAxisMax(top);
    chart.getStyler().setYAxisDecimalPattern(top < 1 ? "0.00" : "0.0");
    return new Panel("Loss", chart, keys);
  }

  /// Adds the losses of the steps, neighbours averaged where they would share a pixel.
  ///
  /// @return how high the axis should reach to show nearly all of them
  private static double steps(XYChart chart, List<Key> keys, History history) {
    float[] losses = history.losses();
    if (losses.length == 0) {
      return 0;
    }
    List<History.Epoch> epochs = history.epochs();
    double perEpoch =
        epochs.isEmpty() ? losses.length : (double) epochs.getLast().step() / epochs.size();
    int window = Math.ceilDiv(losses.length, MOST_POINTS);
    int points = losses.length / window;
    double[] x = new double[points];
    double[] y = new double[points];
    for (int i = 0; i < points; i++) {
      x[i] = (i + 0.5) * window / perEpoch;
      for (int k = 0; k < window; k++) {
        y[i] += losses[i * window + k] / window;
      }
    }
    XYSeries series = chart.addSeries("steps", x, y);
    series.setMarker(new None()).setLineColor(Figure.FAINT_BLUE);
    series.setLineStyle(new BasicStroke(1.3f, BasicStroke.CAP_ROUND, BasicStroke.JOIN_ROUND));
    keys.add(
        new Key(window == 1 ? "each step" : "every " + window + " steps", "", Figure.FAINT_BLUE));
    // the first steps of a fresh network would flatten everything else
    double[] sorted = y.clone();
    Arrays.sort(sorted);
    return sorted[(points - 1) * 98 / 100];
  }

  /// The largest, where NaN and infinity do not count.
  private static double max(double... values) {
    return Arrays.stream(values).filter(Double::isFinite).max().orElse(0);
  }

  private static Panel accuracy(List<History.Epoch> epochs) {
    XYChart chart = chart();
    List<Key> keys = new ArrayList<>();
    lines(chart, keys, epochs, Averages::accuracy);
    double lowest = 1;
    for (History.Epoch epoch : epochs) {
      lowest = Math.min(lowest, epoch.training().accuracy());
      if (epoch.validation().samples() > 0) {
        lowest = Math.min(lowest, epoch.validation().accuracy());
      }
    }
    double bottom = Math.max(0, Math.floor((lowest - 0.02) * 20) / 20);
    chart.getStyler().setYAxisMin(bottom).setYAxisMax(1.0).setYAxisDecimalPattern("0.00");
    return new Panel("Accuracy", chart, keys);
  }

  private static void lines(
      XYChart chart, List<Key> keys, List<History.Epoch> epochs, ToDoubleFunction<Averages> value) {
    line(chart, keys, "training", epochs, History.Epoch::training, value, Figure.BLUE);
    line(chart, keys, "validation", epochs, History.Epoch::validation, value, Figure.ORANGE);
  }

  private static void line(
      XYChart chart,
      List<Key> keys,
      String name,
      List<History.Epoch> epochs,
      Function<History.Epoch, Averages> part,
      ToDoubleFunction<Averages> value,
      Color color) {
    List<History.Epoch> measured =
        epochs.stream().filter(e -> Double.isFinite(value.applyAsDouble(part.apply(e)))).toList();
    if (measured.isEmpty()) {
      return;
    }
    double[] x = measured.stream().mapToDouble(History.Epoch::epoch).toArray();
    double[] y = measured.stream().map(part).mapToDouble(value).toArray();
    XYSeries series = chart.addSeries(name, x, y);
    series.setMarker(new Circle()).setMarkerColor(color).setLineColor(color);
    series.setLineStyle(new BasicStroke(2.6f, BasicStroke.CAP_ROUND, BasicStroke.JOIN_ROUND));
    keys.add(new Key(name, String.format(Locale.ROOT, "%.4f", y[y.length - 1]), color));
  }

  private static XYChart chart() {
    XYChart chart = new XYChartBuilder().width(PANEL).height(HEIGHT).xAxisTitle("epoch").build();
    XYStyler style = Figure.plain(chart);
    style.setPlotMargin(0).setPlotContentSize(0.98);
    style.setPlotGridVerticalLinesVisible(false);
    style.setMarkerSize(9);
    style.setXAxisMin(0.0).setYAxisTickMarkSpacingHint(56);
    style.setXAxisTickLabelsFormattingFunction(
        x -> x == Math.rint(x) ? Long.toString(Math.round(x)) : "");
    return chart;
  }
}
