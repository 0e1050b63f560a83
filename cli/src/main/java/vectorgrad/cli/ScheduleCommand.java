package vectorgrad.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import vectorgrad.optim.Schedule;
import vectorgrad.train.SchedulePlot;

/// `vg schedule "warmup(500) then cosine(10000)"`: the rates of a schedule, as a table and as a
/// picture.
@Command(
    name = "schedule",
    mixinStandardHelpOptions = true,
    description = "Shows the learning rates of a schedule, as a table and as a picture.",
    versionProvider = Vg.Version.class,
    sortOptions = false,
    footer = {
      "",
      "For example:",
      "  vg schedule \"warmup(500) then cosine(10000)\"",
      "  vg schedule \"1e-3 * oneCycle(1000, rise=0.2)\"",
      "  vg schedule \"step(30) times 0.1\" --steps 100"
    })
final class ScheduleCommand implements Callable<Integer> {
  /// Of a schedule that does not end, unless more are asked for.
  private static final long SHOWN = 1000;

  private static final int ROWS = 10;
  private static final int BAR = 40;

  @Spec private CommandSpec spec;

  @Parameters(
      index = "0",
      paramLabel = "SCHEDULE",
      description = "Parts joined by \"then\", such as \"warmup(500) then cosine(10000)\".")
  private String text;

  @Option(
      names = "--steps",
      paramLabel = "N",
      description = "How many steps are shown. Default: all, or 1000 where there is no end.")
  private Optional<Long> steps;

  @Option(
      names = "--out",
      paramLabel = "FILE",
      defaultValue = "schedule.png",
      description = "The picture; ${DEFAULT-VALUE} unless given.")
  private Path file;

  @Override
  public Integer call() throws IOException {
    Schedule schedule = schedule();
    boolean endless = schedule.length() == Schedule.ENDLESS;
    long shown = steps.orElse(endless ? SHOWN : schedule.length());
    if (shown < 1) {
      throw new UserError("schedule", "--steps must be at least 1, found " + shown);
    }
    PrintWriter out = spec.commandLine().getOut();
    out.println(schedule);
    out.println("length   " + (endless ? "without end" : number(schedule.length()) + " steps"));
    out.println();
    table(out, schedule, shown);
    SchedulePlot.write(schedule, shown, schedule.toString(), file);
    out.println();
    out.println("picture  " + file);
    out.flush();
    return 0;
  }

  private Schedule schedule() {
    try {
      return Schedule.parse(text);
    } catch (IllegalArgumentException e) {
      throw new UserError(e);
    }
  }

  /// The first step, each tenth of the way, and the last step; bars are as long as the rate is
  /// large.
  private static void table(PrintWriter out, Schedule schedule, long shown) {
    long[] places = new long[(int) Math.min(ROWS, shown - 1) + 1];
    double highest = 0;
    for (int i = 0; i < places.length; i++) {
      places[i] =
          places.length == 1 ? 0 : Math.round((double) (shown - 1) * i / (places.length - 1));
      highest = Math.max(highest, schedule.rate(places[i]));
    }
    out.printf(Locale.ROOT, "%12s  %12s%n", "step", "rate");
    for (long place : places) {
      double rate = schedule.rate(place);
      int length = highest > 0 ? (int) Math.round(BAR * Math.max(0, rate) / highest) : 0;
      String row =
          String.format(
              Locale.ROOT, "%12s  %12s  %s", number(place), rate(rate), "█".repeat(length));
      out.println(row.stripTrailing());
    }
  }

  private static String number(long x) {
    return String.format(Locale.ROOT, "%,d", x);
  }

  private static String rate(double rate) {
    return String.format(
        Locale.ROOT, rate == 0 || (rate >= 1e-3 && rate < 1e6) ? "%.6f" : "%.4e", rate);
  }
}
