package vectorgrad.train;

import java.awt.Color;
import java.awt.Shape;
import java.awt.geom.AffineTransform;
import java.awt.geom.Ellipse2D;
import java.awt.geom.Path2D;
import java.awt.geom.Point2D;
import java.awt.geom.Rectangle2D;
import java.util.List;
import java.util.Map;
import vectorgrad.train.Canvas.Style;
import vectorgrad.train.Valley.Place;
import vectorgrad.train.Valley.Window;

/// A valley seen from above, within a rectangle of a picture: areas that are the darker the lower
/// they lie, crosses at the minima.
record RaceMap(Valley valley, Rectangle2D frame) {
  private static final int LEVELS = 11;
  private static final Color HIGH = new Color(0xfbfaf7);
  private static final Color LOW = new Color(0xb3bdc9);
  private static final Color EDGE = new Color(0x9aa4b0);

  /// Blues change the direction, warm colours the scale, greens and purples both. Light and dark
  /// alternate, and numbers tell apart what colours do not.
  private static final Map<OptimizerFamily, Color> COLORS =
      Map.ofEntries(
          Map.entry(OptimizerFamily.SGD, new Color(0x3a3f47)),
          Map.entry(OptimizerFamily.MOMENTUM, new Color(0x0060a8)),
          Map.entry(OptimizerFamily.NESTEROV, new Color(0x3d9fdb)),
          Map.entry(OptimizerFamily.ADAGRAD, new Color(0xb64200)),
          Map.entry(OptimizerFamily.RMSPROP, new Color(0xe07b18)),
          Map.entry(OptimizerFamily.ADADELTA, new Color(0xb38600)),
          Map.entry(OptimizerFamily.ADAM, new Color(0x00775a)),
          Map.entry(OptimizerFamily.NADAM, new Color(0x2fae87)),
          Map.entry(OptimizerFamily.AMSGRAD, new Color(0x5f8f00)),
          Map.entry(OptimizerFamily.ADAMW, new Color(0x8a2d9c)),
          Map.entry(OptimizerFamily.RADAM, new Color(0xc765b0)),
          Map.entry(OptimizerFamily.LAMB, new Color(0x5546b8)),
          Map.entry(OptimizerFamily.LION, new Color(0xc2185b)),
          Map.entry(OptimizerFamily.LBFGS, new Color(0x7a4b1e)));

  static Color color(OptimizerFamily optimizer) {
    return COLORS.getOrDefault(optimizer, Figure.QUIET);
  }

  /// Where a place of the valley is in the picture.
  Point2D at(Place place) {
    Window window = valley.window();
    double across = (place.x() - window.left()) / (window.right() - window.left());
    double down = (window.top() - place.y()) / (window.top() - window.bottom());
    return new Point2D.Double(
        frame.getX() + across * frame.getWidth(), frame.getY() + down * frame.getHeight());
  }

  /// Where a path of the valley leads in the picture.
  List<Point2D> line(List<Place> path) {
    return path.stream().map(this::at).toList();
  }

  void draw(Canvas canvas, Contours contours) {
    canvas.fill(frame, HIGH);
    AffineTransform scale =
        new AffineTransform(frame.getWidth(), 0, 0, frame.getHeight(), frame.getX(), frame.getY());
    List<Double> levels = contours.levels(LEVELS);
    for (int i = 0; i < levels.size(); i++) {
      Shape area = contours.below(levels.get(i)).createTransformedShape(scale);
      canvas.fill(area, Figure.mix(HIGH, LOW, (i + 1.0) / LEVELS));
      canvas.draw(area, EDGE, 0.5);
    }
    for (Place minimum : valley.minima()) {
      Point2D at = at(minimum);
      Path2D cross = new Path2D.Double();
      cross.moveTo(at.getX() - 5, at.getY());
      cross.lineTo(at.getX() + 5, at.getY());
      cross.moveTo(at.getX(), at.getY() - 5);
      cross.lineTo(at.getX(), at.getY() + 5);
      canvas.draw(cross, Figure.INK, 2);
    }
  }

  static Shape disc(double x, double y, double radius) {
    return new Ellipse2D.Double(x - radius, y - radius, 2 * radius, 2 * radius);
  }

  /// A number on a disc in the colour of its optimizer.
  static void badge(Canvas canvas, OptimizerFamily optimizer, int number, double x, double y) {
    canvas.fill(disc(x, y, 10), Color.WHITE);
    canvas.fill(disc(x, y, 9), color(optimizer));
    canvas.text(Integer.toString(number), x, y + 4, Style.bold(11, Color.WHITE), 0.5);
  }
}
