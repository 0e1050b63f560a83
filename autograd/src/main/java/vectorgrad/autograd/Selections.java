package vectorgrad.autograd;

import vectorgrad.tensor.Tensor;

/// Linear operations that pick elements by index, in adjoint pairs.
final class Selections {
  private Selections() {}

  /// `y[…, i, …] = x[…, index[…, i, …], …]`. Adjoint of [ScatterAdd].
  record Gather(int axis, Tensor index) implements Op.Unary {
    @Override
    public Tensor forward(Tensor x) {
      return x.gather(axis, index);
    }

    @Override
    public Variable backward(Variable dy, Variable x, Variable y) {
      return dy.scatterAdd(axis, index, x.size(axis));
    }
  }

  /// `y[…, index[…, i, …], …] += x[…, i, …]`. Adjoint of [Gather].
  record ScatterAdd(int axis, Tensor index, int size) implements Op.Unary {
    @Override
    public Tensor forward(Tensor x) {
      return x.scatterAdd(axis, index, size);
    }

    @Override
    public Variable backward(Variable dy, Variable x, Variable y) {
      return dy.gather(axis, index);
    }
  }

  /// [Gather] whose result is known already, from finding the indices: max pooling.
  record Taken(int axis, Tensor index, Tensor values) implements Op.Unary {
    @Override
    public String name() {
      return "MaxPool2d";
    }

    @Override
    public Tensor forward(Tensor x) {
      return values;
    }

    @Override
    public Variable backward(Variable dy, Variable x, Variable y) {
      return dy.scatterAdd(axis, index, x.size(axis));
    }
  }

  /// The parts that a vector of indices names along an axis. Adjoint of [IndexAdd].
  record IndexSelect(int axis, Tensor indices) implements Op.Unary {
    @Override
    public Tensor forward(Tensor x) {
      return x.indexSelect(axis, indices);
    }

    @Override
    public Variable backward(Variable dy, Variable x, Variable y) {
      return Variable.apply(new IndexAdd(axis, indices, x.size(axis)), dy);
    }
  }

  /// Adds the parts at the places that a vector of indices names along an axis. Adjoint of
  /// [IndexSelect].
  record IndexAdd(int axis, Tensor indices, int size) implements Op.Unary {
    @Override
    public Tensor forward(Tensor x) {
      return x.indexAdd(axis, indices, size);
    }

    @Override
    public Variable backward(Variable dy, Variable x, Variable y) {
      return Variable.apply(new IndexSelect(axis, indices), dy);
    }
  }
}
