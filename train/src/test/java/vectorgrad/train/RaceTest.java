package vectorgrad.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.geom.Path2D;
import java.awt.geom.PathIterator;
import java.awt.geom.Point2D;
import java.awt.geom.Rectangle2D;
import java.io.StringReader;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.InputSource;
import vectorgrad.autograd.Parameter;
import vectorgrad.tensor.Tensor;
import vectorgrad.train.Valley.Place;

class RaceTest {

  @ParameterizedTest
  @EnumSource
  void valleysAreFlatAndZeroAtTheirMinimaAndSlopeAtTheStart(Valley valley) {
    for (Place minimum : valley.minima()) {
      assertEquals(0, valley.at(minimum), 1e-10); // Himmelblau's are known to seven digits
      assertEquals(0, slope(valley, minimum), 1e-3);
      assertTrue(valley.window().contains(minimum));
    }
    assertTrue(slope(valley, valley.start()) > 0.5);
    assertTrue(valley.window().contains(valley.start()));
  }

  /// The largest number of the gradient.
  private static double slope(Valley valley, Place place) {
    Parameter p = Parameter.of(Tensor.of(place.x(), place.y()));
    return valley.at(p).backward().get(p).abs().max().item();
  }

  @ParameterizedTest
  @EnumSource
  void onePlaceAndAWholeGridHaveTheSameValues(Valley valley) {
    Parameter p = Parameter.of(Tensor.of(0.7, -0.4));
    assertEquals(valley.at(new Place(0.7, -0.4)), valley.at(p).item());
  }

  @Test
  void whoFliesPastHasNotArrived() {
    List<Place> path = List.of(new Place(0, 0), new Place(1, 0), new Place(2, 0), new Place(3, 0));
    assertEquals(OptionalInt.empty(), run(path, 3.0, 0.0, 0.0, 3.0).arrival());
    assertEquals(OptionalInt.of(3), run(path, 3.0, 0.0, 2.0, 1e-3).arrival());
    assertEquals(OptionalInt.of(0), run(path, 0.0, 0.0, 0.0, 0.0).arrival());
  }

  private static Race.Run run(List<Place> path, Double... values) {
    return new Race.Run(OptimizerFamily.SGD, 0.1, path, List.of(values));
  }

  @Test
  void descentInTheRavineIsTheOneOfTheFormula() {
    Race.Run run = Race.run(Valley.RAVINE, OptimizerFamily.SGD, 0.01, 30);
    assertEquals(31, run.path().size());
    for (int step = 0; step <= 30; step++) {
      assertEquals(-4 * Math.pow(0.99, step), run.path().get(step).x(), 1e-13);
      assertEquals(Math.pow(0.5, step), run.path().get(step).y(), 1e-13);
    }
  }

  @Test
  void eachTakesTheRateThatArrivesFirstAndOfEqualsTheSmaller() {
    Race race = Race.of(Valley.RAVINE, List.of(OptimizerFamily.SGD), 100);
    // rates of 0.04 and more climb out of a bowl of slope 50
    assertEquals(0.03, race.runs().getFirst().rate());
    assertTrue(race.runs().getFirst().arrival().isEmpty());
    assertEquals(
        Race.RATES.stream()
            .map(rate -> Race.run(Valley.RAVINE, OptimizerFamily.SGD, rate, 100).last())
            .min(Comparator.naturalOrder())
            .orElseThrow(),
        race.runs().getFirst().last());
  }

  @Test
  void whoLeavesTheWindowIsOut() {
    Race.Run run = Race.run(Valley.RAVINE, OptimizerFamily.SGD, 0.3, 50);
    assertEquals(51, run.path().size());
    assertEquals(51, run.values().size());
    assertEquals(Double.POSITIVE_INFINITY, run.last());
    assertTrue(run.path().stream().allMatch(Valley.RAVINE.window()::contains));
  }

  @Test
  void aLineSearchTakesTheTimeOfItsGradients() {
    Race.Run run = Race.run(Valley.BEALE, OptimizerFamily.LBFGS, 1, 40);
    assertEquals(41, run.path().size());
    long still =
        Stream.iterate(1, i -> i + 1)
            .limit(40)
            .filter(i -> run.path().get(i).equals(run.path().get(i - 1)))
            .count();
    assertTrue(still > 5, "it never stood still");
    assertTrue(run.arrival().isPresent());
  }

  @Test
  void aRaceIsTheSameEveryTime() {
    List<OptimizerFamily> two = List.of(OptimizerFamily.LION, OptimizerFamily.ADAM);
    Race race = Race.of(Valley.SADDLE, two, 20);
    assertEquals(race, Race.of(Valley.SADDLE, two, 20));
    assertEquals(RaceAnimation.svg(race), RaceAnimation.svg(race));
    assertEquals(2, race.runs().size());
  }

  @Test
  void drawingsAreWellFormedAndAnimationsHaveATimeForEachValue() throws Exception {
    Race race = Race.of(Valley.SADDLE, List.of(OptimizerFamily.ADAM, OptimizerFamily.LBFGS), 30);
    assertEquals(0, elements(RacePicture.svg(race), "animateMotion").getLength());
    assertEquals(0, elements(FamilyPicture.svg(), "animate").getLength());
    String svg = RaceAnimation.svg(race);
    assertEquals(2, elements(svg, "animateMotion").getLength());
    for (String kind : List.of("animate", "animateMotion")) {
      NodeList found = elements(svg, kind);
      for (int i = 0; i < found.getLength(); i++) {
        Element animation = (Element) found.item(i);
        double[] times = numbers(animation.getAttribute("keyTimes"));
        String values = kind.equals("animate") ? "values" : "keyPoints";
        assertEquals(times.length, numbers(animation.getAttribute(values)).length);
        assertEquals(0, times[0]);
        for (int t = 1; t < times.length; t++) {
          assertTrue(times[t] >= times[t - 1] && times[t] <= 1);
        }
      }
    }
  }

  private static NodeList elements(String svg, String name) throws Exception {
    return DocumentBuilderFactory.newInstance()
        .newDocumentBuilder()
        .parse(new InputSource(new StringReader(svg)))
        .getElementsByTagName(name);
  }

  private static double[] numbers(String list) {
    return Stream.of(list.split(";")).mapToDouble(Double::parseDouble).toArray();
  }

  @Test
  void picturesAreMadeAfterThreeTimesAsManyStepsEach() {
    assertEquals(List.of(1, 3, 10, 30, 100, 300), RacePicture.shown(300));
    assertEquals(List.of(3, 10, 30, 100, 300, 500), RacePicture.shown(500));
    assertEquals(List.of(1), RacePicture.shown(1));
    assertEquals(2_000_000_000, RacePicture.shown(2_000_000_000).getLast());
  }

  @Test
  void badgesAreApartAndWithinTheFrame() {
    var frame = new Rectangle2D.Double(0, 0, 300, 210);
    List<Point2D> points =
        Stream.iterate(5.0, y -> y + 0.1)
            .limit(14)
            .<Point2D>map(y -> new Point2D.Double(290, y))
            .toList();
    List<Point2D> badges = RacePicture.apart(points, frame);
    for (int i = 0; i < badges.size(); i++) {
      assertTrue(frame.contains(badges.get(i)));
      for (int j = 0; j < i; j++) {
        assertTrue(badges.get(i).distance(badges.get(j)) > 19);
      }
    }
  }

  // ---- contours -------------------------------------------------------------------------------

  @Test
  void theAreaBelowALevelOfABowlIsAnEllipse() {
    double level = 0.8; // ½·(x² + 50·y²) <= level
    double wanted = Math.PI * Math.sqrt(2 * level) * Math.sqrt(2 * level / 50);
    var window = Valley.RAVINE.window();
    double whole = (window.right() - window.left()) * (window.top() - window.bottom());
    double found = Math.abs(area(new Contours(Valley.RAVINE).below(level))) * whole;
    assertEquals(wanted, found, 0.01 * wanted);
  }

  @Test
  void fourHollowsAreFourAreasAndEverythingIsBelowTheHighestLevel() {
    Contours contours = new Contours(Valley.HIMMELBLAU);
    assertEquals(4, loops(contours.below(1)));
    assertEquals(1, Math.abs(area(contours.below(1e9))), 1e-9);
    List<Double> levels = contours.levels(8);
    assertEquals(levels.stream().sorted(Comparator.reverseOrder()).toList(), levels);
  }

  private static int loops(Path2D path) {
    int loops = 0;
    for (PathIterator i = path.getPathIterator(null); !i.isDone(); i.next()) {
      loops += i.currentSegment(new double[6]) == PathIterator.SEG_CLOSE ? 1 : 0;
    }
    return loops;
  }

  /// By the corners of all loops. Gauss 1795.
  private static double area(Path2D path) {
    double area = 0;
    double[] c = new double[6];
    double[] first = {0, 0};
    double[] last = {0, 0};
    for (PathIterator i = path.getPathIterator(null); !i.isDone(); i.next()) {
      int kind = i.currentSegment(c);
      double[] to = kind == PathIterator.SEG_CLOSE ? first.clone() : new double[] {c[0], c[1]};
      if (kind == PathIterator.SEG_MOVETO) {
        first = to;
      } else {
        area += (last[0] * to[1] - to[0] * last[1]) / 2;
      }
      last = to;
    }
    return area;
  }

  @Test
  void linesLoseThePointsThatTheyPassAnyway() {
    List<Point2D> line =
        Stream.of(0, 1, 2, 3, 4)
            .<Point2D>map(x -> new Point2D.Double(x, x == 3 ? 1 : 0.01 * (x % 2)))
            .toList();
    assertEquals(List.of(0, 2, 3, 4), Polylines.kept(line, 0.1));
    assertEquals(List.of(0), Polylines.kept(line.subList(0, 1), 0.1));
  }

  // ---- the family -----------------------------------------------------------------------------

  @Test
  void childrenAreYoungerThanTheirParentsAndSayWhatTheyAdd() {
    for (OptimizerFamily member : OptimizerFamily.values()) {
      assertFalse(member.idea().isBlank());
      assertTrue(FamilyPicture.wrapped(member.idea()).size() <= 3, member.idea());
      for (OptimizerFamily parent : member.parents()) {
        assertTrue(parent.year() <= member.year(), member.title());
        assertTrue(parent.generation() < member.generation());
      }
    }
  }

  @Test
  void everyoneHasAColourOfTheirOwn() {
    List<OptimizerFamily> living = OptimizerFamily.living();
    assertEquals(living.size(), living.stream().map(RaceMap::color).distinct().count());
  }

  @Test
  void historyDoesNotRace() {
    var e =
        org.junit.jupiter.api.Assertions.assertThrows(
            IllegalStateException.class,
            () -> OptimizerFamily.GD.over(List.of(Parameter.of(Tensor.of(1.0)))));
    assertEquals("GD is history", e.getMessage());
  }
}
