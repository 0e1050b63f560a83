package vectorgrad.autograd;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
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
    unary("hook", x -> x.square().hook(gradient -> gradient), layouts());
    unary("checkpoint", x -> x.checkpoint(v -> v.exp().mul(v)), layouts());
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
    unary("slice", x -> x.slice(0, -1, -4, -2).square(), draw(5, 2));
    unary("select", x -> x.select(1, -1).square(), draw(3, 4));
    unary("flip", x -> x.flip(0).square(), draw(3, 2));
    unary("pad", x -> x.pad(1, 2, 1).square(), draw(3, 2));
    unary("to", x -> x.to(Device.REFERENCE).square().to(Device.CPU), draw(3));
    sample(
        "concat",
        xs -> Variable.concat(-1, xs.toArray(Variable[]::new)).square(),
        draw(2, 3),
        draw(2, 1),
        draw(2, 2));
    binary("stack", (a, b) -> Variable.stack(1, a, b, a).square(), draw(2, 3), draw(2, 3));
    binary(
        "where",
        (a, b) -> Variable.where(Tensor.of(true, false, true), a, b).square(),
        draw(2, 1),
        draw(3));

    unary("sum", x -> x.sum(1).square(), layouts());
    unary("sum", x -> x.square().sum(), draw(2, 3));
    unary("mean", x -> x.mean(true, 0, -1).square(), draw(2, 3, 4));
    unary("max", x -> x.max(1).square(), layouts()[0], layouts()[1], layouts()[2]);
    unary("max", x -> x.max(true).square(), draw(3, 2));
    unary("min", x -> x.min(0).square(), layouts()[0], layouts()[1], layouts()[2]);
    unary("min", x -> x.min(true, 0, -1).square(), draw(5, 2, 3));
    unary("softmax", x -> x.softmax(1), layouts());
    unary("softmax", x -> x.softmax(0), draw(3, 2));
    unary("logSoftmax", x -> x.logSoftmax(1), layouts());

    Tensor index = Tensor.of(new int[] {2, 0, 1, 1, 2, 2}, Shape.of(3, 2));
    unary("gather", x -> x.gather(1, index).square(), draw(3, 4));
    unary("scatterAdd", x -> x.scatterAdd(1, index, 4).square(), draw(3, 2));
    unary("indexSelect", x -> x.indexSelect(0, Tensor.of(2, 0, 2)).square(), draw(3, 2));

    unary("indexAdd", x -> x.indexAdd(0, Tensor.of(2, 0, 2), 5).square(), draw(3, 2));

    binary("matmul", Variable::matmul, draw(3, 4), draw(2, 4).transpose());
    binary("matmul", Variable::matmul, draw(2, 3, 3, 4), draw(4, 2));
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
        Stream.of(Arithmetic.class, Structural.class, Variable.class)
            .flatMap(type -> Stream.of(type.getDeclaredMethods()))
            .filter(method -> Modifier.isPublic(method.getModifiers()) && !method.isSynthetic())
            .filter(method -> method.getReturnType() == Variable.class)
            .map(java.lang.reflect.Method::getName)
            .collect(Collectors.toCollection(TreeSet::new));
    declared.removeAll(NO_OPERATIONS);
    assertTrue(declared.size() > 40, () -> "found only " + declared);
    assertEquals(declared, new TreeSet<>(SAMPLES.keySet()));
  }

  private static final Set<String> NO_OPERATIONS =
      Set.of("leaf", "constant", "apply", "map", "detach", "stopGradient", "keep", "retainGrad");

  /// The samples run through every Op and Pointwise record and every formula of the module, which
  /// are found on disk.
  @Test
  void everyOperationRecordIsReachedByASample() throws Exception {
    Set<Object> reached = new HashSet<>();
    nodesOfSamples().forEach(node -> reached.add(identity(node.rule())));
    Set<Object> expected = new HashSet<>();
    for (Class<?> type : classesOfTheModule()) {
      if (Op.class.isAssignableFrom(type) && type.isRecord()) {
        expected.add(type);
      }
      if (isPointwise(type) && type.isRecord()) {
        var constructor = type.getDeclaredConstructor();
        constructor.setAccessible(true);
        expected.add(fused(constructor.newInstance()));
      }
      for (Field field : type.getDeclaredFields()) {
        if (field.getType() == Fused.class && Modifier.isStatic(field.getModifiers())) {
          field.setAccessible(true);
          expected.add(field.get(null));
        }
      }
    }
    assertTrue(expected.size() > 40, () -> "found only " + expected);
    expected.removeAll(reached);
    expected.remove(Views.Convert.class); // f64 alone cannot show it: see VariableTest
    assertEquals(Set.of(), expected, "operations without a sample");
  }

  private static boolean isPointwise(Class<?> type) {
    return Pointwise.class.isAssignableFrom(type) || Pointwise.Binary.class.isAssignableFrom(type);
  }

  private static Fused fused(Object record) {
    return record instanceof Pointwise p ? Fused.of(p) : Fused.of((Pointwise.Binary) record);
  }

  /// What one rule has in common with others of the same operation.
  private static Object identity(Rule rule) {
    return switch (rule) {
      case Rule.OfUnary(Op.Unary op) -> op.getClass();
      case Rule.OfBinary(Op.Binary op) -> op.getClass();
      case Rule.OfNary(Op.Nary op) -> op.getClass();
      default -> rule;
    };
  }

  /// The nodes of all samples' graphs, and of the graphs of their gradients.
  private static Set<Node> nodesOfSamples() {
    Set<Node> nodes = new HashSet<>();
    for (List<Sample> samples : SAMPLES.values()) {
      for (Sample sample : samples) {
        List<Variable> leaves = sample.inputs().stream().map(Variable::leaf).toList();
        Variable number = sample.function().apply(leaves).sum();
        collect(number, nodes);
        Gradients gradients = number.backwardWithGraph();
        gradients.variables().forEach(v -> collect(gradients.variable(v), nodes));
      }
    }
    return nodes;
  }

  private static void collect(Variable from, Set<Node> nodes) {
    var open = new ArrayDeque<Variable>(List.of(from));
    while (!open.isEmpty()) {
      Node node = open.pop().node();
      if (node != null && nodes.add(node)) {
        for (int i = 0; i < node.inputs(); i++) {
          open.add(node.input(i));
        }
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
    }
    return classes;
  }

  /// `⟨A·x, y⟩ = ⟨x, A*·y⟩` for every operation that the samples reach and that says it reads no
  /// numbers.
  @Test
  void linearOperationsHaveTheirAdjointAsBackward() {
    Set<Object> proven = new HashSet<>();
    for (Node node : nodesOfSamples()) {
      if (node.rule().reads(0) == 0 && !(node.rule() instanceof Fused)) {
        expectAdjoint(node);
        proven.add(identity(node.rule()));
      }
    }
    assertTrue(proven.size() >= 16, () -> "found only " + proven);
  }

  private static void expectAdjoint(Node node) {
    List<Variable> xs = new ArrayList<>();
    for (int i = 0; i < node.inputs(); i++) {
      Variable input = node.input(i);
      xs.add(Variable.leaf(draw(input.shape().toArray()).to(input.device())));
    }
    Variable ax =
        switch (node.rule()) {
          case Rule.OfUnary(Op.Unary op) -> Variable.apply(op, xs.get(0));
          case Rule.OfBinary(Op.Binary op) -> Variable.apply(op, xs.get(0), xs.get(1));
          case Rule.OfNary(Op.Nary op) -> Variable.apply(op, xs.toArray(Variable[]::new));
          default -> throw new AssertionError(node.name());
        };
    Tensor y = draw(ax.shape().toArray()).to(ax.device());
    double left = ax.value().mul(y).sum().item();
    Gradients adjoint = ax.mul(Variable.constant(y)).sum().backward();
    double right = 0;
    for (Variable x : xs) {
      right += x.value().mul(adjoint.get(x)).sum().item();
    }
    assertEquals(left, right, 1e-12 * (1 + Math.abs(left)), node::name);
  }
}
