package vectorgrad.autograd;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BinaryOperator;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import vectorgrad.tensor.DType;
import vectorgrad.tensor.Shape;
import vectorgrad.tensor.Tensor;

/// Slopes of elementary functions from the smallest to the largest numbers, against exact ones.
class SlopesTest {
  private static final Map<String, UnaryOperator<Variable>> ONE = new LinkedHashMap<>();
  private static final Map<String, BinaryOperator<Variable>> TWO = new LinkedHashMap<>();

  static {
    ONE.put("log", Variable::log);
    ONE.put("log2", Variable::log2);
    ONE.put("log10", Variable::log10);
    ONE.put("log1p", Variable::log1p);
    ONE.put("exp", Variable::exp);
    ONE.put("exp2", Variable::exp2);
    ONE.put("expm1", Variable::expm1);
    ONE.put("sqrt", Variable::sqrt);
    ONE.put("rsqrt", Variable::rsqrt);
    ONE.put("cbrt", Variable::cbrt);
    ONE.put("reciprocal", Variable::reciprocal);
    ONE.put("square", Variable::square);
    ONE.put("sin", Variable::sin);
    ONE.put("cos", Variable::cos);
    ONE.put("tan", Variable::tan);
    ONE.put("asin", Variable::asin);
    ONE.put("acos", Variable::acos);
    ONE.put("atan", Variable::atan);
    ONE.put("sinh", Variable::sinh);
    ONE.put("cosh", Variable::cosh);
    ONE.put("tanh", Variable::tanh);
    ONE.put("asinh", Variable::asinh);
    ONE.put("acosh", Variable::acosh);
    ONE.put("atanh", Variable::atanh);
    ONE.put("erf", Variable::erf);
    ONE.put("erfc", Variable::erfc);
    ONE.put("sigmoid", Variable::sigmoid);
    ONE.put("softplus", Variable::softplus);
    ONE.put("logSigmoid", Variable::logSigmoid);
    ONE.put("logit", Variable::logit);
    TWO.put("atan2", (y, x) -> y.atan2(x));
    TWO.put("hypot", (x, y) -> x.hypot(y));
    TWO.put("pow", (x, y) -> x.pow(y));
    TWO.put("logaddexp", (x, y) -> x.logaddexp(y));
    TWO.put("xlogy", (x, y) -> x.xlogy(y));
  }

  /// One line of `slopes.txt`, which `golden/slopes.py` wrote.
  private record Row(String name, DType dtype, List<Double> inputs, List<Double> slopes) {
    static Row of(String line) {
      String[] words = line.split(" ");
      int arity = (words.length - 2) / 2;
      List<Double> numbers =
          Stream.of(words)
              .skip(2)
              .map(word -> Double.valueOf(word.replace("inf", "Infinity")))
              .toList();
      return new Row(
          words[0],
          DType.valueOf(words[1]),
          numbers.subList(0, arity),
          numbers.subList(arity, 2 * arity));
    }

    /// How far the slope may be off. Of the functions in it, none is farther off than 2 units of
    /// the last place, and few meet. An exponential makes of one unit in its argument as many units
    /// as the argument is large. `y·(1 − y)` and `1 − y²` are known to a unit of `y`, which is
    /// nearly 1.
    double tolerance(double slope) {
      double x = inputs.getFirst();
      double argument =
          switch (name) {
            case "erf", "erfc" -> x * x;
            case "logaddexp" -> Math.abs(x - inputs.getLast());
            case "pow" -> Math.abs(inputs.getLast() * Math.log(x)) + Math.abs(Math.log(x));
            default -> 0;
          };
      double unit = dtype == DType.F32 ? 0x1p-23 : 0x1p-52;
      double smallest = dtype == DType.F32 ? Float.MIN_NORMAL : Double.MIN_NORMAL;
      double absolute = name.equals("tanh") || name.equals("sigmoid") ? unit : smallest;
      return Math.max(absolute, (4 + argument) * unit * Math.abs(slope));
    }
  }

  private static List<Row> rows() {
    try (var in = SlopesTest.class.getResourceAsStream("slopes.txt");
        var reader = new BufferedReader(new InputStreamReader(in, StandardCharsets.US_ASCII))) {
      return reader.lines().map(Row::of).toList();
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private static Tensor tensor(List<Row> rows, int input) {
    double[] values = rows.stream().mapToDouble(row -> row.inputs.get(input)).toArray();
    return Tensor.of(values, Shape.of(values.length)).to(rows.getFirst().dtype);
  }

  @TestFactory
  Stream<DynamicTest> slopesAreExactFromTheSmallestToTheLargestNumbers() {
    Map<String, List<Row>> groups = new LinkedHashMap<>();
    for (Row row : rows()) {
      groups.computeIfAbsent(row.name + " " + row.dtype, _ -> new ArrayList<>()).add(row);
    }
    return groups.entrySet().stream()
        .map(group -> DynamicTest.dynamicTest(group.getKey(), () -> check(group.getValue())));
  }

  private static void check(List<Row> rows) {
    String name = rows.getFirst().name;
    List<Variable> inputs = new ArrayList<>();
    for (int i = 0; i < rows.getFirst().inputs.size(); i++) {
      inputs.add(Variable.leaf(tensor(rows, i)));
    }
    Variable y =
        ONE.containsKey(name)
            ? ONE.get(name).apply(inputs.getFirst())
            : TWO.get(name).apply(inputs.getFirst(), inputs.getLast());
    Gradients gradients = y.sum().backward();
    for (int i = 0; i < inputs.size(); i++) {
      double[] found = gradients.get(inputs.get(i)).toDoubles();
      for (int k = 0; k < found.length; k++) {
        Row row = rows.get(k);
        double exact = row.slopes.get(i);
        if (exact != found[k]) {
          double error = Math.abs(found[k] - exact);
          double tolerance = row.tolerance(exact);
          assertTrue(error <= tolerance, () -> "%s: %s is off by %s".formatted(row, exact, error));
        }
      }
    }
  }

  @Test
  void everyFunctionIsThere() {
    Set<String> expected = new TreeSet<>(ONE.keySet());
    expected.addAll(TWO.keySet());
    Set<String> found = new TreeSet<>();
    rows().forEach(row -> found.add(row.name));
    assertEquals(expected, found);
  }

  @Test
  void whatLevelsOutIsFlatAtInfinityAndSoIsItsSlope() {
    for (DType dtype : List.of(DType.F32, DType.F64)) {
      Variable x = Variable.leaf(Tensor.of(-1e4, 1e4).to(dtype));
      Variable ends =
          Variable.leaf(Tensor.of(Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY).to(dtype));
      for (String name : List.of("tanh", "sigmoid", "softplus", "logSigmoid", "erf", "atan")) {
        UnaryOperator<Variable> f = ONE.get(name);
        Variable slope = f.apply(x).sum().backwardWithGraph().variable(x);
        for (double second : slope.sum().backward().get(x).toDoubles()) {
          assertEquals(0, second, name.equals("atan") ? 1e-11 : 0, name);
        }
        double[] atEnds = f.apply(ends).sum().backward().get(ends).toDoubles();
        assertEquals(name.equals("logSigmoid") ? 1 : 0, atEnds[0] + 0.0, name);
        assertEquals(name.equals("softplus") ? 1 : 0, atEnds[1] + 0.0, name);
      }
    }
  }
}
