package vectorgrad.bench;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import org.openjdk.jmh.runner.RunnerException;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `vg bench`: measures, prints a table, and keeps the numbers and a chart.
@Command(
    name = "vg bench",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Measures Vectorgrad, and with --peers other libraries at the same work.",
      "Each row is measured in several fresh JVMs, in turn with the other rows."
    })
final class Bench implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Parameters(
      arity = "0..1",
      paramLabel = "GROUP",
      description = "What to measure; all if left out.")
  private Optional<String> group;

  @Option(names = "--quick", description = "One JVM, short iterations; not for publication.")
  private boolean quick;

  @Option(
      names = "--peers",
      description = "Measures other libraries beside; fetches them the first time, 230 MB.")
  private boolean peers;

  @Option(names = "--forks", paramLabel = "N", description = "Fresh JVMs for each row.")
  private Optional<Integer> forks;

  @Option(
      names = "--threads",
      paramLabel = "N",
      defaultValue = "1",
      description = "Threads for kernels, ours and theirs; ${DEFAULT-VALUE} if left out.")
  private int threads;

  /// Runs the command line and ends the JVM with its exit code.
  public static void main(String[] arguments) {
    // pictures are drawn into memory; no window system is asked for
    System.setProperty("java.awt.headless", "true");
    System.exit(new CommandLine(new Bench()).execute(arguments));
  }

  @Override
  public Integer call() throws IOException {
    PrintWriter out = spec.commandLine().getOut();
    PrintWriter err = spec.commandLine().getErr();
    Path root = Path.of(System.getProperty("vectorgrad.root", "")).toAbsolutePath();
    List<Trial> trials = chosen(Trial.all());
    Plan plan = (quick ? Plan.QUICK : Plan.FULL).threads(atLeastOne("--threads", threads));
    if (forks.isPresent()) {
      plan = plan.forks(atLeastOne("--forks", forks.orElseThrow()));
    }
    if (!peers) {
      err.println("vg bench: without other libraries; --peers measures them beside");
    }
    Machine machine = Machine.here(root);
    if (machine.load() > machine.cores()) {
      err.printf(
          "vg bench: %.1f processes share %d cores; compare ratios, not times%n",
          machine.load(), machine.cores());
    }
    Path target = root.resolve("bench/target");
    try {
      var timings = measure(trials, plan, target.resolve("fork.log"), err);
      // what is published takes its time
      Path folder =
          (quick ? target : root.resolve("bench")).resolve("results").resolve(machine.slug());
      for (var name : new TreeSet<>(trials.stream().map(Trial::group).toList())) {
        var report =
            new Report(
                name,
                machine,
                plan,
                timings.stream().filter(timing -> timing.trial().group().equals(name)).toList());
        report.lines().forEach(out::println);
        out.println();
        Results.write(report, folder.resolve(name + ".json"));
        BarChart.write(report, folder.resolve(name + ".png"));
      }
      out.println("written to " + root.relativize(folder));
      out.flush();
      return 0;
    } catch (RunnerException e) {
      err.println("vg bench: a benchmark failed: " + e.getMessage());
      err.println("  log  " + target.resolve("fork.log"));
      err.flush();
      return 1;
    }
  }

  private static List<Timing> measure(List<Trial> trials, Plan plan, Path log, PrintWriter err)
      throws RunnerException, IOException {
    Files.createDirectories(log.getParent());
    Map<Trial, List<Times>> times = new LinkedHashMap<>();
    trials.forEach(trial -> times.put(trial, new ArrayList<>()));
    var progress =
        new Progress(err, Boolean.getBoolean("vectorgrad.watched"), plan.forks() * trials.size());
    for (int fork = 1; fork <= plan.forks(); fork++) {
      for (Trial trial : trials) {
        progress.next(fork, trial);
        times.get(trial).add(new Fork(trial, plan).run(log));
      }
    }
    progress.end();
    return times.entrySet().stream()
        .map(entry -> new Timing(entry.getKey(), List.copyOf(entry.getValue())))
        .toList();
  }

  private List<Trial> chosen(List<Trial> all) {
    var groups = new TreeSet<>(all.stream().map(Trial::group).toList());
    if (group.isPresent() && !groups.contains(group.orElseThrow())) {
      throw mistake(
          "there is no group %s; there is %s"
              .formatted(group.orElseThrow(), String.join(", ", groups)));
    }
    var chosen =
        all.stream()
            .filter(trial -> group.isEmpty() || trial.group().equals(group.orElseThrow()))
            .toList();
    if (peers && chosen.stream().noneMatch(Trial::peer)) {
      throw mistake("--peers: no other library is on the class path; start it with ./vg bench");
    }
    return chosen;
  }

  private int atLeastOne(String option, int number) {
    if (number < 1) {
      throw mistake(option + ": at least 1, found " + number);
    }
    return number;
  }

  private ParameterException mistake(String text) {
    return new ParameterException(spec.commandLine(), text);
  }
}
