package vectorgrad.tensor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// No operation without a proof: whatever [Tensor] and [Linalg] offer is named by a property that
/// holds it to an index-by-index model on both backends.
class EveryOperationTest {
  /// What describes a tensor, hands its memory on or reads it. Tests of their own hold these.
  private static final Set<String> NO_OPERATIONS =
      Set.of(
          "shape",
          "dtype",
          "device",
          "layout",
          "rank",
          "size",
          "version",
          "memory",
          "describe",
          "view",
          "keep",
          "isRecycled",
          "lasts",
          "toFloats",
          "toDoubles",
          "toInts",
          "toLongs",
          "toShorts",
          "toBytes",
          "toBooleans",
          "item",
          "itemLong",
          "toString",
          "equals",
          "hashCode",
          "promote");

  @Test
  void everyOperationIsNamedByAProperty() {
    Set<String> operations = new TreeSet<>();
    for (Class<?> type : List.of(Tensor.class, Linalg.class)) {
      Stream.of(type.getMethods())
          .filter(method -> method.getDeclaringClass() != Object.class)
          .filter(method -> Modifier.isPublic(method.getModifiers()) && !method.isSynthetic())
          .map(Method::getName)
          .forEach(operations::add);
    }
    operations.removeAll(NO_OPERATIONS);
    assertTrue(operations.size() > 150, () -> "found only " + operations);
    Set<String> proven = checked();
    Set<String> missing = new TreeSet<>(operations);
    missing.removeAll(proven);
    assertEquals("", String.join(" ", missing), "operations without a property");
    proven.removeAll(operations);
    assertEquals("", String.join(" ", proven), "properties of operations that are not there");
  }

  /// The names in all [Checks] of this package's tests.
  private static Set<String> checked() {
    return classes()
        .flatMap(type -> Stream.of(type.getDeclaredMethods()))
        .filter(method -> method.isAnnotationPresent(Checks.class))
        .flatMap(method -> Stream.of(method.getAnnotation(Checks.class).value()))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static Stream<Class<?>> classes() {
    try {
      Path root = Path.of(EveryOperationTest.class.getResource("Checks.class").toURI()).getParent();
      try (var files = Files.walk(root)) {
        return files
            .map(file -> root.relativize(file).toString().replace('\\', '.').replace('/', '.'))
            .filter(name -> name.endsWith(".class"))
            .map(name -> name.substring(0, name.length() - ".class".length()))
            .<Class<?>>map(name -> load("vectorgrad.tensor." + name))
            .toList()
            .stream();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Class<?> load(String name) {
    try {
      return Class.forName(name, false, EveryOperationTest.class.getClassLoader());
    } catch (ClassNotFoundException e) {
      throw new IllegalStateException(e);
    }
  }
}
