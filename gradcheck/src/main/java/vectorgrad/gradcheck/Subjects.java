package vectorgrad.gradcheck;

import io.github.classgraph.ClassGraph;
import io.github.classgraph.ScanResult;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/// Finds what is to be checked.
public final class Subjects {
  private Subjects() {}

  /// Every method annotated with [GradCheck] in the classes of these packages, and of packages in
  /// them; of the whole class path, if there are none. In the order of their operations' names.
  public static List<Subject> find(String... packages) {
    List<Subject> found = new ArrayList<>();
    try (ScanResult scan =
        new ClassGraph()
            .acceptPackages(packages)
            .enableAnnotationInfo()
            .enableMethodInfo()
            .ignoreClassVisibility()
            .ignoreMethodVisibility()
            .scan()) {
      for (Class<?> type :
          scan.getClassesWithMethodAnnotation(GradCheck.class.getName()).loadClasses()) {
        for (Method method : type.getDeclaredMethods()) {
          if (method.isAnnotationPresent(GradCheck.class)) {
            found.add(new Subject(method));
          }
        }
      }
    }
    found.sort(Comparator.comparing(Subject::operation).thenComparing(Subject::source));
    return found;
  }
}
