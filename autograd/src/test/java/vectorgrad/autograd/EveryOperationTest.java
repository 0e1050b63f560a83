package vectorgrad.autograd;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.io.IOException;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import vectorgrad.numerics.Formula;
import vectorgrad.tensor.Conv2dGeometry;
import vectorgrad.tensor.DType;
import vectorgrad.tensor.Device;
import vectorgrad.tensor.PoolGeometry;
import vectorgrad.tensor.Seed;
import vectorgrad.tensor.Shape;
import vectorgrad.tensor.Tensor;

/// Every operation is found by reflection and must have samples here; each sample's gradients of
/// orders 1 and 2 are compared with differences in float64, on plain, permuted, sliced, flipped and
/// expanded inputs.
class EveryOperationTest {
  private record Sample(Function<List<Variable>, Variable> function, List<Tensor> inputs) {}

  private static final Map<String, List<Sample>> SAMPLES = new LinkedHashMap<>();
  private static int drawn;

  /// Numbers away from kinks and poles: of size 0.4 to 2.
  private static Tensor draw(int... sizes) {
    Tensor x = Tensor.uniform(Seed.of(7), 1000L * drawn++, Shape.of(sizes), DType.F64);
    Tensor sign = x.sub(.5).sign();
    return sign.mul(x.sub(.5).abs().mul(3.2).add(.4));
  }

  private static void sample(String name, Function<List<Variable>, Variable> f, Tensor... inputs) {
    SAMPLES.computeIfAbsent(name, _ -> new ArrayList<>()).add(new Sample(f, List.of(inputs)));
  }

  private static void unary(String name, Function<Variable, Variable> f, Tensor... inputs) {
    for (Tensor input : inputs) {
      sample(name, xs -> f.apply(xs.get(0)), input);
    }
  }

  private static void binary(
      String name, java.util.function.BinaryOperator<Variable> f, Tensor a, Tensor b) {
    sample(name, xs -> f.apply(xs.get(0), xs.get(1)), a, b);
  }

  /// The same numbers behind layouts that are not row-major.
  private static Tensor[] layouts() {
    return new Tensor[] {
      draw(3, 4),
      draw(4, 3).transpose(),
      draw(6, 4).slice(0, 0, 6, 2).flip(1),
      draw(1, 4).expand(Shape.of(3, 4))
    };
  }

  private static Tensor[] positives() {
    return Stream.of(layouts()).map(Tensor::abs).toArray(Tensor[]::new);
  }

  static {
    unary("neg", Variable::neg, layouts());
    unary("abs", Variable::abs, layouts());
    unary("square", Variable::square, layouts());
    unary("sqrt", Variable::sqrt, positives());
    unary("exp", Variable::exp, layouts());
    unary("log", Variable::log, positives());
    unary("sin", Variable::sin, layouts());
    unary("cos", Variable::cos, layouts());
    unary("tanh", Variable::tanh, layouts());
    unary("sigmoid", Variable::sigmoid, layouts());
    unary("relu", Variable::relu, layouts());
    unary("pow", x -> x.pow(3).add(x.pow(-1)).add(x.pow(0)), layouts());
    for (Tensor b : new Tensor[] {draw(3, 4), draw(4), draw(3, 1), draw(2, 1, 4), draw()}) {
      Tensor a = draw(4, 3).transpose();
      binary("add", Variable::add, a, b);
      binary("sub", Variable::sub, b, a);
      binary("mul", Variable::mul, a, b);
      binary("div", Variable::div, a, b);
      binary("maximum", Variable::maximum, a, b);
      binary("minimum", Variable::minimum, b, a);
    }
    unary("add", x -> x.add(2).sub(3).mul(4).div(5).exp(), draw(5));

    unary("expand", x -> x.expand(Shape.of(2, 3, 4)).square(), draw(3, 1), draw(4));
    unary("sumTo", x -> x.sumTo(Shape.of(3, 1)).square(), draw(2, 3, 4));
    unary("reshape", x -> x.reshape(2, -1).square(), layouts());
    unary("flatten", x -> x.flatten(1).square(), draw(2, 3, 2));
    unary("squeeze", x -> x.squeeze(1).square(), draw(3, 1, 2));
    unary("unsqueeze", x -> x.unsqueeze(1).square(), draw(3, 2));
    unary("permute", x -> x.permute(2, 0, 1).square(), draw(2, 3, 4));
    unary("transpose", x -> x.transpose().square(), draw(2, 3, 4));
    unary("slice", x -> x.slice(1, 1, 4).square(), draw(3, 5));
    unary("slice", x -> x.slice(1, 0, 5, 2).square(), draw(3, 5));
    unary("flip", x -> x.flip(0).square(), draw(3, 2));
    unary("pad", x -> x.pad(1, 2, 1).square(), draw(3, 2));
    unary("to", x -> x.to(Device.REFERENCE).square().to(Device.CPU), draw(3));
    sample(
        "concat",
        xs -> Variable.apply(new Views.Concat(1), xs.toArray(Variable[]::new)).square(),
        draw(2, 3),
        draw(2, 1),
        draw(2, 2));

    unary("sum", x -> x.sum(1).square(), layouts());
    unary("sum", x -> x.square().sum(), draw(2, 3));
    unary("mean", x -> x.mean(true, 0, -1).square(), draw(2, 3, 4));
    unary("max", x -> x.max(1).square(), layouts()[0], layouts()[1], layouts()[2]);
    unary("min", x -> x.min(0).square(), draw(5, 2));
    unary("softmax", x -> x.softmax(1), layouts());
    unary("softmax", x -> x.softmax(0), draw(3, 2));
    unary("logSoftmax", x -> x.logSoftmax(1), layouts());

    Tensor index = Tensor.of(new int[] {2, 0, 1, 1, 2, 2}, Shape.of(3, 2));
    unary("gather", x -> x.gather(1, index).square(), draw(3, 4));
    unary("scatterAdd", x -> x.scatterAdd(1, index, 4).square(), draw(3, 2));
    unary("indexSelect", x -> x.indexSelect(0, Tensor.of(2, 0, 2)).square(), draw(3, 2));

    binary("matmul", Variable::matmul, draw(3, 4), draw(2, 4).transpose());
    binary("matmul", Variable::matmul, draw(2, 1, 3, 4), draw(5, 4, 2));
    for (Conv2dGeometry g :
        new Conv2dGeometry[] {
          Conv2dGeometry.DEFAULT,
          new Conv2dGeometry(2, 1, 1, 2, 1, 2, 1),
          new Conv2dGeometry(1, 2, 0, 1, 2, 1, 2)
        }) {
      binary("conv2d", (x, w) -> x.conv2d(w, g), draw(2, 4, 6, 7), draw(4, 4 / g.groups(), 3, 2));
    }
    unary("maxPool2d", x -> x.maxPool2d(PoolGeometry.square(2)).square(), draw(2, 2, 4, 6));
    unary(
        "maxPool2d",
        x -> x.maxPool2d(new PoolGeometry(3, 2, 2, 1, 1, 1)).square(),
        draw(1, 2, 5, 4));
  }

  @TestFactory
  Stream<DynamicTest> gradientsAgreeWithDifferences() {
    return SAMPLES.entrySet().stream()
        .map(entry ->
            dynamicTest(
                entry.getKey(),
                () -> {
                  for (Sample sample : entry.getValue()) {
                    GradCheck.of(sample.function(), sample.inputs().toArray(Tensor[]::new))
                        .orThrow();
                  }
                }));
  }

  @Test
  void everyOperationOfAVariableHasSamples() {
    Set<String> declared =
        Stream.of(Arithmetic.class, Structural.class)
            .flatMap(type -> Stream.of(type.getDeclaredMethods()))
            .filter(method -> Modifier.isPublic(method.getModifiers()) && !method.isSynthetic())
            .map(java.lang.reflect.Method::getName)
            .collect(Collectors.toCollection(TreeSet::new));
    declared.add("concat");
    assertTrue(declared.size() > 30, () -> "found only " + declared);
    assertEquals(declared, new TreeSet<>(SAMPLES.keySet()));
  }

  /// The samples run through every Op and Pointwise record of the module, which are found on disk.
  @Test
  void everyOperationRecordIsReachedByASample() throws Exception {
    Set<String> reached = new TreeSet<>();
    for (List<Sample> samples : SAMPLES.values()) {
      for (Sample sample : samples) {
        List<Variable> leaves = sample.inputs().stream().map(Variable::leaf).toList();
        Variable number = sample.function().apply(leaves).sum();
        collect(number, reached);
        Gradients gradients = number.backwardWithGraph();
        gradients.variables().forEach(v -> collect(gradients.variable(v), reached));
      }
    }
    Set<String> expected = new TreeSet<>();
    for (Class<?> type : classesOfTheModule()) {
      boolean operation =
          Op.class.isAssignableFrom(type)
              || Pointwise.class.isAssignableFrom(type)
              || Pointwise.Binary.class.isAssignableFrom(type);
      if (operation && type.isRecord()) {
        expected.add(type.getSimpleName());
      }
    }
    assertTrue(expected.size() > 25, () -> "found only " + expected);
    expected.removeAll(reached);
    expected.remove("Taken"); // named MaxPool2d in graphs
    assertTrue(reached.contains("MaxPool2d"));
    expected.remove("Convert"); // f64 alone cannot show it: see VariableTest
    assertEquals(Set.of(), expected, "operations without a sample");
  }

  private static void collect(Variable from, Set<String> names) {
    var open = new java.util.ArrayDeque<Variable>(List.of(from));
    var seen = new java.util.HashSet<Variable>();
    while (!open.isEmpty()) {
      Variable v = open.pop();
      if (v.node() != null && seen.add(v)) {
        names.add(v.node().name());
        open.addAll(List.of(v.node().inputs));
      }
    }
  }

  private static List<Class<?>> classesOfTheModule() throws Exception {
    Path root = Path.of(Variable.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    List<Class<?>> classes = new ArrayList<>();
    try (Stream<Path> files = Files.walk(root)) {
      for (Path file : files.filter(f -> f.toString().endsWith(".class")).toList()) {
        String name = root.relativize(file).toString().replace('/', '.').replace('\\', '.');
        if (!name.startsWith("module-info")) {
          classes.add(Class.forName(name.substring(0, name.length() - ".class".length())));
        }
      }
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
    return classes;
  }

  /// `⟨A·x, y⟩ = ⟨x, A*·y⟩`: backward of a linear operation is its adjoint, whatever the numbers.
  @Test
  void linearOperationsHaveTheirAdjointAsBackward() {
    Tensor index = Tensor.of(new int[] {2, 0, 1, 1, 2, 2}, Shape.of(3, 2));
    adjoint(new Views.Expand(Shape.of(2, 3, 4)), draw(3, 1));
    adjoint(new Views.SumTo(Shape.of(3, 1)), draw(2, 3, 4));
    adjoint(new Views.Reshape(Shape.of(4, 3)), draw(3, 4));
    adjoint(new Views.Permute(List.of(2, 0, 1)), draw(2, 3, 4));
    adjoint(new Views.Transpose(), draw(2, 3));
    adjoint(new Views.Slice(1, 1, 6, 2), draw(2, 7));
    adjoint(new Views.Unslice(1, 1, 6, 2, 7), draw(2, 3));
    adjoint(new Views.Pad(0, 1, 2), draw(2, 3));
    adjoint(new Views.Flip(1), draw(2, 3));
    adjoint(new Selections.Gather(1, index), draw(3, 4));
    adjoint(new Selections.ScatterAdd(1, index, 4), draw(3, 2));
    adjoint(new Selections.IndexSelect(0, Tensor.of(2, 0, 2)), draw(3, 2));
    adjoint(new Selections.IndexAdd(0, Tensor.of(2, 0, 2), 5), draw(3, 2));
  }

  private static void adjoint(Op.Unary a, Tensor x) {
    Tensor ax = a.forward(x);
    Tensor y = draw(ax.shape().toArray());
    Variable back = a.backward(Variable.constant(y), Variable.constant(x), Variable.constant(ax));
    assertEquals(x.shape(), back.shape());
    double left = ax.mul(y).sum().item();
    double right = x.mul(back.value()).sum().item();
    assertEquals(left, right, 1e-12 * (1 + Math.abs(left)), () -> a.name());
  }

  @Test
  void aWrongSlopeIsFound() {
    record Wrong() implements Pointwise {
      @Override
      public Formula value(Formula x) {
        return x.square();
      }

      @Override
      public Formula slope(Formula x, Formula y) {
        return x.times(2.000001);
      }
    }
    var report = GradCheck.of(xs -> xs.get(0).map(new Wrong()), draw(5));
    assertTrue(!report.passes() && report.toString().startsWith("GradCheck: the gradients differ"));
    var wrong = GradCheck.jacobian(xs -> xs.get(0).map(new Wrong()), draw(3));
    assertEquals(3, wrong.size());
    assertEquals(wrong.get(0).element(), wrong.get(0).output());
    assertTrue(GradCheck.jacobian(xs -> xs.get(0).softmax(0), draw(4)).isEmpty());
  }
}
