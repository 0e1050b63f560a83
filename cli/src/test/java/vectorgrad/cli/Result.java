package vectorgrad.cli;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;

/// What a command came to, run in this JVM.
///
/// @param code the exit code
/// @param out what it printed
/// @param err what it complained of
record Result(int code, String out, String err) {
  /// Runs `vg` with `arguments`, as its main does.
  static Result vg(String... arguments) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    int code =
        Vg.commandLine(arguments)
            .setOut(new PrintWriter(out, true))
            .setErr(new PrintWriter(err, true))
            .execute(arguments);
    return new Result(code, out.toString(), err.toString());
  }

  static Result vg(List<String> arguments) {
    return vg(arguments.toArray(String[]::new));
  }

  String lastLine() {
    return out.lines().toList().getLast();
  }
}
