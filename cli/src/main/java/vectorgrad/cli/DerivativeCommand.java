package vectorgrad.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import vectorgrad.numerics.FiniteDifference;
import vectorgrad.numerics.FiniteDifference.Method;
import vectorgrad.numerics.Formula;
import vectorgrad.tensor.Message;
import vectorgrad.train.DerivativePlot;

/// `vg inspect derivative "x^3*sin(x)" --at 2`: how far finite differences are from the derivative,
/// for steps from 1 down to 10⁻¹⁶, as a table and as a picture.
@Command(
    name = "derivative",
    mixinStandardHelpOptions = true,
    description = {
      "Shows how far finite differences are from the derivative, for steps from 1 to 1e-16.",
      "Truncation falls with the step and rounding rises."
    },
    versionProvider = Vg.Version.class,
    sortOptions = false)
final class DerivativeCommand implements Callable<Integer> {
  private static final int DECADES = 16;

  /// Points between one power of ten and the next in the picture.
  private static final int FINE = 8;

  @Spec private CommandSpec spec;

  @Parameters(
      index = "0",
      paramLabel = "FORMULA",
      description = "A formula of x, such as \"x^3*sin(x)\" or \"exp(-x^2/2)\".")
  private String text;

  @Option(
      names = "--at",
      paramLabel = "X",
      defaultValue = "1",
      description = "Where it is differentiated; ${DEFAULT-VALUE} unless given.")
  private double at;

  @Option(
      names = "--out",
      paramLabel = "FILE",
      defaultValue = "derivative.png",
      description = "The picture; ${DEFAULT-VALUE} unless given.")
  private Path file;

  @Override
  public Integer call() throws IOException {
    Formula formula = formula();
    Formula derivative = formula.derivative(0);
    double exact = derivative.evaluate(at);
    if (!Double.isFinite(exact)) {
      throw new UserError(
          Message.of("derivative", "there is none at " + at)
              .row("f(x)", formula)
              .row("f(" + number(at) + ")", formula.evaluate(at)));
    }
    PrintWriter out = spec.commandLine().getOut();
    String place = "(" + number(at) + ")";
    out.println("f(x)  = " + formula);
    out.println("f′(x) = " + derivative);
    out.println("f" + place + " = " + formula.evaluate(at));
    out.println("f′" + place + " = " + exact);
    out.println();
    table(out, FiniteDifference.errors(formula, at, steps(1)));
    var samples = FiniteDifference.errors(formula, at, steps(FINE));
    String title = "Error of the derivative of " + text.strip() + " at " + number(at);
    DerivativePlot.write(samples, exact, title, file);
    out.println();
    out.println("picture  " + file);
    out.flush();
    return 0;
  }

  private Formula formula() {
    Formula formula;
    try {
      formula = Formula.parse(text, "x");
    } catch (IllegalArgumentException e) {
      throw new UserError("formula", e.getMessage().substring("formula: ".length()));
    }
    if (formula.isTruth()) {
      throw new UserError("derivative", "a truth value has none: " + formula);
    }
    return formula;
  }

  private static double[] steps(int perDecade) {
    return IntStream.rangeClosed(0, DECADES * perDecade)
        .mapToDouble(i -> Math.pow(10, -(double) i / perDecade))
        .toArray();
  }

  /// A row for each step, a column for each method, and the best of each below.
  private static void table(PrintWriter out, List<FiniteDifference.Sample> samples) {
    out.printf("%-8s", "error");
    for (Method method : Method.values()) {
      out.printf("%14s", method);
    }
    out.println();
    int steps = DECADES + 1;
    for (int i = 0; i < steps; i++) {
      out.printf("h=%-6s", i == 0 ? "1" : "1e-" + i);
      for (int m = 0; m < Method.values().length; m++) {
        out.printf("%14s", error(samples.get(m * steps + i).error()));
      }
      out.println();
    }
    out.printf("%-8s", "least");
    for (int m = 0; m < Method.values().length; m++) {
      var best =
          samples.subList(m * steps, (m + 1) * steps).stream()
              .mapToDouble(FiniteDifference.Sample::error)
              .filter(Double::isFinite)
              .min();
      out.printf("%14s", best.isPresent() ? error(best.getAsDouble()) : "–");
    }
    out.println();
  }

  private static String error(double error) {
    return error == 0 ? "exact" : String.format(Locale.ROOT, "%.1e", error);
  }

  private static String number(double x) {
    return x == Math.rint(x) && Math.abs(x) < 1e9
        ? String.format(Locale.ROOT, "%.0f", x)
        : Double.toString(x);
  }
}
