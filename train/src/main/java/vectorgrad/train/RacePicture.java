package vectorgrad.train;

import java.awt.Color;
import java.awt.RenderingHints;
import java.awt.geom.Line2D;
import java.awt.geom.Point2D;
import java.awt.geom.Rectangle2D;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.TreeSet;
import vectorgrad.train.Canvas.Style;

/// A [Race] as a strip of pictures, each after about three times as many steps as the one before.
public final class RacePicture {
  static final int MARGIN = 20;
  static final int TITLE = 68;

  private static final int PANELS = 6;
  private static final int ACROSS = 3;
  private static final int PANEL_WIDTH = 300;
  private static final int PANEL_HEIGHT = 210;
  private static final int GAP = 16;
  private static final int CAPTION = 26;
  private static final int ROW = 24;
  private static final int COLUMNS = 4;
  private static final int WIDTH = 2 * MARGIN + ACROSS * PANEL_WIDTH + (ACROSS - 1) * GAP;

  private final Race race;
  private final Canvas canvas;

  private RacePicture(Race race, Canvas canvas) {
    this.race = race;
    this.canvas = canvas;
  }

  /// The strip as SVG.
  public static String svg(Race race) {
    Canvas.Svg svg = new Canvas.Svg(WIDTH, height(race));
    new RacePicture(race, svg).draw();
    return svg.toString();
  }

  /// Writes the strip as a PNG file, twice as large.
  ///
  /// @throws IOException if it cannot be written, or this Java finds no fonts
  public static void writePng(Race race, Path file) throws IOException {
    Figure.write(
        file,
        2 * WIDTH,
        2 * height(race),
        g -> {
          g.scale(2, 2);
          g.setRenderingHint(RenderingHints.KEY_STROKE_CONTROL, RenderingHints.VALUE_STROKE_PURE);
          new RacePicture(race, new Canvas.Pixels(g)).draw();
        });
  }

  private static int rows(Race race) {
    return (race.runs().size() + COLUMNS - 1) / COLUMNS;
  }

  private static int height(Race race) {
    int panels = (shown(race.steps()).size() + ACROSS - 1) / ACROSS;
    return TITLE + panels * (PANEL_HEIGHT + CAPTION + GAP) + rows(race) * ROW + MARGIN + 6;
  }

  /// After how many steps a picture is made: 1, 3, 10, 30, … and the last one.
  static List<Integer> shown(int steps) {
    TreeSet<Integer> shown = new TreeSet<>(List.of(steps));
    for (int power = 1;
        power < steps;
        power = power > Integer.MAX_VALUE / 10 ? steps : power * 10) {
      shown.add(power);
      shown.add((int) Math.min(steps, 3L * power));
    }
    List<Integer> all = new ArrayList<>(shown);
    return all.subList(Math.max(0, all.size() - PANELS), all.size());
  }

  private void draw() {
    heading(canvas, race);
    Contours contours = new Contours(race.valley());
    List<Integer> shown = shown(race.steps());
    for (int i = 0; i < shown.size(); i++) {
      int column = i % ACROSS;
      int row = i / ACROSS;
      double x = MARGIN + column * (PANEL_WIDTH + GAP);
      double y = TITLE + row * (PANEL_HEIGHT + CAPTION + GAP);
      int step = shown.get(i);
      String caption = step == 1 ? "after 1 step" : "after %d steps".formatted(step);
      canvas.text(caption, x, y + 15, Style.bold(14, Figure.INK), 0);
      var frame = new Rectangle2D.Double(x, y + CAPTION, PANEL_WIDTH, PANEL_HEIGHT);
      canvas.inside(frame, () -> panel(new RaceMap(race.valley(), frame), contours, step));
    }
    legend();
  }

  /// Names and results, down the columns.
  private void legend() {
    int rows = rows(race);
    double top = height(race) - MARGIN - rows * ROW;
    double width = (WIDTH - 2.0 * MARGIN) / COLUMNS;
    for (int i = 0; i < race.runs().size(); i++) {
      int column = i / rows;
      double x = MARGIN + width * column;
      double y = top + ROW * (i % rows + 0.5);
      Race.Run run = race.runs().get(i);
      RaceMap.badge(canvas, run.optimizer(), i + 1, x + 10, y);
      canvas.text(run.optimizer().title(), x + 26, y + 5, Style.bold(13, Figure.INK), 0);
      canvas.text(result(run), x + 116, y + 5, Style.plain(12, Figure.QUIET), 0);
    }
  }

  /// What the race is, and what the numbers beside the names are.
  static void heading(Canvas canvas, Race race) {
    String title = "A race down " + race.valley().title();
    canvas.text(title, MARGIN, 32, Style.bold(19, Figure.INK), 0);
    canvas.text(
        "each at the rate that suits it best; + is a minimum, steps count until it is reached for good",
        MARGIN,
        54,
        Style.plain(13, Figure.QUIET),
        0);
  }

  /// When it arrived, or at which value it ended.
  static String result(Race.Run run) {
    return run.arrival().isPresent()
        ? run.arrival().getAsInt() + " steps"
        : "ends at " + scientific(run.last());
  }

  private static String scientific(double value) {
    return Double.isFinite(value) ? String.format(Locale.ROOT, "%.1g", value) : "lost";
  }

  private void panel(RaceMap map, Contours contours, int step) {
    map.draw(canvas, contours);
    List<Point2D> ends = new ArrayList<>();
    for (Race.Run run : race.runs().reversed()) { // the best on top
      List<Point2D> line = map.line(run.path().subList(0, step + 1));
      Color color = RaceMap.color(run.optimizer());
      canvas.draw(Polylines.path(Polylines.simplified(line, 0.4)), color, 1.6);
      ends.addFirst(line.getLast());
    }
    List<Point2D> badges = apart(ends, map.frame());
    for (int i = 0; i < ends.size(); i++) {
      Point2D from = ends.get(i);
      Point2D to = badges.get(i);
      canvas.draw(new Line2D.Double(from, to), RaceMap.color(race.runs().get(i).optimizer()), 0.8);
      canvas.fill(
          RaceMap.disc(from.getX(), from.getY(), 3), RaceMap.color(race.runs().get(i).optimizer()));
    }
    for (int i = 0; i < ends.size(); i++) {
      Point2D to = badges.get(i);
      RaceMap.badge(canvas, race.runs().get(i).optimizer(), i + 1, to.getX(), to.getY());
    }
  }

  /// A place near each point for a badge, none on another badge, nor on a point, as far as there is
  /// room: the nearest free one on growing rings.
  static List<Point2D> apart(List<Point2D> points, Rectangle2D frame) {
    List<Point2D> places = new ArrayList<>();
    double edge = 11;
    for (Point2D point : points) {
      Point2D best = point;
      search:
      for (double radius = 15; radius < 160; radius += 6) {
        for (int i = 0; i < 24; i++) {
          // up to the right first, then to both sides of that
          double turn = Math.PI * (0.25 + (i % 2 == 0 ? i : -i - 1) / 24.0);
          double x = point.getX() + radius * Math.cos(turn);
          double y = point.getY() - radius * Math.sin(turn);
          boolean inside =
              x > frame.getMinX() + edge
                  && x < frame.getMaxX() - edge
                  && y > frame.getMinY() + edge
                  && y < frame.getMaxY() - edge;
          if (inside
              && places.stream().allMatch(other -> other.distance(x, y) > 20)
              && points.stream().allMatch(other -> other.distance(x, y) > 13)) {
            best = new Point2D.Double(x, y);
            break search;
          }
        }
      }
      places.add(best);
    }
    return places;
  }
}
