package vectorgrad.bench;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
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
        "Needs --peers."
      })
  private boolean check;

  @Option(
      names = "--keep",
      description = "Writes the ratios to bench/baseline.json, for later checks; needs --peers.")
  private boolean keep;

  @Option(
      names = "--forks",
      paramLabel = "N",
      description = {
        "Fresh JVMs for each row of ours; every other one",
        "has other libraries beside it, and two do for essays."
      })
  private Optional<Integer> forks;

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
    if (draw.isPresent()) {
      return drawn(draw.orElseThrow(), out);
    }
    Selection selection = chosen(Trial.all());
    Path kept = root.resolve("bench/baseline.json");
    Optional<Ratios> baseline = baseline(kept);
    Plan plan = (quick ? Plan.QUICK : Plan.FULL).threads(atLeastOne("--threads", threads));
    if (forks.isPresent()) {
      plan = plan.forks(atLeastOne("--forks", forks.orElseThrow()));
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
    Path target = root.resolve("bench/target");
    Measured measured;
    try (var turns = Turns.open().orElseThrow(this::alreadyMeasuring)) {
      measured = measure(selection.trials(), plan, turns, target.resolve("logs"), err);
    }
    var reports = reports(machine, plan, measured.timings());
    boolean passed = true;
    if (!reports.isEmpty()) {
      publish(reports, root, out);
      if (keep && measured.failed().isEmpty()) { // a baseline has all rows
        var groups = reports.stream().map(Report::group).toList();
        Ratios.of(reports).over(baseline, groups).write(kept);
        out.println("written to " + root.relativize(kept));
      }
      passed = !check || passed(baseline.orElseThrow(), reports, selection, out);
      out.flush();
    }
    if (!measured.failed().isEmpty()) {
      measured.tell(err);
      err.println("  log  " + target.resolve("logs/failed.log"));
      err.flush();
    }
    return passed && measured.failed().isEmpty() ? 0 : 1;
  }

  /// Tables to the terminal, numbers and charts to a folder of their own; the charts of a full run
  /// beside it as well, where pages show the last ones from.
  private void publish(List<Report> reports, Path root, PrintWriter out) throws IOException {
    Path results = root.resolve(quick ? "bench/target/results" : "bench/results");
    Path folder = results.resolve(reports.getFirst().machine().slug());
    for (var report : reports) {
      report.lines().forEach(out::println);
      out.println();
      Results.write(report, folder.resolve(report.group() + ".json"));
    }
    Results.draw(reports, folder);
    if (!quick) { // what is published takes its time
      Results.draw(reports, results);
    }
    out.println("written to " + root.relativize(folder));
  }

  private int drawn(Path folder, PrintWriter out) throws IOException {
    var reports = Files.isDirectory(folder) ? Results.all(folder) : List.<Report>of();
    if (reports.isEmpty()) {
      throw mistake(
          Message.of("vg bench", "there are no results to draw")
              .row("folder", folder)
              .row("help", "a run leaves them in bench/results or bench/target/results"));
    }
    Results.draw(reports, folder);
    if (folder.toAbsolutePath().normalize().getParent().endsWith("bench/results")) {
      Results.draw(reports, folder.toAbsolutePath().normalize().getParent());
    }
    out.println("drawn in " + folder);
    out.flush();
    return 0;
  }

  /// The baseline, if it is asked for.
  private Optional<Ratios> baseline(Path file) throws IOException {
    if ((check || keep) && !peers) {
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
      Ratios baseline, List<Report> reports, Selection selection, PrintWriter out) {
    var verdict = baseline.check(reports, selection.leftOut());
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

  /// All that could be measured. A trial that fails is told and left out: the others took hours.
  private static Measured measure(
      List<Trial> trials, Plan plan, Turns turns, Path logs, PrintWriter err) throws IOException {
    Files.createDirectories(logs);
    Map<Trial, List<Times>> times = new LinkedHashMap<>();
    trials.forEach(trial -> times.put(trial, new ArrayList<>()));
    var failed = new LinkedHashMap<Trial, String>();
    List<List<Trial>> rounds =
        IntStream.rangeClosed(1, plan.forks())
            .mapToObj(round -> trials.stream().filter(t -> plan.includes(t, round)).toList())
            .toList();
    double planned = rounds.stream().flatMap(List::stream).mapToDouble(plan::seconds).sum();
    int total = rounds.stream().mapToInt(List::size).sum();
    var progress = new Progress(err, Boolean.getBoolean("vectorgrad.watched"), total, planned);
    for (int i = 0; i < rounds.size(); i++) {
      int round = i + 1;
      Map<String, Double> smaller = new HashMap<>(); // what the size before took
      for (List<Trial> work : byPlace(rounds.get(i))) {
        var forks = new ArrayList<Fork>();
        for (Trial trial : work) {
          if (failed.containsKey(trial)) {
            progress.skip(plan.seconds(trial));
          } else {
            boolean brief = plan.exceeds(smaller.getOrDefault(trial.family(), 0.0));
            forks.add(new Fork(trial, brief ? plan.brief() : plan, round));
          }
        }
        var outcomes = turns.play(forks, logs, fork -> progress.next(fork, plan));
        if (outcomes.stream().anyMatch(Turns.Outcome::early)) {
          progress.again();
          var longer =
              outcomes.stream()
                  .map(outcome -> outcome.early() ? outcome.fork().longer() : outcome.fork())
                  .toList();
          outcomes = turns.play(longer, logs, _ -> {});
        }
        for (var outcome : outcomes) {
          Trial trial = outcome.fork().trial();
          if (outcome.times().isPresent()) {
            Times taken = outcome.times().get();
            smaller.put(trial.family(), Timing.median(taken.wall()));
            times.get(trial).add(taken);
          } else {
            times.remove(trial);
            failed.put(trial, outcome.failure());
            // the next one writes over it
            Path kept = logs.resolve("failed.log");
            Files.copy(outcome.log(), kept, StandardCopyOption.REPLACE_EXISTING);
          }
        }
      }
    }
    progress.end();
    var timings =
        times.entrySet().stream()
            .map(entry -> new Timing(entry.getKey(), List.copyOf(entry.getValue())))
            .toList();
    return new Measured(timings, failed);
  }

  private static List<List<Trial>> byPlace(List<Trial> trials) {
    Map<String, List<Trial>> places = new LinkedHashMap<>();
    for (Trial trial : trials) {
      places.computeIfAbsent(trial.place(), _ -> new ArrayList<>()).add(trial);
    }
    return List.copyOf(places.values());
  }

  /// What was measured, and why the rest was not.
  private record Measured(List<Timing> timings, Map<Trial, String> failed) {
    void tell(PrintWriter err) {
      failed.forEach((trial, why) ->
          err.printf(
              "vg bench: a benchmark failed: %s %s, %s: %s%n",
              trial.group(), trial.work(), trial.contender(), why));
    }
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
