package vectorgrad.bench;

import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.geom.Rectangle2D;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import javax.imageio.ImageIO;

/// A report as a picture: for each work a block of bars on a scale of its own, from zero, shorter
/// is better. The bar ends at the median, a thin line at the worst JVM.
///
/// Drawn by hand, since the chart libraries at hand put all bars on one scale, where a microsecond
/// beside a millisecond is nothing.
final class BarChart {
  private static final int WIDTH = 900;
  private static final int SCALE = 2;
  private static final int MARGIN = 24;
  private static final int NAMES = 220;
  private static final int NUMBERS = 150;
  private static final int BAR = 18;
  private static final int STEP = 26;
  private static final int HEAD = 34;
  private static final int TITLE = 64;
  private static final Color INK = new Color(0x24292f);
  private static final Color QUIET = new Color(0x6e7781);
  private static final Color OURS = new Color(0x2166ac);
  private static final Color THEIRS = new Color(0xe07b18);

  private BarChart() {}

  /// Writes the picture as a PNG file.
  static void write(Report report, Path file) throws IOException {
    Files.createDirectories(file.getParent());
    if (!ImageIO.write(image(report), "png", file.toFile())) {
      throw new IOException("this JDK writes no PNG files");
    }
  }

  static BufferedImage image(Report report) {
    var works = report.byWork();
    int height = TITLE + (works.size() * HEAD) + (report.timings().size() * STEP) + MARGIN;
    var image = new BufferedImage(WIDTH * SCALE, height * SCALE, BufferedImage.TYPE_INT_RGB);
    Graphics2D g = image.createGraphics();
    g.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
    g.setRenderingHint(
        RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
    g.scale(SCALE, SCALE);
    g.setColor(Color.WHITE);
    g.fillRect(0, 0, WIDTH, height);
    text(
        g,
        Font.BOLD,
        17,
        INK,
        report.group() + ": time, shorter is better" + comparison(works.values()),
        MARGIN,
        30);
    text(
        g,
        Font.PLAIN,
        12,
        QUIET,
        "%s, %s, JDK %s, commit %s, %s; bar: median of %d JVMs, line: the worst of them"
            .formatted(
                report.machine().cpu(),
                report.plan().threads() == 1 ? "1 thread" : report.plan().threads() + " threads",
                report.machine().jdk(),
                report.machine().commit(),
                report.machine().date(),
                report.plan().forks()),
        MARGIN,
        50);
    int y = TITLE;
    for (var work : works.entrySet()) {
      text(g, Font.BOLD, 13, INK, work.getKey(), MARGIN, y + 22);
      y += HEAD;
      y = block(g, work.getValue(), y);
    }
    g.dispose();
    return image;
  }

  private static String comparison(Collection<List<Timing>> works) {
    boolean peers = works.stream().anyMatch(rows -> Report.bestPeer(rows).isPresent());
    return peers ? "; × against the best other library" : "";
  }

  private static int block(Graphics2D g, List<Timing> rows, int top) {
    double longest = rows.stream().mapToDouble(Timing::worst).max().orElseThrow();
    Unit unit = Unit.of(rows.stream().mapToDouble(Timing::median).min().orElseThrow());
    var peer = Report.bestPeer(rows);
    var base = Report.baseline(rows);
    int left = MARGIN + NAMES;
    double perTime = (WIDTH - left - NUMBERS - MARGIN) / longest;
    int y = top;
    for (Timing row : rows) {
      text(g, Font.PLAIN, 13, INK, row.trial().contender(), MARGIN, y + 14);
      g.setColor(row.trial().peer() ? THEIRS : OURS);
      g.fill(new Rectangle2D.Double(left, y, row.median() * perTime, BAR));
      g.fill(new Rectangle2D.Double(left, y + (BAR / 2.0) - 1, row.worst() * perTime, 2));
      String number = unit.number(row.median()) + " " + unit.symbol();
      if (peer.isPresent() && !row.trial().peer()) {
        number += "   × %.2f".formatted(row.median() / peer.orElseThrow());
      }
      if (base.isPresent() && !row.trial().baseline()) {
        number += "   %.2f × as fast".formatted(base.orElseThrow() / row.median());
      }
      text(g, Font.PLAIN, 13, INK, number, (int) (left + (row.worst() * perTime)) + 8, y + 14);
      y += STEP;
    }
    return y;
  }

  private static void text(
      Graphics2D g, int style, int size, Color color, String text, int x, int y) {
    g.setFont(new Font(Font.SANS_SERIF, style, size));
    g.setColor(color);
    g.drawString(text, x, y);
  }
}
