package vectorgrad.cli;

import java.util.Locale;
import java.util.function.LongSupplier;
import vectorgrad.train.Averages;
import vectorgrad.train.Trainer;

/// How far a training is, in a line.
///
/// @param epoch the epoch, from 1
/// @param epochs how many there will be
/// @param share how much of the epoch is done
/// @param running the means of the epoch so far
/// @param speed pictures a second; 0 before it is known
/// @param seconds how long it will take to the end; meaningless before the speed is known
record Gauge(int epoch, int epochs, double share, Averages running, double speed, double seconds) {
  private static final int WIDEST_BAR = 32;
  private static final int NARROWEST_BAR = 6;
  private static final String EIGHTHS = " ▏▎▍▌▋▊▉";

  /// The line without a bar.
  String line() {
    return left() + "  " + right();
  }

  /// The line with a bar that takes what room there is.
  String line(Terminal terminal) {
    int room = terminal.width() - 1 - left().length() - right().length() - 4;
    if (room < NARROWEST_BAR) {
      String line = line();
      return line.substring(0, Math.min(line.length(), Math.max(0, terminal.width() - 1)));
    }
    return left() + "  " + bar(Math.min(room, WIDEST_BAR), terminal.unicode()) + "  " + right();
  }

  private String left() {
    return String.format(
        Locale.ROOT, "epoch %d/%d %3.0f %%", epoch, epochs, Math.floor(100 * share));
  }

  private String right() {
    String means =
        String.format(Locale.ROOT, "loss %.4f  accuracy %.4f", running.loss(), running.accuracy());
    return speed > 0
        ? String.format(Locale.ROOT, "%s  %,.0f pictures/s  %s left", means, speed, time(seconds))
        : means;
  }

  private String bar(int width, boolean unicode) {
    int eighths = (int) (share * width * 8);
    StringBuilder bar = new StringBuilder();
    bar.repeat(unicode ? '█' : '#', eighths / 8);
    if (bar.length() < width) {
      bar.append(unicode ? EIGHTHS.charAt(eighths % 8) : '-');
    }
    return bar.repeat(unicode ? ' ' : '-', width - bar.length()).toString();
  }

  /// Minutes and seconds, with hours where there are any.
  static String time(double seconds) {
    long s = Math.round(seconds);
    return s < 3600
        ? String.format(Locale.ROOT, "%d:%02d", s / 60, s % 60)
        : String.format(Locale.ROOT, "%d:%02d:%02d", s / 3600, s / 60 % 60, s % 60);
  }

  /// Makes gauges from steps, and measures the speed: that of the last five to ten seconds, since
  /// the first steps of a program are slow, and a mean would remember them for minutes.
  static final class Meter {
    private static final long WINDOW = 5_000_000_000L; // nanoseconds

    private final int epochs;
    private final long samples;
    private final LongSupplier clock;
    private int epoch;
    private Mark since = new Mark(0, 0); // where what is measured begins
    private Mark next = since; // where it begins a window later

    private record Mark(long nanos, long seen) {}

    /// @param epochs the epochs of the run
    /// @param samples the pictures of an epoch
    Meter(int epochs, long samples) {
      this(epochs, samples, System::nanoTime);
    }

    /// @param clock tells the nanoseconds
    Meter(int epochs, long samples, LongSupplier clock) {
      this.epochs = epochs;
      this.samples = samples;
      this.clock = clock;
    }

    Gauge read(Trainer.Step step) {
      Mark now = new Mark(clock.getAsLong(), step.running().samples());
      if (step.epoch() != epoch) {
        epoch = step.epoch();
        since = next = now;
      } else if (now.nanos - next.nanos >= WINDOW) {
        since = next;
        next = now;
      }
      double speed =
          now.seen > since.seen ? (now.seen - since.seen) * 1e9 / (now.nanos - since.nanos) : 0;
      double remaining = samples - now.seen + (double) samples * (epochs - epoch);
      return new Gauge(
          epoch, epochs, (double) now.seen / samples, step.running(), speed, remaining / speed);
    }
  }
}
