package vectorgrad.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What becomes of numbers once they are measured.
class ReportTest {
  private static final Machine MACHINE =
      new Machine(
          "2026-01-02",
          "AMD EPYC (family 25, model 17)",
          2,
          "Linux amd64",
          "25.0.3",
          0.5,
          "abc1234");

  private static Timing timing(String work, String contender, boolean peer, double... medians) {
    var parameters = new TreeMap<String, String>();
    parameters.put("size", work);
    var trial = new Trial("vectorgrad.bench.chain.X.y", parameters, contender, peer, "");
    return new Timing(
        trial,
        IntStream.range(0, medians.length).mapToObj(i -> times(medians[i]).in(i + 1)).toList());
  }

  private static Times times(double median) {
    return new Times(
        List.of(median + 200, median, median - 200), List.of(median / 2, median / 4, median));
  }

  private static Report report() {
    return new Report(
        "chain",
        MACHINE,
        Plan.FULL,
        List.of(
            timing("10", "Vectorgrad, scoped", false, 3000, 9000, 4000),
            timing("10", "Slow 1.0", true, 60_000, 61_000, 60_500),
            timing("10", "Quick 2.0", true, 46_000, 46_000, 46_000),
            timing("1000000", "Vectorgrad, scoped", false, 5e6)));
  }

  @Test
  void theMedianIsThatOfTheJvmsMedians() {
    var timing = report().timings().getFirst();
    assertEquals(4000, timing.median());
    assertEquals(2800, timing.min());
    assertEquals(9000, timing.worst());
    assertEquals(2000, timing.cpu());
    assertEquals(60_500, report().timings().get(1).median());
  }

  /// A library that is never the fastest.
  @Peer(value = "Last 1.0", outdone = true)
  private static final class Last {}

  @Test
  void whoMayBeTheFastestIsMeasuredInEachRoundAndOursTwice() {
    var ours = timing("10", "Vectorgrad", false, 1).trial();
    var theirs = timing("10", "Slow 1.0", true, 1).trial();
    var last = new Trial(Last.class.getName() + ".step", new TreeMap<>(), "Last 1.0", true, "");
    assertEquals(List.of(2, 2, 2), jvms(Plan.FULL, ours));
    assertEquals(List.of(1, 1, 1), jvms(Plan.FULL, theirs));
    assertEquals(List.of(1, 0, 1), jvms(Plan.FULL, last));
    assertEquals(List.of(1), jvms(Plan.QUICK, ours));
    assertEquals(List.of(1), jvms(Plan.QUICK, last));
  }

  private static List<Integer> jvms(Plan plan, Trial trial) {
    return IntStream.rangeClosed(1, plan.rounds())
        .map(round -> plan.jvms(trial, round))
        .boxed()
        .toList();
  }

  @Test
  void theTableComparesWithTheBestPeer() {
    assertEquals(
        """
        chain, 1 thread on AMD EPYC (family 25, model 17), JDK 25.0.3, commit abc1234

        10, µs                  median       min     worst       cpu   ÷ best peer    half are worst JVM
          Vectorgrad, scoped      4.00      2.80      9.00      2.00          0.09   0.07–0.19      0.20
          Slow 1.0                60.5      59.8      61.0      30.3
          Quick 2.0               46.0      45.8      46.0      23.0

        1000000, ms             median       min     worst       cpu
          Vectorgrad, scoped      5.00      5.00      5.00      2.50\
        """,
        String.join("\n", report().lines()));
  }

  @Test
  void aSummaryNamesACommitIfThereIsOne() {
    var first = report();
    var machine = MACHINE;
    var later =
        new Machine(
            machine.date(),
            machine.cpu(),
            machine.cores(),
            machine.system(),
            machine.jdk(),
            machine.load(),
            "def5678");
    var second = new Report("small", later, first.plan(), first.timings());
    assertEquals(first.origin(), Report.origin(List.of(first, first)));
    assertEquals(
        "AMD EPYC, 1 thread, JDK 25.0.3, 2 commits, see the charts of the groups",
        Report.origin(List.of(first, second)));
  }

  /// Of the ratios of iterations that followed each other: the second round is thrice as slow for
  /// both, the fourth has one of them alone.
  @Test
  void aRatioIsTheMedianOfThoseWithinARound() {
    var ours = timing("10", "Vectorgrad", false, 5000, 15_000, 6000, 100);
    var theirs = timing("10", "Quick 2.0", true, 10_000, 30_000, 10_000);
    var duel = Duel.of(ours, theirs);
    assertEquals(5000.0 / 10_000, duel.median(), 0.01);
    assertEquals(4800.0 / 9800, duel.rounds().getFirst().getLast());
    assertEquals(0.5, duel.best(), 0.01);
    assertEquals(0.6, duel.worst(), 0.01);
    assertEquals(3, duel.rounds().size());
    assertTrue(duel.low() < duel.median() && duel.median() < duel.high());
  }

  /// Two JVMs in each of two rounds, the second of which is thrice as slow for both.
  private static Timing siblings(double first, double second, double third, double fourth) {
    return new Timing(
        timing("10", "Vectorgrad", false, 1).trial(),
        List.of(
            times(first).in(1),
            times(second).in(1),
            times(3 * third).in(2),
            times(3 * fourth).in(2)));
  }

  @Test
  void aJvmIsSlowBesideItsSibling() {
    assertEquals(1.3, siblings(5000, 6500, 5500, 5500).apart().orElseThrow(), 1e-9);
    assertEquals(1.3, siblings(5500, 5500, 6500, 5000).apart().orElseThrow(), 1e-9);
    assertFalse(siblings(5000, 6500, 5500, 5500).even());
    assertTrue(siblings(5000, 6000, 6500, 6000).even());
    assertTrue(timing("10", "Vectorgrad", false, 5000, 9000).even(), "of different rounds");
  }

  /// Three iterations each.
  private static double apart(List<Double> one, List<Double> other) {
    var trial = timing("10", "Vectorgrad", false, 1).trial();
    return new Timing(trial, List.of(new Times(one, one), new Times(other, other)))
        .apart()
        .orElseThrow();
  }

  @Test
  void aNeighbourIsNotTheCompiler() {
    var quiet = List.of(5000.0, 5000.0, 5000.0);
    assertEquals(1.0, apart(List.of(9000.0, 9000.0, 5000.0), quiet), 1e-9, "but for once");
    assertEquals(1.1, apart(List.of(9000.0, 9000.0, 5500.0), quiet), 1e-9);
    assertEquals(1.1, apart(quiet, List.of(9000.0, 9000.0, 5500.0)), 1e-9);
    assertEquals(1.0, apart(List.of(9000.0, 9000.0, 4000.0), quiet), 1e-9, "they disagree");
  }

  @Test
  void theTableTellsHowFarSiblingsWereApart() {
    var report =
        new Report(
            "chain",
            MACHINE,
            Plan.FULL,
            List.of(
                siblings(5000, 6500, 6000, 6000), timing("10", "Quick 2.0", true, 10_000, 30_000)));
    assertEquals(
        """
        10, µs          median       min     worst     apart       cpu   ÷ best peer    half are worst JVM
          Vectorgrad      12.3      4.80      18.0      1.30      6.13          0.60   0.58–0.61      0.65   uneven
          Quick 2.0       20.0      9.80      30.0                10.0\
        """,
        report.lines().stream().skip(2).collect(Collectors.joining("\n")));
  }

  @Test
  void theTableComparesWithTheBaseline() {
    var rows =
        Trial.all().stream()
            .filter(trial -> trial.group().equals("matvec"))
            .map(trial ->
                new Timing(
                    trial, List.of(new Times(List.of(trial.baseline() ? 3e6 : 2e6), List.of(2e6)))))
            .toList();
    assertEquals(
        """
        4096 BACK, ms         median       min     worst       cpu   × as fast
          Vectorgrad, bf16      2.00      2.00      2.00      2.00        1.50
          Vectorgrad, f16       2.00      2.00      2.00      2.00        1.50
          Vectorgrad, f32       3.00      3.00      3.00      2.00        1.00\
        """,
        new Report("matvec", MACHINE, Plan.FULL, rows)
            .lines().stream().skip(7).collect(Collectors.joining("\n")));
  }

  @Test
  void theFileHoldsEveryIterationAndWhereItWasMeasured(@TempDir Path folder) throws IOException {
    Path file = folder.resolve("deep/chain.json");
    Results.write(report(), file);
    var root = JsonParser.parseString(Files.readString(file)).getAsJsonObject();
    assertEquals("25.0.3", root.getAsJsonObject("machine").get("jdk").getAsString());
    assertEquals(3, root.getAsJsonObject("plan").get("rounds").getAsInt());
    var row = root.getAsJsonArray("rows").get(0).getAsJsonObject();
    assertEquals("10", row.getAsJsonObject("work").get("size").getAsString());
    assertEquals(4000, row.get("median").getAsDouble());
    assertEquals(
        9200,
        row.getAsJsonArray("forks")
            .get(1)
            .getAsJsonObject()
            .getAsJsonArray("wall")
            .get(0)
            .getAsDouble());
  }

  private static Times compiling(Times times, double share) {
    return new Times(1, times.wall(), times.cpu(), times.warmup(), List.of(), List.of(share, 0.0));
  }

  /// Results of before rounds were kept: the others stood in the first and the last, of as many as
  /// there were forks.
  @Test
  void olderResultsAreRead(@TempDir Path folder) throws IOException {
    Path file = folder.resolve("chain.json");
    Results.write(report(), file);
    var root = JsonParser.parseString(Files.readString(file)).getAsJsonObject();
    for (var row : root.getAsJsonArray("rows")) {
      for (var fork : row.getAsJsonObject().getAsJsonArray("forks")) {
        fork.getAsJsonObject().remove("round");
        fork.getAsJsonObject().remove("jit");
      }
    }
    var plan = root.getAsJsonObject("plan");
    plan.remove("rounds");
    plan.remove("siblings");
    plan.addProperty("forks", 5);
    Files.writeString(file, root.toString());
    var read = Results.read(file);
    assertEquals(List.of(1, 2, 5), rounds(read.timings().getFirst()));
  }

  private static List<Integer> rounds(Timing timing) {
    return timing.forks().stream().map(Times::round).toList();
  }

  @Test
  void aRowThatWasStillGettingFasterSaysSo() {
    var times =
        new Times(List.of(100.0, 101.0, 99.0), List.of(1.0), List.of(400.0, 104.0, 109.0, 111.0));
    var trial = timing("10", "Vectorgrad", false, 1).trial();
    var falling = new Times(times.wall(), times.cpu(), List.of(300.0, 112.0, 115.0, 90.0));
    assertTrue(times.steady());
    assertFalse(new Timing(trial, List.of(times, falling)).steady());
    assertTrue(compiling(falling, 0.005).steady(), "the machine was getting faster");
    assertFalse(compiling(falling, 0.1).steady());
    assertTrue(
        new Report("chain", MACHINE, Plan.FULL, List.of(new Timing(trial, List.of(falling))))
            .lines()
            .getLast()
            .endsWith("   not steady"));
  }

  @Test
  void whatWasWrittenCanBeReadAndDrawnAgain(@TempDir Path folder) throws IOException {
    Results.write(report(), folder.resolve("chain.json"));
    var read = Results.all(folder);
    assertEquals(report().lines(), read.getFirst().lines());
    Results.draw(read, folder);
    var svg = Files.readString(folder.resolve("chain.svg"));
    assertTrue(svg.contains("Vectorgrad, scoped") && svg.contains("(0.09)"), svg);
    assertFalse(Files.exists(folder.resolve("summary.svg")));
  }

  @Test
  void rungsOfOtherLibrariesAreKnownWithoutTheirClasses() {
    var parameters = new TreeMap<>(Map.of("cores", "ONE", "training", "MLP_256_SGD"));
    Trial hidden =
        Trial.of("vectorgrad.bench.hidden.NotHere.step", parameters, "Other, 1 thread", true);
    assertEquals("1 thread", hidden.rung().orElseThrow().label());
    assertEquals("MLP_256_SGD", hidden.work());
    Trial threads =
        Trial.of(
            "vectorgrad.bench.threads.NotHere.step",
            new TreeMap<>(Map.of("threads", "TWO", "kernel", "LENET")),
            "Other, 2 threads",
            true);
    assertEquals("LENET", threads.work());
    Trial plain = Trial.of("vectorgrad.bench.layers.NotHere.run", parameters, "Other", true);
    assertEquals("ONE MLP_256_SGD", plain.work());
  }

  @Test
  void barsManyTimesAsLongAreCutOffAndHaveAGap() {
    String svg = BarChart.svg(report()); // 4 µs beside 46 and 60
    assertEquals(2, svg.lines().filter(line -> line.contains("width=\"5\"")).count(), svg);
  }

  @Test
  void aFolderIsNamedByDateAndProcessor() {
    assertEquals("2026-01-02-amd-epyc", MACHINE.slug());
    var intel =
        new Machine(
            "2026-01-02",
            "Intel(R) Xeon(R) Gold 6130 CPU @ 2.10GHz (family 6, model 85)",
            2,
            "",
            "",
            0,
            "");
    assertEquals("2026-01-02-intel-xeon-gold-6130", intel.slug());
  }

  @Test
  void thisMachineHasAProcessor() {
    var here = Machine.here(Path.of("").toAbsolutePath());
    assertTrue(!here.cpu().isBlank() && here.cores() > 0, here.toString());
  }
}
