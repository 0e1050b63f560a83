package vectorgrad.cli;

import java.io.PrintWriter;
import java.util.Locale;
import java.util.Optional;
import me.tongfei.progressbar.DelegatingProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import vectorgrad.data.Loader;
import vectorgrad.train.History;
import vectorgrad.train.Trainer;

/// Shows how a training goes: on standard output a line for each epoch; meanwhile on standard error
/// a bar, or a line every few seconds where nobody watches.
abstract sealed class ProgressView implements Trainer.Listener, AutoCloseable {
  private final PrintWriter out;
  private final int epochs;

  private ProgressView(PrintWriter out, int epochs) {
    this.out = out;
    this.epochs = epochs;
  }

  static ProgressView of(
      PrintWriter out, PrintWriter err, Terminal terminal, int epochs, Loader training) {
    Gauge.Meter meter = new Gauge.Meter(epochs, training.samples());
    return terminal.watched()
        ? new Bar(out, err, terminal, epochs, meter)
        : new Lines(out, err, epochs, meter);
  }

  @Override
  public void onEpoch(History.Epoch epoch) {
    String validation =
        epoch.validation().samples() == 0
            ? ""
            : String.format(
                Locale.ROOT,
                "  validation loss %.4f  accuracy %.4f",
                epoch.validation().loss(),
                epoch.validation().accuracy());
    out.printf(
        Locale.ROOT,
        "epoch %d/%d  loss %.4f  accuracy %.4f%s  %.1f s%n",
        epoch.epoch(),
        epochs,
        epoch.training().loss(),
        epoch.training().accuracy(),
        validation,
        epoch.seconds());
    out.flush();
  }

  @Override
  public void close() {}

  /// A bar that is redrawn in place, and wiped away at the end of an epoch.
  private static final class Bar extends ProgressView {
    private static final String WIPE = "\r\033[K";
    private static final int MILLISECONDS = 100;

    private final PrintWriter err;
    private final Terminal terminal;
    private final Gauge.Meter meter;
    private volatile Optional<Gauge> gauge = Optional.empty();
    private Optional<ProgressBar> bar = Optional.empty();

    Bar(PrintWriter out, PrintWriter err, Terminal terminal, int epochs, Gauge.Meter meter) {
      super(out, epochs);
      this.err = err;
      this.terminal = terminal;
      this.meter = meter;
    }

    @Override
    public void onStep(Trainer.Step step) {
      gauge = Optional.of(meter.read(step));
      if (bar.isEmpty()) {
        bar =
            Optional.of(
                new ProgressBarBuilder()
                    .setInitialMax(step.batches())
                    .setUpdateIntervalMillis(MILLISECONDS)
                    .setRenderer((_, _) -> gauge.map(g -> g.line(terminal)).orElse(""))
                    .setConsumer(new DelegatingProgressBarConsumer(this::draw))
                    .build());
      }
      bar.get().stepTo(step.batch());
    }

    private void draw(String line) {
      err.print(WIPE + line);
      err.flush();
    }

    @Override
    public void onEpoch(History.Epoch epoch) {
      close();
      super.onEpoch(epoch);
    }

    @Override
    public void close() {
      bar.ifPresent(shown -> {
        shown.close();
        draw("");
      });
      bar = Optional.empty();
    }
  }

  /// A line now and then.
  private static final class Lines extends ProgressView {
    private static final long NANOSECONDS = 5_000_000_000L;

    private final PrintWriter err;
    private final Gauge.Meter meter;
    private long last = System.nanoTime();

    Lines(PrintWriter out, PrintWriter err, int epochs, Gauge.Meter meter) {
      super(out, epochs);
      this.err = err;
      this.meter = meter;
    }

    @Override
    public void onStep(Trainer.Step step) {
      Gauge gauge = meter.read(step);
      long now = System.nanoTime();
      if (now - last >= NANOSECONDS) {
        err.println(gauge.line());
        err.flush();
        last = now;
      }
    }
  }
}
