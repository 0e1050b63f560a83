package vectorgrad.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
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
    refused("vg bench: Unknown option: '--fork'\nPossible solutions: --forks", "--fork");
    refused("vg bench: Unknown option: '--x'\n  help   vg bench --help", "--x");
    refused(
        "vg bench: Invalid value for option '--forks': 'two' is not an int\n  help   vg bench --help",
        "--forks",
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
    refused("vg bench: --forks is at least 1, found 0", "--forks", "0");
    refused("vg bench: --threads is at least 1, found -2", "--threads", "-2");
  }

  private static void refused(String message, String... arguments) {
    var err = new StringWriter();
    var command = Bench.commandLine();
    command.setErr(new PrintWriter(err));
    assertEquals(2, command.execute(arguments));
    assertEquals(message, err.toString().strip());
  }
}
