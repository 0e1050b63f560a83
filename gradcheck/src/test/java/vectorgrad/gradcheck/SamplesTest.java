package vectorgrad.gradcheck;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import vectorgrad.autograd.Linalg;
import vectorgrad.autograd.Variable;
import vectorgrad.tensor.Seed;

/// Every operation of a variable has samples, and their gradients of orders 1 and 2 agree with
/// differences.
class SamplesTest {
  private static final String PACKAGE = "vectorgrad.gradcheck.samples";

  private static final Set<String> NO_OPERATIONS =
      Set.of(
          "leaf", "constant", "apply", "map", "detach", "stopGradient", "keep", "retainGrad", "to");

  @TestFactory
  Stream<DynamicTest> gradientsAgreeWithDifferences() {
    return Subjects.find(PACKAGE).stream()
        .flatMap(subject ->
            subject.layouts().stream()
                .map(layout ->
                    dynamicTest(
                        subject.source() + ", " + layout,
                        () -> subject.check(layout, Seed.of(1)).orThrow())));
  }

  /// To [Precision], which names the tolerances.
  @TestFactory
  Stream<DynamicTest> theKernelsOfF32AreNearF64() {
    return Subjects.find(PACKAGE).stream()
        .flatMap(subject ->
            subject.layouts().stream()
                .map(layout ->
                    dynamicTest(
                        subject.source() + ", " + layout,
                        () -> subject.rounding(layout, Seed.of(1)).orThrow())));
  }

  @Test
  void everyOperationOfAVariableHasSamples() {
    Set<String> declared =
        Stream.of(Variable.class, Linalg.class)
            .flatMap(type -> Stream.of(type.getMethods()))
            .filter(method -> Modifier.isPublic(method.getModifiers()) && !method.isSynthetic())
            .filter(method -> isMadeOfVariables(method))
            .map(Method::getName)
            .collect(Collectors.toCollection(TreeSet::new));
    declared.removeAll(NO_OPERATIONS);
    Set<String> sampled =
        Subjects.find(PACKAGE).stream()
            .map(Subject::operation)
            .collect(Collectors.toCollection(TreeSet::new));
    declared.removeAll(sampled);
    assertEquals(Set.of(), declared, "operations without a sample");
  }

  private static boolean isMadeOfVariables(Method method) {
    return method.getGenericReturnType().getTypeName().contains("autograd")
        && !method.getReturnType().getSimpleName().equals("Gradients");
  }
}
