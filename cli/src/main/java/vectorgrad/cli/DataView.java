package vectorgrad.cli;

import java.io.PrintWriter;
import java.util.Locale;
import vectorgrad.data.Progress;

/// Shows how data arrives: a line that is rewritten where somebody watches; elsewhere a line for
/// each file, and notes.
final class DataView implements Progress, AutoCloseable {
  private static final String WIPE = "\r\033[K";

  private final PrintWriter err;
  private final boolean watched;
  private boolean drawn;
  private String announced = "";

  DataView(PrintWriter err, Terminal terminal) {
    this.err = err;
    this.watched = terminal.watched();
  }

  @Override
  public void on(Event event) {
    switch (event) {
      case Asking asking -> draw("looking for the data: " + asking.source());
      case Arriving arriving -> arriving(arriving);
      case Failed failed -> draw("not to be had from " + failed.attempt().source());
      case Note note -> line(note.line());
    }
  }

  private void arriving(Arriving arriving) {
    if (watched) {
      String of =
          arriving.total().isPresent() ? " of " + megabytes(arriving.total().getAsLong()) : "";
      draw("fetching " + arriving.file() + ": " + megabytes(arriving.bytes()) + of + " MB");
    } else if (!announced.equals(arriving.file())) {
      announced = arriving.file();
      line("fetching " + announced);
    }
  }

  private static String megabytes(long bytes) {
    return String.format(Locale.ROOT, "%.1f", bytes / 1e6);
  }

  private void draw(String text) {
    if (watched) {
      err.print(WIPE + text);
      err.flush();
      drawn = true;
    }
  }

  private void line(String text) {
    close();
    err.println(text);
    err.flush();
  }

  /// Wipes away what is shown.
  @Override
  public void close() {
    if (drawn) {
      err.print(WIPE);
      err.flush();
      drawn = false;
    }
  }
}
