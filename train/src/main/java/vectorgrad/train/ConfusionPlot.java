package vectorgrad.train;

import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.font.FontRenderContext;
import java.awt.geom.AffineTransform;
import java.awt.geom.Rectangle2D;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/// A confusion matrix as a picture: a row for each true class, a column for each predicted one, the
/// counts in the cells. What was recognised is blue, what was mistaken orange, the deeper the
/// larger its share of the row; the share that was recognised stands at the end of the row.
///
/// Drawn by hand, since a chart library's heat map writes into its cells the numbers that it
/// colours them by.
public final class ConfusionPlot {
  private static final Color RIGHT = new Color(0x2b6cb0);
  private static final Color WRONG = new Color(0xdd6b20);
  private static final Color NOTHING = new Color(0xf6f8fa);
  private static final int GAP = 2;
  private static final int MARGIN = 32;
  private static final Font TITLE = Figure.font(Font.BOLD, 22);
  private static final Font AXIS = Figure.font(Font.PLAIN, 16);
  private static final Font NAMES = Figure.font(Font.PLAIN, 16);

  private final ConfusionMatrix matrix;
  private final List<String> classes;
  private final String title;
  private final int cell;
  private final double names;
  private final double left;
  private final double top;
  private final double side;

  private ConfusionPlot(ConfusionMatrix matrix, String title) {
    this.matrix = matrix;
    this.title = title;
    this.classes = matrix.classes();
    this.cell = Math.clamp(960 / Math.max(1, classes.size()), 22, 76);
    FontRenderContext context = new FontRenderContext(new AffineTransform(), true, true);
    this.names =
        classes.stream()
            .mapToDouble(name -> NAMES.getStringBounds(name, context).getWidth())
            .max()
            .orElse(0);
    this.left = MARGIN + 28 + names + 14;
    this.top = 76 + 34;
    this.side = (double) cell * classes.size();
  }

  /// Writes the picture as a PNG file.
  ///
  /// @throws IOException if it cannot be written
  public static void write(ConfusionMatrix matrix, String title, Path file) throws IOException {
    Figure.expectFonts();
    ConfusionPlot plot = new ConfusionPlot(matrix, title);
    FontRenderContext context = new FontRenderContext(new AffineTransform(), true, true);
    double titled = MARGIN + TITLE.getStringBounds(title, context).getWidth() + MARGIN;
    int width = (int) Math.ceil(Math.max(titled, plot.left + plot.side + 84 + MARGIN));
    int height = (int) Math.ceil(plot.top + plot.side + 14 + plot.under() + 40 + MARGIN);
    Figure.write(file, width, height, plot::paint);
  }

  /// Names that fit their columns stand upright; otherwise they lean.
  private boolean upright() {
    return names <= cell - 8;
  }

  private double under() {
    return upright() ? 20 : names * Math.sin(Math.PI / 4) + 20;
  }

  private void paint(Graphics2D g) {
    Figure.text(g, TITLE, Figure.INK, title, MARGIN, 44, 0);
    for (int actual = 0; actual < classes.size(); actual++) {
      double y = top + (actual + 0.5) * cell;
      for (int predicted = 0; predicted < classes.size(); predicted++) {
        paintCell(g, actual, predicted);
      }
      Figure.text(g, NAMES, Figure.INK, classes.get(actual), left - 14, y, 1);
      double recall = matrix.recall(actual);
      String share =
          Double.isNaN(recall) ? "–" : String.format(Locale.ROOT, "%.1f %%", 100 * recall);
      Figure.text(g, NAMES, Figure.QUIET, share, left + side + 80, y, 1);
    }
    Figure.text(g, AXIS, Figure.QUIET, "recognised", left + side + 80, top - 18, 1);
    paintNames(g);
    Figure.text(
        g,
        AXIS,
        Figure.QUIET,
        "predicted class",
        left + side / 2,
        top + side + 14 + under() + 20,
        0.5);
    AffineTransform level = g.getTransform();
    g.rotate(-Math.PI / 2, MARGIN + 6, top + side / 2);
    Figure.text(g, AXIS, Figure.QUIET, "true class", MARGIN + 6, top + side / 2, 0.5);
    g.setTransform(level);
  }

  private void paintNames(Graphics2D g) {
    double y = top + side + 20;
    for (int i = 0; i < classes.size(); i++) {
      double x = left + (i + 0.5) * cell;
      if (upright()) {
        Figure.text(g, NAMES, Figure.INK, classes.get(i), x, y, 0.5);
        continue;
      }
      AffineTransform level = g.getTransform();
      g.rotate(-Math.PI / 4, x, y);
      Figure.text(g, NAMES, Figure.INK, classes.get(i), x, y, 1);
      g.setTransform(level);
    }
  }

  private void paintCell(Graphics2D g, int actual, int predicted) {
    int count = matrix.at(actual, predicted);
    double share = count == 0 ? 0 : (double) count / matrix.samples(actual);
    // the square root lets rare mistakes show
    Color color =
        Figure.mix(
            NOTHING,
            actual == predicted ? RIGHT : WRONG,
            count == 0 ? 0 : 0.08 + 0.92 * Math.sqrt(share));
    double x = left + predicted * cell;
    double y = top + actual * cell;
    g.setColor(color);
    g.fill(new Rectangle2D.Double(x, y, cell - GAP, cell - GAP));
    if (count == 0) {
      return;
    }
    String text = Integer.toString(count);
    Font font =
        Figure.font(actual == predicted ? Font.BOLD : Font.PLAIN, Math.min(16f, cell * 0.42f));
    double room = Figure.width(g, font, text) / (cell - GAP - 6);
    if (room > 1) {
      font = font.deriveFont((float) (font.getSize2D() / room));
    }
    Color ink = share > 0.3 ? Color.WHITE : Figure.INK;
    Figure.text(g, font, ink, text, x + (cell - GAP) / 2.0, y + (cell - GAP) / 2.0, 0.5);
  }
}
