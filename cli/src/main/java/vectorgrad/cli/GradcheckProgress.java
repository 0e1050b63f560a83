package vectorgrad.cli;

import java.io.PrintWriter;
import java.util.function.Consumer;
import vectorgrad.gradcheck.Sweep;

/// How far the checks are: one line that is rewritten in place, or a line every few seconds where
/// nobody watches.
final class GradcheckProgress implements Consumer<Sweep.Row>, AutoCloseable {
  private static final String WIPE = "\r\033[K";
  private static final long NANOSECONDS = 5_000_000_000L;

  private final PrintWriter err;
  private final Terminal terminal;
  private final int all;
  private int done;
  private int failed;
  private long last = System.nanoTime();

  GradcheckProgress(PrintWriter err, Terminal terminal, int all) {
    this.err = err;
    this.terminal = terminal;
    this.all = all;
  }

  @Override
  public void accept(Sweep.Row row) {
    done++;
    failed += row.passes() ? 0 : 1;
    String line =
        "checked %d of %d%s".formatted(done, all, failed == 0 ? "" : ", " + failed + " wrong");
    if (terminal.watched()) {
      String named = line + "  " + row.subject().operation();
      err.print(WIPE + named.substring(0, Math.min(named.length(), terminal.width() - 1)));
      err.flush();
    } else if (System.nanoTime() - last >= NANOSECONDS) {
      err.println(line);
      err.flush();
      last = System.nanoTime();
    }
  }

  @Override
  public void close() {
    if (terminal.watched()) {
      err.print(WIPE);
      err.flush();
    }
  }
}
