package vectorgrad.bench;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/// One fresh JVM in which one trial is measured.
///
/// JMH would run all forks of a benchmark in a row; here they take turns with those of the others,
/// see [Turns], so that whatever else happens on the machine meets all of them.
record Fork(Trial trial, Plan plan, int round) {
  /// The JVM's own collector and heap; no flag makes anything faster here, they only silence
  /// warnings, but the first, which every user needs.
  private static List<String> flags(Trial trial, Plan plan, int port) {
    var usual =
        List.of(
            "--add-modules=jdk.incubator.vector",
            "--enable-native-access=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow",
            "-Dvectorgrad.threads=" + plan.threads(),
            "-Dvectorgrad.variant=" + trial.variant(),
            "-D" + Turn.PORT + "=" + port);
    var own = trial.rung().map(Rung::flags).orElse(List.of());
    return Stream.concat(usual.stream(), own.stream()).toList(); // the last one of a name counts
  }

  /// How many iterations do not count.
  int warmups() {
    return plan.warmups(trial);
  }

  /// How many do.
  int measurements() {
    return plan.measurements(trial);
  }

  /// The same with a longer warm-up.
  Fork longer() {
    return new Fork(trial, plan.longer(), round);
  }

  /// What an operation takes. The warm-up is measured as well, to see whether it was long enough.
  ///
  /// @param log where JMH writes what it does
  /// @param port where each iteration asks for its turn
  /// @throws RunnerException if the benchmark fails
  Times run(Path log, int port) throws RunnerException {
    var length = TimeValue.milliseconds(plan.milliseconds());
    int warmups = warmups();
    var options =
        new OptionsBuilder()
            .include("^" + Pattern.quote(trial.benchmark()) + "$")
            .forks(1)
            .warmupForks(0)
            .warmupIterations(0)
            .measurementIterations(warmups + measurements())
            .measurementTime(length)
            .mode(Mode.AverageTime)
            .timeUnit(TimeUnit.NANOSECONDS)
            .jvmArgs(flags(trial, plan, port).toArray(String[]::new))
            .addProfiler(Turn.class) // before the others begin to measure
            .addProfiler(CpuTime.class)
            .addProfiler(Busy.class)
            .addProfiler(Compiling.class)
            .shouldFailOnError(true)
            .verbosity(VerboseMode.NORMAL)
            .output(log.toString());
    trial.parameters().forEach(options::param);
    var wall = new ArrayList<Double>();
    var cpu = new ArrayList<Double>();
    var busy = new ArrayList<Double>();
    var jit = new ArrayList<Double>();
    for (var run : new Runner(options.build()).runSingle().getBenchmarkResults()) {
      for (var iteration : run.getIterationResults()) {
        wall.add(iteration.getPrimaryResult().getScore());
        var more = iteration.getSecondaryResults();
        cpu.add(more.get(CpuTime.LABEL).getScore());
        jit.add(more.get(Compiling.LABEL).getScore());
        if (more.containsKey(Busy.LABEL)) {
          busy.add(more.get(Busy.LABEL).getScore());
        }
      }
    }
    return new Times(
        round,
        List.copyOf(wall.subList(warmups, wall.size())),
        List.copyOf(cpu.subList(warmups, cpu.size())),
        List.copyOf(wall.subList(0, warmups)),
        List.copyOf(busy.subList(Math.min(warmups, busy.size()), busy.size())),
        List.copyOf(jit.subList(warmups, jit.size())));
  }
}
