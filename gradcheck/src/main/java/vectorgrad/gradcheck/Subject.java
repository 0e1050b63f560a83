package vectorgrad.gradcheck;

import java.lang.reflect.Field;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import vectorgrad.autograd.Variable;
import vectorgrad.nn.Parameterized;
import vectorgrad.tensor.DType;
import vectorgrad.tensor.Message;
import vectorgrad.tensor.Seed;
import vectorgrad.tensor.Shape;
import vectorgrad.tensor.Tensor;

/// A method annotated with [GradCheck], ready to be checked.
///
/// @param type the class whose instances it is called on, which may have inherited it
/// @param method the method
public record Subject(Class<?> type, Method method) {
  /// A method of the class that declares it.
  public Subject(Method method) {
    this(method.getDeclaringClass(), method);
  }

  private void expectWellFormed() {
    boolean fits =
        method.isAnnotationPresent(GradCheck.class)
            && method.getReturnType() == Variable.class
            && Arrays.stream(method.getParameterTypes()).allMatch(input -> input == Variable.class);
    if (!fits) {
      throw malformed(method, "a method takes variables and returns one");
    }
    GradCheck terms = method.getAnnotation(GradCheck.class);
    int shapes = terms.shapes().length;
    if (shapes != 0 && shapes != method.getParameterCount()) {
      throw malformed(method, shapes + " shapes for " + method.getParameterCount() + " inputs");
    }
    if (terms.orders() < 1) {
      throw malformed(method, "orders begin with 1, found " + terms.orders());
    }
    for (String shape : terms.shapes()) {
      if (!shape.matches("\\s*|\\s*\\d+\\s*(,\\s*\\d+\\s*)*")) {
        throw malformed(method, "no shape: \"" + shape + "\"; sizes are separated by commas");
      }
    }
    method.setAccessible(true);
  }

  private static IllegalArgumentException malformed(Method method, String problem) {
    return new IllegalArgumentException(
        Message.of("@GradCheck", problem).row("method", method.toGenericString()).toString());
  }

  private GradCheck terms() {
    return method.getAnnotation(GradCheck.class);
  }

  /// The operation that is checked.
  public String operation() {
    return terms().of().isEmpty() ? method.getName() : terms().of();
  }

  /// Where it is: class and method.
  public String source() {
    return type.getName() + "." + method.getName();
  }

  /// How often is differentiated.
  public int orders() {
    return terms().orders();
  }

  /// The seed that the annotation names.
  public Seed seed() {
    return Seed.of(terms().seed());
  }

  /// Whether the annotation asks for the whole Jacobian.
  public boolean jacobian() {
    return terms().jacobian();
  }

  /// How near the f32 kernels are to be to f64.
  public Precision precision() {
    return terms().precision();
  }

  /// Where its class was found: the name of its floor, or of the JAR or folder.
  public String origin() {
    if (type.getModule().isNamed()) {
      return type.getModule().getName().replaceFirst("^vectorgrad\\.", "");
    }
    var source = type.getProtectionDomain().getCodeSource();
    return source == null
        ? ""
        : Path.of(URI.create(source.getLocation().toString())).getFileName().toString();
  }

  /// The method as a function, of an instance of its own where it is not static. The parameters of
  /// models in the instance's fields are told their names.
  ///
  /// @throws IllegalArgumentException if the method or its annotation does not have the right form
  public Function<List<Variable>, Variable> function() {
    expectWellFormed();
    if (Modifier.isStatic(method.getModifiers())) {
      nameParameters(Optional.empty());
      return inputs -> call(Optional.empty(), inputs);
    }
    Optional<Object> target = Optional.of(instance(type));
    nameParameters(target);
    return inputs -> call(target, inputs);
  }

  /// The output for these inputs, of an instance of its own.
  public Variable call(List<Variable> inputs) {
    return function().apply(inputs);
  }

  private Object instance(Class<?> of) {
    return reflectively(() -> {
      boolean inner = of.isMemberClass() && !Modifier.isStatic(of.getModifiers());
      Class<?>[] outer = inner ? new Class<?>[] {of.getEnclosingClass()} : new Class<?>[0];
      var constructor = of.getDeclaredConstructor(outer);
      constructor.setAccessible(true);
      return inner
          ? constructor.newInstance(instance(of.getEnclosingClass()))
          : constructor.newInstance();
    });
  }

  private Variable call(Optional<Object> target, List<Variable> inputs) {
    return (Variable) reflectively(() -> method.invoke(target.orElse(null), inputs.toArray()));
  }

  private void nameParameters(Optional<Object> target) {
    for (Class<?> from = type; from != null; from = from.getSuperclass()) {
      for (Field field : from.getDeclaredFields()) {
        boolean isThere = Modifier.isStatic(field.getModifiers()) || target.isPresent();
        if (isThere && Parameterized.class.isAssignableFrom(field.getType())) {
          field.setAccessible(true);
          if (reflectively(() -> field.get(target.orElse(null))) instanceof Parameterized model) {
            model.namedParameters();
          }
        }
      }
    }
  }

  private interface Reflective<T> {
    T get() throws ReflectiveOperationException;
  }

  private <T> T reflectively(Reflective<T> work) {
    try {
      return work.get();
    } catch (InvocationTargetException e) {
      switch (e.getCause()) {
        case RuntimeException cause -> throw cause;
        case Error cause -> throw cause;
        default -> throw new IllegalStateException(source() + " failed", e.getCause());
      }
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(
          Message.of("@GradCheck", source() + " cannot be called")
              .row("why", e)
              .row("rule", "its class has a constructor without parameters, or it is static")
              .toString(),
          e);
    }
  }

  /// The ways in which its inputs lie in memory.
  public List<Layouts> layouts() {
    return Layouts.of(terms());
  }

  /// Inputs for one check, in float64.
  ///
  /// @throws IllegalArgumentException if the method or its annotation does not have the right form
  public Tensor[] inputs(Layouts layout, Seed seed) {
    expectWellFormed();
    List<Tensor> inputs = new ArrayList<>();
    for (int i = 0; i < method.getParameterCount(); i++) {
      Seed here = seed.fold(i);
      inputs.add(layout.draw(shape(i), shape -> draw(here, shape)));
    }
    return inputs.toArray(Tensor[]::new);
  }

  private Shape shape(int i) {
    String text = terms().shapes().length == 0 ? "3,4" : terms().shapes()[i];
    return text.isBlank()
        ? Shape.SCALAR
        : Shape.of(
            Arrays.stream(text.split(","))
                .map(String::strip)
                .mapToInt(Integer::parseInt)
                .toArray());
  }

  /// Numbers spread evenly over what is allowed.
  private Tensor draw(Seed seed, Shape shape) {
    GradCheck terms = terms();
    double below = Math.max(0, Math.min(terms.to(), -terms.away()) - terms.from());
    double from = Math.max(terms.from(), terms.away());
    double above = Math.max(0, terms.to() - from);
    Tensor x = Tensor.uniform(seed, 0, shape, DType.F64).mul(below + above);
    return Tensor.where(x.lt(below), x.add(terms.from()), x.add(from - below));
  }

  /// Compares the gradients with differences, on inputs that lie in memory in this way.
  ///
  /// @throws vectorgrad.autograd.GradientException if the method changes from call to call
  public Outcome check(Layouts layout, Seed seed) {
    return check(layout, seed, orders(), jacobian());
  }

  /// Compares the gradients up to some order with differences, and the whole Jacobian on demand.
  ///
  /// @throws vectorgrad.autograd.GradientException if the method changes from call to call
  public Outcome check(Layouts layout, Seed seed, int orders, boolean jacobian) {
    Function<List<Variable>, Variable> function = function();
    Tensor[] inputs = inputs(layout, seed);
    var report = vectorgrad.autograd.GradCheck.of(function, seed, orders, inputs);
    List<vectorgrad.autograd.GradCheck.Entry> wrong =
        jacobian ? vectorgrad.autograd.GradCheck.jacobian(function, inputs) : List.of();
    return new Outcome(this, layout, report, wrong);
  }

  /// Compares the f32 kernels with f64, on inputs that lie in memory in this way.
  public Rounding rounding(Layouts layout, Seed seed) {
    return Rounding.of(this, layout, seed);
  }

  @Override
  public String toString() {
    return operation() + " (" + source() + ")";
  }
}
