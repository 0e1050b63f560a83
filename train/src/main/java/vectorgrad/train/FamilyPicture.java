package vectorgrad.train;

import java.awt.Color;
import java.awt.RenderingHints;
import java.awt.geom.Path2D;
import java.awt.geom.RoundRectangle2D;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import vectorgrad.train.Canvas.Style;
import vectorgrad.train.OptimizerFamily.Branch;

/// The [OptimizerFamily] as a tree: a row for each generation, children below their parents, what
/// changes the direction to the left and what changes the scale to the right.
///
/// A line that passes a generation takes a gap between its boxes, so that it crosses none.
public final class FamilyPicture {
  private static final int BOX = 156;
  private static final int COLUMN = BOX + 16;
  private static final int LINE = 15;
  private static final int HEIGHT = 30 + 3 * LINE;
  private static final int ROW = HEIGHT + 44;
  private static final int MARGIN = 20;
  private static final int TITLE = 68;

  /// How much room a line takes that passes, in columns.
  private static final double PASSAGE = 0.24;

  /// How far the curvature's branch stands from the first ancestor.
  private static final double ASIDE = 2.25;

  private static final int LETTERS = 21;
  private static final Map<Branch, Color> COLORS =
      new EnumMap<>(
          Map.of(
              Branch.ROOT, Figure.INK,
              Branch.DIRECTION, new Color(0x0060a8),
              Branch.SCALE, new Color(0xc65a00),
              Branch.BOTH, new Color(0x00775a),
              Branch.CURVATURE, new Color(0x7a4b1e)));

  private record Descent(OptimizerFamily parent, OptimizerFamily child) {}

  /// Where one stands, or a line passes; in columns and rows.
  private static final class Spot {
    final int row;
    final double width;
    double x;

    Spot(int row, double width, double x) {
      this.row = row;
      this.width = width;
      this.x = x;
    }

    double middle(double left) {
      return left + x * COLUMN;
    }
  }

  private final Map<OptimizerFamily, Spot> spots = new EnumMap<>(OptimizerFamily.class);
  private final Map<Descent, List<Spot>> ways = new LinkedHashMap<>();
  private double left;
  private double width;
  private int rows;

  private FamilyPicture() {
    rows =
        Stream.of(OptimizerFamily.values()).mapToInt(OptimizerFamily::generation).max().orElse(0);
    for (int row = 0; row <= rows; row++) {
      place(row);
    }
    double least = spots.values().stream().mapToDouble(spot -> spot.x).min().orElse(0);
    double most = spots.values().stream().mapToDouble(spot -> spot.x).max().orElse(0);
    left = MARGIN + BOX / 2.0 - least * COLUMN;
    width = (most - least) * COLUMN + BOX + 2 * MARGIN;
  }

  /// The tree as SVG.
  public static String svg() {
    FamilyPicture picture = new FamilyPicture();
    Canvas.Svg svg = new Canvas.Svg(picture.width, picture.height());
    picture.draw(svg);
    return svg.toString();
  }

  /// Writes the tree as a PNG file, twice as large.
  ///
  /// @throws IOException if it cannot be written, or this Java finds no fonts
  public static void writePng(Path file) throws IOException {
    FamilyPicture picture = new FamilyPicture();
    Figure.write(
        file,
        (int) (2 * picture.width),
        2 * picture.height(),
        g -> {
          g.scale(2, 2);
          g.setRenderingHint(RenderingHints.KEY_STROKE_CONTROL, RenderingHints.VALUE_STROKE_PURE);
          picture.draw(new Canvas.Pixels(g));
        });
  }

  // ---- where everyone stands ------------------------------------------------------------------

  /// Places a generation below those before it, and the lines that pass it.
  private void place(int row) {
    List<Spot> standing = new ArrayList<>();
    for (OptimizerFamily member : OptimizerFamily.values()) {
      if (member.generation() == row) {
        Spot spot = new Spot(row, 1, wanted(member));
        spots.put(member, spot);
        standing.add(spot);
      }
    }
    for (OptimizerFamily child : OptimizerFamily.values()) {
      for (OptimizerFamily parent : child.parents()) {
        if (child.generation() == row) {
          way(parent, child).add(spots.get(child));
        } else if (parent.generation() < row && child.generation() > row) {
          List<Spot> way = way(parent, child);
          Spot passage = new Spot(row, PASSAGE, way.getLast().x + 1e-6); // beside it, not in it
          way.add(passage);
          standing.add(passage);
        }
      }
    }
    standing.sort(Comparator.comparingDouble(spot -> spot.x));
    apart(standing);
  }

  /// Below its parents, to the side that its idea belongs to.
  private double wanted(OptimizerFamily member) {
    Branch branch = member.branch();
    if (member.parents().isEmpty()) {
      return branch == Branch.CURVATURE ? ASIDE : 0;
    }
    double above =
        member.parents().stream().mapToDouble(parent -> spots.get(parent).x).average().orElse(0);
    boolean sameBranch = member.parents().stream().anyMatch(p -> p.branch() == branch);
    double aside =
        switch (branch) {
          case DIRECTION -> sameBranch ? 0 : -1;
          case SCALE -> sameBranch ? 0 : 1;
          case ROOT, BOTH, CURVATURE -> 0;
        };
    return above + aside;
  }

  /// The line from parent to child, as far as it is known.
  private List<Spot> way(OptimizerFamily parent, OptimizerFamily child) {
    return ways.computeIfAbsent(
        new Descent(parent, child), _ -> new ArrayList<>(List.of(spots.get(parent))));
  }

  /// Moves the spots of a row, ordered by where they want to be, until none overlaps another:
  /// whoever stands too close forms a block, which is centred where its members want to be.
  private static void apart(List<Spot> row) {
    List<List<Spot>> blocks = new ArrayList<>();
    List<Double> centres = new ArrayList<>();
    for (Spot spot : row) {
      List<Spot> block = new ArrayList<>(List.of(spot));
      double centre = spot.x;
      while (!blocks.isEmpty()
          && centres.getLast() + width(blocks.getLast()) / 2 > centre - width(block) / 2 + 1e-9) {
        List<Spot> before = blocks.removeLast();
        centres.removeLast();
        before.addAll(block);
        block = before;
        centre = block.stream().mapToDouble(s -> s.x).average().orElse(0);
      }
      blocks.add(block);
      centres.add(centre);
    }
    for (int b = 0; b < blocks.size(); b++) {
      double x = centres.get(b) - width(blocks.get(b)) / 2;
      for (Spot spot : blocks.get(b)) {
        spot.x = x + spot.width / 2;
        x += spot.width;
      }
    }
  }

  private static double width(List<Spot> block) {
    return block.stream().mapToDouble(spot -> spot.width).sum();
  }

  // ---- the picture ----------------------------------------------------------------------------

  private int height() {
    return TITLE + rows * ROW + HEIGHT + MARGIN;
  }

  private static double top(Spot spot) {
    return TITLE + (double) spot.row * ROW;
  }

  private void draw(Canvas canvas) {
    canvas.text("The family of optimizers", MARGIN, 32, Style.bold(19, Figure.INK), 0);
    double x = MARGIN;
    for (Branch branch : Branch.values()) {
      canvas.fill(RaceMap.disc(x + 5, 49, 5), COLORS.get(branch));
      canvas.text(branch.meaning(), x + 15, 53, Style.plain(12, Figure.QUIET), 0);
      x += 15 + 6.5 * branch.meaning().length() + 22;
    }
    ways.values().forEach(way -> line(canvas, way));
    spots.forEach((member, spot) -> box(canvas, member, spot));
  }

  private void line(Canvas canvas, List<Spot> way) {
    Path2D path = new Path2D.Double();
    double x = way.getFirst().middle(left);
    double y = top(way.getFirst()) + HEIGHT;
    path.moveTo(x, y);
    for (Spot spot : way.subList(1, way.size())) {
      double toX = spot.middle(left);
      double toY = top(spot);
      path.curveTo(x, (y + toY) / 2, toX, (y + toY) / 2, toX, toY);
      x = toX;
      y = toY;
      if (spot != way.getLast()) {
        y += HEIGHT;
        path.lineTo(x, y);
      }
    }
    canvas.draw(path, new Color(0x8a8f98), 1.5);
  }

  private void box(Canvas canvas, OptimizerFamily member, Spot spot) {
    Color color = COLORS.get(member.branch());
    double x = spot.middle(left) - BOX / 2.0;
    double y = top(spot);
    var box = new RoundRectangle2D.Double(x, y, BOX, HEIGHT, 14, 14);
    canvas.fill(box, Figure.mix(Color.WHITE, color, 0.09));
    canvas.draw(box, color, 1.4);
    canvas.text(member.title(), x + 10, y + 20, Style.bold(14, color), 0);
    canvas.text("" + member.year(), x + BOX - 10, y + 20, Style.plain(12, Figure.QUIET), 1);
    List<String> lines = wrapped(member.idea());
    for (int i = 0; i < lines.size(); i++) {
      canvas.text(lines.get(i), x + 10, y + 38 + i * LINE, Style.plain(12, Figure.INK), 0);
    }
  }

  /// Lines of at most so many letters.
  static List<String> wrapped(String text) {
    List<String> lines = new ArrayList<>();
    for (String word : text.split(" ")) {
      if (!lines.isEmpty() && lines.getLast().length() + 1 + word.length() <= LETTERS) {
        lines.add(lines.removeLast() + " " + word);
      } else {
        lines.add(word);
      }
    }
    return lines;
  }
}
