package vectorgrad.gradcheck.junit;

import java.lang.reflect.Method;
import org.junit.platform.engine.TestSource;
import org.junit.platform.engine.UniqueId;
import org.junit.platform.engine.support.descriptor.AbstractTestDescriptor;
import org.junit.platform.engine.support.descriptor.ClassSource;
import org.junit.platform.engine.support.descriptor.MethodSource;
import vectorgrad.gradcheck.Layouts;
import vectorgrad.gradcheck.Subject;

/// The tree of tests.
abstract sealed class Node extends AbstractTestDescriptor {
  private Node(UniqueId id, String name, TestSource source) {
    super(id, name, source);
  }

  /// A class with annotated methods.
  static final class OfClass extends Node {
    OfClass(UniqueId parent, Class<?> type) {
      super(parent.append("class", type.getName()), type.getSimpleName(), ClassSource.from(type));
    }

    @Override
    public Type getType() {
      return Type.CONTAINER;
    }
  }

  /// An annotated method.
  static final class OfMethod extends Node {
    OfMethod(UniqueId parent, Class<?> type, Method method) {
      super(
          parent.append("method", Found.signature(method)),
          name(method),
          MethodSource.from(type, method));
    }

    private static String name(Method method) {
      String of = method.getAnnotation(vectorgrad.gradcheck.GradCheck.class).of();
      return of.isEmpty() || of.equals(method.getName())
          ? method.getName()
          : method.getName() + ", of " + of;
    }

    @Override
    public Type getType() {
      return Type.CONTAINER;
    }
  }

  /// The check of one method on inputs that lie in memory in one way.
  static final class Check extends Node {
    private final Class<?> type;
    private final Method method;
    private final Layouts layout;

    Check(UniqueId parent, Class<?> type, Method method, Layouts layout) {
      super(
          parent.append("inputs", layout.name()),
          layout.label() + " inputs",
          MethodSource.from(type, method));
      this.type = type;
      this.method = method;
      this.layout = layout;
    }

    @Override
    public Type getType() {
      return Type.TEST;
    }

    @Override
    public String getLegacyReportingName() {
      return method.getName() + ", " + layout.label() + " inputs";
    }

    /// @throws AssertionError with the report if a gradient is wrong
    void run() {
      Subject subject = new Subject(type, method);
      subject.check(layout, subject.seed()).orThrow();
    }
  }
}
