package vectorgrad.cli;

import java.io.PrintWriter;
import vectorgrad.data.Progress;

/// Shows how data arrives: a line that is rewritten on a terminal, nothing but notes elsewhere.
final class DataView implements Progress {
  private final PrintWriter out;

  DataView(PrintWriter out) {
    this.out = out;
  }

  @Override
  public void on(Event event) {
    switch (event) {
      case Arriving a when ProgressView.isTerminal() -> {
        String total =
            a.total().isPresent() ? " of %.1f".formatted(a.total().getAsLong() / 1e6) : "";
        boolean whole = a.total().isPresent() && a.total().getAsLong() == a.bytes();
        out.printf("\r\033[K%s: %.1f%s MB%s", a.file(), a.bytes() / 1e6, total, whole ? "\n" : "");
        out.flush();
      }
      case Note note -> {
        out.println(note.line());
        out.flush();
      }
      case Arriving _, Asking _, Failed _ -> {
        // failures are summed up where the data is given up
      }
    }
  }
}
