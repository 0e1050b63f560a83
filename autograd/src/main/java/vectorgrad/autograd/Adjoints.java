package vectorgrad.autograd;

import java.util.function.UnaryOperator;
import vectorgrad.tensor.Shape;
import vectorgrad.tensor.Tensor;

/// A linear operation and its adjoint, `⟨A·x, y⟩ = ⟨x, A*·y⟩`, as functions of tensors: each is the
/// backward of the other. For pairs that [Tensor] has already, such as the means of windows and
/// their gradient.
///
/// @param name of the operation in errors and graphs
/// @param operation `A`
/// @param adjointName of its adjoint in errors and graphs
/// @param adjoint `A*`
record Adjoints(
    String name, UnaryOperator<Tensor> operation, String adjointName, UnaryOperator<Tensor> adjoint)
    implements Op.Linear {

  /// An operation and its adjoint, which is named `A*`.
  static Adjoints of(String name, UnaryOperator<Tensor> operation, UnaryOperator<Tensor> adjoint) {
    return new Adjoints(name, operation, name + "*", adjoint);
  }

  /// What a `view` of elements of `shape` shows, none of them twice. Its adjoint is to [#put] them
  /// back.
  static Adjoints show(String name, Shape shape, UnaryOperator<Tensor> view) {
    return of(name, view, y -> placed(y, shape, view));
  }

  /// Puts elements where a `view` of elements of `shape` shows them, among zeros: the adjoint of
  /// the view.
  static Adjoints put(String name, Shape shape, UnaryOperator<Tensor> view) {
    return of(name, y -> placed(y, shape, view), view);
  }

  private static Tensor placed(Tensor y, Shape shape, UnaryOperator<Tensor> view) {
    Tensor result = Tensor.zeros(shape, y.dtype(), y.device());
    if (y.size() > 0) {
      y.device().backend().copy(y, view.apply(result));
    }
    return result;
  }

  /// The pair with its parts exchanged.
  Adjoints turned() {
    return new Adjoints(
        /* name= */ adjointName, /* operation= */ adjoint, /* adjointName= */ name, operation);
  }

  @Override
  public Tensor forward(Tensor x) {
    return operation.apply(x);
  }

  @Override
  public Variable backward(Variable dy, Variable x, Variable y) {
    return Variable.apply(turned(), dy);
  }
}
