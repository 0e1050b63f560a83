package vectorgrad.nn;

import java.lang.reflect.AccessibleObject;
import java.lang.reflect.Array;
import java.lang.reflect.Constructor;
import java.lang.reflect.Field;
import java.lang.reflect.InaccessibleObjectException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;
import vectorgrad.autograd.Buffer;
import vectorgrad.autograd.Parameter;
import vectorgrad.tensor.DType;
import vectorgrad.tensor.DTypeException;
import vectorgrad.tensor.Message;
import vectorgrad.tensor.Seed;

/// Looks into records: the walk behind everything that [Parameterized] offers.
final class Components {

  /// Told of every parameter, buffer and nested [Parameterized] of a model, with the path that
  /// leads there, the record it is a component of and its name within that record.
  interface Visitor {
    void found(String path, Object value, Parameterized owner, String component);
  }

  /// How to read and rebuild the records of one class, found once.
  private record Access(List<Method> accessors, Optional<Constructor<?>> constructor) {}

  private static final ClassValue<Access> ACCESS =
      new ClassValue<>() {
        @Override
        protected Access computeValue(Class<?> type) {
          return access(type);
        }
      };

  private Components() {}

  static Map<String, Object> of(Parameterized owner) {
    Map<String, Object> components = new LinkedHashMap<>();
    for (Method accessor : ACCESS.get(owner.getClass()).accessors()) {
      components.put(accessor.getName(), call(() -> accessor.invoke(owner)));
    }
    return components;
  }

  /// Every path, so a shared parameter is told of several times.
  static void visit(Parameterized root, String path, Visitor visitor) {
    visitOwn(
        root,
        (component, value) -> {
          String full = path.isEmpty() ? component : path + "." + component;
          visitor.found(full, value, root, component);
          if (value instanceof Parameterized nested) {
            visit(nested, full, visitor);
          }
        });
  }

  /// The cells and the nested [Parameterized] that `owner` holds itself, by their names in it.
  static void visitOwn(Parameterized owner, BiConsumer<String, Object> visitor) {
    owner.components().forEach((name, value) -> visitOwn(name, value, visitor));
  }

  private static void visitOwn(String name, Object value, BiConsumer<String, Object> visitor) {
    switch (value) {
      case Parameter parameter -> visitor.accept(name, parameter);
      case Buffer buffer -> visitor.accept(name, buffer);
      case Parameterized nested -> visitor.accept(name, nested);
      case Optional<?> optional -> optional.ifPresent(inner -> visitOwn(name, inner, visitor));
      case Collection<?> many -> {
        int i = 0;
        for (Object element : many) {
          visitOwn(name + "." + i++, element, visitor);
        }
      }
      case Object[] many -> visitOwn(name, Arrays.asList(many), visitor);
      case Map<?, ?> many ->
          many.forEach((key, element) -> visitOwn(name + "." + key, element, visitor));
      case null, default -> {}
    }
  }

  static <T> Map<String, T> cells(Parameterized root, Class<T> type) {
    IdentityHashMap<Object, String> names = new IdentityHashMap<>();
    Map<String, T> cells = new LinkedHashMap<>();
    visit(
        root,
        "",
        (path, value, owner, component) -> {
          if (type.isInstance(value) && names.putIfAbsent(value, path) == null) {
            cells.put(path, type.cast(value));
          }
        });
    return cells;
  }

  static Map<String, List<String>> aliases(Parameterized root) {
    IdentityHashMap<Object, String> names = new IdentityHashMap<>();
    Map<String, List<String>> aliases = new LinkedHashMap<>();
    visit(
        root,
        "",
        (path, value, owner, component) -> {
          String first = value instanceof Parameterized ? null : names.putIfAbsent(value, path);
          if (first != null) {
            aliases.computeIfAbsent(first, _ -> new ArrayList<>()).add(path);
          }
        });
    return aliases;
  }

  static void initialize(Parameterized root, Seed seed) {
    IdentityHashMap<Object, String> done = new IdentityHashMap<>();
    visit(
        root,
        "",
        (path, value, owner, component) -> {
          if (value instanceof Parameterized || done.putIfAbsent(value, path) != null) {
            return;
          }
          Initializer initializer = owner.initializer(component);
          if (value instanceof Parameter parameter) {
            parameter.set(initializer.initial(parameter.value(), seedFor(seed, path)));
          } else if (value instanceof Buffer buffer) {
            buffer.set(initializer.initial(buffer.value(), seedFor(seed, path)));
          }
        });
  }

  /// The seed of the cell called `name`: `seed` folded with the name's 64-bit FNV-1a hash.
  static Seed seedFor(Seed seed, String name) {
    long hash = 0xcbf29ce484222325L;
    for (int i = 0; i < name.length(); i++) {
      hash = (hash ^ name.charAt(i)) * 0x100000001b3L;
    }
    return seed.fold(hash);
  }

  static void expectFloating(DType dtype) {
    if (!dtype.isFloating()) {
      throw new DTypeException(
          Message.of("to", "parameters are floating numbers, " + dtype + " is not"));
    }
  }

  static Parameterized copy(Parameterized root) {
    return (Parameterized) copy(root, new IdentityHashMap<>());
  }

  private static Object copy(Object value, IdentityHashMap<Object, Object> done) {
    Object known = done.get(value);
    if (known != null) {
      return known;
    }
    Object copy =
        switch (value) {
          case Parameter parameter -> parameter.copy();
          case Buffer buffer -> new Buffer(buffer.value());
          case Record record when record instanceof Parameterized -> rebuild(record, done);
          case Optional<?> optional -> optional.map(present -> copy(present, done));
          case List<?> many -> many.stream().map(element -> copy(element, done)).toList();
          case Object[] many -> {
            Object[] elements =
                (Object[]) Array.newInstance(many.getClass().getComponentType(), many.length);
            Arrays.setAll(elements, i -> copy(many[i], done));
            yield elements;
          }
          case Map<?, ?> many -> {
            Map<Object, Object> elements = new LinkedHashMap<>();
            many.forEach((key, element) -> elements.put(key, copy(element, done)));
            yield elements;
          }
          case null -> null;
          default -> value;
        };
    if (value != null) {
      done.put(value, copy);
    }
    return copy;
  }

  private static Object rebuild(Record record, IdentityHashMap<Object, Object> done) {
    Access access = ACCESS.get(record.getClass());
    List<Object> arguments = new ArrayList<>();
    for (Method accessor : access.accessors()) {
      arguments.add(copy(call(() -> accessor.invoke(record)), done));
    }
    return call(() -> access.constructor().orElseThrow().newInstance(arguments.toArray()));
  }

  static String label(Parameterized owner) {
    Class<?> type = owner.getClass();
    if (!type.isRecord()) {
      return type.isSynthetic() || type.isAnonymousClass() ? "lambda" : type.getSimpleName();
    }
    List<String> settings = new ArrayList<>();
    of(owner)
        .forEach((name, value) -> {
          if (value instanceof Number
              || value instanceof Boolean
              || value instanceof CharSequence
              || value instanceof Enum<?>) {
            settings.add(name + "=" + value);
          }
        });
    return type.getSimpleName()
        + (settings.isEmpty() ? "" : "(" + String.join(", ", settings) + ")");
  }

  private static Access access(Class<?> type) {
    if (!type.isRecord()) {
      refuseHiddenCells(type);
      return new Access(List.of(), Optional.empty());
    }
    RecordComponent[] components = type.getRecordComponents();
    List<Method> accessors = new ArrayList<>();
    for (RecordComponent component : components) {
      accessors.add(opened(component.getAccessor(), type));
    }
    Class<?>[] types =
        Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
    try {
      return new Access(accessors, Optional.of(opened(type.getDeclaredConstructor(types), type)));
    } catch (NoSuchMethodException e) {
      throw new AssertionError("every record has its canonical constructor: " + type, e);
    }
  }

  /// A lambda or a class can hold a parameter where nobody would find it, and it would never train.
  static void refuseHiddenCells(Class<?> type) {
    for (Field field : type.getDeclaredFields()) {
      Class<?> held = field.getType();
      if (!Modifier.isStatic(field.getModifiers())
          && (Parameterized.class.isAssignableFrom(held)
              || held == Parameter.class
              || held == Buffer.class)) {
        throw new IllegalArgumentException(
            Message.of(
                    type.isSynthetic() ? "lambda" : type.getSimpleName(),
                    "it hides a " + held.getSimpleName() + " that would never be trained")
                .row("why", "only the components of records are looked into")
                .row("help", "write it as a record that implements Layer")
                .toString());
      }
    }
  }

  private static <T extends AccessibleObject> T opened(T member, Class<?> type) {
    if (!member.trySetAccessible()) {
      Module reader = Components.class.getModule();
      String packageName = type.getPackageName();
      String opens =
          "opens " + packageName + (reader.isNamed() ? " to " + reader.getName() : "") + ";";
      throw new InaccessibleObjectException(
          Message.of(type.getSimpleName(), "its components cannot be read")
              .row("why", type.getModule() + " does not open package " + packageName)
              .row("help", "add `" + opens + "` to its module-info.java")
              .toString());
    }
    return member;
  }

  private interface Reflective {
    Object call() throws ReflectiveOperationException;
  }

  private static Object call(Reflective reflective) {
    try {
      return reflective.call();
    } catch (InvocationTargetException e) {
      if (e.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      throw new IllegalStateException("a record's own code failed", e.getCause());
    } catch (ReflectiveOperationException e) {
      throw new LinkageError("access was checked before", e);
    }
  }
}
