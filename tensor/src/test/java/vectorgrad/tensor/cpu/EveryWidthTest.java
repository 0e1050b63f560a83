package vectorgrad.tensor.cpu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import net.jqwik.api.Property;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import vectorgrad.tensor.Device;

/// The contracts of the CPU backend once more, with vectors of every width and without: each in a
/// JVM of its own, whose width is forced by the system property `vectorgrad.lanes` (0, 128, 256 or
/// 512), which is meant for tests and measurements. The JVM of all other tests has the width of the
/// machine.
class EveryWidthTest {
  /// Of each property; the contracts' own tests, at one width, take many times as many.
  private static final int SEEDS = 6;

  /// What a JVM of its own runs: every property of every contract, by reflection, since a
  /// property's seed is all it needs.
  static final class Contracts {
    private Contracts() {}

    @SuppressWarnings("SystemOut") // read by the test
    public static void main(String[] args) throws ReflectiveOperationException {
      int properties = 0;
      for (Class<?> contract : contracts()) {
        Object instance = instance(contract);
        Method device = method(contract, "device");
        device.setAccessible(true);
        if (device.invoke(instance) != Device.CPU) {
          continue;
        }
        for (Method property : properties(contract)) {
          check(instance, property);
          properties++;
        }
      }
      System.out.println(Lanes.bits() + " " + properties);
    }

    /// A contract, and if it is one of a group, the group around it.
    private static Object instance(Class<?> type) throws ReflectiveOperationException {
      Constructor<?> constructor = type.getDeclaredConstructors()[0];
      constructor.setAccessible(true);
      return constructor.getParameterCount() == 0
          ? constructor.newInstance()
          : constructor.newInstance(instance(type.getEnclosingClass()));
    }

    private static void check(Object instance, Method property)
        throws ReflectiveOperationException {
      property.setAccessible(true);
      Random random = new Random(property.getName().hashCode());
      for (int i = 0; i < SEEDS; i++) {
        Object[] arguments = new Object[property.getParameterCount()];
        for (int k = 0; k < arguments.length; k++) {
          boolean isLong = property.getParameterTypes()[k] == long.class;
          arguments[k] = isLong ? (Object) random.nextLong() : (Object) random.nextInt();
        }
        try {
          property.invoke(instance, arguments);
        } catch (InvocationTargetException e) {
          throw new AssertionError(
              "%s%s at %d bits"
                  .formatted(property.getName(), Arrays.toString(arguments), Lanes.bits()),
              e.getCause());
        }
      }
    }
  }

  /// The classes of the test folder that extend a `…Contract` and can be made.
  private static List<Class<?>> contracts() {
    Path folder =
        Path.of(
            URI.create(
                EveryWidthTest.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toString()));
    try (Stream<Path> files = Files.list(folder.resolve("vectorgrad/tensor"))) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.matches("\\w+Test(\\$\\w+)?\\.class"))
          .map(name -> "vectorgrad.tensor." + name.substring(0, name.length() - 6))
          .sorted()
          .<Class<?>>map(EveryWidthTest::load)
          .filter(type -> !type.isInterface())
          .filter(type -> type.getSuperclass().getName().endsWith("Contract"))
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Class<?> load(String name) {
    try {
      return Class.forName(name);
    } catch (ClassNotFoundException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Method method(Class<?> type, String name) throws NoSuchMethodException {
    return type.getDeclaredMethod(name);
  }

  /// Those whose arguments are numbers without bounds.
  private static List<Method> properties(Class<?> type) {
    List<Method> properties = new ArrayList<>();
    for (Class<?> t = type; t != Object.class; t = t.getSuperclass()) {
      Stream.of(t.getDeclaredMethods())
          .filter(
              m -> m.isAnnotationPresent(Property.class) && !Modifier.isStatic(m.getModifiers()))
          .filter(m ->
              Stream.of(m.getParameters())
                  .allMatch(p ->
                      p.getType().isPrimitive()
                          && p.getType() != boolean.class
                          && p.getAnnotations().length == 1))
          .sorted((a, b) -> a.getName().compareTo(b.getName()))
          .forEach(properties::add);
    }
    return properties;
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 128, 256, 512})
  void theContractsHoldAtEveryWidth(int bits) throws Exception {
    Path output = Files.createTempFile("contracts", ".txt");
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--add-modules=jdk.incubator.vector",
                "-XX:TieredStopAtLevel=1", // most code runs too seldom to be worth more
                "-Dvectorgrad.lanes=" + bits,
                "-cp",
                classPath(),
                Contracts.class.getName())
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    int status = process.waitFor();
    String printed = Files.readString(output, StandardCharsets.UTF_8);
    assertEquals(0, status, printed);
    String[] last = printed.lines().toList().getLast().split(" ");
    assertEquals(bits, Integer.parseInt(last[0]), printed);
    assertTrue(Integer.parseInt(last[1]) > 20, printed); // or none was found
    Files.delete(output);
  }

  private static String classPath() {
    return System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"))
        + File.pathSeparator
        + System.getProperty("jdk.module.path", "");
  }
}
