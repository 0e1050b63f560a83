package vectorgrad.train;

import java.awt.geom.Line2D;
import java.awt.geom.Path2D;
import java.awt.geom.Point2D;
import java.util.ArrayList;
import java.util.List;

/// Lines of many points, with fewer.
final class Polylines {
  private Polylines() {}

  /// Leaves out points that the line passes within `error` anyway. Douglas and Peucker 1973.
  static List<Point2D> simplified(List<Point2D> line, double error) {
    return kept(line, error).stream().map(line::get).toList();
  }

  /// The places in the list of the points that stay.
  static List<Integer> kept(List<Point2D> line, double error) {
    List<Integer> kept = new ArrayList<>(List.of(0));
    if (line.size() > 1) {
      keep(line, 0, line.size() - 1, error, kept);
    }
    return kept;
  }

  private static void keep(List<Point2D> line, int from, int to, double error, List<Integer> kept) {
    Point2D a = line.get(from);
    Point2D b = line.get(to);
    int farthest = from;
    double distance = error;
    for (int i = from + 1; i < to; i++) {
      Point2D p = line.get(i);
      double d = Line2D.ptSegDist(a.getX(), a.getY(), b.getX(), b.getY(), p.getX(), p.getY());
      if (d > distance) {
        farthest = i;
        distance = d;
      }
    }
    if (farthest > from) {
      keep(line, from, farthest, error, kept);
      keep(line, farthest, to, error, kept);
    } else {
      kept.add(to);
    }
  }

  /// The line from point to point.
  static Path2D path(List<Point2D> line) {
    Path2D path = new Path2D.Double();
    path.moveTo(line.getFirst().getX(), line.getFirst().getY());
    line.stream().skip(1).forEach(p -> path.lineTo(p.getX(), p.getY()));
    return path;
  }
}
