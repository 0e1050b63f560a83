package vectorgrad.autograd;

import vectorgrad.tensor.DType;
import vectorgrad.tensor.MaxPool;
import vectorgrad.tensor.Shape;
import vectorgrad.tensor.Tensor;

/// Maxima over windows or regions of any number of axes: linear, once their places are known.
final class PoolOps {
  private PoolOps() {}

  /// What a max pooling of `x` found, with its history.
  static Picked picked(String name, Variable x, MaxPool pool) {
    Adjoints op = places(name, "MaxPoolInputGradient", pool.indices(), x.shape());
    return new Picked(Variable.known(op, pool.values(), x), pool.indices());
  }

  /// `read`s the elements of x (N, C, …) at the places that `indices` name in its channels; the
  /// adjoint `add`s to them.
  static Adjoints places(String read, String add, Tensor indices, Shape x) {
    return new Adjoints(
        read,
        values -> values.maxUnpoolInputGradient(indices),
        add,
        dy -> dy.maxPoolInputGradient(indices, x));
  }

  /// Where indices meet, all values but the one that stays are made 0, and then they are added.
  static Variable unpool(Variable x, Tensor indices, Shape output) {
    Tensor placed = x.value().maxUnpool(indices, output);
    Tensor order = Tensor.arange(indices.size(), DType.I32).to(indices.device());
    Tensor own = order.reshape(indices.shape());
    Tensor last = own.maxUnpool(indices, output).maxUnpoolInputGradient(indices);
    Variable staying = Variable.where(last.eq(own), x, x.number(0));
    Adjoints op = places("MaxUnpoolInputGradient", "MaxUnpool", indices, output).turned();
    return Variable.known(op, placed, staying);
  }
}
