package vectorgrad.cli;

import java.io.File;
import java.io.PrintWriter;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import vectorgrad.numerics.FloatFormat;
import vectorgrad.numerics.Inspection;
import vectorgrad.tensor.Message;

/// `vg inspect 0.1`: the bits of a number, its exact value, its neighbours, and what it becomes in
/// every other format.
@Command(
    name = "inspect",
    mixinStandardHelpOptions = true,
    description = "Shows the bits of a number, and what it becomes in each format.",
    versionProvider = Vg.Version.class,
    synopsisSubcommandLabel = "[COMMAND]",
    subcommands = {DerivativeCommand.class, InspectModelCommand.class},
    sortOptions = false,
    footer = {
      "",
      "Examples:",
      "  vg inspect 0.1",
      "  vg inspect 65504 --format bf16",
      "  vg inspect 0x3f800000        the bits of an f32",
      "  vg inspect -inf --format e4m3",
      "  vg inspect derivative \"x^3*sin(x)\" --at 2",
      "  vg inspect model --format f16"
    })
final class InspectCommand implements Callable<Integer> {
  private static final int WIDTH = 80;
  private static final int LABEL = 10;
  private static final int SHORT = 12;

  @Spec private CommandSpec spec;

  @Parameters(
      index = "0",
      arity = "0..1",
      paramLabel = "NUMBER",
      description = "A number: 0.1, 1e-8, 0x1.8p3, nan, inf; or its bits: 0x3f800000.")
  private String number;

  @Option(
      names = "--format",
      paramLabel = "FORMAT",
      description =
          "What to look at it as: f64, f32, tf32, f16, bf16, e4m3 or e5m2;"
              + " f32 unless bits are given and their number says another.")
  private String format;

  @Override
  public Integer call() {
    if (number == null) {
      throw new UserError(
          Message.of("inspect", "there is nothing to look at")
              .row("help", "name a number, such as vg inspect 0.1"));
    }
    try {
      print(format == null ? Inspection.of(number) : Inspection.of(number, named(format)));
      return 0;
    } catch (NumberFormatException e) {
      throw new File(number).exists() ? isFile() : new UserError(e);
    }
  }

  private UserError isFile() {
    return new UserError(
        Message.of("inspect", "\"" + number + "\" is a file, and a number is looked at")
            .row("help", "vg inspect model --weights " + number + " looks at a network"));
  }

  /// The format of that name.
  static FloatFormat named(String name) {
    return FloatFormat.all().stream()
        .filter(f -> f.name().equals(name.toLowerCase(Locale.ROOT)))
        .findFirst()
        .orElseThrow(() ->
            new UserError(
                Message.of("inspect", "there is no format \"" + name + "\"")
                    .row(
                        "known",
                        String.join(
                            ", ", FloatFormat.all().stream().map(FloatFormat::name).toList()))));
  }

  private void print(Inspection x) {
    PrintWriter out = spec.commandLine().getOut();
    out.printf(
        "%s in %s: %s, %s%n%n",
        number,
        x.format(),
        x.kind().name().toLowerCase(Locale.ROOT),
        colored("bold", x.hexadecimal()));
    bits(out, x);
    x.exact()
        .ifPresentOrElse(
            exact -> row(out, "value", x.value() == 0 ? zero(x) : decimal(exact)),
            () -> row(out, "value", name(x.value())));
    if (x.kind() == Inspection.Kind.NORMAL || x.kind() == Inspection.Kind.SUBNORMAL) {
      row(out, "shortest", plain(x.format().shortest(x.value())));
    }
    x.error()
        .ifPresent(e ->
            row(
                out,
                "error",
                e.signum() == 0
                    ? "none"
                    : "%s   %+.2f ulp".formatted(signed(e), x.errorInUlps().orElseThrow())));
    neighbours(out, x);
    table(out, x);
    out.flush();
  }

  /// The three parts, each above what it says.
  private void bits(PrintWriter out, Inspection x) {
    int wide = Math.max(8, x.format().exponentBits());
    out.printf("  sign  %-" + wide + "s  %s%n", "exponent", "fraction");
    out.printf(
        "  %s     %s%s  %s%n",
        colored("red", x.signBits()),
        colored("green", x.exponentBits()),
        " ".repeat(wide - x.format().exponentBits()),
        colored("cyan", x.fractionBits()));
    String exponent = "";
    String significand = "";
    double size = Math.abs(x.value());
    if (size > 0 && Double.isFinite(size)) {
      int e = Math.max(Math.getExponent(size), x.format().minExponent());
      exponent = "2^" + e;
      significand = "* " + new BigDecimal(Math.scalb(size, -e)).toPlainString();
    }
    if (!Double.isNaN(size)) {
      String sign = x.signBits().equals("0") ? "+" : "-";
      out.println(
          ("  %s     %-" + wide + "s  %s").formatted(sign, exponent, significand).stripTrailing());
    }
    out.println();
  }

  private void neighbours(PrintWriter out, Inspection x) {
    double value = x.value();
    if (Double.isFinite(value)) {
      FloatFormat f = x.format();
      int exponent = Math.max(Math.getExponent(value), f.minExponent()) - f.fractionBits();
      row(out, "ulp", "2^%d = %s".formatted(exponent, readable(FloatFormat.FP64, f.ulp(value))));
      row(out, "next", beside(f, f.next(value)));
      row(out, "previous", beside(f, f.previous(value)));
    }
  }

  private static String beside(FloatFormat format, double value) {
    return "%-24s %s"
        .formatted(
            readable(format, value), Inspection.ofBits(format.encode(value), format).hexadecimal());
  }

  private void table(PrintWriter out, Inspection x) {
    out.printf("%n  %-6s %-24s %-11s %-8s %s%n", "format", "value", "error", "relative", "bits");
    for (FloatFormat format : FloatFormat.all()) {
      Inspection there = x.in(format);
      String line =
          "  %-6s %-24s %-11s %-8s %s"
              .formatted(
                  format,
                  readable(format, there.value()),
                  there.error().map(e -> e.signum() == 0 ? "0" : scientific(e)).orElse("-"),
                  relative(there),
                  there.hexadecimal());
      out.println(format.equals(x.format()) ? colored("bold", line) : line);
    }
  }

  private static String relative(Inspection x) {
    if (x.error().isEmpty() || x.typed().orElseThrow().signum() == 0) {
      return "-";
    }
    BigDecimal e = x.error().orElseThrow();
    return e.signum() == 0
        ? "0"
        : "%.1e"
            .formatted(
                e.divide(x.typed().orElseThrow(), MathContext.DECIMAL32).abs().doubleValue());
  }

  private String colored(String style, String text) {
    return spec.commandLine().getColorScheme().ansi().string("@|" + style + " " + text + "|@");
  }

  /// A label, and a text that may be as long as the thousand digits of the smallest double.
  private static void row(PrintWriter out, String label, String text) {
    int room = WIDTH - LABEL - 2;
    for (int from = 0; from == 0 || from < text.length(); from += room) {
      out.printf(
          "  %-" + LABEL + "s%s%n",
          from == 0 ? label : "",
          text.substring(from, Math.min(text.length(), from + room)));
    }
  }

  private static String zero(Inspection x) {
    return x.signBits().equals("0") ? "0" : "-0";
  }

  private static String name(double value) {
    return Double.isNaN(value) ? "NaN" : value > 0 ? "inf" : "-inf";
  }

  /// The number itself where that is short, else as few digits as tell it from its neighbours.
  private static String readable(FloatFormat format, double value) {
    if (!Double.isFinite(value)) {
      return name(value);
    } else if (value == 0) {
      return 1 / value < 0 ? "-0" : "0";
    }
    String exact = decimal(new BigDecimal(value).stripTrailingZeros());
    return exact.length() <= SHORT ? exact : plain(format.shortest(value));
  }

  /// `1e-40` for Java's `1.0E-40`.
  private static String plain(String number) {
    return number.replace("E", "e").replaceFirst("\\.0(?=e|$)", "");
  }

  /// All digits, with zeros where they are few.
  private static String decimal(BigDecimal x) {
    int exponent = x.precision() - x.scale() - 1;
    if (exponent >= -7 && exponent < 40) {
      return x.toPlainString();
    }
    BigDecimal digits = x.movePointLeft(exponent);
    return digits.toPlainString() + "e" + exponent;
  }

  private static String signed(BigDecimal x) {
    String text = decimal(x);
    if (text.length() > 40) {
      text = scientific(x.abs());
      return (x.signum() < 0 ? "-" : "+") + text;
    }
    return x.signum() > 0 ? "+" + text : text;
  }

  private static String scientific(BigDecimal x) {
    int exponent = x.precision() - x.scale() - 1;
    return "%.2fe%d".formatted(x.movePointLeft(exponent).doubleValue(), exponent);
  }
}
