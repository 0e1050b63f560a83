package vectorgrad.train;

import static vectorgrad.train.Canvas.Svg.hex;
import static vectorgrad.train.Canvas.Svg.line;
import static vectorgrad.train.Canvas.Svg.number;
import static vectorgrad.train.Canvas.Svg.path;

import java.awt.Color;
import java.awt.geom.Point2D;
import java.awt.geom.Rectangle2D;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.TreeSet;
import vectorgrad.train.Canvas.Style;
import vectorgrad.train.Canvas.Svg;

/// A [Race] that moves: SVG with SMIL, which needs no script, so that it plays wherever a page
/// shows it as a picture. What does not play it shows the end.
///
/// Each path is drawn as a dash that grows, with a numbered disc at its tip. The first steps are
/// shown slowly and later ones ever faster.
public final class RaceAnimation {
  private static final int MARGIN = RacePicture.MARGIN;
  private static final int MAP_WIDTH = 590;
  private static final int MAP_HEIGHT = 430;
  private static final int LEGEND = 272;
  private static final int ROW = 28;
  private static final int RULER = 56;
  private static final int WIDTH = 2 * MARGIN + MAP_WIDTH + LEGEND;

  private static final double SECONDS = 14;
  private static final double REST = 4;
  private static final int FRAMES = 112;

  /// How much faster the last steps go by than the first ones: `e` to this.
  private static final double HASTE = 3.6;

  private static final String FOREVER =
      "dur=\"%ss\" repeatCount=\"indefinite\"".formatted(number(SECONDS + REST));

  private final Race race;
  private final Svg svg;
  private final RaceMap map;
  private final int bottom;

  private RaceAnimation(Race race) {
    this.race = race;
    int height = Math.max(MAP_HEIGHT, ROW * (race.runs().size() + 1));
    this.bottom = RacePicture.TITLE + height;
    this.svg = new Svg(WIDTH, bottom + RULER);
    this.map =
        new RaceMap(
            race.valley(),
            new Rectangle2D.Double(MARGIN, RacePicture.TITLE, MAP_WIDTH, MAP_HEIGHT));
  }

  /// The animation as SVG.
  public static String svg(Race race) {
    return new RaceAnimation(race).draw();
  }

  private String draw() {
    RacePicture.heading(svg, race);
    svg.inside(
        map.frame(),
        () -> {
          map.draw(svg, new Contours(race.valley()));
          List<String> tips = new ArrayList<>();
          for (int i = race.runs().size() - 1; i >= 0; i--) { // the best on top
            tips.add(trail(i));
          }
          tips.forEach(svg::raw);
        });
    legend();
    ruler();
    return svg.toString();
  }

  // ---- time -----------------------------------------------------------------------------------

  /// How many steps were made when `share` of the time has passed.
  private double steps(double share) {
    return race.steps() * Math.expm1(HASTE * share) / Math.expm1(HASTE);
  }

  /// Which share of the time has passed after so many steps.
  private double share(double steps) {
    return Math.log1p(steps / race.steps() * Math.expm1(HASTE)) / HASTE;
  }

  /// As a share of the time with the rest at the end, as animations count.
  private static String moment(double share) {
    return String.format(Locale.ROOT, "%.4f", share * SECONDS / (SECONDS + REST));
  }

  // ---- paths ----------------------------------------------------------------------------------

  /// Draws the path of a run.
  ///
  /// @return the disc at its tip
  private String trail(int rank) {
    Race.Run run = race.runs().get(rank);
    Color color = RaceMap.color(run.optimizer());
    List<Point2D> line =
        map.line(run.path()).stream()
            .<Point2D>map(p -> new Point2D.Double(Svg.rounded(p.getX()), Svg.rounded(p.getY())))
            .toList();
    List<Integer> kept = Polylines.kept(line, 0.3);
    double[] lengths = lengths(line, kept);
    double whole = Math.max(lengths[lengths.length - 1], 1e-9);
    StringBuilder gone = new StringBuilder();
    StringBuilder left = new StringBuilder();
    StringBuilder times = new StringBuilder();
    for (int frame = 0; frame <= FRAMES; frame++) {
      double share = (double) frame / FRAMES;
      double at = frame == FRAMES ? 1 : length(lengths, steps(share)) / whole;
      gone.append(fraction(at)).append(';');
      left.append(fraction(1 - at)).append(';');
      times.append(fraction(Double.parseDouble(moment(share)))).append(';');
    }
    gone.append('1');
    left.append('0');
    times.append('1');
    String id = "path" + (rank + 1);
    String shape = path(Polylines.path(kept.stream().map(line::get).toList()));
    svg.raw(
        """
        <path id="%s" d="%s" %s pathLength="1" stroke-dasharray="1 1">
        <animate attributeName="stroke-dashoffset" values="%s" keyTimes="%s" %s/></path>\
        """
            .formatted(id, shape, line(color, 2), left, times, FOREVER));
    Point2D end = line.getLast();
    svg.raw(
        "<circle cx=\"%s\" cy=\"%s\" r=\"4\" fill=\"%s\"><set attributeName=\"opacity\" to=\"0\"/></circle>"
            .formatted(number(end.getX()), number(end.getY()), hex(color)));
    return """
    <g opacity="0"><circle r="10.5" fill="#ffffff"/><circle r="9.5" fill="%s"/>%s
    <animateMotion keyPoints="%s" keyTimes="%s" calcMode="linear" %s><mpath href="#%s"/></animateMotion>
    <animate attributeName="opacity" values="%s" keyTimes="%s" calcMode="discrete" %s/></g>\
    """
        .formatted(
            hex(color),
            Svg.words(Integer.toString(rank + 1), 0, 4, Style.bold(11, Color.WHITE), 0.5),
            gone,
            times,
            FOREVER,
            id,
            run.arrival().isPresent() ? "1;0" : "1;1",
            "0;" + moment(share(run.arrival().orElse(race.steps()))),
            FOREVER);
  }

  private static String fraction(double share) {
    String text = String.format(Locale.ROOT, "%.4f", share).replaceFirst("\\.?0+$", "");
    return text.isEmpty() ? "0" : text.startsWith("0.") ? text.substring(1) : text;
  }

  /// The length of the simplified line up to each point of the whole one.
  private static double[] lengths(List<Point2D> line, List<Integer> kept) {
    double[] lengths = new double[line.size()];
    for (int k = 1; k < kept.size(); k++) {
      int from = kept.get(k - 1);
      int to = kept.get(k);
      double own = 0; // of the line between them before it was simplified
      for (int i = from + 1; i <= to; i++) {
        own += line.get(i).distance(line.get(i - 1));
        lengths[i] = own;
      }
      double straight = line.get(from).distance(line.get(to));
      for (int i = from + 1; i <= to; i++) {
        lengths[i] = lengths[from] + (own == 0 ? 0 : lengths[i] / own * straight);
      }
    }
    return lengths;
  }

  /// The length after a number of steps, which may lie between two.
  private static double length(double[] lengths, double steps) {
    int before = (int) Math.min(steps, lengths.length - 1);
    int after = Math.min(before + 1, lengths.length - 1);
    return lengths[before] + (steps - before) * (lengths[after] - lengths[before]);
  }

  // ---- around it ------------------------------------------------------------------------------

  /// Names, and results as soon as they are known.
  private void legend() {
    double x = MARGIN + MAP_WIDTH + 20;
    double y = RacePicture.TITLE + 8;
    for (String head : List.of("rate", "steps")) {
      double right = head.equals("rate") ? x + 166 : WIDTH - MARGIN;
      svg.text(head, right, y + 4, Style.plain(13, Figure.QUIET), 1);
    }
    for (int i = 0; i < race.runs().size(); i++) {
      Race.Run run = race.runs().get(i);
      y += i == 0 ? ROW - 2 : ROW;
      RaceMap.badge(svg, run.optimizer(), i + 1, x + 10, y);
      svg.text(run.optimizer().title(), x + 27, y + 5, Style.bold(14, Figure.INK), 0);
      svg.text(rate(run.rate()), x + 166, y + 5, Style.plain(13, Figure.QUIET), 1);
      String result =
          run.arrival().isPresent() ? "" + run.arrival().getAsInt() : RacePicture.result(run);
      Style style =
          run.arrival().isPresent() ? Style.bold(14, Figure.INK) : Style.plain(12, Figure.QUIET);
      String known = moment(share(run.arrival().orElse(race.steps())));
      svg.raw(
          "<g>%s<animate attributeName=\"opacity\" values=\"0;1\" keyTimes=\"0;%s\" calcMode=\"discrete\" %s/></g>"
              .formatted(Svg.words(result, WIDTH - MARGIN, y + 5, style, 1), known, FOREVER));
    }
  }

  static String rate(double rate) {
    return rate < 1e-3
        ? Double.toString(rate).replace(".0E", "e")
        : new java.math.BigDecimal(Double.toString(rate)).stripTrailingZeros().toPlainString();
  }

  /// How many steps were made, with a marker that goes along.
  private void ruler() {
    double y = bottom + 20;
    svg.raw(
        "<line x1=\"%d\" y1=\"%s\" x2=\"%d\" y2=\"%s\" stroke=\"%s\" stroke-width=\"3\" stroke-linecap=\"round\"/>"
            .formatted(MARGIN, number(y), MARGIN + MAP_WIDTH, number(y), hex(Figure.GRID)));
    TreeSet<Integer> ticks = new TreeSet<>(RacePicture.shown(race.steps()));
    ticks.add(0);
    for (int step : ticks) {
      double x = MARGIN + share(step) * MAP_WIDTH;
      svg.raw(
          "<circle cx=\"%s\" cy=\"%s\" r=\"2.5\" fill=\"%s\"/>"
              .formatted(number(x), number(y), hex(Figure.QUIET)));
      double share = step == 0 ? 0 : step == race.steps() ? 1 : 0.5;
      String text = step == race.steps() ? step + " steps" : "" + step;
      svg.text(text, x, y + 23, Style.plain(13, Figure.QUIET), share);
    }
    svg.raw(
        "<circle cx=\"%d\" cy=\"%s\" r=\"7\" fill=\"%s\"><animate attributeName=\"cx\" values=\"%d;%d;%d\" keyTimes=\"0;%s;1\" %s/></circle>"
            .formatted(
                MARGIN + MAP_WIDTH,
                number(y),
                hex(Figure.INK),
                MARGIN,
                MARGIN + MAP_WIDTH,
                MARGIN + MAP_WIDTH,
                moment(1),
                FOREVER));
  }
}
