package vectorgrad.autograd;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.classgraph.ClassGraph;
import io.github.classgraph.ScanResult;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import vectorgrad.gradcheck.Layouts;
import vectorgrad.gradcheck.Subject;
import vectorgrad.gradcheck.Subjects;
import vectorgrad.tensor.DType;
import vectorgrad.tensor.Seed;
import vectorgrad.tensor.Shape;
import vectorgrad.tensor.Tensor;

/// The samples that are compared with differences run through every operation there is, and linear
/// ones have their adjoint as backward.
class EveryOperationTest {
  private static final List<Subject> SAMPLES = Subjects.find("vectorgrad.gradcheck.samples");

  /// The samples run through every Op and Pointwise record and every formula of the module,.
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
    expected.remove(ViewOps.Convert.class); // f64 alone cannot show it: see VariableTest
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
    for (Subject sample : SAMPLES) {
      List<Variable> leaves =
          Stream.of(sample.inputs(Layouts.PLAIN, Seed.of(1))).map(Variable::leaf).toList();
      Variable number = sample.function().apply(leaves).sum();
      collect(number, nodes);
      Gradients gradients = number.backwardWithGraph();
      gradients.variables().forEach(v -> collect(gradients.variable(v), nodes));
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

  private static List<Class<?>> classesOfTheModule() {
    try (ScanResult scan =
        new ClassGraph().acceptPackages("vectorgrad.autograd").ignoreClassVisibility().scan()) {
      return scan.getAllClasses().loadClasses();
    }
  }

  private static Tensor draw(int which, Shape shape) {
    return Tensor.normal(Seed.of(7).fold(which), 0, shape, DType.F64);
  }

  /// `⟨A·x, y⟩ = ⟨x, A*·y⟩` for every operation that the samples reach and that says it reads no
  /// numbers.
  @Test
  void linearOperationsHaveTheirAdjointAsBackward() {
    Set<Object> proven = new HashSet<>();
    for (Node node : nodesOfSamples()) {
      if (node.rule().reads(0) == 0 && !(node.rule() instanceof Fused)) {
        expectAdjoint(node);
        proven.add(node.name());
      }
    }
    assertTrue(proven.size() >= 16, () -> "found only " + proven);
  }

  private static void expectAdjoint(Node node) {
    List<Variable> xs = new ArrayList<>();
    for (int i = 0; i < node.inputs(); i++) {
      Variable input = node.input(i);
      xs.add(Variable.leaf(draw(i, input.shape()).to(input.device())));
    }
    Variable ax =
        switch (node.rule()) {
          case Rule.OfUnary(Op.Unary op) -> Variable.apply(op, xs.get(0));
          case Rule.OfBinary(Op.Binary op) -> Variable.apply(op, xs.get(0), xs.get(1));
          case Rule.OfNary(Op.Nary op) -> Variable.apply(op, xs.toArray(Variable[]::new));
          default -> throw new AssertionError(node.name());
        };
    Tensor y = draw(-1, ax.shape()).to(ax.device());
    double left = ax.value().mul(y).sum().item();
    Gradients adjoint = ax.mul(Variable.constant(y)).sum().backward();
    double right = 0;
    for (Variable x : xs) {
      right += x.value().mul(adjoint.get(x)).sum().item();
    }
    assertEquals(left, right, 1e-12 * (1 + Math.abs(left)), node::name);
  }
}
