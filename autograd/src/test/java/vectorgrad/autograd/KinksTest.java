package vectorgrad.autograd;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import vectorgrad.tensor.DType;
import vectorgrad.tensor.PoolGeometry;
import vectorgrad.tensor.Shape;
import vectorgrad.tensor.Tensor;

/// Where a function has no derivative, the gradient is PyTorch's: the table in the documentation of
/// the package, row by row.
class KinksTest {
  private static final float INFINITY = Float.POSITIVE_INFINITY;

  private static final Map<String, Function<List<Variable>, Variable>> FUNCTIONS = new TreeMap<>();

  static {
    one("relu(x)", Variable::relu);
    one("abs(x)", Variable::abs);
    one("sign(x)", Variable::sign);
    one("sqrt(x)", Variable::sqrt);
    one("rsqrt(x)", Variable::rsqrt);
    one("cbrt(x)", Variable::cbrt);
    one("reciprocal(x)", Variable::reciprocal);
    one("log(x)", Variable::log);
    one("asin(x)", Variable::asin);
    one("acos(x)", Variable::acos);
    one("acosh(x)", Variable::acosh);
    one("atanh(x)", Variable::atanh);
    one("logit(x)", Variable::logit);
    one("floor(x)", Variable::floor);
    one("ceil(x)", Variable::ceil);
    one("trunc(x)", Variable::trunc);
    one("round(x)", Variable::round);
    one("frac(x)", Variable::frac);
    one("nanToNum(x)", x -> x.nanToNum());
    one("max(x)", x -> x.max());
    one("min(x)", x -> x.min());
    one("norm(x)", x -> x.norm());
    one("prod(x)", x -> x.prod());
    FUNCTIONS.put("pow(x, y)", v -> v.get(0).pow(v.get(1)));
    FUNCTIONS.put("hypot(x, y)", v -> v.get(0).hypot(v.get(1)));
    FUNCTIONS.put("atan2(x, y)", v -> v.get(0).atan2(v.get(1)));
    FUNCTIONS.put("xlogy(x, y)", v -> v.get(0).xlogy(v.get(1)));
    FUNCTIONS.put("logaddexp(x, y)", v -> v.get(0).logaddexp(v.get(1)));
    FUNCTIONS.put("maximum(x, y)", v -> v.get(0).maximum(v.get(1)));
    FUNCTIONS.put("minimum(x, y)", v -> v.get(0).minimum(v.get(1)));
    FUNCTIONS.put("clamp(x, low, high)", v -> v.get(0).clamp(v.get(1), v.get(2)));
    FUNCTIONS.put("clampMin(x, low)", v -> v.get(0).clampMin(v.get(1)));
    FUNCTIONS.put("clampMax(x, high)", v -> v.get(0).clampMax(v.get(1)));
    FUNCTIONS.put("fmod(x, y)", v -> v.get(0).fmod(v.get(1)));
    FUNCTIONS.put("remainder(x, y)", v -> v.get(0).remainder(v.get(1)));
    FUNCTIONS.put("copysign(x, y)", v -> v.get(0).copysign(v.get(1)));
    FUNCTIONS.put("heaviside(x, y)", v -> v.get(0).heaviside(v.get(1)));
    FUNCTIONS.put("lerp(x, end, weight)", v -> v.get(0).lerp(v.get(1), v.get(2)));
  }

  private static void one(String name, UnaryOperator<Variable> function) {
    FUNCTIONS.put(name, inputs -> function.apply(inputs.getFirst()));
  }

  /// A row of the table: the inputs and the gradients of each.
  private record Row(String functions, String at, List<double[]> inputs, List<double[]> gradients) {
    static Row of(String line) {
      String[] cells = line.substring(line.indexOf('|') + 1).split("\\|");
      String at = cells[1].strip().replace("`", "");
      return new Row(cells[0].strip(), at, lists(at), lists(cells[2].strip().replace("`", "")));
    }

    List<String> names() {
      return Stream.of(functions.split("`")).filter(text -> text.contains("(")).toList();
    }

    /// `x = 1, y = ½` and `[0, ½, ∞]` as numbers.
    private static List<double[]> lists(String text) {
      String plain = text.replaceAll("[a-z]+ = ", "");
      if (plain.startsWith("[")) {
        return List.of(numbers(plain.substring(1, plain.length() - 1)));
      }
      return Stream.of(plain.split(",")).map(Row::numbers).toList();
    }

    private static double[] numbers(String list) {
      return Stream.of(list.split(","))
          .map(word -> word.strip().replace('−', '-').replace("½", ".5").replace("∞", "Infinity"))
          .mapToDouble(Double::parseDouble)
          .toArray();
    }
  }

  private static List<Row> table() throws IOException {
    Path source = Path.of("src/main/java/vectorgrad/autograd/package-info.java");
    Path fromRoot = Path.of("autograd").resolve(source);
    return Files.readAllLines(Files.exists(source) ? source : fromRoot).stream()
        .filter(line -> line.startsWith("/// | `"))
        .map(Row::of)
        .toList();
  }

  @TestFactory
  Stream<DynamicTest> everyRowOfTheTableIsTrue() throws IOException {
    return table().stream()
        .flatMap(row -> row.names().stream().map(name -> name + " at " + row.at))
        .distinct()
        .map(title -> DynamicTest.dynamicTest(title, () -> check(title)));
  }

  private static void check(String title) throws IOException {
    for (Row row : table()) {
      for (String name : row.names()) {
        if (title.equals(name + " at " + row.at)) {
          check(FUNCTIONS.get(name), row, DType.F32);
          check(FUNCTIONS.get(name), row, DType.F64);
        }
      }
    }
  }

  private static void check(Function<List<Variable>, Variable> f, Row row, DType dtype) {
    List<Variable> inputs = new ArrayList<>();
    for (double[] numbers : row.inputs) {
      inputs.add(Variable.leaf(Tensor.of(numbers).to(dtype)));
    }
    Gradients gradients = f.apply(inputs).sum().backward();
    for (int i = 0; i < inputs.size(); i++) {
      double[] found = gradients.get(inputs.get(i)).toDoubles();
      double[] unsigned = Arrays.stream(found).map(g -> g + 0.0).toArray(); // 0 for −0
      assertArrayEquals(row.gradients.get(i), unsigned, "input " + i + ", " + dtype);
    }
  }

  @Test
  void everyFunctionHereIsInTheTable() throws IOException {
    TreeSet<String> found = new TreeSet<>();
    table().forEach(row -> found.addAll(row.names()));
    assertEquals(FUNCTIONS.keySet(), found);
  }

  /// `0·∞`: what was not chosen still multiplies its slope by the 0 that arrives.
  @Test
  void aChoiceMustComeBeforeWhatIsInfinitelySteepToo() {
    Tensor positive = Tensor.of(false, true);
    Variable zero = Variable.constant(Tensor.of(0f, 0));
    Variable one = Variable.constant(Tensor.of(1f, 1));
    assertArrayEquals(
        new float[] {Float.NaN, .5f}, slopes(x -> Variable.where(positive, x.log(), zero), 0, 2));
    assertArrayEquals(
        new float[] {0, .5f},
        slopes(x -> Variable.where(positive, Variable.where(positive, x, one).log(), zero), 0, 2));
  }

  /// What is flat passes a gradient of 0 on: it is there, and no missing path.
  @Test
  void whatIsFlatHasAGradientOfZeros() {
    assertArrayEquals(new float[] {0, 0}, slopes(Variable::floor, .5f, 2));
    assertArrayEquals(new float[] {1, 2}, slopes(x -> x.floor().mul(x), 1.5f, 2));
  }

  private static float[] slopes(UnaryOperator<Variable> f, float... at) {
    Variable x = Variable.leaf(Tensor.of(at));
    return f.apply(x).sum().backward().get(x).toFloats();
  }

  @Test
  void reluStopsAnInfiniteGradientWhereItIsFlat() {
    assertArrayEquals(
        new float[] {0, INFINITY}, slopes(x -> x.relu().mul(Double.POSITIVE_INFINITY), -1, 1));
  }

  @Test
  void powersOfZeroAreFlatFromTheSecondOn() {
    assertArrayEquals(new float[] {0}, slopes(x -> x.pow(0), 0));
    assertArrayEquals(new float[] {1}, slopes(x -> x.pow(1), 0));
    assertArrayEquals(new float[] {0}, slopes(x -> x.pow(2), 0));
    assertArrayEquals(new float[] {0}, slopes(x -> x.pow(3), 0));
  }

  @Test
  void equalOperandsOfMaximumAndMinimumShareEvenly() {
    Variable a = Variable.leaf(Tensor.of(1f, 5, 2));
    Variable b = Variable.leaf(Tensor.of(1f, 3, 4));
    Gradients most = a.maximum(b).sum().backward();
    assertArrayEquals(new float[] {.5f, 1, 0}, most.get(a).toFloats());
    assertArrayEquals(new float[] {.5f, 0, 1}, most.get(b).toFloats());
    Gradients least = a.minimum(b).sum().backward();
    assertArrayEquals(new float[] {.5f, 0, 1}, least.get(a).toFloats());
    assertArrayEquals(new float[] {.5f, 1, 0}, least.get(b).toFloats());
  }

  @Test
  void equalElementsOfAReductionShareEvenly() {
    assertArrayEquals(new float[] {.5f, 0, .5f}, slopes(x -> x.max(), 3, 1, 3));
    assertArrayEquals(
        new float[] {0, 0.25f, .25f, .25f, .25f}, slopes(x -> x.min(), 3, 1, 1, 1, 1));
  }

  @Test
  void theFirstOfEqualElementsOfAPoolingWindowTakesAll() {
    Variable x = Variable.leaf(Tensor.of(new float[] {2, 7, 7, 7}, Shape.of(1, 1, 2, 2)));
    Gradients gradients = x.maxPool2d(PoolGeometry.square(2)).sum().backward();
    assertArrayEquals(new float[] {0, 1, 0, 0}, gradients.get(x).toFloats());
  }

  @Test
  void secondDerivativesAtKinksAreZero() {
    Variable x = Variable.leaf(Tensor.of(-1f, 0, 1));
    Gradients first = x.relu().mul(x).sum().backwardWithGraph();
    Gradients second = first.variable(x).sum().backward();
    assertArrayEquals(new float[] {0, 0, 2}, second.get(x).toFloats());
    assertEquals(0, first.get(x).slice(0, 1, 2).item());
  }
}
