package vectorgrad.gradcheck.junit;

import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectMethod;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectUniqueId;

import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.platform.commons.support.HierarchyTraversalMode;
import org.junit.platform.commons.support.ReflectionSupport;
import org.junit.platform.engine.DiscoverySelector;
import org.junit.platform.engine.TestDescriptor;
import org.junit.platform.engine.UniqueId;
import org.junit.platform.engine.discovery.ClassSelector;
import org.junit.platform.engine.discovery.MethodSelector;
import org.junit.platform.engine.discovery.UniqueIdSelector;
import org.junit.platform.engine.support.discovery.SelectorResolver;
import vectorgrad.gradcheck.GradCheck;
import vectorgrad.gradcheck.Layouts;

/// Finds what was selected: classes, methods, or single tests by their ids.
final class Found implements SelectorResolver {
  /// The annotated methods of a class, inherited ones too.
  private static List<Method> methods(Class<?> type) {
    return ReflectionSupport.findMethods(
        type,
        method -> method.isAnnotationPresent(GradCheck.class),
        HierarchyTraversalMode.TOP_DOWN);
  }

  /// The inner classes with subjects; static nested ones stand for themselves, as in Jupiter.
  private static List<Class<?>> inner(Class<?> type) {
    return Arrays.stream(type.getDeclaredClasses())
        .filter(inner -> !Modifier.isStatic(inner.getModifiers()) && hasSubjects(inner))
        .toList();
  }

  /// Whether there is something to check in `type` or in classes inside of it.
  static boolean hasSubjects(Class<?> type) {
    return !Modifier.isAbstract(type.getModifiers())
        && (!methods(type).isEmpty() || !inner(type).isEmpty());
  }

  /// A method's name and the types of its parameters.
  static String signature(Method method) {
    return Arrays.stream(method.getParameterTypes())
        .map(Class::getName)
        .collect(Collectors.joining(",", method.getName() + "(", ")"));
  }

  @Override
  public Resolution resolve(ClassSelector selector, Context context) {
    Class<?> type = selector.getJavaClass();
    if (!hasSubjects(type)) {
      return Resolution.unresolved();
    }
    Optional<Node.OfClass> found =
        context.addToParent(parent -> Optional.of(new Node.OfClass(parent.getUniqueId(), type)));
    return resolution(
        found,
        () -> {
          Set<DiscoverySelector> below = new LinkedHashSet<>();
          methods(type).forEach(method -> below.add(selectMethod(type, method)));
          inner(type).forEach(inner -> below.add(selectClass(inner)));
          return below;
        });
  }

  @Override
  public Resolution resolve(MethodSelector selector, Context context) {
    Class<?> type = selector.getJavaClass();
    Method method = selector.getJavaMethod();
    if (!method.isAnnotationPresent(GradCheck.class) || Modifier.isAbstract(type.getModifiers())) {
      return Resolution.unresolved();
    }
    Optional<Node.OfMethod> found =
        context.addToParent(
            () -> selectClass(type),
            parent -> Optional.of(new Node.OfMethod(parent.getUniqueId(), type, method)));
    return resolution(
        found,
        () ->
            layouts(method).stream()
                .map(layout ->
                    selectUniqueId(
                        found.orElseThrow().getUniqueId().append("inputs", layout.name())))
                .collect(Collectors.toCollection(LinkedHashSet::new)));
  }

  /// As [vectorgrad.gradcheck.Subject#layouts], also of a method that is malformed, which its test
  /// will say.
  private static List<Layouts> layouts(Method method) {
    return Layouts.of(method.getAnnotation(GradCheck.class));
  }

  @Override
  public Resolution resolve(UniqueIdSelector selector, Context context) {
    UniqueId id = selector.getUniqueId();
    UniqueId.Segment last = id.getLastSegment();
    return switch (last.getType()) {
      case "class" ->
          type(last.getValue())
              .map(type -> Resolution.selectors(Set.of(selectClass(type))))
              .orElse(Resolution.unresolved());
      case "method" ->
          method(id)
              .map(m -> Resolution.selectors(Set.of(selectMethod(m.type(), m.method()))))
              .orElse(Resolution.unresolved());
      case "inputs" -> {
        Optional<Place> place = method(id.removeLastSegment());
        yield place
            .flatMap(p ->
                context.addToParent(
                    () -> selectMethod(p.type(), p.method()),
                    parent -> check(parent, p, last.getValue())))
            .map(check -> Resolution.match(Match.exact(check)))
            .orElse(Resolution.unresolved());
      }
      default -> Resolution.unresolved();
    };
  }

  private static Optional<Node.Check> check(TestDescriptor parent, Place place, String name) {
    return layouts(place.method()).stream()
        .filter(layout -> layout.name().equals(name))
        .findFirst()
        .map(layout -> new Node.Check(parent.getUniqueId(), place.type(), place.method(), layout));
  }

  private record Place(Class<?> type, Method method) {}

  private static Optional<Place> method(UniqueId id) {
    UniqueId.Segment last = id.getLastSegment();
    List<UniqueId.Segment> segments = id.getSegments();
    if (segments.size() < 2 || !last.getType().equals("method")) {
      return Optional.empty();
    }
    return type(segments.get(segments.size() - 2).getValue())
        .flatMap(type ->
            methods(type).stream()
                .filter(method -> signature(method).equals(last.getValue()))
                .findFirst()
                .map(method -> new Place(type, method)));
  }

  private static Optional<Class<?>> type(String name) {
    return ReflectionSupport.tryToLoadClass(name).toOptional().filter(Found::hasSubjects);
  }

  private static Resolution resolution(
      Optional<? extends TestDescriptor> found,
      java.util.function.Supplier<Set<DiscoverySelector>> below) {
    return found
        .map(node -> Resolution.match(Match.exact(node, below::get)))
        .orElse(Resolution.unresolved());
  }
}
