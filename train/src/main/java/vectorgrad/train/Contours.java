package vectorgrad.train;

import java.awt.geom.Path2D;
import java.awt.geom.Point2D;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import vectorgrad.autograd.Variable;
import vectorgrad.tensor.Shape;
import vectorgrad.tensor.Tensor;
import vectorgrad.train.Valley.Window;

/// The levels of a valley as areas: marching squares, each square of a grid cut by straight lines
/// where the value passes the level. Lorensen and Cline 1987, in the plane.
final class Contours {
  private static final int COLUMNS = 120;
  private static final int ROWS = 84;

  /// A little more than one column and row around, where everything counts as high, so that areas
  /// are closed.
  private static final int WIDTH = COLUMNS + 3;

  private final double[] values = new double[WIDTH * (ROWS + 3)];

  /// Looks at every place of a grid over the window at once.
  Contours(Valley valley) {
    Window window = valley.window();
    double[] x = new double[(COLUMNS + 1) * (ROWS + 1)];
    double[] y = new double[x.length];
    for (int i = 0; i < x.length; i++) {
      int column = i % (COLUMNS + 1);
      int row = i / (COLUMNS + 1);
      double across = (double) column / COLUMNS;
      double up = (double) row / ROWS;
      x[i] = window.left() + across * (window.right() - window.left());
      y[i] = window.bottom() + up * (window.top() - window.bottom());
    }
    Shape shape = Shape.of(x.length);
    double[] seen =
        valley
            .at(Variable.constant(Tensor.of(x, shape)), Variable.constant(Tensor.of(y, shape)))
            .value()
            .toDoubles();
    Arrays.fill(values, Double.MAX_VALUE);
    for (int row = 0; row <= ROWS; row++) {
      System.arraycopy(seen, row * (COLUMNS + 1), values, (row + 1) * WIDTH + 1, COLUMNS + 1);
    }
  }

  /// Levels between which areas become the smaller the lower they are.
  List<Double> levels(int count) {
    double[] sorted = Arrays.stream(values).filter(v -> v < Double.MAX_VALUE).sorted().toArray();
    List<Double> levels = new ArrayList<>();
    for (int i = count; i >= 1; i--) {
      double share = Math.pow((double) i / (count + 1), 1.7);
      levels.add(sorted[(int) (share * (sorted.length - 1))]);
    }
    return levels;
  }

  /// Where values are at most `level`, in a unit square whose top is at 0.
  Path2D below(double level) {
    Map<Integer, Integer> next = new HashMap<>(); // from an edge of the grid to the next one
    for (int cell = 0; cell < values.length - WIDTH; cell++) {
      if (cell % WIDTH < WIDTH - 1) {
        cut(cell, level, next);
      }
    }
    Path2D area = new Path2D.Double(Path2D.WIND_EVEN_ODD);
    while (!next.isEmpty()) {
      List<Point2D> loop = new ArrayList<>();
      int edge = next.keySet().stream().min(Integer::compare).orElseThrow();
      for (Integer to = next.remove(edge); to != null; to = next.remove(edge)) {
        loop.add(crossing(edge, level));
        edge = to;
      }
      loop.add(loop.getFirst());
      List<Point2D> simple = Polylines.simplified(loop, 0.0006);
      area.moveTo(simple.getFirst().getX(), simple.getFirst().getY());
      for (Point2D p : simple.subList(1, simple.size() - 1)) {
        area.lineTo(p.getX(), p.getY());
      }
      area.closePath();
    }
    return area;
  }

  /// Edges are told by the grid point at their lower or left end: `2·point` for those to the right,
  /// `2·point + 1` for those upwards.
  private void cut(int cell, double level, Map<Integer, Integer> next) {
    boolean[] low = {
      values[cell] <= level,
      values[cell + 1] <= level,
      values[cell + WIDTH + 1] <= level,
      values[cell + WIDTH] <= level
    };
    int[] edges = {2 * cell, 2 * (cell + 1) + 1, 2 * (cell + WIDTH), 2 * cell + 1};
    for (int i = 0; i < 4; i++) {
      // an area goes round against the clock: it comes in where low follows high
      if (low[i] && !low[(i + 1) % 4]) {
        int back = i;
        while (low[back]) {
          back = (back + 3) % 4;
        }
        next.put(edges[i], edges[back]);
      }
    }
  }

  private Point2D crossing(int edge, double level) {
    int from = edge / 2;
    int to = edge % 2 == 0 ? from + 1 : from + WIDTH;
    double a = values[from];
    double b = values[to];
    double share = a == b ? 0.5 : (level - a) / (b - a);
    int column = from % WIDTH - 1;
    int row = from / WIDTH - 1;
    double x = column + (edge % 2 == 0 ? share : 0);
    double y = row + (edge % 2 == 0 ? 0 : share);
    return new Point2D.Double(x / COLUMNS, 1 - y / ROWS);
  }
}
