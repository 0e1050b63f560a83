package vectorgrad.autograd;

import vectorgrad.tensor.Chosen;
import vectorgrad.tensor.Tensor;

/// Linear operations that pick elements by index, in adjoint pairs.
final class SelectionOps {
  private SelectionOps() {}

  /// `y[…, i, …] = x[…, index[…, i, …], …]`. Adjoint of [ScatterAdd]. What finds the places itself,
  /// such as sort, gives its own name.
  record Gather(int axis, Tensor index, String name) implements Op.Linear {
    Gather(int axis, Tensor index) {
      this(axis, index, "gather");
    }

    @Override
    public Tensor forward(Tensor x) {
      return x.gather(axis, index);
    }

    @Override
    public Variable backward(Variable dy, Variable x, Variable y) {
      return dy.scatterAdd(axis, index, x.size(axis));
    }
  }

  /// Elements of `x` that were chosen along `axis`, which stays with size 1 if `keepDim`.
  static Picked picked(String name, Variable x, int axis, boolean keepDim, Chosen chosen) {
    Tensor values = keepDim ? chosen.values() : chosen.values().unsqueeze(axis);
    Tensor indices = keepDim ? chosen.indices() : chosen.indices().unsqueeze(axis);
    Variable y = Variable.known(new Gather(x.shape().axis(axis), indices, name), values, x);
    return new Picked(keepDim ? y : y.squeeze(axis), chosen.indices());
  }

  /// `y[…, index[…, i, …], …] += x[…, i, …]`. Adjoint of [Gather].
  record ScatterAdd(int axis, Tensor index, int size) implements Op.Linear {
    @Override
    public Tensor forward(Tensor x) {
      return x.scatterAdd(axis, index, size);
    }

    @Override
    public Variable backward(Variable dy, Variable x, Variable y) {
      return dy.gather(axis, index);
    }
  }

  /// `y = a` where the condition (BOOL) is true, `b` elsewhere; linear in both.
  record Where(Tensor condition) implements Op.Binary {
    @Override
    public Saved saved() {
      return Saved.NOTHING;
    }

    @Override
    public Tensor forward(Tensor a, Tensor b) {
      return Tensor.where(condition, a, b);
    }

    @Override
    public Pair backward(Variable dc, Variable a, Variable b, Variable c) {
      Variable zero = dc.number(0).expand(dc.shape());
      return gradients(() -> Variable.apply(this, dc, zero), () -> Variable.apply(this, zero, dc));
    }
  }

  /// `y = source`, one element after the other, where the mask is true, `x` elsewhere; linear in
  /// both.
  record MaskedScatter(Tensor mask) implements Op.Binary {
    @Override
    public Saved saved() {
      return Saved.NOTHING;
    }

    @Override
    public Tensor forward(Tensor x, Tensor source) {
      return x.maskedScatter(mask, source);
    }

    @Override
    public Pair backward(Variable dy, Variable x, Variable source, Variable y) {
      return gradients(
          () -> dy.maskedFill(mask, 0),
          () -> {
            Variable used = dy.maskedSelect(mask.expand(dy.shape()));
            return used.pad(0, 0, source.size() - used.size()).reshape(source.shape());
          });
    }
  }

  /// The parts that a vector of indices names along an axis. Adjoint of [IndexAdd].
  record IndexSelect(int axis, Tensor indices) implements Op.Linear {
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
  record IndexAdd(int axis, Tensor indices, int size) implements Op.Linear {
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
