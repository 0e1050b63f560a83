package vectorgrad.bench;

import java.io.PrintWriter;

/// Tells how far the measurement is: on a terminal in one line that is written over, else in a line
/// for each fork.
final class Progress {
  private final PrintWriter err;
  private final boolean watched;
  private final int total;
  private final double planned; // seconds, of all
  private final long start = System.nanoTime();
  private int begun;
  private double done; // seconds, as planned

  Progress(PrintWriter err, boolean watched, int total, double planned) {
    this.err = err;
    this.watched = watched;
    this.total = total;
    this.planned = planned;
  }

  /// Of one that is left out, since it failed before.
  ///
  /// @param seconds that it was planned to take
  void skip(double seconds) {
    begun++;
    done += seconds;
  }

  /// Before a JVM starts.
  void next(Fork fork, Plan plan) {
    Trial trial = fork.trial();
    begun++;
    // as much longer or shorter than planned as what is done already was
    double pace = done > 0 ? (System.nanoTime() - start) / 1e9 / done : 1;
    say(
        "%d/%d, %.0f s left: round %d, %s %s, %s"
            .formatted(
                begun,
                total,
                pace * (planned - done),
                fork.round(),
                trial.group(),
                trial.work(),
                trial.contender()));
    done += plan.seconds(trial);
  }

  /// Before work of which a trial was not steady is measured again.
  void again() {
    say("%d/%d: again, with a longer warm-up".formatted(begun, total));
  }

  private void say(String line) {
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
