package vectorgrad.bench;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/// One fresh JVM in which one trial is measured.
///
/// JMH would run all forks of a benchmark in a row; here they alternate with those of the others,
/// so that whatever else happens on the machine meets all of them.
record Fork(Trial trial, Plan plan) {
  /// The JVM's own collector and heap; no flag makes anything faster here, they only silence
  /// warnings, but the first, which every user needs.
  private static List<String> flags(int threads) {
    return List.of(
        "--add-modules=jdk.incubator.vector",
        "--enable-native-access=ALL-UNNAMED",
        "--sun-misc-unsafe-memory-access=allow",
        "-Dvectorgrad.threads=" + threads);
  }

  /// Nanoseconds an operation takes, one number for each iteration.
  ///
  /// @param log where JMH writes what it does
  /// @throws RunnerException if the benchmark fails
  List<Double> run(Path log) throws RunnerException {
    var iteration = TimeValue.milliseconds(plan.milliseconds());
    var options =
        new OptionsBuilder()
            .include("^" + Pattern.quote(trial.benchmark()) + "$")
            .forks(1)
            .warmupForks(0)
            .warmupIterations(plan.warmups())
            .warmupTime(iteration)
            .measurementIterations(plan.measurements())
            .measurementTime(iteration)
            .mode(Mode.AverageTime)
            .timeUnit(java.util.concurrent.TimeUnit.NANOSECONDS)
            .jvmArgs(flags(plan.threads()).toArray(String[]::new))
            .shouldFailOnError(true)
            .verbosity(VerboseMode.NORMAL)
            .output(log.toString());
    trial.parameters().forEach(options::param);
    var times = new ArrayList<Double>();
    for (var run : new Runner(options.build()).runSingle().getBenchmarkResults()) {
      run.getIterationResults().forEach(result -> times.add(result.getPrimaryResult().getScore()));
    }
    return List.copyOf(times);
  }
}
