package vectorgrad.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import picocli.CommandLine;
import vectorgrad.autograd.GradientException;
import vectorgrad.tensor.DeviceException;
import vectorgrad.train.TrainingException;

/// How a command ends that could not do its work: one clear error for what a user can mend; for
/// everything else, a short one and the whole trace in a file.
final class Failures {
  private Failures() {}

  /// Prints the error and returns the exit code.
  static int report(Exception failure, CommandLine command, boolean verbose) {
    PrintWriter err = command.getErr();
    Exception e = failure instanceof UncheckedIOException io ? io.getCause() : failure;
    switch (e) {
      case CommandLine.ParameterException usage -> {
        err.println("vg: " + usage.getMessage());
        if (!CommandLine.UnmatchedArgumentException.printSuggestions(usage, err)) {
          err.println("  help   " + command.getCommandSpec().qualifiedName() + " --help");
        }
        return end(e, err, verbose, Vg.MISTAKE);
      }
      case UserError mistake -> err.println(mistake.getMessage());
      case DeviceException device -> err.println(device.getMessage());
      case TrainingException diverged -> {
        err.println(diverged.getMessage());
        return end(e, err, verbose, Vg.FAILED);
      }
      case GradientException spoilt -> {
        err.println(spoilt.getMessage());
        return end(e, err, verbose, Vg.FAILED);
      }
      case FileSystemException file -> err.println(describe(file));
      case IOException io -> err.println(message(io));
      default -> {
        return unexpected(e, err, verbose);
      }
    }
    return end(e, err, verbose, Vg.MISTAKE);
  }

  /// File systems name the file, and often nothing else.
  private static String describe(FileSystemException e) {
    String reason =
        switch (e) {
          case NoSuchFileException _ -> "there is no such file";
          case AccessDeniedException _ -> "access is denied";
          default -> e.getReason() == null ? e.getClass().getSimpleName() : e.getReason();
        };
    return "vg: " + reason + "\n  file   " + e.getFile();
  }

  private static String message(IOException e) {
    return e.getMessage() == null ? "vg: " + e : e.getMessage();
  }

  private static int end(Exception e, PrintWriter err, boolean verbose, int code) {
    if (verbose) {
      e.printStackTrace(err);
    }
    err.flush();
    return code;
  }

  private static int unexpected(Exception e, PrintWriter err, boolean verbose) {
    err.println("vg: failed unexpectedly: " + e);
    if (!verbose) {
      StringWriter trace = new StringWriter();
      e.printStackTrace(new PrintWriter(trace));
      try {
        Path file = Files.createTempFile("vectorgrad-failure-", ".txt");
        Files.writeString(file, trace.toString());
        err.println("  trace  " + file);
      } catch (IOException unwritable) {
        err.println("  trace  not written: " + unwritable.getMessage() + "; use --verbose");
      }
    }
    err.println("  help   this is a defect of Vectorgrad; please report it with the trace");
    return end(e, err, verbose, Vg.FAILED);
  }
}
