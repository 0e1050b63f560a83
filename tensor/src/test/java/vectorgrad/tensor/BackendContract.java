package vectorgrad.tensor;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.function.BinaryOperator;
import java.util.function.DoubleBinaryOperator;
import java.util.function.DoubleUnaryOperator;
import java.util.function.UnaryOperator;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import vectorgrad.numerics.Formula;
import vectorgrad.numerics.Program;

/// What every backend must do, over nasty shapes and layouts, against models that compute one
/// element at a time in float64. A backend's test is a subclass that names its device.
abstract class BackendContract {
  /// Sums of up to a few thousand terms of size 1, and products of as many.
  private static final double ACCUMULATED = 1e-4;

  /// A handful of roundings in f32.
  private static final double ROUNDED = 2e-6;

  abstract Device device();

  @Property(tries = 150)
  @Checks({
    "neg", "abs", "sign", "square", "exp", "sin", "cos", "tanh", "sigmoid", "relu", "sqrt", "log",
    "pow"
  })
  void unaryOperationsFollowTheirFormula(@ForAll long seed) {
    unary(seed, Tensor::neg, x -> -x);
    unary(seed, Tensor::abs, Math::abs);
    unary(seed, Tensor::sign, Math::signum);
    unary(seed, Tensor::square, x -> x * x);
    unary(seed, Tensor::exp, Math::exp);
    unary(seed, Tensor::sin, Math::sin);
    unary(seed, Tensor::cos, Math::cos);
    unary(seed, Tensor::tanh, Math::tanh);
    unary(seed, Tensor::sigmoid, x -> 1 / (1 + Math.exp(-x)));
    unary(seed, Tensor::relu, x -> Math.max(x, 0));
    unary(seed, x -> x.abs().sqrt(), x -> Math.sqrt(Math.abs(x)));
    unary(seed, x -> x.abs().add(.5).log(), x -> Math.log(Math.abs(x) + .5));
    unary(seed, x -> x.pow(3), x -> x * x * x);
    unary(seed, x -> x.add(2.5).mul(-3).sub(1).div(7), x -> ((x + 2.5) * -3 - 1) / 7);
  }

  private void unary(long seed, UnaryOperator<Tensor> operation, DoubleUnaryOperator formula) {
    for (DType dtype : new DType[] {DType.F32, DType.F64}) {
      var nasty = new Nasty(seed, device());
      Tensor x = nasty.tensor(nasty.shape(), dtype);
      Model m = Model.of(x);
      new Model(x.shape(), index -> formula.applyAsDouble(m.get(index)))
          .assertMatches(operation.apply(x), dtype == DType.F32 ? ROUNDED : 1e-12);
    }
  }

  @Property(tries = 150)
  void binaryOperationsBroadcast(@ForAll long seed) {
    binary(seed, Tensor::add, Double::sum);
    binary(seed, Tensor::sub, (x, y) -> x - y);
    binary(seed, Tensor::mul, (x, y) -> x * y);
    binary(seed, Tensor::maximum, Math::max);
    binary(seed, Tensor::minimum, Math::min);
    binary(seed, Tensor::lt, (x, y) -> x < y ? 1 : 0);
    binary(seed, Tensor::le, (x, y) -> x <= y ? 1 : 0);
    binary(seed, Tensor::gt, (x, y) -> x > y ? 1 : 0);
    binary(seed, Tensor::ge, (x, y) -> x >= y ? 1 : 0);
    binary(seed, Tensor::eq, (x, y) -> x == y ? 1 : 0);
    binary(seed, Tensor::ne, (x, y) -> x != y ? 1 : 0);
    binary(seed, (x, y) -> Tensor.where(x.lt(y), x, y), (x, y) -> x < y ? x : y);
  }

  private void binary(long seed, BinaryOperator<Tensor> operation, DoubleBinaryOperator formula) {
    for (DType dtype : new DType[] {DType.F32, DType.F64, DType.I32}) {
      var nasty = new Nasty(seed, device());
      Shape shape = nasty.shape();
      Tensor x = nasty.tensor(nasty.broadcastable(shape), dtype);
      Tensor y = nasty.tensor(shape, dtype);
      if (nasty.random().nextBoolean()) {
        Tensor swap = x;
        x = y;
        y = swap;
      }
      Model a = Model.of(x);
      Model b = Model.of(y);
      new Model(shape, at -> formula.applyAsDouble(a.broadcastAt(at), b.broadcastAt(at)))
          .assertMatches(operation.apply(x, y), dtype == DType.F32 ? ROUNDED : 1e-15);
    }
  }

  @Property(tries = 150)
  @Checks("mapAll")
  void fusedProgramsHaveSeveralOutputs(@ForAll long seed) {
    var nasty = new Nasty(seed, device());
    Shape shape = nasty.shape();
    Tensor x = nasty.tensor(shape, DType.F32);
    Tensor y = nasty.tensor(nasty.broadcastable(shape), DType.F32);
    Formula a = Formula.input(0);
    Formula b = Formula.input(1);
    var outputs = Tensor.mapAll(Program.of(a.fma(b, a), a.lessThan(b), a.minus(b).square()), x, y);
    Model m = Model.of(x);
    Model n = Model.of(y);
    new Model(shape, at -> m.get(at) * n.broadcastAt(at) + m.get(at))
        .assertMatches(outputs.get(0), ROUNDED);
    new Model(shape, at -> m.get(at) < n.broadcastAt(at) ? 1 : 0).assertMatches(outputs.get(1), 0);
    new Model(shape, at -> Math.pow(m.get(at) - n.broadcastAt(at), 2))
        .assertMatches(outputs.get(2), ROUNDED);
    assertEquals(DType.BOOL, outputs.get(1).dtype());
  }

  @Property(tries = 200)
  @Checks({"sum", "max", "min"})
  void reductionsJoinAnyAxes(@ForAll long seed) {
    for (DType dtype : new DType[] {DType.F32, DType.F64, DType.I32}) {
      var nasty = new Nasty(seed, device());
      Tensor x = nasty.tensor(nasty.shape(), dtype);
      int[] axes =
          java.util.stream.IntStream.range(0, x.rank())
              .filter(axis -> nasty.random().nextBoolean())
              .toArray();
      double tolerance = dtype == DType.F32 ? ACCUMULATED : 1e-12;
      reduced(x, axes, 0, Double::sum).assertMatches(x.sum(true, axes), tolerance);
      boolean nothing = x.size() == 0;
      if (!nothing) {
        reduced(x, axes, Double.NEGATIVE_INFINITY, Math::max).assertMatches(x.max(true, axes), 0);
        reduced(x, axes, Double.POSITIVE_INFINITY, Math::min).assertMatches(x.min(true, axes), 0);
      }
    }
  }

  private static Model reduced(Tensor x, int[] axes, double start, DoubleBinaryOperator join) {
    Model m = Model.of(x);
    boolean[] gone = new boolean[x.rank()];
    for (int axis = 0; axis < gone.length; axis++) {
      int a = axis;
      gone[axis] = axes.length == 0 || java.util.stream.IntStream.of(axes).anyMatch(i -> i == a);
    }
    int[] kept = x.shape().toArray();
    for (int axis = 0; axis < kept.length; axis++) {
      kept[axis] = gone[axis] ? 1 : kept[axis];
    }
    Shape shape = Shape.of(kept);
    return new Model(
        shape,
        at -> {
          double total = start;
          int[] index = new int[x.rank()];
          for (int i = 0; i < x.size(); i++, Model.next(index, x.shape())) {
            boolean here = true;
            for (int axis = 0; axis < index.length; axis++) {
              here &= gone[axis] || index[axis] == at[axis];
            }
            if (here) {
              total = join.applyAsDouble(total, m.get(index));
            }
          }
          return total;
        });
  }

  @Property(tries = 60)
  @Checks("sumOf")
  void aFusedSumNeverStoresItsMap(@ForAll long seed) {
    var nasty = new Nasty(seed, device());
    Shape shape = nasty.shape();
    Tensor x = nasty.tensor(shape, DType.F32);
    Tensor y = nasty.tensor(nasty.broadcastable(shape), DType.F32);
    Program product = Program.of(Formula.input(0).times(Formula.input(1)));
    Model m = Model.of(x);
    Model n = Model.of(y);
    double[] total = {0};
    int[] index = new int[shape.rank()];
    for (int i = 0; i < shape.size(); i++, Model.next(index, shape)) {
      total[0] += m.get(index) * n.broadcastAt(index);
    }
    new Model(Shape.SCALAR, at -> total[0])
        .assertMatches(Tensor.sumOf(product, false, new int[0], x, y), ACCUMULATED);
  }

  /// Against passes over the whole tensor, one after the other. Rows of no size, of a size of which
  /// vectors are made, and longer than a tile.
  @Property(tries = 60)
  @Checks("mapRows")
  void aRowProgramIsItsSumsAndThenItsFormula(@ForAll long seed) {
    Formula x = Formula.input(0);
    Formula y = Formula.input(1);
    Formula mean = Formula.input(3).over(Formula.input(2));
    RowProgram program = // of x, y, n
        RowProgram.of(
                3,
                x.minus(mean).over(Formula.input(4).plus(1).sqrt()).plus(Formula.input(5).times(y)),
                Program.of(x),
                Program.of(x.minus(mean).square(), x.times(y)))
            .columns(x.times(mean).plus(y), x);
    var nasty = new Nasty(seed, device());
    int[] lengths = {0, 1, 3, 64, 71, 128, 300, 320, 768, 2049};
    int length = lengths[nasty.random().nextInt(lengths.length)];
    int[][] sizes = {{length}, {3, length}, {2, 3, length}, {length, 4}, {150, length}};
    Shape shape = Shape.of(sizes[nasty.random().nextInt(sizes.length)]);
    int[][] some = {{shape.rank() - 1}, {0}, {0, shape.rank() - 1}, {}};
    int[] axes = some[nasty.random().nextInt(shape.rank() == 1 ? 2 : some.length)];
    for (DType dtype : new DType[] {DType.F32, DType.F64}) {
      Tensor a = nasty.tensor(shape, dtype);
      Tensor b = nasty.tensor(nasty.broadcastable(shape), dtype);
      Tensor sum = a.sum(true, axes);
      Tensor n = Tensor.full(7, Shape.SCALAR, dtype, device());
      Tensor centred = a.sub(sum.div(n));
      Tensor squares = centred.square().sum(true, axes);
      Tensor products = a.mul(b).sum(true, axes);
      Tensor expected = centred.div(squares.add(1).sqrt()).add(products.mul(b));
      Tensor column = a.mul(sum.div(n)).add(b);
      Tensor plain = a.expand(column.shape());
      // an error is of the size of what was added, also where that cancels
      Tensor sumScale = a.abs().sum(true, axes);
      Tensor centredScale = a.abs().add(sumScale.div(n));
      Tensor productScale = a.mul(b).abs().sum(true, axes);
      Tensor columnScale = a.abs().mul(sumScale.div(n)).add(b.abs());
      Tensor plainScale = plain.abs();
      for (int axis = 0; axis < shape.rank(); axis++) {
        if (sum.size(axis) != 1) {
          column = column.sum(true, axis);
          plain = plain.sum(true, axis);
          columnScale = columnScale.sum(true, axis);
          plainScale = plainScale.sum(true, axis);
        }
      }
      var found = Tensor.mapRows(program, axes, a, b, n);
      assertEquals(6, found.size());
      // 64 sums side by side, each one after the other, and squares of what is off by such a sum
      int terms = Math.max(shape.size() / Math.max(1, sum.size()), sum.size());
      double tolerance = dtype == DType.F32 ? (100 + terms / 16.0) * 0x1p-24 : 1e-12;
      Model.of(expected)
          .assertMatches(
              found.get(0),
              tolerance,
              centredScale.div(squares.add(1).sqrt()).add(productScale.mul(b.abs())));
      Model.of(sum).assertMatches(found.get(1), tolerance, sumScale);
      Model.of(squares)
          .assertMatches(found.get(2), tolerance, centredScale.square().sum(true, axes));
      Model.of(products).assertMatches(found.get(3), tolerance, productScale);
      Model.of(column).assertMatches(found.get(4), tolerance, columnScale);
      Model.of(plain).assertMatches(found.get(5), tolerance, plainScale);
    }
  }

  @Property(tries = 120)
  void matmulMultipliesEveryBatch(@ForAll long seed) {
    for (DType dtype : new DType[] {DType.F32, DType.F64}) {
      var nasty = new Nasty(seed, device());
      int[] sizes = {0, 1, 2, 3, 5, 12, 13, 14, 16, 17, 31, 32, 33, 40};
      int m = sizes[nasty.random().nextInt(sizes.length)];
      int k = sizes[nasty.random().nextInt(sizes.length)];
      int n = sizes[nasty.random().nextInt(sizes.length)];
      int batch = nasty.random().nextInt(3);
      Tensor a = nasty.tensor(batch == 0 ? Shape.of(m, k) : Shape.of(batch, 1, m, k), dtype);
      Tensor b = nasty.tensor(batch == 1 ? Shape.of(k, n) : Shape.of(2, k, n), dtype);
      Model x = Model.of(a);
      Model y = Model.of(b);
      Tensor c = a.matmul(b);
      new Model(
              c.shape(),
              at -> {
                double sum = 0;
                int[] left = at.clone();
                int[] right = at.clone();
                for (int i = 0; i < k; i++) {
                  left[at.length - 1] = i;
                  right[at.length - 2] = i;
                  sum += matrix(x, left) * matrix(y, right);
                }
                return sum;
              })
          .assertMatches(c, dtype == DType.F32 ? ACCUMULATED : 1e-12);
    }
  }

  /// The element of a matrix whose batch axes broadcast; the last two never do.
  private static double matrix(Model m, int[] index) {
    int rank = m.shape().rank();
    int[] own = java.util.Arrays.copyOfRange(index, index.length - rank, index.length);
    for (int i = 0; i < rank - 2; i++) {
      own[i] = m.shape().get(i) == 1 ? 0 : own[i];
    }
    return m.get(own);
  }

  @Property(tries = 80)
  void convolutionsFollowTheSevenLoops(@ForAll long seed) {
    for (DType dtype : new DType[] {DType.F32, DType.F64}) {
      var nasty = new Nasty(seed, device());
      var r = nasty.random();
      int groups = 1 + r.nextInt(2);
      var g =
          new Conv2dGeometry(
              1 + r.nextInt(3),
              1 + r.nextInt(2),
              r.nextInt(3),
              r.nextInt(2),
              1 + r.nextInt(2),
              1 + r.nextInt(2),
              groups);
      Shape xs =
          Shape.of(
              1 + r.nextInt(3), groups * (1 + r.nextInt(3)), 7 + r.nextInt(6), 5 + r.nextInt(14));
      Shape ws =
          Shape.of(
              groups * (1 + r.nextInt(3)), xs.get(1) / groups, 1 + r.nextInt(3), 1 + r.nextInt(3));
      Tensor x = nasty.tensor(xs, dtype);
      Tensor w = nasty.tensor(ws, dtype);
      Tensor y = x.conv2d(w, g);
      Tensor dy = nasty.tensor(y.shape(), dtype);
      double[] forward = new double[y.size()];
      double[] input = new double[x.size()];
      double[] weight = new double[w.size()];
      Model mx = Model.of(x);
      Model mw = Model.of(w);
      Model mdy = Model.of(dy);
      int[] at = new int[4];
      for (int p = 0; p < y.size(); p++, Model.next(at, y.shape())) {
        int group = at[1] / (ws.get(0) / groups);
        for (int c = 0; c < ws.get(1); c++) {
          for (int i = 0; i < ws.get(2); i++) {
            for (int j = 0; j < ws.get(3); j++) {
              int h = at[2] * g.strideH() + i * g.dilationH() - g.paddingH();
              int v = at[3] * g.strideW() + j * g.dilationW() - g.paddingW();
              if (h < 0 || v < 0 || h >= xs.get(2) || v >= xs.get(3)) {
                continue;
              }
              int channel = group * ws.get(1) + c;
              double pixel = mx.get(at[0], channel, h, v);
              double filter = mw.get(at[1], c, i, j);
              forward[p] += pixel * filter;
              input[((at[0] * xs.get(1) + channel) * xs.get(2) + h) * xs.get(3) + v] +=
                  mdy.get(at) * filter;
              weight[((at[1] * ws.get(1) + c) * ws.get(2) + i) * ws.get(3) + j] +=
                  mdy.get(at) * pixel;
            }
          }
        }
      }
      double tolerance = dtype == DType.F32 ? ACCUMULATED : 1e-12;
      Model.of(Tensor.of(forward, y.shape())).assertMatches(y, tolerance);
      Model.of(Tensor.of(input, xs)).assertMatches(dy.conv2dInputGradient(w, xs, g), tolerance);
      Model.of(Tensor.of(weight, ws)).assertMatches(dy.conv2dWeightGradient(x, ws, g), tolerance);
    }
  }

  @Property(tries = 80)
  void maxPoolingChoosesTheFirstMaximum(@ForAll long seed) {
    for (DType dtype : new DType[] {DType.F32, DType.F64}) {
      var nasty = new Nasty(seed, device());
      var r = nasty.random();
      var g =
          r.nextBoolean()
              ? PoolGeometry.square(2)
              : new PoolGeometry(
                  2 + r.nextInt(2),
                  3,
                  1 + r.nextInt(3),
                  1 + r.nextInt(2),
                  r.nextInt(2),
                  r.nextInt(2));
      Tensor x =
          nasty.tensor(
              Shape.of(1 + r.nextInt(2), 1 + r.nextInt(3), 4 + r.nextInt(9), 4 + r.nextInt(33)),
              dtype);
      if (r.nextInt(3) == 0) {
        x = Tensor.where(x.lt(1), x, x.div(0)); // ties at infinity
      }
      Tensor pictures = x;
      Model m = Model.of(x);
      MaxPool pool = x.maxPool2d(g);
      double[] indices = new double[pool.values().size()];
      double[] values = new double[indices.length];
      int[] at = new int[4];
      for (int p = 0; p < indices.length; p++, Model.next(at, pool.values().shape())) {
        double best = Double.NaN;
        int place = -1;
        for (int i = 0; i < g.kernelH(); i++) {
          for (int j = 0; j < g.kernelW(); j++) {
            int h = at[2] * g.strideH() + i - g.paddingH();
            int v = at[3] * g.strideW() + j - g.paddingW();
            if (h >= 0 && v >= 0 && h < pictures.size(2) && v < pictures.size(3)) {
              double pixel = m.get(at[0], at[1], h, v);
              if (place < 0 || pixel > best || (Double.isNaN(pixel) && !Double.isNaN(best))) {
                best = pixel;
                place = h * pictures.size(3) + v;
              }
            }
          }
        }
        values[p] = best;
        indices[p] = place;
      }
      Model.of(Tensor.of(values, pool.values().shape())).assertMatches(pool.values(), 0);
      Model.of(Tensor.of(indices, pool.values().shape())).assertMatches(pool.indices(), 0);
    }
  }

  @Property(tries = 100)
  @Checks({"softmax", "logSoftmax"})
  void softmaxSumsToOneAndItsLogarithmAgrees(@ForAll long seed) {
    for (DType dtype : new DType[] {DType.F32, DType.F64}) {
      var nasty = new Nasty(seed, device());
      Shape shape = nasty.shape();
      if (shape.rank() == 0) {
        return;
      }
      int axis = nasty.random().nextInt(shape.rank());
      Tensor x = nasty.tensor(shape, dtype).mul(20);
      Model m = Model.of(x);
      Model softmax =
          new Model(
              shape,
              at -> {
                double largest = Double.NEGATIVE_INFINITY;
                int[] other = at.clone();
                for (other[axis] = 0; other[axis] < shape.get(axis); other[axis]++) {
                  largest = Math.max(largest, m.get(other));
                }
                double sum = 0;
                for (other[axis] = 0; other[axis] < shape.get(axis); other[axis]++) {
                  sum += Math.exp(m.get(other) - largest);
                }
                return m.get(at) - largest - Math.log(sum);
              });
      double tolerance = dtype == DType.F32 ? 1e-5 : 1e-12;
      softmax.assertMatches(x.logSoftmax(axis), tolerance);
      new Model(shape, at -> Math.exp(softmax.get(at))).assertMatches(x.softmax(axis), tolerance);
    }
  }

  @Property(tries = 100)
  void argmaxFindsTheFirstLargest(@ForAll long seed) {
    for (DType dtype : new DType[] {DType.F32, DType.I32}) {
      var nasty = new Nasty(seed, device());
      Shape shape = nasty.shape();
      if (shape.rank() == 0 || shape.size() == 0) {
        return;
      }
      int axis = nasty.random().nextInt(shape.rank());
      Tensor x = nasty.tensor(shape, dtype);
      Model m = Model.of(x);
      Tensor found = x.argmax(axis);
      assertEquals(DType.I32, found.dtype());
      new Model(
              x.layout().select(axis, 0).shape(),
              at -> {
                int[] full = new int[shape.rank()];
                for (int i = 0, j = 0; i < full.length; i++) {
                  full[i] = i == axis ? 0 : at[j++];
                }
                int best = 0;
                double largest = m.get(full);
                for (int i = 1; i < shape.get(axis); i++) {
                  full[axis] = i;
                  if (m.get(full) > largest) {
                    largest = m.get(full);
                    best = i;
                  }
                }
                return best;
              })
          .assertMatches(found, 0);
    }
  }

  @Property(tries = 100)
  void gatherAndScatterAddAreAdjoint(@ForAll long seed) {
    var nasty = new Nasty(seed, device());
    Shape shape = nasty.shape();
    if (shape.rank() == 0 || shape.size() == 0) {
      return;
    }
    int axis = nasty.random().nextInt(shape.rank());
    int size = 1 + nasty.random().nextInt(9);
    Tensor x = nasty.tensor(shape.with(axis, size), DType.F64);
    int[] chosen = nasty.random().ints(shape.size(), 0, size).toArray();
    Tensor index = Tensor.of(chosen, shape).to(device());
    Tensor gathered = x.gather(axis, index);
    Model m = Model.of(x);
    Model at = Model.of(index);
    new Model(
            shape,
            i -> {
              int[] place = i.clone();
              place[axis] = (int) at.get(i);
              return m.get(place);
            })
        .assertMatches(gathered, 0);
    Tensor y = nasty.tensor(shape, DType.F64);
    double left = gathered.mul(y).sum().item();
    double right = x.mul(y.scatterAdd(axis, index, size)).sum().item();
    assertEquals(left, right, 1e-10 * (1 + Math.abs(left)));
    assertThrows(
        IndexOutOfBoundsException.class,
        () -> x.gather(axis, Tensor.full(size, shape, DType.I32, device())));
    assertThrows(
        IndexOutOfBoundsException.class,
        () -> y.scatterAdd(axis, Tensor.full(-1, shape, DType.I32, device()), size));
  }

  @Property(tries = 60)
  @Checks("to")
  void copiesConvertAndCrossDevices(@ForAll long seed) {
    for (DType from : DType.values()) {
      for (DType to : DType.values()) {
        var nasty = new Nasty(seed, device());
        Tensor x = nasty.tensor(nasty.shape(), from);
        Model m = Model.of(x);
        Model converted = new Model(x.shape(), at -> Model.converted(m.get(at), from, to));
        converted.assertMatches(x.to(to), 0);
        for (Device other : Device.all()) {
          converted.assertMatches(x.to(to).to(other), 0);
        }
      }
    }
  }

  @Property(tries = 60)
  @Checks({"copy", "contiguous", "toArray", "ofArray", "of", "map"})
  void copiesHoldTheSameElementsInMemoryOfTheirOwn(@ForAll long seed) {
    for (DType dtype : DType.values()) {
      var nasty = new Nasty(seed, device());
      Tensor x = nasty.tensor(nasty.shape(), dtype);
      Model m = Model.of(x);
      Tensor copy = x.copy();
      m.assertMatches(copy, 0);
      assertNotSame(x.memory(), copy.memory());
      m.assertMatches(x.contiguous(), 0);
      assertTrue(x.contiguous().layout().isContiguous());
      m.assertMatches(Tensor.ofArray(x.toArray(), x.shape(), dtype), 0);
      m.assertMatches(Tensor.map(Program.of(Formula.input(0)), x), 0);
      if (dtype == DType.F32) {
        m.assertMatches(Tensor.of(x.toFloats(), x.shape()), 0);
      }
    }
  }

  @Property(tries = 60)
  @Checks({"full", "zeros", "ones", "scalar"})
  void oneNumberEverywhereIsThatNumber(@ForAll long seed) {
    for (DType dtype : DType.values()) {
      Shape shape = new Nasty(seed, device()).shape();
      new Model(shape, _ -> 0).assertMatches(Tensor.zeros(shape, dtype, device()), 0);
      new Model(shape, _ -> 1).assertMatches(Tensor.full(1, shape, dtype, device()), 0);
      new Model(shape, _ -> 1).assertMatches(Tensor.ones(shape, dtype), 0);
    }
    new Model(Shape.SCALAR, _ -> (double) seed).assertMatches(Tensor.scalar((double) seed), 0);
  }

  @Property(tries = 20)
  void nanAndInfinityPassThrough(@ForAll long seed) {
    var nasty = new Nasty(seed, device());
    float[] values = new float[1 + nasty.random().nextInt(100)];
    int place = nasty.random().nextInt(values.length);
    values[place] = Float.NaN;
    Tensor x = Tensor.of(values).to(device());
    assertTrue(Double.isNaN(x.sum().item()));
    assertTrue(Double.isNaN(x.max().item()));
    assertTrue(Double.isNaN(x.min().item()));
    assertEquals(place, (int) x.argmax(0).item());
    assertTrue(Double.isNaN(x.relu().select(0, place).item()));
    assertTrue(Double.isNaN(x.exp().select(0, place).item()));
    Tensor infinite = Tensor.of(Float.NEGATIVE_INFINITY, 0f, Float.POSITIVE_INFINITY).to(device());
    assertArrayEquals(new float[] {0, 1, Float.POSITIVE_INFINITY}, infinite.exp().toFloats());
    assertArrayEquals(new float[] {-1, 0, 1}, infinite.tanh().toFloats());
    assertArrayEquals(new float[] {0, .5f, 1}, infinite.sigmoid().toFloats());
  }
}
