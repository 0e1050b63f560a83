package vectorgrad.autograd;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Formatter;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import vectorgrad.autograd.Explanation.Edge;
import vectorgrad.autograd.Explanation.Step;

/// Draws the graph of an [Explanation]: columns by the longest way from what was given, boxes with
/// formula, value and gradient, arrows with local derivatives and shapes.
///
/// An arrow over several columns leaves a gap in each of those between, so that it crosses no box;
/// rows are put where their neighbours are (Sugiyama, Tagawa and Toda, 1981).
final class GraphDrawing {
  private static final int LINE = 20;
  private static final int GAP_X = 70;
  private static final int GAP_Y = 30;
  private static final int MARGIN = 30;
  private static final double CHARACTER = 7.9;
  private static final double SMALL_CHARACTER = 6.7;
  private static final int LONGEST = 36;
  private static final int SWEEPS = 8;

  private final List<Step> steps;
  private final Map<String, Place> boxes = new HashMap<>();
  private final List<List<Place>> columns = new ArrayList<>();
  private final IdentityHashMap<Edge, List<Place>> ways =
      new IdentityHashMap<>(); // from box over gaps to box
  private final StringBuilder svg = new StringBuilder();

  /// Where a box stands, or an arrow goes through.
  private static final class Place {
    final int column;
    final double width;
    final double height;
    final List<Place> neighbours = new ArrayList<>();
    double x;
    double y;

    Place(int column, double width, double height) {
      this.column = column;
      this.width = width;
      this.height = height;
    }

    double middle() {
      return y + height / 2;
    }

    /// Where the neighbours are, on average.
    double wanted() {
      return neighbours.stream().mapToDouble(Place::middle).average().orElse(middle());
    }
  }

  private GraphDrawing(List<Step> steps) {
    this.steps = steps;
  }

  static String dot(List<Step> steps) {
    StringBuilder dot = new StringBuilder("digraph explanation {\n  rankdir=LR;\n");
    dot.append("  node [shape=box, style=rounded, fontname=\"Helvetica\"];\n");
    for (Step step : steps) {
      dot.append(
          "  \"%s\" [label=\"%s\"];\n".formatted(step.name(), String.join("\\n", lines(step))));
      for (Edge edge : step.inputs()) {
        dot.append(
            "  \"%s\" -> \"%s\" [label=\"%s\"];\n"
                .formatted(edge.name(), step.name(), label(edge, steps)));
      }
    }
    return dot.append("}\n").toString();
  }

  static String svg(List<Step> steps) {
    return new GraphDrawing(steps).draw();
  }

  /// Name and formula, value, gradient.
  private static List<String> lines(Step step) {
    List<String> lines = new ArrayList<>();
    lines.add(step.formula().isEmpty() ? step.name() : cut(step.name() + " = " + step.formula()));
    String value = step.value().map(Explanation::text).orElse("" + step.shape());
    lines.add(value.equals(step.name()) ? "" : value);
    step.gradient().ifPresent(gradient -> lines.add("∂ " + Explanation.text(gradient)));
    lines.removeIf(String::isEmpty);
    return lines;
  }

  private static String cut(String text) {
    return text.length() <= LONGEST ? text : text.substring(0, LONGEST - 1) + "…";
  }

  /// The local derivative, and the shape of what goes along where it is not a single number.
  private static String label(Edge edge, List<Step> steps) {
    String shape =
        steps.stream()
            .filter(step -> step.name().equals(edge.name()) && step.shape().size() != 1)
            .map(step -> step.shape().toString())
            .findFirst()
            .orElse("");
    String slope =
        edge.share().isEmpty() || edge.slope().isEmpty() ? "" : "∂ = " + bare(edge.slope());
    return cut(shape + (shape.isEmpty() || slope.isEmpty() ? "" : "  ") + slope);
  }

  private static String bare(String slope) {
    return slope.startsWith("(") ? slope.substring(1, slope.length() - 1) : slope;
  }

  // ---- where everything goes ------------------------------------------------------------------

  private void place() {
    Map<String, Integer> column = columns();
    for (Step step : steps) {
      int at = column.get(step.name());
      boxes.put(step.name(), stand(new Place(at, width(step), height(step))));
      for (Edge edge : step.inputs()) {
        List<Place> way = new ArrayList<>(List.of(boxes.get(edge.name())));
        for (int between = way.getFirst().column + 1; between < at; between++) {
          way.add(stand(new Place(between, 0, 0)));
        }
        way.add(boxes.get(step.name()));
        for (int i = 1; i < way.size(); i++) {
          way.get(i - 1).neighbours.add(way.get(i));
          way.get(i).neighbours.add(way.get(i - 1));
        }
        ways.put(edge, way);
      }
    }
    columns.forEach(this::stack);
    for (int sweep = 0; sweep < SWEEPS; sweep++) {
      List<List<Place>> order = sweep % 2 == 0 ? columns : columns.reversed();
      for (List<Place> places : order) {
        places.sort(Comparator.comparingDouble(Place::wanted));
        stack(places);
      }
    }
    double[] gaps = gaps(column);
    double x = MARGIN;
    for (List<Place> places : columns) {
      double width = places.stream().mapToDouble(place -> place.width).max().orElse(0);
      for (Place place : places) {
        place.x = x + (width - place.width) / 2;
      }
      x += width + gaps[columns.indexOf(places) + 1];
    }
  }

  /// The room before each column, for the labels of the arrows that end there.
  private double[] gaps(Map<String, Integer> column) {
    double[] gaps = new double[columns.size() + 1];
    Arrays.fill(gaps, GAP_X);
    for (Step step : steps) {
      int at = column.get(step.name());
      for (Edge edge : step.inputs()) {
        gaps[at] = Math.max(gaps[at], label(edge, steps).length() * SMALL_CHARACTER + 40);
      }
    }
    return gaps;
  }

  /// The longest way from what was given; given variables stand one column before their first use.
  private Map<String, Integer> columns() {
    Map<String, Integer> column = new HashMap<>();
    Map<String, Integer> firstUse = new HashMap<>();
    for (Step step : steps) {
      int at = 0;
      for (Edge edge : step.inputs()) {
        at = Math.max(at, column.get(edge.name()) + 1);
      }
      column.put(step.name(), at);
      for (Edge edge : step.inputs()) {
        firstUse.merge(edge.name(), at, Math::min);
      }
    }
    for (Step step : steps) {
      if (step.inputs().isEmpty()) {
        column.put(step.name(), firstUse.getOrDefault(step.name(), 1) - 1);
      }
    }
    return column;
  }

  private Place stand(Place place) {
    while (columns.size() <= place.column) {
      columns.add(new ArrayList<>());
    }
    columns.get(place.column).add(place);
    return place;
  }

  /// Puts a column's places one below the other, as near as can be to where they want to be.
  private void stack(List<Place> places) {
    double wanted = places.stream().mapToDouble(Place::wanted).average().orElse(0);
    double height = -GAP_Y;
    for (Place place : places) {
      height += place.height + GAP_Y;
    }
    double y = wanted - height / 2;
    for (Place place : places) {
      place.y = y;
      y += place.height + GAP_Y;
    }
  }

  // ---- the picture ----------------------------------------------------------------------------

  private String draw() {
    place();
    double top = columns.stream().flatMap(List::stream).mapToDouble(p -> p.y).min().orElse(0);
    double width = 0;
    double height = 0;
    for (List<Place> places : columns) {
      for (Place place : places) {
        place.y += MARGIN - top;
        width = Math.max(width, place.x + place.width + MARGIN);
        height = Math.max(height, place.y + place.height + MARGIN);
      }
    }
    line(
        text()
            .format(
                "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%.0f\" height=\"%.0f\""
                    + " font-family=\"DejaVu Sans Mono, Menlo, Consolas, monospace\" font-size=\"13\">",
                width, height));
    line(
        text()
            .format(
                "<defs><marker id=\"tip\" markerWidth=\"9\" markerHeight=\"9\" refX=\"8\" refY=\"4\""
                    + " orient=\"auto\"><path d=\"M0,0 L8,4 L0,8 z\" fill=\"#8a8f98\"/></marker></defs>"));
    line(text().format("<rect width=\"100%%\" height=\"100%%\" fill=\"#ffffff\"/>"));
    steps.forEach(this::arrows);
    steps.forEach(this::labels);
    steps.forEach(this::box);
    return svg.append("</svg>\n").toString();
  }

  private static double width(Step step) {
    int longest = lines(step).stream().mapToInt(String::length).max().orElse(1);
    return longest * CHARACTER + 24;
  }

  private static double height(Step step) {
    return lines(step).size() * LINE + 12;
  }

  private void arrows(Step step) {
    for (int i = 0; i < step.inputs().size(); i++) {
      List<Place> way = ways.get(step.inputs().get(i));
      Place from = way.getFirst();
      double x = from.x + from.width;
      double y = from.middle();
      StringBuilder path = new StringBuilder(String.format(Locale.ROOT, "M%.1f,%.1f", x, y));
      for (Place next : way.subList(1, way.size())) {
        double toX = next == way.getLast() ? next.x - 2 : next.x;
        double toY = next == way.getLast() ? end(step, i) : next.y;
        double middle = (x + toX) / 2;
        path.append(
            String.format(
                Locale.ROOT, " C%.1f,%.1f %.1f,%.1f %.1f,%.1f", middle, y, middle, toY, toX, toY));
        x = toX;
        y = toY;
      }
      line(
          text()
              .format(
                  "<path d=\"%s\" fill=\"none\" stroke=\"#8a8f98\" stroke-width=\"1.4\""
                      + " marker-end=\"url(#tip)\"/>",
                  path));
    }
  }

  /// Where an arrow reaches its box.
  private double end(Step step, int input) {
    Place box = boxes.get(step.name());
    return box.y + box.height * (input + 1) / (step.inputs().size() + 1);
  }

  private void labels(Step step) {
    for (int i = 0; i < step.inputs().size(); i++) {
      Edge edge = step.inputs().get(i);
      String label = label(edge, steps);
      List<Place> way = ways.get(edge);
      Place last = way.get(way.size() - 2);
      double from = last.x + last.width;
      double to = way.getLast().x;
      if (!label.isEmpty()) {
        double width = label.length() * SMALL_CHARACTER + 6;
        double x = Math.max((from + to) / 2, to - width / 2 - 17);
        double y = (last.middle() + end(step, i)) / 2;
        line(
            text()
                .format(
                    "<rect x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"14\" fill=\"#ffffff\"/>",
                    x - width / 2, y - 7, width));
        line(
            text()
                .format(
                    "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"middle\" font-size=\"11\" fill=\"#5b6270\">%s</text>",
                    x, y + 4, escaped(label)));
      }
    }
  }

  private void box(Step step) {
    Place box = boxes.get(step.name());
    String fill = step.inputs().isEmpty() ? "#eef4fb" : "#ffffff";
    line(
        text()
            .format(
                "<rect x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\" rx=\"7\" fill=\"%s\""
                    + " stroke=\"#39414f\" stroke-width=\"1.2\"/>",
                box.x, box.y, box.width, box.height, fill));
    List<String> lines = lines(step);
    for (int i = 0; i < lines.size(); i++) {
      String color = i == 0 ? "#1b1f27" : lines.get(i).startsWith("∂ ") ? "#c0392b" : "#1f5fa8";
      line(
          text()
              .format(
                  "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"middle\" fill=\"%s\"%s>%s</text>",
                  box.x + box.width / 2,
                  box.y + 19 + i * LINE,
                  color,
                  i == 0 ? " font-weight=\"bold\"" : "",
                  escaped(lines.get(i))));
    }
  }

  private void line(Formatter text) {
    svg.append(text).append('\n');
  }

  private static Formatter text() {
    return new Formatter(Locale.ROOT); // points, not commas
  }

  private static String escaped(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
  }
}
