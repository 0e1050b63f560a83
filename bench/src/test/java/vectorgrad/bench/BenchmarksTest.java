package vectorgrad.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.Options;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.VerboseMode;

/// Every benchmark of ours runs; how fast is no test's affair.
class BenchmarksTest {
  private static final String LOCK = "jmh.ignoreLock";

  @TempDir Path folder;

  /// Others may measure on this machine meanwhile.
  @BeforeAll
  static void ignoreTheLock() {
    System.setProperty(LOCK, "true");
  }

  @AfterAll
  static void mindTheLock() {
    System.clearProperty(LOCK);
  }

  /// Our trials, each at ten elements if it has a size; and with one sample where drivers for
  /// processors are slow.
  static List<Trial> ours() {
    return Trial.all().stream()
        .filter(trial -> !trial.peer())
        .map(trial -> trial.parameters().containsKey("size") ? with(trial, "size", "10") : trial)
        .map(trial ->
            trial.group().equals("gpu") && trial.samples().isPresent()
                ? with(trial, "batch", "1")
                : trial)
        .distinct()
        .toList();
  }

  private static Trial with(Trial trial, String parameter, String value) {
    var parameters = new TreeMap<>(trial.parameters());
    parameters.put(parameter, value);
    return Trial.of(trial.benchmark(), parameters, trial.contender(), trial.peer());
  }

  /// Once, and in this JVM.
  @ParameterizedTest
  @MethodSource("ours")
  void everyBenchmarkRuns(Trial trial) throws RunnerException {
    assertEquals(1, new Runner(once(trial)).run().size());
  }

  @Test
  void aBenchmarkThatFailsIsNoResult() {
    Trial chain =
        ours().stream().filter(trial -> trial.group().equals("chain")).findFirst().orElseThrow();
    var runner = new Runner(once(with(chain, "size", "-1")));
    assertThrows(RunnerException.class, runner::run);
  }

  @Test
  void aForkMeasuresEveryIteration() throws IOException {
    var fork = new Fork(ours().getFirst(), new Plan(1, 1, 1, 1, 2, 10, 1), 3);
    var times = play(List.of(fork)).getFirst().times().orElseThrow();
    assertEquals(3, times.round());
    assertEquals(2, times.wall().size());
    assertEquals(2, times.cpu().size());
    assertEquals(1, times.warmup().size());
    assertTrue(times.wall().stream().allMatch(time -> time > 0), times::toString);
    assertTrue(times.cpu().stream().allMatch(time -> time > 0), times::toString);
    assertEquals(2, times.jit().size());
  }

  @Test
  void oneThatFailsDoesNotKeepTheOthersFromTheirTurns() throws IOException {
    Trial chain =
        ours().stream().filter(trial -> trial.group().equals("chain")).findFirst().orElseThrow();
    var plan = new Plan(1, 1, 2, 1, 3, 10, 1);
    var outcomes =
        play(
            List.of(
                new Fork(chain, plan, 1),
                new Fork(with(chain, "size", "-1"), plan, 1),
                new Fork(chain, plan, 1)));
    assertEquals(
        List.of(true, false, true), outcomes.stream().map(o -> o.times().isPresent()).toList());
    assertEquals(3, outcomes.getLast().times().orElseThrow().wall().size());
    assertFalse(outcomes.get(1).failure().isEmpty());
    assertTrue(Files.readString(outcomes.get(1).log()).contains("-1"), "JMH's log says why");
  }

  private List<Turns.Outcome> play(List<Fork> forks) throws IOException {
    try (var turns = new Turns(Fork::run, Optional.empty())) {
      return turns.play(forks, folder, _ -> {});
    }
  }

  @Test
  void theWorkOfAQuickRunExists() {
    var all = Trial.all();
    for (Trial trial : all) {
      for (String work : trial.quick()) {
        assertTrue(
            all.stream().anyMatch(t -> t.group().equals(trial.group()) && t.work().equals(work)),
            () -> trial.group() + " has no " + work);
      }
    }
  }

  private Options once(Trial trial) {
    var options = new OptionsBuilder();
    options
        .include("^" + Pattern.quote(trial.benchmark()) + "$")
        .forks(0)
        .mode(Mode.SingleShotTime)
        .warmupIterations(0)
        .measurementIterations(1)
        .shouldFailOnError(true)
        .verbosity(VerboseMode.SILENT)
        .output(folder.resolve("log").toString());
    trial.parameters().forEach(options::param);
    return options.build();
  }
}
