package vectorgrad.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import picocli.CommandLine;
import vectorgrad.tensor.TensorException;

/// How a command ends that could not do its work: one clear error for what a user can mend, and for
/// everything else a line that says where the whole story was written.
final class Failures {
  private Failures() {}

  /// A mistake that the user can mend.
  static final class UserError extends RuntimeException {
    private static final long serialVersionUID = 1L;

    UserError(String message) {
      super(message);
    }
  }

  static int report(Exception failure, CommandLine command, CommandLine.ParseResult unused) {
    Exception e = failure instanceof UncheckedIOException u ? u.getCause() : failure;
    PrintWriter err = command.getErr();
    if (e instanceof NoSuchFileException missing) {
      err.println("vg: there is no file " + missing.getFile());
      return Vg.USER_ERROR;
    }
    if (e instanceof UserError || e instanceof IOException || e instanceof TensorException) {
      err.println("vg: " + e.getMessage());
      return Vg.USER_ERROR;
    }
    err.println("vg: failed unexpectedly: " + e);
    StringWriter story = new StringWriter();
    e.printStackTrace(new PrintWriter(story));
    try {
      Path file = Files.createTempFile("vectorgrad-failure-", ".txt");
      Files.writeString(file, story.toString());
      err.println("  trace  " + file);
    } catch (IOException cannotWrite) {
      err.print(story);
    }
    err.println("  help   this is a defect of Vectorgrad; please report it with the trace");
    return 1;
  }
}
