package vectorgrad.autograd;

import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;
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
    public Autocast.Policy autocast() {
      return Autocast.Policy.WIDE;
    }

    @Override
    public String name() {
      return shape.rank() == 0 ? "Sum" : "SumTo";
    }

    @Override
    public Tensor forward(Tensor x) {
      if (shape.rank() == 0) {
        return x.sum();
      }
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
        int from = place;
        place += xs.get(i).size(along);
        int to = place;
        gradients[i] = () -> dy.slice(along, from, to);
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
