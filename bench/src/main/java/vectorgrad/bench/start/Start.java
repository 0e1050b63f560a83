package vectorgrad.bench.start;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import vectorgrad.bench.CpuTime;

/// A program in a JVM of its own, which trains a small network for one step and prints the loss;
/// timed from the outside, until the line is there.
public final class Start {
  /// Features of the input.
  public static final int INPUTS = 784;

  /// Hidden units.
  public static final int HIDDEN = 32;

  /// Classes.
  public static final int CLASSES = 10;

  /// Samples of the one step.
  public static final int BATCH = 32;

  private static final double MOST = 100;

  private Start() {}

  /// Runs a program and gives its loss. Each library begins with its own random numbers, as its
  /// users do, so that nothing is known of the loss but that it is one.
  ///
  /// @throws IOException if the program fails
  public static double run(Class<?> program) throws IOException {
    Process process =
        new ProcessBuilder(command(program)).redirectError(ProcessBuilder.Redirect.DISCARD).start();
    try (var out =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
      String line = out.readLine();
      if (line == null) {
        throw new IOException(program.getName() + " printed nothing");
      }
      String[] words = line.split(" ");
      double loss = Double.parseDouble(words[0]);
      CpuTime.elsewhere(Long.parseLong(words[1]));
      if (!(loss > 0 && loss < MOST)) {
        throw new IllegalStateException("%s: a loss of %s".formatted(program.getName(), loss));
      }
      return loss;
    } finally {
      process.destroyForcibly();
    }
  }

  /// Says the loss, and the processor time of all threads, and is gone without the libraries' last
  /// words.
  public static void done(double loss) {
    long cpu = ProcessHandle.current().info().totalCpuDuration().orElse(Duration.ZERO).toNanos();
    IO.println(loss + " " + cpu);
    System.out.flush();
    Runtime.getRuntime().halt(0);
  }

  private static List<String> command(Class<?> program) {
    var command = new ArrayList<String>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("--add-modules=jdk.incubator.vector");
    command.add("--enable-native-access=ALL-UNNAMED");
    command.add("--sun-misc-unsafe-memory-access=allow");
    command.add("-Dvectorgrad.threads=" + System.getProperty("vectorgrad.threads", "1"));
    command.add("-cp");
    command.add(System.getProperty("java.class.path"));
    command.add(program.getName());
    return command;
  }
}
