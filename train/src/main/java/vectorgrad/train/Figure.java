package vectorgrad.train;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.function.Consumer;
import javax.imageio.ImageIO;
import javax.imageio.stream.MemoryCacheImageOutputStream;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.style.XYStyler;
import vectorgrad.data.SafeFile;
import vectorgrad.tensor.Message;

/// What the pictures of a run have in common: colours, fonts, and how they become PNG files.
///
/// Blue and orange are told apart by all usual kinds of colour vision.
final class Figure {
  static final Color INK = new Color(0x24292f);
  static final Color QUIET = new Color(0x6e7781);
  static final Color GRID = new Color(0xe6e8eb);
  static final Color BLUE = new Color(0x2166ac);
  static final Color FAINT_BLUE = new Color(0xc5d8ea);
  static final Color ORANGE = new Color(0xe07b18);

  private Figure() {}

  static Font font(int style, float size) {
    return new Font(Font.SANS_SERIF, style, 1).deriveFont(size);
  }

  /// `from` mixed with `share` of `to`.
  static Color mix(Color from, Color to, double share) {
    return new Color(
        mix(from.getRed(), to.getRed(), share),
        mix(from.getGreen(), to.getGreen(), share),
        mix(from.getBlue(), to.getBlue(), share));
  }

  private static int mix(int from, int to, double share) {
    return (int) Math.round(from + (to - from) * share);
  }

  /// Java takes its fonts from the system, and on a bare one there are none.
  ///
  /// @throws IOException if that is so, with the cure
  static void expectFonts() throws IOException {
    Graphics2D g = new BufferedImage(1, 1, BufferedImage.TYPE_INT_RGB).createGraphics();
    try {
      width(g, font(Font.PLAIN, 16), "0");
    } catch (RuntimeException | LinkageError | InternalError e) {
      throw new IOException(
          Message.of("plot", "Java finds no fonts on this machine")
              .row("help", "install some: apt-get install fontconfig fonts-dejavu-core")
              .toString(),
          e);
    } finally {
      g.dispose();
    }
  }

  /// Paints on white and writes the picture as a PNG file.
  ///
  /// @throws IOException if it cannot be written, or this Java finds no fonts
  static void write(Path file, int width, int height, Consumer<Graphics2D> painting)
      throws IOException {
    expectFonts();
    BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    Graphics2D g = image.createGraphics();
    try {
      g.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
      g.setRenderingHint(
          RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
      g.setRenderingHint(
          RenderingHints.KEY_FRACTIONALMETRICS, RenderingHints.VALUE_FRACTIONALMETRICS_ON);
      g.setColor(Color.WHITE);
      g.fillRect(0, 0, width, height);
      painting.accept(g);
    } finally {
      g.dispose();
    }
    SafeFile.write(
        file,
        channel -> {
          // in memory: ImageIO's own file cache needs a shutdown hook, and a run that Ctrl-C stops
          // draws while the JVM shuts down
          ByteArrayOutputStream png = new ByteArrayOutputStream();
          try (var out = new MemoryCacheImageOutputStream(png)) {
            if (!ImageIO.write(image, "png", out)) {
              throw new IOException("plot: this Java cannot write PNG files");
            }
          }
          SafeFile.writeFully(channel, ByteBuffer.wrap(png.toByteArray()));
        });
  }

  /// Takes from a chart what is not data: borders, ticks, titles; grey on white, with a faint grid.
  static XYStyler plain(XYChart chart) {
    XYStyler style = chart.getStyler();
    style.setChartBackgroundColor(Color.WHITE).setPlotBackgroundColor(Color.WHITE);
    style.setChartFontColor(QUIET).setChartTitleVisible(false).setLegendVisible(false);
    style.setAxisTitleFont(font(Font.PLAIN, 16));
    style.setAxisTickLabelsFont(font(Font.PLAIN, 15));
    style.setXAxisTickLabelsColor(QUIET).setYAxisTickLabelsColor(QUIET);
    style.setAxisTicksLineVisible(false).setAxisTicksMarksVisible(false);
    style.setPlotBorderVisible(false).setAntiAlias(true);
    style.setPlotGridLinesColor(GRID).setPlotGridLinesStroke(new BasicStroke(1f));
    return style;
  }

  // ---- text -----------------------------------------------------------------------------------

  static double width(Graphics2D g, Font font, String text) {
    return g.getFontMetrics(font).getStringBounds(text, g).getWidth();
  }

  /// Writes `text` so that the point (`x`, `y`) is at `share` of its width and in the middle of its
  /// height.
  static void text(
      Graphics2D g, Font font, Color color, String text, double x, double y, double share) {
    g.setFont(font);
    g.setColor(color);
    var metrics = g.getFontMetrics();
    double left = x - share * width(g, font, text);
    double base = y + (metrics.getAscent() - metrics.getDescent()) / 2.0;
    g.drawString(text, (float) left, (float) base);
  }
}
