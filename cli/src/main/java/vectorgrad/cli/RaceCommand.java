package vectorgrad.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import vectorgrad.data.SafeFile;
import vectorgrad.tensor.Message;
import vectorgrad.train.FamilyPicture;
import vectorgrad.train.OptimizerFamily;
import vectorgrad.train.Race;
import vectorgrad.train.RaceAnimation;
import vectorgrad.train.RacePicture;
import vectorgrad.train.Valley;
import vectorgrad.train.Valley.Place;

/// `vg race`: all optimizers down one valley, as a table and as an animation or a strip of
/// pictures; `vg race --family`: who descends from whom.
@Command(
    name = "race",
    mixinStandardHelpOptions = true,
    description = {
      "Lets optimizers race down a valley, each at the rate that suits it best.",
      "An SVG file is an animation, a PNG file a strip of pictures."
    },
    versionProvider = Vg.Version.class,
    sortOptions = false,
    footer = {
      "",
      "For example:",
      "  vg race",
      "  vg race --valley ravine --optimizers sgd,momentum,adam --out race.png",
      "  vg race --family"
    })
final class RaceCommand implements Callable<Integer> {
  private static final int MOST_STEPS = 100_000;

  @Spec private CommandSpec spec;

  @Option(
      names = "--valley",
      paramLabel = "NAME",
      defaultValue = "beale",
      description =
          "beale, rosenbrock, himmelblau, saddle or ravine; ${DEFAULT-VALUE} unless given.")
  private String valley;

  @Option(
      names = "--optimizers",
      paramLabel = "NAME",
      split = ",",
      description = "Who takes part, such as sgd,adam. Default: all.")
  private List<String> names = List.of();

  @Option(
      names = "--steps",
      paramLabel = "N",
      description = "How many steps the race has. Default: from 100 to 1000, by the valley.")
  private Optional<Integer> steps;

  @Option(names = "--still", description = "Writes an SVG file as a strip of pictures too.")
  private boolean still;

  @Option(
      names = "--family",
      description = "No race: shows who descends from whom, and what each one adds.")
  private boolean family;

  @Option(
      names = "--out",
      paramLabel = "FILE",
      description = "The picture, .svg or .png. Default: race.svg, or family.svg.")
  private Optional<Path> file;

  @Override
  public Integer call() throws IOException {
    Path path = file.orElse(Path.of(family ? "family.svg" : "race.svg"));
    String name = path.toString().toLowerCase(Locale.ROOT);
    boolean svg = name.endsWith(".svg");
    if (!svg && !name.endsWith(".png")) {
      throw new UserError(
          Message.of("race", "the picture is neither .svg nor .png")
              .row("file", path)
              .row(
                  "help",
                  family ? "--out family.svg" : "--out race.svg moves, --out race.png does not"));
    }
    PrintWriter out = spec.commandLine().getOut();
    if (family) {
      family(out);
      if (svg) {
        SafeFile.write(path, FamilyPicture.svg());
      } else {
        FamilyPicture.writePng(path);
      }
    } else {
      Race race = race();
      table(out, race);
      if (svg) {
        SafeFile.write(path, still ? RacePicture.svg(race) : RaceAnimation.svg(race));
      } else {
        RacePicture.writePng(race, path);
      }
    }
    out.println();
    out.println((svg && !still && !family ? "animation  " : "picture  ") + path);
    out.flush();
    return 0;
  }

  private Race race() {
    Valley where = Choices.of("race", "valley", valley, List.of(Valley.values()), Valley::key);
    List<OptimizerFamily> living = OptimizerFamily.living();
    var who =
        names.stream()
            .map(name -> Choices.of("race", "optimizer", name, living, OptimizerFamily::key))
            .collect(Collectors.toCollection(LinkedHashSet::new));
    int count = steps.orElse(where.steps());
    if (count < 1 || count > MOST_STEPS) {
      throw new UserError(
          "race", "--steps must be from 1 to %d, found %d".formatted(MOST_STEPS, count));
    }
    return Race.of(where, who.isEmpty() ? living : List.copyOf(who), count);
  }

  private static void table(PrintWriter out, Race race) {
    Place start = race.valley().start();
    out.println(
        "%s from (%s, %s), %,d steps"
            .formatted(race.valley().title(), plain(start.x()), plain(start.y()), race.steps()));
    out.println("arrived: within %s of the minimum, and there to stay".formatted(plain(Race.NEAR)));
    out.println();
    out.printf("    %-10s%9s%9s%11s%n", "", "rate", "arrived", "last value");
    int rank = 0;
    for (Race.Run run : race.runs()) {
      String arrival = run.arrival().isPresent() ? "" + run.arrival().getAsInt() : "–";
      String last =
          Double.isFinite(run.last()) ? String.format(Locale.ROOT, "%.1e", run.last()) : "lost";
      out.printf(
          "%2d  %-10s%9s%9s%11s%n",
          ++rank, run.optimizer().title(), plain(run.rate()), arrival, last);
    }
  }

  private static void family(PrintWriter out) {
    for (OptimizerFamily member : OptimizerFamily.values()) {
      String from =
          member.parents().stream().map(OptimizerFamily::title).collect(Collectors.joining(", "));
      out.printf("%-9s %d  %s%n", member.title(), member.year(), member.idea());
      out.printf("%-15s %s%n", "", member.source());
      if (!from.isEmpty()) {
        out.printf("%-15s from %s%n", "", from);
      }
    }
  }

  private static String plain(double x) {
    return x != 0 && Math.abs(x) < 1e-3
        ? String.format(Locale.ROOT, "%.0e", x)
        : new BigDecimal(Double.toString(x)).stripTrailingZeros().toPlainString();
  }
}
