package vectorgrad.cli;

import java.nio.charset.Charset;
import org.jline.nativ.CLibrary;

/// Whether somebody watches what goes to standard error or output, and through how wide a window.
///
/// @param watched whether it is a terminal
/// @param width its columns
/// @param unicode whether it shows more than ASCII
record Terminal(boolean watched, int width, boolean unicode) {
  /// A file or a pipe.
  static final Terminal NONE = new Terminal(false, Integer.MAX_VALUE, false);

  private static final int STANDARD_OUTPUT = 1;
  private static final int STANDARD_ERROR = 2;
  private static final int USUAL_WIDTH = 80;

  /// The terminal that shows what goes wrong and how far it is.
  static Terminal ofStandardError() {
    return of(STANDARD_ERROR, System.err.charset());
  }

  /// The terminal that shows results.
  static Terminal ofStandardOutput() {
    return of(STANDARD_OUTPUT, System.out.charset());
  }

  private static Terminal of(int descriptor, Charset charset) {
    try {
      if (CLibrary.isatty(descriptor) == 0) {
        return NONE;
      }
      int width = CLibrary.getTerminalWidth(descriptor);
      boolean unicode = charset.newEncoder().canEncode('█');
      return new Terminal(true, width > 0 ? width : USUAL_WIDTH, unicode);
    } catch (LinkageError | RuntimeException e) {
      // JLine has no native library for this system, or may not load it: plain lines are always
      // right
      return NONE;
    }
  }
}
