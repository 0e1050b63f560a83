package vectorgrad.gradcheck;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.classgraph.ClassGraph;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import vectorgrad.autograd.Variable;
import vectorgrad.nn.Layer;
import vectorgrad.nn.Loss;
import vectorgrad.nn.Losses;

/// Every layer and every loss of `nn` has a sample: they are found by reflection, so that a new one
/// without a sample fails.
class EveryLayerTest {
  private static Set<String> sampled() {
    return Subjects.find("vectorgrad.gradcheck.samples").stream()
        .map(Subject::operation)
        .collect(Collectors.toSet());
  }

  private static Stream<Class<?>> implementations(Class<?> type) {
    try (var scan = new ClassGraph().acceptPackages("vectorgrad.nn").enableClassInfo().scan()) {
      return scan.getClassesImplementing(type.getName()).loadClasses().stream()
          .filter(found -> !found.isInterface() && Modifier.isPublic(found.getModifiers()))
          .filter(found -> found.getPackageName().equals("vectorgrad.nn"));
    }
  }

  private static void expectSampled(Stream<String> names) {
    Set<String> missing = names.collect(Collectors.toCollection(TreeSet::new));
    assertTrue(missing.size() > 1, missing::toString);
    missing.removeAll(sampled());
    assertEquals(Set.of(), missing, "without a sample");
  }

  @Test
  void everyLayerHasASample() {
    expectSampled(implementations(Layer.class).map(Class::getSimpleName));
  }

  @Test
  void everyLossHasASample() {
    expectSampled(
        Stream.concat(
            implementations(Loss.class).map(Class::getSimpleName),
            Arrays.stream(Losses.class.getMethods())
                .filter(method -> method.getReturnType() == Variable.class)
                .map(Method::getName)));
    expectSampled(ofMoreThanTwo().map(Class::getSimpleName));
    expectSampled(Stream.of("GANLoss", "GradientPenalty"));
  }

  /// Losses of more than a prediction and a target, which have a reduction too.
  private static Stream<Class<?>> ofMoreThanTwo() {
    try (var scan = new ClassGraph().acceptPackages("vectorgrad.nn").enableClassInfo().scan()) {
      return scan.getAllRecords().loadClasses().stream()
          .filter(found -> Modifier.isPublic(found.getModifiers()))
          .filter(found ->
              Arrays.stream(found.getRecordComponents())
                  .anyMatch(component -> component.getType() == Loss.Reduction.class));
    }
  }
}
