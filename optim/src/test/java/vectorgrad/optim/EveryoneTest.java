package vectorgrad.optim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import vectorgrad.autograd.Parameter;
import vectorgrad.tensor.Tensor;

/// No optimizer and no schedule is without its golden numbers, its options among them, and its
/// documentation: they are found by reflection.
class EveryoneTest {
  /// They run what others bring.
  private static final Set<Class<?>> RUNNERS = Set.of(FormulaOptimizer.class, Groups.class);

  /// The concrete classes of this package that are a `type`, without those of tests.
  private static Set<String> all(Class<?> type) throws Exception {
    URI home = type.getProtectionDomain().getCodeSource().getLocation().toURI();
    Set<String> found = new TreeSet<>();
    try (Stream<Path> files = Files.list(Path.of(home).resolve("vectorgrad/optim"))) {
      for (Path file : files.sorted().toList()) {
        String name = file.getFileName().toString();
        if (!name.endsWith(".class") || name.contains("Test")) {
          continue;
        }
        Class<?> c = Class.forName("vectorgrad.optim." + name.replace(".class", ""));
        boolean concrete = !c.isInterface() && !Modifier.isAbstract(c.getModifiers());
        if (concrete && type.isAssignableFrom(c) && !RUNNERS.contains(c)) {
          found.add(c.getSimpleName());
        }
      }
    }
    return found;
  }

  @Test
  void everyOptimizerHasGoldenTrajectories() throws Exception {
    Set<String> optimizers = all(Optimizer.class);
    assertTrue(optimizers.containsAll(List.of("Adam", "Lamb", "Lbfgs", "Sgd")), "none were found");
    Set<String> golden =
        TrajectoriesTest.OPTIMIZERS.values().stream()
            .map(make -> make.apply(List.of(Parameter.of(Tensor.of(1.0)))))
            .map(optimizer -> optimizer.getClass().getSimpleName())
            .collect(Collectors.toCollection(TreeSet::new));
    assertEquals(optimizers, golden);
  }

  @Test
  void everyOptimizersOptionsAreInAGoldenTrajectory() throws Exception {
    for (String name : all(Optimizer.class)) {
      assertTrue(
          TrajectoriesTest.OPTIMIZERS.keySet().stream()
              .anyMatch(golden -> golden.startsWith(name.toLowerCase(java.util.Locale.ROOT) + " ")),
          name);
    }
  }

  @Test
  void everyOptionOfEveryOptimizerIsInAGoldenTrajectory() throws Exception {
    String golden = read("src/test/java/vectorgrad/optim/TrajectoriesTest.java");
    Set<String> missing = new TreeSet<>();
    int count = 0;
    for (String name : all(Optimizer.class)) {
      Class<?> optimizer = Class.forName("vectorgrad.optim." + name);
      Pattern made = Pattern.compile("new " + name + "\\(p\\)((?:\\s*\\.\\w+\\([^()]*\\))*)");
      String options =
          made.matcher(golden).results().map(use -> use.group(1)).collect(Collectors.joining());
      for (Method option : optimizer.getDeclaredMethods()) {
        if (option.getReturnType() == optimizer && Modifier.isPublic(option.getModifiers())) {
          count++;
          if (!options.contains("." + option.getName() + "(")) {
            missing.add(name + "." + option.getName());
          }
        }
      }
    }
    assertEquals(Set.of(), missing, "never in a golden trajectory");
    assertTrue(count > 20, "found only " + count);
  }

  @Test
  void everyScheduleHasGoldenRates() throws Exception {
    Set<String> schedules = all(Schedule.class);
    assertTrue(schedules.containsAll(List.of("Cosine", "OneCycle", "Plateau")), "none were found");
    Set<String> golden = new TreeSet<>(Set.of("Plateau"));
    for (String text : SchedulesTest.golden().keySet()) {
      if (!text.startsWith("plateau")) {
        parts(Schedule.parse(text), golden);
      }
    }
    assertEquals(schedules, golden);
  }

  private static void parts(Schedule schedule, Set<String> names) {
    names.add(schedule.getClass().getSimpleName());
    switch (schedule) {
      case Composed.Times(Schedule inner, double _) -> parts(inner, names);
      case Composed.Until(Schedule inner, long _) -> parts(inner, names);
      case Composed.Then(List<Schedule> inner) -> inner.forEach(part -> parts(part, names));
      default -> {}
    }
  }

  @Test
  void everyScheduleThatAMethodMakesCanBeWritten() {
    Set<String> methods =
        Arrays.stream(Schedule.class.getDeclaredMethods())
            .filter(m -> Modifier.isStatic(m.getModifiers()) && !m.isSynthetic())
            .filter(m -> Schedule.class.isAssignableFrom(m.getReturnType()))
            .map(m -> m.getName())
            .filter(name -> !name.equals("parse"))
            .collect(Collectors.toCollection(TreeSet::new));
    assertEquals(methods, new TreeSet<>(Notation.kinds().keySet()));
  }

  @Test
  void everyOptimizerSaysItsDefaultsItsStateAndItsSource() throws Exception {
    for (String name : all(Optimizer.class)) {
      String text = source(name);
      String comment = text.substring(text.indexOf("///"), text.indexOf("public final class"));
      for (String part : List.of("Defaults:", "State:", "←|= ", "(19|20)\\d\\d")) {
        assertTrue(Pattern.compile(part).matcher(comment).find(), name + ": " + part);
      }
    }
  }

  /// The formula, or in words what becomes of the rate, and who had it, or PyTorch's name.
  @Test
  void everyScheduleSaysWhereItGoesAndItsSource() throws Exception {
    String text = source("Schedule");
    for (String kind : Notation.kinds().keySet()) {
      Matcher first =
          Pattern.compile("((?:  ///[^\n]*\n)+)  static \\w+ " + kind + "\\(").matcher(text);
      assertTrue(first.find(), kind + " has no comment");
      String comment = first.group(1);
      assertTrue(Pattern.compile("`|same rate").matcher(comment).find(), kind + " has no formula");
      assertTrue(
          Pattern.compile("(18|19|20)\\d\\d|PyTorch").matcher(comment).find(),
          kind + " has no source");
    }
  }

  private static String source(String name) throws IOException {
    return read("src/main/java/vectorgrad/optim/" + name + ".java");
  }

  private static String read(String path) throws IOException {
    Path file = Path.of(path);
    return Files.readString(Files.exists(file) ? file : Path.of("optim").resolve(file));
  }
}
