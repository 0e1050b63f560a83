package vectorgrad.cli;

import java.io.PrintWriter;
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
    subcommands = {
      TrainCommand.class,
      InspectCommand.class,
      ScheduleCommand.class,
      RaceCommand.class,
      GradcheckCommand.class,
      DoctorCommand.class,
      CommandLine.HelpCommand.class
    },
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

  @Spec private CommandSpec spec;

  @Option(
      names = "--verbose",
      scope = ScopeType.INHERIT,
      description = "Shows the whole trace of an error.")
  private boolean verbose;

  /// The version of this build, which Maven writes into the module's descriptor.
  static final class Version implements CommandLine.IVersionProvider {
    @Override
    public String[] getVersion() {
      return new String[] {text()};
    }

    static String text() {
      var descriptor = Vg.class.getModule().getDescriptor();
      String version =
          descriptor == null ? "development" : descriptor.rawVersion().orElse("development");
      return "Vectorgrad " + version;
    }
  }

  /// Runs the command line and ends the JVM with its exit code.
  public static void main(String[] arguments) {
    // pictures are drawn into memory; no window system is asked for
    System.setProperty("java.awt.headless", "true");
    System.exit(commandLine().execute(arguments));
  }

  static CommandLine commandLine() {
    Vg vg = new Vg();
    CommandLine line = new CommandLine(vg);
    CommandLine inspect = line.getSubcommands().get("inspect");
    inspect.setUnmatchedOptionsArePositionalParams(true); // -1 and -inf are numbers
    inspect
        .getSubcommands()
        .values()
        .forEach(command -> command.setUnmatchedOptionsArePositionalParams(false));
    return line.setParameterExceptionHandler((e, _) -> vg.report(e.getCommandLine(), e))
        .setExecutionExceptionHandler((e, command, _) -> vg.report(command, e));
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
