package vectorgrad.bench;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import picocli.CommandLine.UnmatchedArgumentException;
import vectorgrad.tensor.Message;

/// `vg bench`: measures, prints a table, and keeps the numbers and a chart.
@Command(
    name = "vg bench",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Measures Vectorgrad, and with --peers other libraries at the same work.",
      "Each row is measured in several fresh JVMs, in turn with the others of the same work."
    })
final class Bench implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Parameters(
      arity = "0..1",
      paramLabel = "GROUP",
      description = "What to measure, one of the packages of bench; all if left out.")
  private Optional<String> group;

  @Option(
      names = "--quick",
      description = {
        "One JVM, short iterations, each library at its best; not for publication.",
        "All groups take five minutes: it says which rows it leaves out."
      })
  private boolean quick;

  @Option(
      names = "--peers",
      description = "Measures other libraries beside; fetches them the first time, 530 MB.")
  private boolean peers;

  @Option(
      names = "--check",
      description = {
        "Compares ratios with bench/baseline.json; with status 1 if a row is slower.",
        "Needs --peers, or --draw of results that have them."
      })
  private boolean check;

  @Option(
      names = "--keep",
      description = {
        "Writes the ratios to bench/baseline.json, for later checks.",
        "Needs --peers, or --draw of results that have them."
      })
  private boolean keep;

  @Option(
      names = "--rounds",
      paramLabel = "N",
      description = {
        "How often all is measured, each time in fresh JVMs: two for",
        "a row of ours (one with --quick), one for other libraries."
      })
  private Optional<Integer> rounds;

  @Option(
      names = "--threads",
      paramLabel = "N",
      defaultValue = "1",
      description = "Threads for kernels, ours and theirs; ${DEFAULT-VALUE} if left out.")
  private int threads;

  @Option(
      names = "--draw",
      paramLabel = "FOLDER",
      description = "Measures nothing: draws the charts of the results in a folder again.")
  private Optional<Path> draw;

  /// Runs the command line and ends the JVM with its exit code.
  public static void main(String[] arguments) {
    System.exit(commandLine().execute(arguments));
  }

  /// Which answers a mistake with what would be right instead of all it knows.
  static CommandLine commandLine() {
    return new CommandLine(new Bench())
        .setParameterExceptionHandler((e, _) -> {
          PrintWriter err = e.getCommandLine().getErr();
          if (e instanceof Mistake) {
            err.println(e.getMessage());
          } else {
            err.println("vg bench: " + e.getMessage());
            if (!UnmatchedArgumentException.printSuggestions(e, err)) {
              err.println("  help   vg bench --help");
            }
          }
          return e.getCommandLine().getCommandSpec().exitCodeOnInvalidInput();
        });
  }

  @Override
  public Integer call() throws IOException {
    PrintWriter out = spec.commandLine().getOut();
    PrintWriter err = spec.commandLine().getErr();
    Path root = Path.of(System.getProperty("vectorgrad.root", "")).toAbsolutePath();
    Path kept = root.resolve("bench/baseline.json");
    if (draw.isPresent()) {
      return drawn(draw.orElseThrow(), kept, out);
    }
    Selection selection = chosen(Trial.all());
    Optional<Ratios> baseline = baseline(kept);
    Plan plan = (quick ? Plan.QUICK : Plan.FULL).threads(atLeastOne("--threads", threads));
    if (rounds.isPresent()) {
      plan = plan.rounds(atLeastOne("--rounds", rounds.orElseThrow()));
    }
    if (quick && selection.told().isPresent()) {
      err.printf(
          "vg bench: %d rows; left out: %s%n",
          selection.trials().size(), selection.told().orElseThrow());
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
    Path logs = root.resolve("bench/target/logs");
    Rounds.Measured measured;
    try (var turns = Turns.open().orElseThrow(this::alreadyMeasuring)) {
      var all = new Rounds(selection.trials(), plan, turns, logs);
      boolean watched = Boolean.getBoolean("vectorgrad.watched");
      measured = all.measure(new Progress(err, watched, all.forks(), all.seconds()));
    }
    var reports = reports(machine, plan, measured.timings());
    boolean passed = true;
    if (!reports.isEmpty()) {
      publish(reports, root, out);
      if (keep && measured.failed().isEmpty()) { // a baseline has all rows
        keep(reports, baseline, kept, out);
      }
      passed = !check || passed(baseline.orElseThrow(), reports, selection.leftOut(), out);
      out.flush();
    }
    if (!measured.failed().isEmpty()) {
      measured
          .failed()
          .forEach((trial, why) ->
              err.printf(
                  "vg bench: a benchmark failed: %s %s, %s: %s%n",
                  trial.group(), trial.work(), trial.contender(), why));
      err.println("  log  " + logs.resolve("failed.log"));
      err.flush();
    }
    return passed && measured.failed().isEmpty() ? 0 : 1;
  }

  /// Tables to the terminal, numbers and charts to the day's folder; the charts of a full run
  /// beside it as well, where pages show the last ones from.
  private void publish(List<Report> reports, Path root, PrintWriter out) throws IOException {
    Path results = root.resolve(quick ? "bench/target/results" : "bench/results");
    Path folder = results.resolve(reports.getFirst().machine().slug());
    for (var report : reports) {
      report.lines().forEach(out::println);
      out.println();
      Results.write(report, folder.resolve(report.group() + ".json"));
    }
    var all = Results.all(folder); // other groups of this day: their ratios stand in one picture
    Results.draw(all, folder);
    if (!quick) { // what is published takes its time
      Results.draw(all, results);
    }
    out.println("written to " + root.relativize(folder));
  }

  /// What was measured before, drawn again, and kept as the baseline or held to it.
  private int drawn(Path folder, Path kept, PrintWriter out) throws IOException {
    var reports = Files.isDirectory(folder) ? Results.all(folder) : List.<Report>of();
    if (reports.isEmpty()) {
      throw mistake(
          Message.of("vg bench", "there are no results to draw")
              .row("folder", folder)
              .row("help", "a run leaves them in bench/results or bench/target/results"));
    }
    Optional<Ratios> baseline = baseline(kept);
    Results.draw(reports, folder);
    if (folder.toAbsolutePath().normalize().getParent().endsWith("bench/results")) {
      Results.draw(reports, folder.toAbsolutePath().normalize().getParent());
    }
    out.println("drawn in " + folder);
    if (keep) {
      keep(reports, baseline, kept, out);
    }
    boolean passed = !check || passed(baseline.orElseThrow(), reports, List.of(), out);
    out.flush();
    return passed ? 0 : 1;
  }

  private static void keep(
      List<Report> reports, Optional<Ratios> baseline, Path kept, PrintWriter out)
      throws IOException {
    var groups = reports.stream().map(Report::group).toList();
    Ratios.of(reports).over(baseline, groups).write(kept);
    out.println("written to " + kept);
  }

  /// The baseline, if it is asked for.
  private Optional<Ratios> baseline(Path file) throws IOException {
    if ((check || keep) && !peers && draw.isEmpty()) {
      throw mistake(
          Message.of("vg bench", "%s compares with other libraries".formatted(asked()))
              .row("help", "./vg bench --peers " + asked()));
    }
    if (check && !Files.exists(file)) {
      throw mistake(
          Message.of("vg bench", "there is no baseline to check against")
              .row("file", "bench/baseline.json")
              .row("help", "./vg bench --peers --keep measures and writes one"));
    }
    return (check || keep) && Files.exists(file)
        ? Optional.of(Ratios.read(file))
        : Optional.empty();
  }

  private String asked() {
    return check ? "--check" : "--keep";
  }

  private static boolean passed(
      Ratios baseline, List<Report> reports, List<Trial> leftOut, PrintWriter out) {
    var verdict = baseline.check(reports, leftOut);
    out.println();
    verdict.lines().forEach(out::println);
    return verdict.passed();
  }

  private static List<Report> reports(Machine machine, Plan plan, List<Timing> timings) {
    Map<String, List<Timing>> groups = new TreeMap<>();
    for (Timing timing : timings) {
      groups.computeIfAbsent(timing.trial().group(), _ -> new ArrayList<>()).add(timing);
    }
    return groups.entrySet().stream()
        .map(group -> new Report(group.getKey(), machine, plan, group.getValue()))
        .toList();
  }

  private Selection chosen(List<Trial> all) {
    var groups = new TreeSet<>(all.stream().map(Trial::group).toList());
    if (group.isPresent() && !groups.contains(group.orElseThrow())) {
      String name = group.orElseThrow();
      throw mistake(
          Message.of("vg bench", "there is no group \"" + name + "\"")
              .row(
                  "help",
                  Message.nearest(name, groups)
                      .map(nearest -> "did you mean " + nearest + "?")
                      .orElseGet(() -> "there are " + String.join(", ", groups))));
    }
    var chosen = Selection.of(all, group, quick);
    if (peers && !chosen.peers()) {
      throw mistake(
          Message.of("vg bench", "no other library measures what was chosen")
              .row("help", "leave --peers out, or choose another group"));
    }
    return chosen;
  }

  private ParameterException alreadyMeasuring() {
    return mistake(
        Message.of("vg bench", "somebody measures on this machine already")
            .row("rule", "two at once would measure each other")
            .row("help", "wait until that has ended"));
  }

  private int atLeastOne(String option, int number) {
    if (number < 1) {
      throw mistake(Message.of("vg bench", option + " is at least 1, found " + number));
    }
    return number;
  }

  private ParameterException mistake(Message message) {
    return new Mistake(spec.commandLine(), message);
  }

  /// What is wrong though every option is known; says all there is to say.
  private static final class Mistake extends ParameterException {
    private static final long serialVersionUID = 1;

    Mistake(CommandLine command, Message message) {
      super(command, message.toString());
    }
  }
}
