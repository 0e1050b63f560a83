package vectorgrad.gradcheck;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import vectorgrad.autograd.Linalg;
import vectorgrad.autograd.Variable;
import vectorgrad.tensor.Tensor;

/// Every public operation of a tensor is there for variables with the same parameters, or is
/// declared to have no derivative.
class EveryTensorOperationTest {
  private static boolean isOperation(Method method) {
    return Modifier.isPublic(method.getModifiers())
        && !method.isSynthetic()
        && method.getDeclaringClass() != Object.class
        && !WithoutDerivative.reasons().containsKey(method.getName());
  }

  /// Same name, same parameters, where a variable may stand for a tensor; the receiver counts as
  /// the first.
  private static boolean isCounterpart(Method ours, Method theirs) {
    Class<?>[] a = ours.getParameterTypes();
    Class<?>[] b = theirs.getParameterTypes();
    if (!ours.getName().equals(theirs.getName()) || a.length != b.length) {
      return false;
    }
    for (int i = 0; i < a.length; i++) {
      boolean stands =
          a[i] == b[i]
              || (a[i] == Variable.class && b[i] == Tensor.class)
              || (a[i] == Variable[].class && b[i] == Tensor[].class);
      if (!stands) {
        return false;
      }
    }
    return true;
  }

  private static String text(Method method) {
    return method.getDeclaringClass().getSimpleName()
        + "."
        + method.getName()
        + Arrays.stream(method.getParameterTypes())
            .map(Class::getSimpleName)
            .collect(Collectors.joining(", ", "(", ")"));
  }

  @Test
  void everyOperationOfATensorIsThereForVariables() {
    List<Method> ours = List.of(Variable.class.getMethods());
    Set<String> missing =
        Stream.of(Tensor.class.getMethods())
            .filter(EveryTensorOperationTest::isOperation)
            .filter(method -> ours.stream().noneMatch(m -> isCounterpart(m, method)))
            .map(EveryTensorOperationTest::text)
            .collect(Collectors.toCollection(TreeSet::new));
    assertEquals(Set.of(), missing);
  }

  @Test
  void everyFunctionOfLinearAlgebraIsThereForVariables() {
    List<Method> ours = List.of(Linalg.class.getMethods());
    Set<String> missing =
        Stream.of(vectorgrad.tensor.Linalg.class.getMethods())
            .filter(EveryTensorOperationTest::isOperation)
            .filter(method -> ours.stream().noneMatch(m -> isCounterpart(m, method)))
            .map(EveryTensorOperationTest::text)
            .collect(Collectors.toCollection(TreeSet::new));
    assertEquals(Set.of(), missing);
  }

  @Test
  void noReasonIsGivenForWhatIsThere() {
    Set<String> ours =
        Stream.of(Variable.class, Linalg.class)
            .flatMap(type -> Stream.of(type.getMethods()))
            .map(Method::getName)
            .collect(Collectors.toSet());
    Set<String> theirs =
        Stream.of(Tensor.class, vectorgrad.tensor.Linalg.class)
            .flatMap(type -> Stream.of(type.getMethods()))
            .map(Method::getName)
            .collect(Collectors.toSet());
    for (String operation : WithoutDerivative.reasons().keySet()) {
      assertTrue(theirs.contains(operation), operation + " is no operation of a tensor");
      assertTrue(!ours.contains(operation), operation + " is there for variables");
    }
  }
}
