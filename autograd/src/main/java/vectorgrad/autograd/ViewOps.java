package vectorgrad.autograd;

import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import vectorgrad.tensor.DType;
import vectorgrad.tensor.Device;
import vectorgrad.tensor.Shape;
import vectorgrad.tensor.Tensor;

/// Linear operations that only move elements, in adjoint pairs: the backward of each is the other.
final class ViewOps {
  private ViewOps() {}

  static List<Integer> list(int... numbers) {
    return Arrays.stream(numbers).boxed().toList();
  }

  static int[] ints(List<Integer> numbers) {
    return numbers.stream().mapToInt(Integer::intValue).toArray();
  }

  /// Repeats axes of size 1, and new ones on the left. Adjoint of [SumTo].
  record Expand(Shape shape) implements Op.Linear {
    @Override
    public Tensor forward(Tensor x) {
      return x.expand(shape);
    }

    @Override
    public Variable backward(Variable dy, Variable x, Variable y) {
      return dy.sumTo(x.shape());
    }
  }

  /// Sums over the axes that [Expand] would repeat. Adjoint of [Expand].
  record SumTo(Shape shape) implements Op.Linear {
    @Override
    public Tensor forward(Tensor x) {
      int added = x.rank() - shape.rank();
      int[] axes = new int[x.rank()];
      int count = 0;
      for (int i = 0; i < axes.length; i++) {
        if (i < added || (shape.get(i - added) == 1 && x.size(i) != 1)) {
          axes[count++] = i;
        }
      }
      return (count == 0 ? x : x.sum(true, Arrays.copyOf(axes, count))).reshape(shape);
    }

    @Override
    public Variable backward(Variable dy, Variable x, Variable y) {
      return dy.expand(x.shape());
    }
  }

  /// The same elements in another shape. Its own adjoint.
  record Reshape(Shape shape) implements Op.Linear {
    @Override
    public Tensor forward(Tensor x) {
      return x.reshape(shape);
    }

    @Override
    public Variable backward(Variable dy, Variable x, Variable y) {
      return dy.reshape(x.shape());
    }
  }

  /// The axes in another order. The inverse order is its adjoint.
  record Permute(List<Integer> order) implements Op.Linear {
    @Override
    public Tensor forward(Tensor x) {
      return x.permute(ints(order));
    }

    @Override
    public Variable backward(Variable dy, Variable x, Variable y) {
      Integer[] inverse = new Integer[order.size()];
      for (int i = 0; i < inverse.length; i++) {
        inverse[x.shape().axis(order.get(i))] = i;
      }
      return Variable.apply(new Permute(List.of(inverse)), dy);
    }
  }

  /// The last two axes exchanged. Its own adjoint.
  record Transpose() implements Op.Linear {
    @Override
    public Tensor forward(Tensor x) {
      return x.transpose();
    }

    @Override
    public Variable backward(Variable dy, Variable x, Variable y) {
      return dy.transpose();
    }
  }

  /// Every `step`-th element along an axis. Adjoint of [Unslice].
  record Slice(int axis, int from, int to, int step) implements Op.Linear {
    @Override
    public Tensor forward(Tensor x) {
      return x.view(x.layout().slice(axis, from, to, step));
    }

    @Override
    public Variable backward(Variable dy, Variable x, Variable y) {
      return Variable.apply(new Unslice(axis, from, to, step, x.size(axis)), dy);
    }
  }

  /// Puts elements back where [Slice] took them, among zeros. Adjoint of [Slice].
  record Unslice(int axis, int from, int to, int step, int size) implements Op.Linear {
    @Override
    public Tensor forward(Tensor x) {
      int count = x.size(axis);
      if (step == 1 || count == 0) {
        int before = count == 0 ? 0 : from;
        return x.pad(axis, before, size - before - count);
      }
      int[] places = IntStream.range(0, count).map(i -> from + i * step).toArray();
      return x.indexAdd(axis, Tensor.of(places).to(x.device()), size);
    }

    @Override
    public Variable backward(Variable dy, Variable x, Variable y) {
      return Variable.apply(new Slice(axis, from, to, step), dy);
    }
  }

  /// Adds zeros along an axis. Adjoint of a [Slice].
  record Pad(int axis, int before, int after) implements Op.Linear {
    @Override
    public Tensor forward(Tensor x) {
      return x.pad(axis, before, after);
    }

    @Override
    public Variable backward(Variable dy, Variable x, Variable y) {
      return Variable.apply(new Slice(axis, before, before + x.size(axis), 1), dy);
    }
  }

  /// The elements along an axis in reverse. Its own adjoint.
  record Flip(int axis) implements Op.Linear {
    @Override
    public Tensor forward(Tensor x) {
      return x.flip(axis);
    }

    @Override
    public Variable backward(Variable dy, Variable x, Variable y) {
      return Variable.apply(this, dy);
    }
  }

  /// Tensors one behind the other along an axis. Its adjoint slices.
  record Concat(int axis) implements Op.Nary {
    @Override
    public Saved saved() {
      return Saved.NOTHING;
    }

    @Override
    public Tensor forward(List<Tensor> xs) {
      return Tensor.concat(axis, xs.toArray(Tensor[]::new));
    }

    @Override
    public List<Supplier<Variable>> backward(Variable dy, List<Variable> xs, Variable y) {
      int along = y.shape().axis(axis);
      Supplier<Variable>[] gradients = suppliers(xs.size());
      int place = 0;
      for (int i = 0; i < gradients.length; i++) {
        Slice part = new Slice(along, place, place + xs.get(i).size(along), 1);
        gradients[i] = () -> Variable.apply(part, dy);
        place += xs.get(i).size(along);
      }
      return List.of(gradients);
    }

    @SuppressWarnings({"unchecked", "rawtypes"}) // Java has no generic arrays
    private static Supplier<Variable>[] suppliers(int count) {
      return new Supplier[count];
    }
  }

  /// Another floating dtype; the gradient is converted back.
  record Convert(DType dtype) implements Op.Linear {
    @Override
    public Tensor forward(Tensor x) {
      return x.to(dtype);
    }

    @Override
    public Variable backward(Variable dy, Variable x, Variable y) {
      return dy.to(x.dtype());
    }
  }

  /// Another device; the gradient travels back.
  record Move(Device device) implements Op.Linear {
    @Override
    public Tensor forward(Tensor x) {
      return x.to(device);
    }

    @Override
    public Variable backward(Variable dy, Variable x, Variable y) {
      return dy.to(x.device());
    }
  }
}
