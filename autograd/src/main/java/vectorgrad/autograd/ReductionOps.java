package vectorgrad.autograd;

import static vectorgrad.numerics.Formula.input;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import vectorgrad.numerics.Formula;
import vectorgrad.numerics.Program;
import vectorgrad.tensor.Message;
import vectorgrad.tensor.RowProgram;
import vectorgrad.tensor.Shape;
import vectorgrad.tensor.ShapeException;
import vectorgrad.tensor.Tensor;

/// Operations that join elements along axes. The sum is [ViewOps.SumTo].
final class ReductionOps {
  private static final Formula X = input(0);
  private static final Formula Y = input(1);
  private static final Program IS_EQUAL = Program.of(X.equalTo(Y).then(Formula.ONE, Formula.ZERO));
  private static final Formula X_IS_ZERO = X.equalTo(Formula.ZERO);
  private static final Program IS_ZERO = Program.of(X_IS_ZERO.then(Formula.ONE, Formula.ZERO));
  private static final Program ONE_FOR_ZERO = Program.of(X_IS_ZERO.then(Formula.ONE, X));
  private static final Program OTHERS = // of x, the number of zeros, the product of all else
      Program.of(
          Y.equalTo(Formula.ZERO)
              .then(
                  input(2).over(X),
                  X_IS_ZERO.and(Y.equalTo(Formula.ONE)).then(input(2), Formula.ZERO)));
  private static final Fused SOFTMAX_GRADIENT =
      Fused.of("dSoftmax", 3, X.times(Y.minus(input(2)))); // y·(dy − Σ)
  private static final RowProgram SOFTMAX_ROWS = // of y, dy, Σ y·dy
      RowProgram.of(2, X.times(Y.minus(input(2))), Program.of(X.times(Y)));
  private static final RowProgram LOG_SOFTMAX_ROWS = // of y, dy, Σ dy
      RowProgram.of(2, Y.minus(X.exp().times(input(2))), Program.of(Y));
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
  /// factor is the product of the others, zeros or not: [Others].
  record Prod(List<Integer> axes) implements Op.Unary {
    @Override
    public Autocast.Policy autocast() {
      return Autocast.Policy.WIDE;
    }

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
      return x.size() <= y.size()
          ? dy.expand(x.shape()) // one factor each, or none at all
          : dy.mul(Variable.apply(new Others(axes), x));
    }
  }

  /// For each factor, the product of the others over `axes`: of two factors at least. A product is
  /// divided by the factor only where none is 0; of a single zero, the others are what is not 0.
  ///
  /// On the way back nothing is divided. What stands before a factor, `p`, and its derivative along
  /// the gradient, `q`, go on as `pᵢ₊₁ = xᵢ·pᵢ` and `qᵢ₊₁ = xᵢ·qᵢ + dyᵢ·pᵢ`; with the same from the
  /// other end, `dxᵢ = pᵢ·q*ᵢ + qᵢ·p*ᵢ`.
  record Others(List<Integer> axes) implements Op.Unary {
    @Override
    public Saved saved() {
      return Saved.INPUTS;
    }

    @Override
    public Tensor forward(Tensor x) {
      int[] along = ViewOps.ints(axes);
      Tensor zeros = Tensor.sumOf(IS_ZERO, true, along, x);
      Tensor product = Tensor.map(ONE_FOR_ZERO, x).prod(true, along);
      return Tensor.map(OTHERS, x, zeros, product);
    }

    @Override
    public Variable backward(Variable dy, Variable x, Variable y) {
      int[] order = axesLast(x.shape());
      Variable turned = x.permute(order);
      Variable rows = turned.reshape(kept(x.shape(), ViewOps.ints(axes)).size(), -1);
      Variable d = dy.permute(order).reshape(rows.shape());
      Variable[] before = soFar(rows, d);
      Variable[] behind = soFar(rows.flip(1), d.flip(1));
      Variable dx = before[0].mul(behind[1].flip(1)).add(before[1].mul(behind[0].flip(1)));
      int[] back = new int[order.length];
      for (int i = 0; i < back.length; i++) {
        back[order[i]] = i;
      }
      return dx.reshape(turned.shape()).permute(back);
    }

    /// The product of the factors before each, and its derivative along `d`.
    private static Variable[] soFar(Variable x, Variable d) {
      int last = x.size(1) - 1;
      Shape column = Shape.of(x.size(0), 1);
      Variable factors = x.slice(1, 0, last);
      Variable p = Variable.concat(1, x.number(1).expand(column), factors).cumprod(1);
      Variable terms = d.slice(1, 0, last).mul(p.slice(1, 0, last));
      Variable q = Variable.concat(1, x.number(0).expand(column), terms).recurrence(1, factors);
      return new Variable[] {p, q};
    }

    /// The axes that stay, then those along which is multiplied.
    private int[] axesLast(Shape shape) {
      List<Integer> multiplied = axes.stream().map(shape::axis).toList();
      return IntStream.range(0, shape.rank())
          .boxed()
          .sorted(Comparator.comparing(axis -> axes.isEmpty() || multiplied.contains(axis)))
          .mapToInt(Integer::intValue)
          .toArray();
    }
  }

  /// `y = exp(x) / Σ exp(x)` along an axis, `dx = y·(dy − Σ dy·y)`.
  record Softmax(int axis) implements Op.Unary {
    @Override
    public Autocast.Policy autocast() {
      return Autocast.Policy.WIDE;
    }

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
      if (!Mode.current().recording()) {
        return rows(SOFTMAX_ROWS, axis, y, dy);
      }
      return SOFTMAX_GRADIENT.apply(y, dy, dy.mul(y).sum(true, axis));
    }
  }

  /// `y = x − log Σ exp(x)` along an axis, `dx = dy − exp(y)·Σ dy`.
  record LogSoftmax(int axis) implements Op.Unary {
    @Override
    public Autocast.Policy autocast() {
      return Autocast.Policy.WIDE;
    }

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
      if (!Mode.current().recording()) {
        return rows(LOG_SOFTMAX_ROWS, axis, y, dy);
      }
      return LOG_SOFTMAX_GRADIENT.apply(y, dy, dy.sum(true, axis));
    }
  }

  /// A gradient that is never differentiated, in one visit of each row.
  private static Variable rows(RowProgram program, int axis, Variable y, Variable dy) {
    return Variable.constant(
        Tensor.mapRows(program, new int[] {axis}, y.value(), dy.value()).getFirst());
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
