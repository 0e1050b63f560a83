package vectorgrad.cli;

import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/// The command `vg`.
@Command(
    name = "vg",
    mixinStandardHelpOptions = true,
    description = "Deep learning in plain Java.",
    version = Vg.VERSION,
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {TrainCommand.class, DoctorCommand.class},
    footer = {
      "",
      "Of the launcher:",
      "  test     Runs every test and the format check.",
      "  jdk      Prints the JDK that is used."
    })
public final class Vg implements Callable<Integer> {
  static final String VERSION = "Vectorgrad 0.1.0-SNAPSHOT";

  /// The exit code of a user's mistake: a wrong flag, a missing file.
  static final int USER_ERROR = 2;

  @Spec private CommandSpec spec;

  /// Runs the command line and ends the JVM with its exit code.
  public static void main(String[] arguments) {
    System.exit(commandLine().execute(arguments));
  }

  static CommandLine commandLine() {
    return new CommandLine(new Vg())
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setParameterExceptionHandler(Vg::wrongUsage)
        .setExecutionExceptionHandler(Failures::report);
  }

  /// Without a command there is nothing to do but help.
  @Override
  public Integer call() {
    spec.commandLine().usage(spec.commandLine().getErr());
    return USER_ERROR;
  }

  private static int wrongUsage(CommandLine.ParameterException e, String[] arguments) {
    CommandLine command = e.getCommandLine();
    PrintWriter err = command.getErr();
    err.println("vg: " + e.getMessage());
    CommandLine.UnmatchedArgumentException.printSuggestions(e, err);
    err.println("  help   " + command.getCommandSpec().qualifiedName() + " --help");
    return USER_ERROR;
  }
}
