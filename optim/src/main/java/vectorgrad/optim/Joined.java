package vectorgrad.optim;

import static vectorgrad.numerics.Formula.input;

import java.util.List;
import vectorgrad.autograd.Gradients;
import vectorgrad.autograd.Parameter;
import vectorgrad.numerics.Program;
import vectorgrad.tensor.Cell;
import vectorgrad.tensor.Shape;
import vectorgrad.tensor.Tensor;

/// Parameters as one vector, for an optimizer that looks at all of them at once.
///
/// @param parameters in the order of the vector
record Joined(List<Parameter> parameters) {
  private static final Program PRODUCT = Program.of(input(0).times(input(1)));
  private static final Program ADD_SCALED = Program.of(input(0).plus(input(1).times(input(2))));

  Joined {
    parameters = List.copyOf(parameters);
  }

  /// The gradients; zeros where there are none, and for frozen parameters.
  ///
  /// @throws vectorgrad.autograd.GradientException if there is none at all
  Tensor gradient(Gradients gradients) {
    Tensor[] parts = new Tensor[parameters.size()];
    boolean reached = false;
    for (int i = 0; i < parts.length; i++) {
      Parameter p = parameters.get(i);
      boolean has = p.trainable() && gradients.has(p);
      reached |= has;
      parts[i] = has ? gradients.get(p).reshape(-1) : Tensor.zerosLike(p.value()).reshape(-1);
    }
    if (!reached) {
      throw FormulaOptimizer.holdsNone("Lbfgs", parameters, gradients);
    }
    return Tensor.concat(0, parts);
  }

  /// The values.
  Tensor position() {
    return Tensor.concat(
        0, parameters.stream().map(p -> p.value().reshape(-1)).toArray(Tensor[]::new));
  }

  /// Puts the parameters at `from + t·d`.
  void move(Tensor from, Tensor d, double t) {
    int offset = 0;
    for (Parameter p : parameters) {
      int end = offset + p.value().size();
      Cell.update(
          ADD_SCALED,
          List.of(p.cell()),
          part(from, offset, end, p),
          part(d, offset, end, p),
          scalar(t, p.value()));
      offset = end;
    }
  }

  private static Tensor part(Tensor all, int start, int end, Parameter p) {
    return all.slice(0, start, end, 1).reshape(p.shape()).to(p.dtype());
  }

  Tensor zeros() {
    Tensor like = parameters.getFirst().value();
    int size = parameters.stream().mapToInt(p -> p.value().size()).sum();
    return Tensor.zeros(Shape.of(size), like.dtype(), like.device());
  }

  /// `a + factor·b`, in one pass.
  static Tensor plus(Tensor a, double factor, Tensor b) {
    return Tensor.map(ADD_SCALED, a, b, scalar(factor, a));
  }

  static double dot(Tensor a, Tensor b) {
    return Tensor.sumOf(PRODUCT, false, new int[0], a, b).item();
  }

  /// The largest absolute number.
  static double largest(Tensor x) {
    return x.abs().max().item();
  }

  private static Tensor scalar(double value, Tensor like) {
    return Tensor.full(value, Shape.SCALAR, like.dtype(), like.device());
  }
}
