package vectorgrad.train;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.FontMetrics;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.geom.AffineTransform;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.imageio.ImageIO;
import org.knowm.xchart.BitmapEncoder;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.style.Styler;
import org.knowm.xchart.style.markers.SeriesMarkers;

/// Pictures of a run, as PNG files.
public final class Plots {
  private static final Color BLUE = new Color(0x1f, 0x5f, 0xa8);
  private static final Color ORANGE = new Color(0xd9, 0x6b, 0x1c);
  private static final Color FAINT = new Color(0x1f, 0x5f, 0xa8, 120);
  private static final Color INK = new Color(0x33, 0x33, 0x33);
  private static final Color GRID = new Color(0xe4, 0xe4, 0xe4);

  private Plots() {}

  /// The learning curves: loss of every step (faint) and of every epoch, in training and
  /// validation, and below it the accuracy.
  public static void curves(History history, String title, Path file) throws IOException {
    int epochs = history.epochs().size();
    if (epochs == 0) {
      return;
    }
    BufferedImage top = BitmapEncoder.getBufferedImage(loss(history, title));
    BufferedImage bottom = BitmapEncoder.getBufferedImage(accuracy(history));
    BufferedImage both =
        new BufferedImage(
            top.getWidth(), top.getHeight() + bottom.getHeight(), BufferedImage.TYPE_INT_RGB);
    Graphics2D graphics = both.createGraphics();
    graphics.drawImage(top, 0, 0, null);
    graphics.drawImage(bottom, 0, top.getHeight(), null);
    graphics.dispose();
    write(both, file);
  }

  private static XYChart loss(History history, String title) {
    XYChart chart = chart(title, "loss", 520);
    int epochs = history.epochs().size();
    int steps = history.stepLosses().size();
    if (steps > 1) {
      // at most a thousand points: each the mean of its neighbours
      int window = Math.max(1, steps / 1000);
      List<Double> x = new ArrayList<>();
      List<Double> y = new ArrayList<>();
      for (int i = 0; i + window <= steps; i += window) {
        x.add((i + window / 2.0) * epochs / steps);
        y.add(
            history.stepLosses().subList(i, i + window).stream()
                .mapToDouble(Double::doubleValue)
                .average()
                .orElseThrow());
      }
      XYSeries series = chart.addSeries("each step", x, y);
      series.setMarker(SeriesMarkers.NONE).setLineColor(FAINT).setLineWidth(1);
      // the first steps of a new network would flatten everything else
      double typical = y.stream().sorted().skip(y.size() * 98L / 100).findFirst().orElse(1.0);
      chart.getStyler().setYAxisMax(typical * 1.15);
    }
    chart.getStyler().setYAxisMin(0.0);
    addEpochs(chart, history, History.Epoch::loss, History.Epoch::validationLoss);
    return chart;
  }

  private static XYChart accuracy(History history) {
    XYChart chart = chart("", "accuracy", 380);
    chart.setXAxisTitle("epoch");
    chart.getStyler().setLegendVisible(false);
    addEpochs(chart, history, History.Epoch::accuracy, History.Epoch::validationAccuracy);
    return chart;
  }

  private static void addEpochs(
      XYChart chart,
      History history,
      java.util.function.ToDoubleFunction<History.Epoch> training,
      java.util.function.ToDoubleFunction<History.Epoch> validation) {
    double[] x = history.epochs().stream().mapToDouble(History.Epoch::epoch).toArray();
    double[] y = history.epochs().stream().mapToDouble(training).toArray();
    double[] v = history.epochs().stream().mapToDouble(validation).toArray();
    line(chart.addSeries("training", x, y), BLUE);
    if (!Double.isNaN(v[v.length - 1])) {
      line(chart.addSeries("validation", x, v), ORANGE);
    }
  }

  private static void line(XYSeries series, Color color) {
    series.setMarker(SeriesMarkers.CIRCLE).setMarkerColor(color);
    series.setLineColor(color).setLineWidth(2.5f);
  }

  private static XYChart chart(String title, String axis, int height) {
    XYChart chart =
        new XYChartBuilder().width(1000).height(height).title(title).yAxisTitle(axis).build();
    var styler = chart.getStyler();
    styler.setChartBackgroundColor(Color.WHITE);
    styler.setPlotBorderVisible(false);
    styler.setPlotGridLinesColor(GRID);
    styler.setPlotGridLinesStroke(new BasicStroke(1));
    styler.setChartFontColor(INK);
    styler.setChartTitleFont(new Font(Font.SANS_SERIF, Font.BOLD, 20));
    styler.setChartTitleBoxVisible(false);
    styler.setChartTitleVisible(!title.isEmpty());
    styler.setAxisTitleFont(new Font(Font.SANS_SERIF, Font.PLAIN, 16));
    styler.setAxisTickLabelsFont(new Font(Font.SANS_SERIF, Font.PLAIN, 14));
    styler.setAxisTickMarksColor(GRID);
    styler.setLegendFont(new Font(Font.SANS_SERIF, Font.PLAIN, 15));
    styler.setLegendPosition(Styler.LegendPosition.OutsideS);
    styler.setLegendLayout(Styler.LegendLayout.Horizontal);
    styler.setYAxisDecimalPattern("0.00");
    styler.setLegendBorderColor(Color.WHITE);
    styler.setMarkerSize(8);
    styler.setXAxisMin(0.0);
    styler.setXAxisDecimalPattern("0.##");
    styler.setXAxisMaxLabelCount(12);
    styler.setAntiAlias(true);
    return chart;
  }

  /// The confusion matrix: a row for each true class, coloured by the share of the row, with the
  /// counts.
  ///
  /// Drawn by hand: XChart's heat map writes its colours' values, not counts, into the cells.
  public static void confusion(
      Evaluation.Confusion confusion, List<String> classes, String title, Path file)
      throws IOException {
    int n = confusion.classes();
    Font font = new Font(Font.SANS_SERIF, Font.PLAIN, 17);
    int cell = Math.max(46, Math.min(74, 900 / n));
    BufferedImage image = new BufferedImage(10, 10, BufferedImage.TYPE_INT_RGB);
    Graphics2D measure = image.createGraphics();
    FontMetrics metrics = measure.getFontMetrics(font);
    int label = 24 + classes.stream().mapToInt(metrics::stringWidth).max().orElse(0);
    measure.dispose();
    int widest = label - 24;
    boolean upright = widest < cell - 8;
    int below = upright ? 44 : label;
    int left = label + 50;
    int top = 70;
    image =
        new BufferedImage(
            left + n * cell + 40, top + n * cell + below + 60, BufferedImage.TYPE_INT_RGB);
    Graphics2D g = image.createGraphics();
    g.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
    g.setRenderingHint(
        RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
    g.setColor(Color.WHITE);
    g.fillRect(0, 0, image.getWidth(), image.getHeight());
    g.setColor(INK);
    g.setFont(font.deriveFont(Font.BOLD, 20f));
    g.drawString(title, left, 42);
    for (int row = 0; row < n; row++) {
      int total = Math.max(1, confusion.total(row));
      for (int column = 0; column < n; column++) {
        int count = confusion.at(row, column);
        double share = (double) count / total;
        int x = left + column * cell;
        int y = top + row * cell;
        g.setColor(shade(share));
        g.fillRect(x, y, cell - 2, cell - 2);
        if (count > 0) {
          g.setFont(font.deriveFont(row == column ? Font.BOLD : Font.PLAIN, 15f));
          g.setColor(share > 0.5 ? Color.WHITE : INK);
          String text = Integer.toString(count);
          int width = g.getFontMetrics().stringWidth(text);
          g.drawString(text, x + (cell - 2 - width) / 2, y + cell / 2 + 5);
        }
      }
    }
    g.setFont(font);
    g.setColor(INK);
    for (int i = 0; i < n; i++) {
      String name = classes.get(i);
      int width = metrics.stringWidth(name);
      g.drawString(name, left - 12 - width, top + i * cell + cell / 2 + 6);
      int middle = left + i * cell + cell / 2;
      if (upright) {
        g.drawString(name, middle - width / 2, top + n * cell + 24);
      } else {
        AffineTransform straight = g.getTransform();
        g.rotate(-Math.PI / 2, middle, top + n * cell + 12.0);
        g.drawString(name, middle - width, top + n * cell + 12 + 6);
        g.setTransform(straight);
      }
    }
    g.setFont(font.deriveFont(Font.ITALIC, 16f));
    String across = "predicted class";
    int width = g.getFontMetrics().stringWidth(across);
    g.drawString(across, left + (n * cell - width) / 2, top + n * cell + below + 36);
    AffineTransform straight = g.getTransform();
    g.rotate(-Math.PI / 2, 28, top + n * cell / 2.0);
    g.drawString(
        "true class",
        28 - g.getFontMetrics().stringWidth("true class") / 2,
        top + n * cell / 2 + 6);
    g.setTransform(straight);
    g.dispose();
    write(image, file);
  }

  /// White for nothing, deep blue for all; the square root makes rare mistakes visible.
  private static Color shade(double share) {
    double s = Math.sqrt(share);
    return new Color(
        mix(0xf6, BLUE.getRed(), s), mix(0xf8, BLUE.getGreen(), s), mix(0xfb, BLUE.getBlue(), s));
  }

  private static int mix(int from, int to, double share) {
    return (int) Math.round(from + (to - from) * share);
  }

  private static void write(BufferedImage image, Path file) throws IOException {
    SafeFile.write(
        file,
        temporary -> {
          if (!ImageIO.write(image, "png", temporary.toFile())) {
            throw new IOException("this Java cannot write PNG");
          }
        });
  }
}
