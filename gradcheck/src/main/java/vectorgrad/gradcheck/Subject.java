package vectorgrad.gradcheck;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import vectorgrad.autograd.Variable;
import vectorgrad.tensor.DType;
import vectorgrad.tensor.Seed;
import vectorgrad.tensor.Shape;
import vectorgrad.tensor.Tensor;

/// A method annotated with [GradCheck], ready to be checked.
///
/// @param method the method
public record Subject(Method method) {
  /// Sees to it that the method has the right form.
  ///
  /// @throws IllegalArgumentException if it does not
  public Subject {
    boolean fits =
        method.isAnnotationPresent(GradCheck.class)
            && method.getReturnType() == Variable.class
            && Arrays.stream(method.getParameterTypes()).allMatch(type -> type == Variable.class);
    if (!fits) {
      throw new IllegalArgumentException(
          "@GradCheck: a method takes variables and returns one, not so "
              + method.toGenericString());
    }
    int shapes = method.getAnnotation(GradCheck.class).shapes().length;
    if (shapes != 0 && shapes != method.getParameterCount()) {
      throw new IllegalArgumentException(
          "@GradCheck: "
              + shapes
              + " shapes for "
              + method.getParameterCount()
              + " inputs of "
              + method.toGenericString());
    }
    method.setAccessible(true);
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
    return method.getDeclaringClass().getName() + "." + method.getName();
  }

  /// The output for these inputs.
  public Variable call(List<Variable> inputs) {
    try {
      Object target = null;
      if (!Modifier.isStatic(method.getModifiers())) {
        var constructor = method.getDeclaringClass().getDeclaredConstructor();
        constructor.setAccessible(true);
        target = constructor.newInstance();
      }
      return (Variable) method.invoke(target, inputs.toArray());
    } catch (InvocationTargetException e) {
      switch (e.getCause()) {
        case RuntimeException cause -> throw cause;
        case Error cause -> throw cause;
        default -> throw new IllegalStateException(source() + " failed", e.getCause());
      }
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(source() + " cannot be called", e);
    }
  }

  /// The ways in which its inputs lie in memory.
  List<Layouts> layouts() {
    return terms().distinct()
        ? List.of(Layouts.PLAIN, Layouts.PERMUTED, Layouts.SLICED)
        : List.of(Layouts.values());
  }

  /// Inputs for one check, in float64.
  public Tensor[] inputs(Layouts layout, Seed seed) {
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
  public vectorgrad.autograd.GradCheck.Report check(Layouts layout, Seed seed) {
    return vectorgrad.autograd.GradCheck.of(
        this::call, seed, terms().orders(), inputs(layout, seed));
  }

  @Override
  public String toString() {
    return operation() + " (" + source() + ")";
  }
}
