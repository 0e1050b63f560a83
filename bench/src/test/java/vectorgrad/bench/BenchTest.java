package vectorgrad.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Mistakes on the command line: each is answered before anything is measured.
class BenchTest {
  private static final String ROOT = "vectorgrad.root";

  @TempDir Path root;

  @BeforeEach
  void anEmptyProject() {
    System.setProperty(ROOT, root.toString());
  }

  @AfterEach
  void thisProject() {
    System.clearProperty(ROOT);
  }

  @Test
  void aMisspeltGroupIsRecognised() {
    refused("vg bench: there is no group \"trian\"\n  help   did you mean train?", "trian");
  }

  @Test
  void anUnknownGroupIsAnsweredWithAll() {
    refused(
        """
        vg bench: there is no group "everything"
          help   there are %s\
        """
            .formatted(
                String.join(
                    ", ",
                    new java.util.TreeSet<>(Trial.all().stream().map(Trial::group).toList()))),
        "everything");
  }

  @Test
  void anUnknownOptionIsAnsweredWithHelp() {
    refused("vg bench: Unknown option: '--round'\nPossible solutions: --rounds", "--round");
    refused("vg bench: Unknown option: '--x'\n  help   vg bench --help", "--x");
    refused(
        "vg bench: Invalid value for option '--rounds': 'two' is not an int\n  help   vg bench --help",
        "--rounds",
        "two");
  }

  @Test
  void aCheckNeedsPeers() {
    refused(
        "vg bench: --check compares with other libraries\n  help   ./vg bench --peers --check",
        "--check");
    refused(
        "vg bench: --keep compares with other libraries\n  help   ./vg bench --peers --keep",
        "--keep");
  }

  @Test
  void thereIsAtLeastOneOfEach() {
    refused("vg bench: --rounds is at least 1, found 0", "--rounds", "0");
    refused("vg bench: --threads is at least 1, found -2", "--threads", "-2");
  }

  @Test
  void resultsOfBeforeAreKeptAsBaselineAndHeldToIt() throws IOException {
    Path folder = root.resolve("bench/results/2026-01-02-abacus");
    Results.write(report(80), folder.resolve("any.json"));
    assertEquals(0, run("--draw", folder.toString(), "--keep"));
    var kept = new Ratios.Row("any", "LENET", "Vectorgrad", 0.8);
    Path baseline = root.resolve("bench/baseline.json");
    assertEquals(List.of(kept), Ratios.read(baseline).rows());

    assertEquals(0, run("--draw", folder.toString(), "--check"));
    Results.write(report(95), folder.resolve("any.json"));
    assertEquals(1, run("--draw", folder.toString(), "--check"));
  }

  @Test
  void resultsAreNotHeldToABaselineThatIsNotThere() throws IOException {
    Path folder = root.resolve("bench/results/2026-01-02-abacus");
    Results.write(report(80), folder.resolve("any.json"));
    refused(
        """
        vg bench: there is no baseline to check against
          file   bench/baseline.json
          help   ./vg bench --peers --keep measures and writes one\
        """,
        "--draw",
        folder.toString(),
        "--check");
  }

  /// Ours beside a peer that takes 100 ns.
  private static Report report(double ours) {
    return new Report(
        "any",
        new Machine("2026-01-02", "Abacus 1", 2, "Linux", "25", 0.5, "abc1234"),
        Plan.FULL,
        List.of(timing("Vectorgrad", false, ours), timing("Other 1.0", true, 100)));
  }

  private static Timing timing(String contender, boolean peer, double nanoseconds) {
    var parameters = new TreeMap<>(Map.of("work", "LENET"));
    return new Timing(
        new Trial("vectorgrad.bench.any.X.y", parameters, contender, peer, ""),
        List.of(new Times(List.of(nanoseconds), List.of(nanoseconds))));
  }

  private static int run(String... arguments) {
    var command = Bench.commandLine();
    command.setOut(new PrintWriter(new StringWriter()));
    return command.execute(arguments);
  }

  private static void refused(String message, String... arguments) {
    var err = new StringWriter();
    var command = Bench.commandLine();
    command.setErr(new PrintWriter(err));
    assertEquals(2, command.execute(arguments));
    assertEquals(message, err.toString().strip());
  }
}
