package vectorgrad.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/// Where and when something was measured.
///
/// @param cpu the processor, as it names itself; virtual machines hide the model, so family and
///   model follow
/// @param load processes that wanted to run when the measurement began: more than there are cores
///   means that the times are too long
/// @param commit of the source; with a plus if it was changed
record Machine(
    String date, String cpu, int cores, String system, String jdk, double load, String commit) {
  private static final int SECONDS = 10;

  /// This one, now.
  ///
  /// @param root the project's folder
  static Machine here(Path root) {
    var system = java.lang.management.ManagementFactory.getOperatingSystemMXBean();
    return new Machine(
        LocalDate.now(ZoneOffset.UTC).toString(),
        processor(),
        Runtime.getRuntime().availableProcessors(),
        system.getName() + " " + system.getArch(),
        Runtime.version().toString(),
        system.getSystemLoadAverage(),
        commit(root));
  }

  /// A name for a folder: `2026-11-21-amd-epyc`.
  String slug() {
    String name =
        cpu.replaceAll(" \\(.*", "").replaceAll("\\(R\\)|\\(TM\\)| CPU| Processor| @.*", "");
    return date
        + "-"
        + name.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "-").replaceAll("-$", "");
  }

  private static String processor() {
    try {
      Path file = Path.of("/proc/cpuinfo");
      if (Files.exists(file)) {
        var text = Files.readString(file);
        String name = field(text, "model name");
        return name.isEmpty()
            ? System.getProperty("os.arch")
            : "%s (family %s, model %s)"
                .formatted(name, field(text, "cpu family"), field(text, "model"));
      }
      return said(Path.of("."), "sysctl", "-n", "machdep.cpu.brand_string");
    } catch (IOException e) {
      return System.getProperty("os.arch");
    }
  }

  private static String field(String text, String name) {
    return text.lines()
        .filter(line -> line.split(":")[0].strip().equals(name))
        .map(line -> line.substring(line.indexOf(':') + 1).strip())
        .findFirst()
        .orElse("");
  }

  private static String commit(Path root) {
    try {
      String changed = // but for what a run itself writes
          said(
              root,
              "git",
              "status",
              "--porcelain",
              "--untracked-files=no",
              "--",
              ".",
              ":!bench/results",
              ":!bench/baseline.json");
      return said(root, "git", "rev-parse", "--short", "HEAD") + (changed.isEmpty() ? "" : "+");
    } catch (IOException e) {
      return "unknown"; // not a clone, or no git
    }
  }

  private static String said(Path folder, String... command) throws IOException {
    Process process =
        new ProcessBuilder(command)
            .directory(folder.toFile())
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    try {
      var text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      if (!process.waitFor(SECONDS, TimeUnit.SECONDS) || process.exitValue() != 0) {
        throw new IOException(command[0] + " failed");
      }
      return text.strip();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }
}
