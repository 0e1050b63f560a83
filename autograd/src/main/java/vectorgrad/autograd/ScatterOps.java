package vectorgrad.autograd;

import java.util.Arrays;
import vectorgrad.tensor.DType;
import vectorgrad.tensor.ScatterReduction;
import vectorgrad.tensor.Shape;
import vectorgrad.tensor.Tensor;

/// Operations that place the elements of one variable among those of another.
final class ScatterOps {
  private ScatterOps() {}

  /// `y = x` but `y[…, index[…, i, …], …] = s[…, i, …]`: linear in both. The last of several for
  /// one place stays, and has the gradient.
  record Scatter(String name, int axis, Tensor index) implements Op.Binary {
    @Override
    public Saved saved() {
      return Saved.NOTHING;
    }

    @Override
    public Tensor forward(Tensor x, Tensor s) {
      return x.scatter(axis, index, s);
    }

    @Override
    public Pair backward(Variable dy, Variable x, Variable s, Variable y) {
      return gradients(
          () -> dy.scatter(axis, index, 0),
          () -> Variable.where(stays(dy.shape()), dy.gather(axis, index), dy.number(0)));
    }

    /// Whether an element of the source is the last one for its place: written there in the same
    /// way, its number is found again.
    private Tensor stays(Shape shape) {
      Tensor numbers = Tensor.arange(index.size(), DType.I32).to(index.device());
      Tensor number = numbers.reshape(index.shape());
      Tensor zeros = Tensor.zeros(shape, DType.I32, index.device());
      return zeros.scatter(axis, index, number).gather(axis, index).eq(number);
    }
  }

  /// `y[…, index[…, i, …], …]` is `x` there joined with all `s[…, i, …]` that go there.
  record ScatterReduce(String name, int axis, Tensor index, ScatterReduction reduction)
      implements Op.Binary {
    @Override
    public Saved saved() {
      return switch (reduction) {
        case SUM -> Saved.NOTHING;
        case PROD -> Saved.INPUTS;
        default -> Saved.EVERYTHING;
      };
    }

    @Override
    public Tensor forward(Tensor x, Tensor s) {
      return x.scatterReduce(axis, index, s, reduction);
    }

    @Override
    public Pair backward(Variable dy, Variable x, Variable s, Variable y) {
      return switch (reduction) {
        case SUM -> gradients(() -> dy, () -> dy.gather(axis, index));
        case PROD ->
            gradients(
                () -> {
                  Variable ones = dy.number(1).expand(dy.shape());
                  return dy.mul(ones.scatterReduce(axis, index, s, reduction));
                },
                () -> dy.mul(x).gather(axis, index).mul(others(s)));
        default -> { // elements that equal the extreme share; which ones those are is constant
          Tensor inX = x.value().eq(y.value()).to(dy.dtype());
          Tensor inS = s.value().eq(y.value().gather(axis, index)).to(dy.dtype());
          Variable share = dy.div(Variable.constant(inX.scatterAdd(axis, index, inS)));
          yield gradients(
              () -> share.mul(Variable.constant(inX)),
              () -> share.gather(axis, index).mul(Variable.constant(inS)));
        }
      };
    }

    /// For every element the product of the others that go to the same place, without a division,
    /// so that zeros are numbers like others, in derivatives of every order. In the order of their
    /// places, it is that of all before times that of all behind.
    private Variable others(Variable s) {
      Tensor order = index.argsort(axis);
      Tensor places = index.gather(axis, order);
      Variable inOrder = s.gather(axis, order);
      Variable before = before(inOrder, places);
      Variable behind = before(inOrder.flip(axis), places.flip(axis)).flip(axis);
      return before.mul(behind).gather(axis, order.argsort(axis));
    }

    /// The product of all elements before each one that go to the same place: of the last one, of
    /// the last two, four, eight, … (A recurrence that starts anew by a factor of 0 would make NaN
    /// of all that follows an infinite product.)
    private Variable before(Variable s, Tensor places) {
      Variable product = moved(s, places, 1);
      for (int reach = 1; reach < s.size(axis); reach *= 2) {
        product = product.mul(moved(product, places, reach));
      }
      return product;
    }

    /// What stands so many elements before each one, if it goes to the same place; 1 otherwise.
    private Variable moved(Variable s, Tensor places, int by) {
      int size = s.size(axis);
      if (size == 0) {
        return s;
      }
      Tensor same = places.slice(axis, by, size).eq(places.slice(axis, 0, size - by));
      Variable one = s.number(1);
      return Variable.concat(
          axis,
          one.expand(s.shape().with(axis, by)),
          Variable.where(same, s.slice(axis, 0, size - by), one));
    }
  }

  /// What placing gave, `y`, as the operation `name` of `x` and the source `s`.
  static Variable placed(
      String name, Variable x, int axis, Tensor index, Variable s, boolean accumulate, Tensor y) {
    int a = x.shape().axis(axis);
    Op.Binary op =
        accumulate
            ? new ScatterReduce(name, a, index, ScatterReduction.SUM)
            : new Scatter(name, a, index);
    return Variable.result(new Rule.OfBinary(op), y, x, s);
  }

  /// One index for every part along `axis` as one for every element.
  static Tensor along(Shape shape, int axis, Tensor indices) {
    int[] sizes = new int[shape.rank()];
    Arrays.fill(sizes, 1);
    sizes[axis] = indices.size();
    return indices.reshape(Shape.of(sizes)).expand(shape.with(axis, indices.size()));
  }

  /// The first `axes` axes of `x` as one.
  static Variable rows(Variable x, int axes) {
    int[] sizes = Arrays.copyOfRange(x.shape().toArray(), axes - 1, x.rank());
    sizes[0] = 1;
    for (int axis = 0; axis < axes; axis++) {
      sizes[0] *= x.size(axis);
    }
    return x.reshape(Shape.of(sizes));
  }

  /// The places in [#rows] that one index for each of the first axes names; they were checked.
  static Tensor places(Shape shape, Tensor... indices) {
    Tensor places = indices[0];
    for (int axis = 1; axis < indices.length; axis++) {
      places = places.mul(shape.get(axis)).add(indices[axis]);
    }
    return places;
  }

  /// The shape of the parts that the first `axes` axes are indexed for.
  static Shape parts(Shape places, Shape shape, int axes) {
    int[] sizes = Arrays.copyOf(places.toArray(), places.rank() + shape.rank() - axes);
    System.arraycopy(shape.toArray(), axes, sizes, places.rank(), shape.rank() - axes);
    return Shape.of(sizes);
  }
}
