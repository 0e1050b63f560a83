package vectorgrad.bench;

import java.io.PrintWriter;
import java.time.Duration;

/// Tells how far the measurement is: on a terminal in one line that is written over, else in a line
/// for each fork.
final class Progress {
  private final PrintWriter err;
  private final boolean watched;
  private final int total;
  private final long start = System.nanoTime();
  private int done;

  Progress(PrintWriter err, boolean watched, int total) {
    this.err = err;
    this.watched = watched;
    this.total = total;
  }

  void next(int fork, Trial trial) {
    String left = "";
    if (done > 0) {
      long nanoseconds = (System.nanoTime() - start) / done * (total - done);
      left = ", %d s left".formatted(Duration.ofNanos(nanoseconds).toSeconds());
    }
    done++;
    String line =
        "%d/%d%s: JVM %d, %s %s, %s"
            .formatted(done, total, left, fork, trial.group(), trial.work(), trial.contender());
    if (watched) {
      err.print("\r\u001b[K" + line);
    } else {
      err.println(line);
    }
    err.flush();
  }

  void end() {
    if (watched) {
      err.print("\r\u001b[K");
      err.flush();
    }
  }
}
