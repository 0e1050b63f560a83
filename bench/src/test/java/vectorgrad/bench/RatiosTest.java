package vectorgrad.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What a check says of numbers that nobody measured.
class RatiosTest {
  private static final String CPU = "Abacus 1";

  /// A run in which the peer takes 100 ns and ours what is said, in one JVM after the other.
  private static List<Report> run(double... ours) {
    return List.of(
        report("train", timing("LENET", "Vectorgrad", false, ours)),
        report("small", timing("10", "Vectorgrad", false, 50)));
  }

  private static Report report(String group, Timing... ours) {
    var timings = new ArrayList<Timing>();
    for (Timing timing : ours) {
      timings.add(timing);
      double[] theirs = timing.forks().stream().mapToDouble(_ -> 100).toArray();
      timings.add(timing(timing.trial().work(), "Other 1.0", true, theirs));
    }
    return new Report(
        group,
        new Machine("2026-01-02", CPU, 2, "Linux", "25", 0.5, "abc1234"),
        Plan.FULL,
        List.copyOf(timings));
  }

  private static Timing timing(String work, String contender, boolean peer, double... medians) {
    var parameters = new TreeMap<String, String>();
    parameters.put("work", work);
    var forks = new ArrayList<Times>();
    for (double median : medians) {
      forks.add(new Times(List.of(median), List.of(median)).in(forks.size() + 1));
    }
    return new Timing(
        new Trial("vectorgrad.bench.any.X.y", parameters, contender, peer, ""), forks);
  }

  @Test
  void aRunIsNotSlowerThanItself() {
    var verdict = Ratios.of(run(80, 90, 100)).check(run(80, 90, 100), List.of());
    assertTrue(verdict.passed());
    assertEquals(
        """
        against the baseline of Abacus 1
        slower is what takes more than 1.15 times the baseline's ratio in every JVM

                                 baseline       now  best JVM
        train LENET, Vectorgrad      0.90      0.90      0.80
        small 10, Vectorgrad         0.50      0.50      0.50

        no row is slower\
        """,
        String.join("\n", verdict.lines()));
  }

  @Test
  void slowerInEveryJvmIsSlower() {
    var verdict = Ratios.of(run(100)).check(run(120, 130, 116), List.of());
    assertFalse(verdict.passed());
    assertEquals(
        "train LENET, Vectorgrad      1.00      1.20      1.16   slower", line(verdict, 4));
    assertEquals("1 of 2 rows slower or gone", verdict.lines().getLast());
  }

  @Test
  void slowerInSomeJvmsIsNoise() {
    assertTrue(Ratios.of(run(100)).check(run(114, 200, 300), List.of()).passed());
  }

  @Test
  void aNewRowPasses() {
    var verdict = new Ratios(CPU, List.of()).check(run(100), List.of());
    assertTrue(verdict.passed());
    assertEquals("train LENET, Vectorgrad         –      1.00      1.00   new", line(verdict, 4));
  }

  @Test
  void aRowThatIsGoneFails() {
    var old =
        Ratios.of(
            List.of(
                report(
                    "train",
                    timing("LENET", "Vectorgrad", false, 100),
                    timing("GPT", "Vectorgrad", false, 70))));
    var verdict = old.check(run(100), List.of());
    assertFalse(verdict.passed());
    assertEquals("train GPT, Vectorgrad   gone", line(verdict, 6));
  }

  @Test
  void aGroupThatWasNotMeasuredIsNotMissed() {
    var verdict = Ratios.of(run(100)).check(run(100).subList(0, 1), List.of());
    assertTrue(verdict.passed());
  }

  @Test
  void aRowWithoutPeersHasNoRatio() {
    var alone =
        new Report(
            "train",
            new Machine("2026-01-02", CPU, 2, "Linux", "25", 0.5, "abc1234"),
            Plan.FULL,
            List.of(timing("LENET", "Vectorgrad", false, 100)));
    assertEquals(List.of(), Ratios.of(List.of(alone)).rows());
  }

  @Test
  void theGroupsOfARunTakeThePlaceOfTheOldOnes() {
    var old = Ratios.of(run(100));
    var merged = Ratios.of(run(50).subList(0, 1)).over(Optional.of(old), List.of("train"));
    assertEquals(
        List.of(
            new Ratios.Row("small", "10", "Vectorgrad", 0.5),
            new Ratios.Row("train", "LENET", "Vectorgrad", 0.5)),
        merged.rows());
  }

  @Test
  void whatIsWrittenIsRead(@TempDir Path folder) throws IOException {
    var baseline = Ratios.of(run(123.456));
    Path file = folder.resolve("baseline.json");
    baseline.write(file);
    assertEquals(baseline, Ratios.read(file));
    assertEquals(1.23, baseline.rows().getFirst().ratio());
  }

  @Test
  void whatIsNoBaselineIsRefused(@TempDir Path folder) throws IOException {
    Path file = folder.resolve("baseline.json");
    for (String text : List.of("", "{}", "[")) {
      Files.writeString(file, text);
      assertThrows(IOException.class, () -> Ratios.read(file), text);
    }
  }

  private static String line(Ratios.Verdict verdict, int number) {
    return verdict.lines().get(number);
  }
}
