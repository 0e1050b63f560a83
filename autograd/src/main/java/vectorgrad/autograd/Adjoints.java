package vectorgrad.autograd;

import java.util.function.UnaryOperator;
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
