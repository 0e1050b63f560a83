package vectorgrad.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// Measures all that can be measured, in as many rounds as the plan has. A trial that fails is told
/// and left out: the others took hours.
final class Rounds {
  private final List<Trial> trials;
  private final Plan plan;
  private final Turns turns;
  private final Path logs;
  private final Map<Trial, List<Times>> times = new LinkedHashMap<>();
  private final Map<Trial, String> failed = new LinkedHashMap<>();

  /// @param logs the folder for JMH's logs; `failed.log` there is the last of a trial that failed
  Rounds(List<Trial> trials, Plan plan, Turns turns, Path logs) {
    this.trials = trials;
    this.plan = plan;
    this.turns = turns;
    this.logs = logs;
    trials.forEach(trial -> times.put(trial, new ArrayList<>())); // in this order
  }

  /// What was measured, and why the rest was not.
  record Measured(List<Timing> timings, Map<Trial, String> failed) {}

  Measured measure(Progress progress) throws IOException {
    Files.createDirectories(logs);
    for (int round = 1; round <= plan.rounds(); round++) {
      Map<String, Double> smaller = new HashMap<>(); // what the size before took
      for (List<Trial> work : byPlace(of(round))) {
        var forks = new ArrayList<Fork>();
        for (Trial trial : work) {
          if (failed.containsKey(trial)) {
            progress.skip(plan.seconds(trial));
          } else {
            boolean brief = plan.exceeds(smaller.getOrDefault(trial.family(), 0.0));
            forks.add(new Fork(trial, brief ? plan.brief() : plan, round));
          }
        }
        for (var outcome : played(forks, progress)) {
          note(outcome);
          outcome
              .times()
              .ifPresent(
                  t -> smaller.put(outcome.fork().trial().family(), Timing.median(t.wall())));
        }
      }
    }
    progress.end();
    var timings =
        times.entrySet().stream()
            .filter(entry -> !failed.containsKey(entry.getKey()))
            .map(entry -> new Timing(entry.getKey(), List.copyOf(entry.getValue())))
            .toList();
    return new Measured(timings, failed);
  }

  /// How many JVMs that will be, second attempts aside.
  int forks() {
    return everyRound().mapToObj(this::of).mapToInt(List::size).sum();
  }

  /// How long they will take, roughly.
  double seconds() {
    return everyRound().mapToObj(this::of).flatMap(List::stream).mapToDouble(plan::seconds).sum();
  }

  private IntStream everyRound() {
    return IntStream.rangeClosed(1, plan.rounds());
  }

  /// Each as often as it has JVMs: siblings follow one another, so that they meet the same machine.
  private List<Trial> of(int round) {
    return trials.stream()
        .flatMap(trial -> Collections.nCopies(plan.jvms(trial, round), trial).stream())
        .toList();
  }

  /// What is compared with each other, in the order of the trials.
  private static List<List<Trial>> byPlace(List<Trial> trials) {
    Map<String, List<Trial>> places = new LinkedHashMap<>();
    for (Trial trial : trials) {
      places.computeIfAbsent(trial.place(), _ -> new ArrayList<>()).add(trial);
    }
    return List.copyOf(places.values());
  }

  /// All again, if the warm-up of one was too short: who was measured beside it would else be
  /// compared with iterations of another time. A sibling of it gets the longer one as well: it runs
  /// the same code, and the compiler may be late with it the next time.
  private List<Turns.Outcome> played(List<Fork> forks, Progress progress) throws IOException {
    var outcomes = turns.play(forks, logs, fork -> progress.next(fork, plan));
    if (outcomes.stream().noneMatch(Turns.Outcome::early)) {
      return outcomes;
    }
    progress.again();
    var early =
        outcomes.stream()
            .filter(Turns.Outcome::early)
            .map(outcome -> outcome.fork().trial())
            .collect(Collectors.toSet());
    var longer =
        outcomes.stream()
            .map(Turns.Outcome::fork)
            .map(fork -> early.contains(fork.trial()) ? fork.longer() : fork)
            .toList();
    return turns.play(longer, logs, _ -> {});
  }

  private void note(Turns.Outcome outcome) throws IOException {
    Trial trial = outcome.fork().trial();
    if (outcome.times().isPresent()) {
      times.get(trial).add(outcome.times().get());
    } else {
      failed.put(trial, outcome.failure());
      // the next one writes over it
      Path kept = logs.resolve("failed.log");
      Files.copy(outcome.log(), kept, StandardCopyOption.REPLACE_EXISTING);
    }
  }
}
