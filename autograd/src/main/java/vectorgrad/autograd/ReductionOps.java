package vectorgrad.autograd;

import static vectorgrad.numerics.Formula.input;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import vectorgrad.numerics.Formula;
import vectorgrad.numerics.Program;
import vectorgrad.tensor.Message;
import vectorgrad.tensor.Shape;
import vectorgrad.tensor.ShapeException;
import vectorgrad.tensor.Tensor;

/// Operations that join elements along axes. The sum is [ViewOps.SumTo].
final class ReductionOps {
  private static final Formula X = input(0);
  private static final Formula Y = input(1);
  private static final Program IS_EQUAL = Program.of(X.equalTo(Y).then(Formula.ONE, Formula.ZERO));
  private static final Fused SOFTMAX_GRADIENT =
      Fused.of("dSoftmax", 3, X.times(Y.minus(input(2)))); // y·(dy − Σ)
  private static final Fused LOG_SOFTMAX_GRADIENT =
      Fused.of("dLogSoftmax", 3, Y.minus(X.exp().times(input(2)))); // dy − eʸ·Σ

  private ReductionOps() {}

  /// The largest element over `axes` (all, if there are none), which stay with size 1. Elements
  /// that are equally large share the gradient evenly, as in PyTorch's `amax`.
  record Max(List<Integer> axes) implements Op.Unary {
    @Override
    public Tensor forward(Tensor x) {
      return x.max(true, ViewOps.ints(axes));
    }

    @Override
    public Variable backward(Variable dy, Variable x, Variable y) {
      return shared(dy, x, y);
    }
  }

  /// The smallest element over `axes` (all, if there are none), which stay with size 1. Elements
  /// that are equally small share the gradient evenly, as in PyTorch's `amin`.
  record Min(List<Integer> axes) implements Op.Unary {
    @Override
    public Tensor forward(Tensor x) {
      return x.min(true, ViewOps.ints(axes));
    }

    @Override
    public Variable backward(Variable dy, Variable x, Variable y) {
      return shared(dy, x, y);
    }
  }

  /// `dy`, shared evenly by the elements of `x` that equal `y`. Which ones those are is constant.
  static Variable shared(Variable dy, Variable x, Variable y) {
    Variable chosen = Variable.constant(Tensor.map(IS_EQUAL, x.value(), y.value()));
    return chosen.mul(dy.div(chosen.sumTo(y.shape())));
  }

  /// The product over `axes` (all, if there are none), which stay with size 1. The gradient of a
  /// factor is the product of those before it times that of those behind it: nothing is divided, so
  /// zeros are numbers as others, in every order.
  record Prod(List<Integer> axes) implements Op.Unary {
    @Override
    public Saved saved() {
      return Saved.INPUTS;
    }

    @Override
    public Tensor forward(Tensor x) {
      return x.prod(true, ViewOps.ints(axes));
    }

    @Override
    public Variable backward(Variable dy, Variable x, Variable y) {
      if (x.size() <= y.size()) {
        return dy.expand(x.shape()); // one factor each, or none at all
      }
      int[] order = lastAxes(x.shape());
      Variable turned = x.permute(order);
      Variable rows = turned.reshape(y.size(), x.size() / y.size());
      Variable first = dy.reshape(y.size(), 1);
      Variable one = dy.number(1).expand(first.shape());
      int n = rows.size(1);
      Variable before = Variable.concat(1, one, rows.slice(1, 0, n - 1)).cumprod(1);
      Variable behind = Variable.concat(1, first, rows.slice(1, 1, n).flip(1)).cumprod(1).flip(1);
      Variable dx = before.mul(behind).reshape(turned.shape());
      int[] back = new int[order.length];
      for (int i = 0; i < back.length; i++) {
        back[order[i]] = i;
      }
      return dx.permute(back);
    }

    /// The axes that stay, then those that are reduced.
    private int[] lastAxes(Shape shape) {
      List<Integer> reduced = axes.stream().map(shape::axis).toList();
      return IntStream.range(0, shape.rank())
          .boxed()
          .sorted(Comparator.comparing(axis -> axes.isEmpty() || reduced.contains(axis)))
          .mapToInt(Integer::intValue)
          .toArray();
    }
  }

  /// `y = exp(x) / Σ exp(x)` along an axis, `dx = y·(dy − Σ dy·y)`.
  record Softmax(int axis) implements Op.Unary {
    @Override
    public Saved saved() {
      return Saved.OUTPUT;
    }

    @Override
    public Tensor forward(Tensor x) {
      return x.softmax(axis);
    }

    @Override
    public Variable backward(Variable dy, Variable x, Variable y) {
      return SOFTMAX_GRADIENT.apply(y, dy, dy.mul(y).sum(true, axis));
    }
  }

  /// `y = x − log Σ exp(x)` along an axis, `dx = dy − exp(y)·Σ dy`.
  record LogSoftmax(int axis) implements Op.Unary {
    @Override
    public Saved saved() {
      return Saved.OUTPUT;
    }

    @Override
    public Tensor forward(Tensor x) {
      return x.logSoftmax(axis);
    }

    @Override
    public Variable backward(Variable dy, Variable x, Variable y) {
      return LOG_SOFTMAX_GRADIENT.apply(y, dy, dy.sum(true, axis));
    }
  }

  /// `shape` with the sizes of `axes` (all, if there are none) set to 1.
  static Shape kept(Shape shape, int... axes) {
    int[] sizes = shape.toArray();
    if (axes.length == 0) {
      Arrays.fill(sizes, 1);
    }
    boolean[] named = new boolean[sizes.length];
    for (int axis : axes) {
      int a = shape.axis(axis);
      if (named[a]) {
        throw new ShapeException(
            Message.of("reduce", "axis " + axis + " is named twice").row("shape", shape), shape);
      }
      named[a] = true;
      sizes[a] = 1;
    }
    return Shape.of(sizes);
  }

  /// The reduced axes taken away, unless `keepDim`.
  static Variable drop(Variable reduced, boolean keepDim, int... axes) {
    if (keepDim) {
      return reduced;
    }
    Shape shape = reduced.shape();
    boolean[] gone = new boolean[shape.rank()];
    if (axes.length == 0) {
      Arrays.fill(gone, true);
    }
    for (int axis : axes) {
      gone[shape.axis(axis)] = true;
    }
    int[] sizes = new int[gone.length];
    int rank = 0;
    for (int axis = 0; axis < gone.length; axis++) {
      if (!gone[axis]) {
        sizes[rank++] = shape.get(axis);
      }
    }
    return reduced.reshape(Shape.of(Arrays.copyOf(sizes, rank)));
  }
}
