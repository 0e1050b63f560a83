package vectorgrad.cli;

import java.io.PrintWriter;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/// The command `vg`.
///
/// | exit code | meaning |
/// |-----------|---------|
/// | 0 | done |
/// | 1 | it failed, and not by a mistake on the command line |
/// | 2 | a wrong option, a missing or damaged file, a folder that cannot be written |
/// | 130 | interrupted, and saved |
@Command(
    name = "vg",
    mixinStandardHelpOptions = true,
    description = "Deep learning in plain Java.",
    versionProvider = Vg.Version.class,
    synopsisSubcommandLabel = "COMMAND",
    footer = {
      "",
      "Of the launcher:",
      "  test     Runs every test and the format check.",
      "  bench    Measures, and compares with other libraries.",
      "  jdk      Prints the JDK that is used."
    })
public final class Vg implements Callable<Integer> {
  static final int FAILED = 1;
  static final int MISTAKE = 2;
  static final int INTERRUPTED = 130;

  /// The commands, in the order of the help.
  static final List<Map.Entry<String, Class<?>>> COMMANDS =
      List.of(
          Map.entry("train", TrainCommand.class),
          Map.entry("inspect", InspectCommand.class),
          Map.entry("schedule", ScheduleCommand.class),
          Map.entry("race", RaceCommand.class),
          Map.entry("gradcheck", GradcheckCommand.class),
          Map.entry("doctor", DoctorCommand.class));

  @Spec private CommandSpec spec;

  @Option(
      names = "--verbose",
      scope = ScopeType.INHERIT,
      description = "Shows the whole trace of an error.")
  private boolean verbose;

  /// The version of this build, which Maven writes into the manifest.
  static final class Version implements CommandLine.IVersionProvider {
    @Override
    public String[] getVersion() {
      return new String[] {text()};
    }

    static String text() {
      String version = Vg.class.getPackage().getImplementationVersion();
      return "Vectorgrad " + (version == null ? "development" : version);
    }
  }

  /// Runs the command line and ends the JVM with its exit code.
  public static void main(String[] arguments) {
    // pictures are drawn into memory; no window system is asked for
    System.setProperty("java.awt.headless", "true");
    if (first(arguments).equals("train")) {
      Rehearsal.start();
    }
    System.exit(commandLine(arguments).execute(arguments));
  }

  private static String first(String... arguments) {
    return arguments.length > 0 ? arguments[0] : "";
  }

  /// The command line with the command that comes first in `arguments`, or with all if none does:
  /// to read the options of the others from their annotations takes longer than many a command.
  static CommandLine commandLine(String... arguments) {
    String named = first(arguments);
    Vg vg = new Vg();
    CommandLine line = new CommandLine(vg);
    COMMANDS.stream()
        .filter(command -> command.getKey().equals(named))
        .forEach(command -> line.addSubcommand(command.getValue()));
    if (line.getSubcommands().isEmpty()) {
      COMMANDS.forEach(command -> line.addSubcommand(command.getValue()));
      line.addSubcommand(CommandLine.HelpCommand.class);
    }
    Optional.ofNullable(line.getSubcommands().get("inspect")).ifPresent(Vg::takeNumbers);
    return line.setParameterExceptionHandler((e, _) -> vg.report(e.getCommandLine(), e))
        .setExecutionExceptionHandler((e, command, _) -> vg.report(command, e));
  }

  /// -1 and -inf are numbers, not options.
  private static void takeNumbers(CommandLine inspect) {
    inspect.setUnmatchedOptionsArePositionalParams(true);
    inspect
        .getSubcommands()
        .values()
        .forEach(command -> command.setUnmatchedOptionsArePositionalParams(false));
  }

  private int report(CommandLine command, Exception e) {
    return Failures.report(e, command, verbose);
  }

  /// Without a command there is nothing to do but help.
  @Override
  public Integer call() {
    PrintWriter err = spec.commandLine().getErr();
    spec.commandLine().usage(err);
    return MISTAKE;
  }
}
