package vectorgrad.cli;

import org.jline.nativ.CLibrary;

/// Whether somebody watches what goes to standard error, and through how wide a window.
///
/// @param watched whether it is a terminal
/// @param width its columns
/// @param unicode whether it shows more than ASCII
record Terminal(boolean watched, int width, boolean unicode) {
  /// A file or a pipe.
  static final Terminal NONE = new Terminal(false, Integer.MAX_VALUE, false);

  private static final int STANDARD_ERROR = 2;
  private static final int USUAL_WIDTH = 80;

  /// The terminal of this process.
  static Terminal ofStandardError() {
    try {
      if (CLibrary.isatty(STANDARD_ERROR) == 0) {
        return NONE;
      }
      int width = CLibrary.getTerminalWidth(STANDARD_ERROR);
      boolean unicode = System.err.charset().newEncoder().canEncode('█');
      return new Terminal(true, width > 0 ? width : USUAL_WIDTH, unicode);
    } catch (LinkageError | RuntimeException e) {
      // JLine has no native library for this system, or may not load it: plain lines are always
      // right
      return NONE;
    }
  }
}
