package vectorgrad.gradcheck;

import io.github.classgraph.ClassGraph;
import io.github.classgraph.ScanResult;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import vectorgrad.tensor.Message;

/// Finds what is to be checked.
public final class Subjects {
  private Subjects() {}

  /// Every method annotated with [GradCheck] in the classes of these packages, and of packages in
  /// them; of the whole class path, if there are none. In the order of their operations' names.
  public static List<Subject> find(String... packages) {
    return find(new ClassGraph().acceptPackages(packages));
  }

  /// Every method annotated with [GradCheck] in the classes that `loader` finds itself, not by its
  /// parents. In the order of their operations' names.
  ///
  /// @throws IllegalArgumentException if a class needs another one that is not there
  public static List<Subject> findIn(ClassLoader loader) {
    return find(new ClassGraph().overrideClassLoaders(loader).ignoreParentClassLoaders());
  }

  private static List<Subject> find(ClassGraph graph) {
    List<Subject> found = new ArrayList<>();
    try (ScanResult scan =
        graph
            .enableAnnotationInfo()
            .enableMethodInfo()
            .ignoreClassVisibility()
            .ignoreMethodVisibility()
            .scan()) {
      for (String name :
          scan.getClassesWithMethodAnnotation(GradCheck.class.getName()).getNames()) {
        try {
          add(scan.loadClass(name, false), found);
        } catch (LinkageError e) {
          throw new IllegalArgumentException(
              Message.of("@GradCheck", "the class " + name + " cannot be loaded")
                  .row("why", e)
                  .row("help", "add the JAR that it needs to the class path")
                  .toString(),
              e);
        }
      }
    }
    found.sort(
        Comparator.comparing(
                (Subject subject) -> subject.operation().toLowerCase(java.util.Locale.ROOT))
            .thenComparing(Subject::operation)
            .thenComparing(Subject::source));
    return found;
  }

  /// Its own methods, and inherited ones that are called on its instances.
  private static void add(Class<?> type, List<Subject> found) {
    boolean hasInstances = !Modifier.isAbstract(type.getModifiers());
    for (Class<?> from = type; from != null; from = from.getSuperclass()) {
      for (Method method : from.getDeclaredMethods()) {
        boolean isStatic = Modifier.isStatic(method.getModifiers());
        if (method.isAnnotationPresent(GradCheck.class)
            && (isStatic ? from == type : hasInstances)) {
          found.add(new Subject(type, method));
        }
      }
    }
  }
}
