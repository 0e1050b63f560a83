package vectorgrad.autograd;

import java.util.Optional;

/// Finds the user's line of code that called an operation: the first frame outside this library's
/// computing floors. Walking a few frames takes about a microsecond, whatever the depth of the
/// stack; the line's text is made only when an error needs it.
final class CallSite {
  private static final StackWalker WALKER = StackWalker.getInstance();

  private CallSite() {}

  static Optional<StackWalker.StackFrame> find() {
    return WALKER.walk(frames -> frames.filter(frame -> !ours(frame.getClassName())).findFirst());
  }

  /// The line as IDEs make links of it: class, method, file and number.
  static String text(StackWalker.StackFrame frame) {
    return frame.getClassName()
        + "."
        + frame.getMethodName()
        + "("
        + frame.getFileName()
        + ":"
        + frame.getLineNumber()
        + ")";
  }

  private static boolean ours(String name) {
    return name.startsWith("vectorgrad.autograd.")
        || name.startsWith("vectorgrad.nn.")
        || name.startsWith("java.");
  }
}
