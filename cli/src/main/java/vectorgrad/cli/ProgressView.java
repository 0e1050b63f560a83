package vectorgrad.cli;

import java.io.PrintWriter;
import java.time.Duration;
import java.util.Locale;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import vectorgrad.data.Loader;
import vectorgrad.train.History;
import vectorgrad.train.Trainer;

/// Shows how training goes: a bar for each epoch on a terminal, a line every few seconds elsewhere,
/// and a line at each epoch's end.
abstract sealed class ProgressView implements AutoCloseable {
  private final PrintWriter out;

  private ProgressView(PrintWriter out) {
    this.out = out;
  }

  static ProgressView of(PrintWriter out, int epochs, Loader loader) {
    return isTerminal() ? new Bar(out, epochs, loader) : new Lines(out, epochs, loader);
  }

  /// Whether somebody watches. The default console of JDK 25 is null when output is redirected.
  @SuppressWarnings("SystemConsoleNull")
  static boolean isTerminal() {
    return System.console() != null && System.console().isTerminal();
  }

  abstract void step(Trainer.Step step);

  void epoch(History.Epoch epoch) {
    String validation =
        Double.isNaN(epoch.validationLoss())
            ? ""
            : String.format(
                Locale.ROOT,
                ", validation loss %.4f accuracy %.4f",
                epoch.validationLoss(),
                epoch.validationAccuracy());
    out.printf(
        Locale.ROOT,
        "epoch %d: loss %.4f accuracy %.4f%s, %.1f s%n",
        epoch.epoch(),
        epoch.loss(),
        epoch.accuracy(),
        validation,
        epoch.seconds());
    out.flush();
  }

  @Override
  public void close() {}

  /// A bar that is redrawn in place.
  private static final class Bar extends ProgressView {
    private final int epochs;
    private final Loader loader;
    private ProgressBar bar;

    Bar(PrintWriter out, int epochs, Loader loader) {
      super(out);
      this.epochs = epochs;
      this.loader = loader;
    }

    @Override
    void step(Trainer.Step step) {
      if (bar == null) {
        bar =
            new ProgressBarBuilder()
                .setTaskName("epoch " + step.epoch() + "/" + epochs)
                .setInitialMax(loader.samples())
                .setStyle(ProgressBarStyle.COLORFUL_UNICODE_BLOCK)
                .setUpdateIntervalMillis(200)
                .setUnit(" pictures", 1)
                .showSpeed()
                .startsFrom(step.samples(), Duration.ZERO)
                .build();
      }
      bar.setExtraMessage(
          String.format(Locale.ROOT, " loss %.4f accuracy %.4f", step.meanLoss(), step.accuracy()));
      bar.stepTo(step.samples());
    }

    @Override
    void epoch(History.Epoch epoch) {
      close();
      super.epoch(epoch);
    }

    @Override
    public void close() {
      if (bar != null) {
        bar.close();
        bar = null;
      }
    }
  }

  /// A line now and then.
  private static final class Lines extends ProgressView {
    private static final long EVERY_NANOS = 5_000_000_000L;

    private final PrintWriter out;
    private final int epochs;
    private final Loader loader;
    private long last = System.nanoTime();
    private long lastSamples;
    private int lastEpoch;

    Lines(PrintWriter out, int epochs, Loader loader) {
      super(out);
      this.out = out;
      this.epochs = epochs;
      this.loader = loader;
    }

    @Override
    void step(Trainer.Step step) {
      long now = System.nanoTime();
      if (step.epoch() != lastEpoch) {
        lastEpoch = step.epoch();
        lastSamples = step.samples();
        last = now;
      }
      if (now - last < EVERY_NANOS) {
        return;
      }
      double speed = (step.samples() - lastSamples) * 1e9 / (now - last);
      long left =
          loader.samples() - step.samples() + (long) loader.samples() * (epochs - step.epoch());
      out.printf(
          Locale.ROOT,
          "epoch %d/%d  %3d %%  loss %.4f  accuracy %.4f  %,.0f pictures/s  %s left%n",
          step.epoch(),
          epochs,
          100 * step.batch() / step.batches(),
          step.meanLoss(),
          step.accuracy(),
          speed,
          time(left / speed));
      out.flush();
      last = now;
      lastSamples = step.samples();
    }

    private static String time(double seconds) {
      long s = Math.round(seconds);
      return s < 60 ? s + " s" : "%d:%02d min".formatted(s / 60, s % 60);
    }
  }
}
