package vectorgrad.data;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// Another program, run to its end without a shell, its output kept for the reason of a failure.
///
/// @param words the program and its arguments
record Command(List<String> words) {
  private static final long POLL_MILLIS = 100;

  Command(String... words) {
    this(List.of(words));
  }

  /// Called now and then while the program runs.
  @FunctionalInterface
  interface Watch {
    void look() throws IOException;
  }

  static final Watch NO_WATCH = () -> {};

  /// The program ran and failed.
  static final class Failure extends IOException {
    private static final long serialVersionUID = 1L;

    Failure(String message) {
      super(message);
    }
  }

  /// Runs the program in `folder`.
  ///
  /// @throws Failure if it ends with another code than 0, or not in time
  /// @throws IOException if it cannot be started
  void run(Path folder, Duration limit, Watch watch) throws IOException {
    Path output = Files.createTempFile(folder, "output-", ".txt");
    ProcessBuilder builder =
        new ProcessBuilder(words)
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(output.toFile());
    builder.environment().put("LC_ALL", "C");
    Process process = start(builder);
    try {
      process.getOutputStream().close();
      long deadline = System.nanoTime() + limit.toNanos();
      while (!process.waitFor(POLL_MILLIS, TimeUnit.MILLISECONDS)) {
        watch.look();
        if (System.nanoTime() > deadline) {
          throw new Failure(name() + " did not end within " + limit.toSeconds() + " s");
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while " + name() + " ran");
    } finally {
      process.destroy();
    }
    if (process.exitValue() != 0) {
      throw new Failure(
          name() + " ended with code " + process.exitValue() + ", " + complaint(output));
    }
  }

  private Process start(ProcessBuilder builder) throws IOException {
    try {
      return builder.start();
    } catch (IOException e) {
      throw new IOException("the command " + name() + " is not on this machine", e);
    }
  }

  private String name() {
    return words.getFirst();
  }

  /// The first error in the output, as apt and dpkg mark them; otherwise its last line.
  private static String complaint(Path output) throws IOException {
    List<String> lines =
        new String(Files.readAllBytes(output), StandardCharsets.UTF_8)
            .lines()
            .filter(line -> !line.isBlank())
            .toList();
    if (lines.isEmpty()) {
      return "without a word";
    }
    return lines.stream()
        .filter(line -> line.startsWith("E:") || line.startsWith("dpkg"))
        .findFirst()
        .orElse(lines.getLast())
        .strip();
  }
}
