package vectorgrad.numerics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static vectorgrad.numerics.Formula.input;

import java.io.IOException;
import java.math.BigDecimal;
import java.math.MathContext;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BinaryOperator;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/// Elementary functions against the truth, on dense sweeps: no error is larger than the one that
/// the table in the documentation of [UnaryFunction] states, which this test reads.
///
/// Errors are in units of the last place of the true value, so the correctly rounded value is
/// within 0.5. In float64 the truth is [Exact]; in float32 it is the float64 reading, whose own
/// errors are too small to be seen there. The property `vectorgrad.sweep` makes the sweeps denser:
/// it is the number of points for each function.
class AccuracyTest {
  private static final int POINTS = Integer.getInteger("vectorgrad.sweep", 0);
  private static final Formula X = input(0);
  private static final Formula Y = input(1);

  /// Where arguments are taken from: evenly, and evenly on a logarithmic scale.
  private record Range(double from, double to) {
    double at(double t, boolean logarithmic) {
      if (!logarithmic || to <= 0) {
        return from + (to - from) * t;
      }
      double least = Math.max(from, to * 1e-30);
      double size = least * Math.pow(to / least, t);
      boolean both = from < 0;
      return both && Double.doubleToLongBits(t * 1e9) % 2 == 0 ? -Math.min(size, -from) : size;
    }
  }

  private record Case(
      String name,
      Formula formula,
      BinaryOperator<BigDecimal> exact,
      List<Range> x,
      List<Range> y,
      List<Range> far) {
    static Case of(String name, Formula f, UnaryOperator<BigDecimal> exact, double... ranges) {
      return new Case(name, f, (a, b) -> exact.apply(a), ranges(ranges), ranges(0, 1), List.of());
    }

    private static List<Range> ranges(double... ends) {
      return java.util.stream.IntStream.range(0, ends.length / 2)
          .mapToObj(i -> new Range(ends[2 * i], ends[2 * i + 1]))
          .toList();
    }

    Case and(double... ranges) {
      return new Case(name, formula, exact, x, ranges(ranges), far);
    }

    /// Where only float64 reaches.
    Case far(double... ranges) {
      return new Case(name, formula, exact, x, y, ranges(ranges));
    }
  }

  private static Case two(String name, Formula f, BinaryOperator<BigDecimal> exact, double... x) {
    return new Case(name, f, exact, Case.ranges(x), List.of(), List.of());
  }

  private static BigDecimal over(BigDecimal a, BigDecimal b) {
    return a.divide(b, Exact.MC);
  }

  private static BigDecimal softplus(BigDecimal x) {
    return x.signum() > 0 ? x.add(Exact.log1p(Exact.exp(x.negate()))) : Exact.log1p(Exact.exp(x));
  }

  private static final BigDecimal ONE = BigDecimal.ONE;

  private static final List<Case> CASES =
      List.of(
          Case.of("exp", X.exp(), Exact::exp, -87, 88.7, -1, 1, -0.01, 0.01).far(-745, 709.7),
          Case.of(
                  "exp2",
                  X.exp2(),
                  x -> Exact.exp(Exact.log(BigDecimal.TWO).multiply(x)),
                  -125.9,
                  127.9,
                  -1,
                  1)
              .far(-1021, 1023),
          Case.of("expm1", X.expm1(), Exact::expm1, -20, 88.7, -2, 2, -0.1, 0.1).far(-60, 709),
          Case.of("log", X.log(), Exact::log, 1e-3, 10, 0.9, 1.1, 1e-37, 1e38).far(1e-305, 1e305),
          Case.of(
                  "log2",
                  X.log2(),
                  x -> over(Exact.log(x), Exact.log(BigDecimal.TWO)),
                  1e-3,
                  10,
                  0.9,
                  1.1,
                  1e-37,
                  1e38)
              .far(1e-305, 1e305),
          Case.of(
                  "log10",
                  X.log10(),
                  x -> over(Exact.log(x), Exact.LN_10),
                  1e-3,
                  10,
                  0.9,
                  1.1,
                  1e-37,
                  1e38)
              .far(1e-305, 1e305),
          Case.of("log1p", X.log1p(), Exact::log1p, -0.999, 10, -0.3, 0.3, 1e-30, 1e38)
              .far(1e-100, 1e305),
          Case.of("sin", X.sin(), Exact::sin, -10, 10, -1e4, 1e4, -0x1p20, 0x1p20)
              .far(-0x1p45, 0x1p45),
          Case.of("cos", X.cos(), Exact::cos, -10, 10, -1e4, 1e4, -0x1p20, 0x1p20)
              .far(-0x1p45, 0x1p45),
          Case.of("tan", X.tan(), Exact::tan, -10, 10, -1e4, 1e4, -0x1p20, 0x1p20)
              .far(-0x1p45, 0x1p45),
          Case.of("asin", X.asin(), Exact::asin, -1, 1, 0.4, 0.6),
          Case.of("acos", X.acos(), Exact::acos, -1, 1, 0.4, 0.6, 0.99, 1),
          Case.of("atan", X.atan(), Exact::atan, -5, 5, -1e30, 1e30).far(-1e300, 1e300),
          Case.of("sinh", X.sinh(), Exact::sinh, -3, 3, -89, 89).far(-710, 710),
          Case.of("cosh", X.cosh(), Exact::cosh, -3, 3, -89, 89).far(-710, 710),
          Case.of("tanh", X.tanh(), Exact::tanh, -10, 10, -0.7, 0.7).far(-20, 20),
          Case.of("asinh", X.asinh(), Exact::asinh, -3, 3, -1e30, 1e30).far(-1e300, 1e300),
          Case.of("acosh", X.acosh(), Exact::acosh, 1, 1.1, 1, 10, 1, 1e30).far(1, 1e300),
          Case.of("atanh", X.atanh(), Exact::atanh, -0.9999, 0.9999, -0.1, 0.1),
          Case.of("cbrt", X.cbrt(), Exact::cbrt, 1, 8, -1e38, 1e38, 1e-37, 1).far(-1e300, 1e300),
          Case.of("rsqrt", X.rsqrt(), x -> over(ONE, Exact.sqrt(x)), 1, 4, 1e-37, 1e38)
              .far(1e-300, 1e300),
          Case.of("erf", X.erf(), Exact::erf, -6, 6, -1, 1),
          Case.of("erfc", X.erfc(), Exact::erfc, -6, 9.1, 0, 1).far(-6, 26.5),
          two("pow", X.pow(Y), Exact::pow, 0.01, 10, 0.9, 1.1, 1e-5, 1e5).and(-7, 7, -80, 80),
          two("hypot", X.hypot(Y), Exact::hypot, -1, 1, -1e30, 1e30).and(-1, 1, -1e30, 1e30),
          two("atan2", X.atan2(Y), Exact::atan2, -1, 1, -1e10, 1e10).and(-1, 1, -1e10, 1e10),
          Case.of(
                  "sigmoid",
                  X.sigmoid(),
                  x -> over(ONE, ONE.add(Exact.exp(x.negate()))),
                  -80,
                  30,
                  -5,
                  5)
              .far(-700, 40),
          Case.of("softplus", X.softplus(), AccuracyTest::softplus, -80, 80, -5, 5).far(-700, 700),
          Case.of("logSigmoid", X.logSigmoid(), x -> softplus(x.negate()).negate(), -80, 80, -5, 5)
              .far(-700, 700),
          Case.of(
                  "logit",
                  X.logit(),
                  x ->
                      x.subtract(new BigDecimal("0.5")).signum() == 0
                          ? BigDecimal.ZERO
                          : Exact.atanh(x.multiply(BigDecimal.valueOf(2)).subtract(ONE))
                              .multiply(BigDecimal.TWO),
                  1e-3,
                  0.999,
                  0.4,
                  0.6,
                  1e-30,
                  0.3)
              .far(1e-300, 0.3));

  @TestFactory
  Stream<DynamicTest> everyFunctionIsAsExactAsItsDocumentationSays() {
    Map<String, double[]> documented = documented();
    assertEquals(CASES.size(), documented.size(), "functions in the table");
    return CASES.stream()
        .map(c ->
            DynamicTest.dynamicTest(
                c.name,
                () -> {
                  double single = single(c, POINTS == 0 ? 20_000 : POINTS);
                  double twice = twice(c, POINTS == 0 ? 600 : POINTS / 30);
                  if (POINTS > 0) {
                    System.out.printf(
                        Locale.ROOT, "| `%s` | %.3f | %.3f |%n", c.name, single, twice);
                  }
                  double[] most = documented.getOrDefault(c.name, new double[] {0, 0});
                  assertTrue(single <= most[0], () -> "float32 " + single);
                  assertTrue(twice <= most[1], () -> "float64 " + twice);
                }));
  }

  /// Visits the points of a sweep, the same ones every time.
  private static void sweep(
      Case c, List<Range> xs, int points, java.util.function.BiConsumer<Double, Double> visit) {
    for (int i = 0; i < points; i++) {
      double t = (i * 0.6180339887498949) % 1; // spreads evenly, however many there are
      double u = (i * 0.7548776662466927) % 1;
      Range x = xs.get(i % xs.size());
      boolean logarithmic = i / xs.size() % 2 == 1;
      Range y = c.y.get(i / 2 / xs.size() % c.y.size());
      visit.accept(x.at(t, logarithmic), y.at(u, logarithmic));
    }
  }

  private static double single(Case c, int points) {
    Program program = Program.of(c.formula);
    double[] worst = {0};
    float[] out = new float[1];
    double[] exact = new double[1];
    sweep(
        c,
        c.x,
        points,
        (x, y) -> {
          float a = (float) (double) x;
          float b = (float) (double) y;
          program.evaluate(new double[] {a, b}, exact);
          program.evaluate(new float[] {a, b}, out);
          if (Math.abs(exact[0]) > Float.MIN_NORMAL && Math.abs(exact[0]) < Float.MAX_VALUE) {
            double error = Math.abs(out[0] - exact[0]) / Math.ulp((float) exact[0]);
            worst[0] = Math.max(worst[0], error);
          }
        });
    return worst[0];
  }

  private static double twice(Case c, int points) {
    Program program = Program.of(c.formula).lowered(Precision.DOUBLE);
    double[] worst = {0};
    double[] out = new double[1];
    sweep(
        c,
        Stream.concat(c.x.stream(), c.far.stream()).toList(),
        points,
        (x, y) -> {
          if (x == 0 || y == 0) {
            return;
          }
          BigDecimal exact = c.exact.apply(new BigDecimal(x), new BigDecimal(y));
          program.evaluate(new double[] {x, y}, out);
          double rounded = exact.round(new MathContext(25)).doubleValue();
          if (Math.abs(rounded) > Double.MIN_NORMAL && Double.isFinite(rounded)) {
            BigDecimal error = new BigDecimal(out[0]).subtract(exact, Exact.MC).abs();
            double ulps = over(error, new BigDecimal(Math.ulp(rounded))).doubleValue();
            worst[0] = Math.max(worst[0], ulps);
          }
        });
    return worst[0];
  }

  /// The table: a name and the largest errors in float32 and float64.
  private static Map<String, double[]> documented() {
    Path source = Path.of("src/main/java/vectorgrad/numerics/UnaryFunction.java");
    Path fromRoot = Path.of("numerics").resolve(source);
    Pattern row = Pattern.compile("/// \\| `(\\w+)` \\| ([0-9.]+) \\| ([0-9.]+) \\|");
    Map<String, double[]> table = new TreeMap<>();
    try (Stream<String> lines = Files.lines(Files.exists(source) ? source : fromRoot)) {
      lines
          .map(row::matcher)
          .filter(java.util.regex.Matcher::find)
          .forEach(m ->
              table.put(
                  m.group(1),
                  new double[] {Double.parseDouble(m.group(2)), Double.parseDouble(m.group(3))}));
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
    return table;
  }
}
