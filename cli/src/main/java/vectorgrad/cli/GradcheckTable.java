package vectorgrad.cli;

import java.io.PrintWriter;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import vectorgrad.autograd.GradCheck;
import vectorgrad.gradcheck.Sweep;

/// What `vg gradcheck` prints: a row for each function, then the reports of what is wrong.
///
/// | column | meaning |
/// |---|---|
/// | inputs | how they lay in memory, each by a letter |
/// | error | the worst relative error of a derivative |
/// | f32 | how far f32 is from f64 at worst, in ulps |
final class GradcheckTable {
  private static final int WIDEST = 132;
  private static final String LEGEND =
      "inputs: p plain, m permuted, s sliced, e expanded; f32: ulps from f64";

  private final List<Sweep.Row> rows;

  GradcheckTable(List<Sweep.Row> rows, boolean byName) {
    Comparator<Sweep.Row> worst =
        Comparator.comparing(Sweep.Row::passes)
            .thenComparing(Comparator.comparingDouble(Sweep.Row::error).reversed());
    this.rows = byName ? rows : rows.stream().sorted(worst).toList();
  }

  void print(PrintWriter out, int terminalWidth) {
    int width = Math.min(terminalWidth, WIDEST);
    int names =
        Math.min(
            rows.stream().mapToInt(row -> row.subject().operation().length()).max().orElse(0),
            width / 4);
    names = Math.max(9, names);
    out.println(line(width, names, "operation", "orders", "inputs", "error", "f32", "source"));
    for (Sweep.Row row : rows) {
      out.println(
          line(
              width,
              names,
              row.subject().operation(),
              row.orders(),
              kinds(row),
              number(row.error(), true),
              number(row.ulps(), false),
              source(row)));
    }
    out.println(cut(LEGEND, width));
    rows.stream()
        .flatMap(row -> row.failures().stream())
        .forEach(failure -> {
          out.println();
          out.println(failure);
        });
    out.println();
  }

  /// How it went, in a line or two.
  String summary(double seconds) {
    long wrong = rows.stream().filter(row -> !row.passes()).count();
    long operations = rows.stream().map(row -> row.subject().operation()).distinct().count();
    return String.format(
        Locale.ROOT,
        "%s: %d functions of %d operations in %.1f s%nworst relative error %.1e, where %.1e passes; f32 within %.1f ulp of f64",
        wrong == 0 ? "all agree" : wrong + " wrong",
        rows.size(),
        operations,
        seconds,
        most(Sweep.Row::error),
        GradCheck.TOLERANCE,
        most(Sweep.Row::ulps));
  }

  private double most(ToDoubleFunction<Sweep.Row> number) {
    return rows.stream().mapToDouble(number).filter(x -> !Double.isNaN(x)).max().orElse(0);
  }

  private static String number(double value, boolean tiny) {
    if (Double.isNaN(value)) {
      return "–";
    }
    if (Double.isInfinite(value)) {
      return "∞";
    }
    return tiny
        ? String.format(Locale.ROOT, "%.1e", value)
        : String.format(Locale.ROOT, "%.1f", value);
  }

  private static String kinds(Sweep.Row row) {
    return row.subject().layouts().stream()
        .map(layout ->
            switch (layout) {
              case PLAIN -> "p";
              case PERMUTED -> "m";
              case SLICED -> "s";
              case EXPANDED -> "e";
            })
        .collect(Collectors.joining());
  }

  private static String source(Sweep.Row row) {
    String source = row.subject().source();
    int name = source.lastIndexOf('.', source.lastIndexOf('.') - 1);
    return source.substring(name + 1) + " · " + row.subject().origin();
  }

  private static String line(
      int width,
      int names,
      String operation,
      Object orders,
      String kinds,
      String error,
      String f32,
      String source) {
    String name = cut(operation, names);
    String numbers =
        String.format(Locale.ROOT, " %6s %-6s %7s %5s  %s", orders, kinds, error, f32, source);
    return cut(name + " ".repeat(names - name.length()) + numbers, width);
  }

  private static String cut(String text, int width) {
    return text.length() <= width ? text : text.substring(0, Math.max(0, width - 1)) + "…";
  }
}
