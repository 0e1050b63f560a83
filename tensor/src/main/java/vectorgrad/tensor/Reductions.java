package vectorgrad.tensor;

import java.util.List;
import vectorgrad.numerics.Program;
import vectorgrad.tensor.spi.Backend;
import vectorgrad.tensor.spi.Reduction;

/// Operations that join the elements along axes. Without axes they join all elements to a scalar.
/// The order of joining is fixed by shape, so results are the same with any number of threads.
///
/// Sums and products of whole numbers and of truth values are I64, their means F64. Halves are
/// joined in float32 or wider, and rounded once.
sealed interface Reductions permits Tensor {

  private Tensor self() {
    return (Tensor) this;
  }

  /// The sum over `axes`, which disappear; over everything without axes. An empty sum is 0.
  default Tensor sum(int... axes) {
    return sum(false, axes);
  }

  /// The sum over `axes`, which stay with size 1 if `keepDim`.
  default Tensor sum(boolean keepDim, int... axes) {
    return reduce("sum", Reduction.SUM, Backend.identity(), keepDim, axes, self());
  }

  /// The mean over `axes`, which disappear; over everything without axes.
  default Tensor mean(int... axes) {
    return mean(false, axes);
  }

  /// The mean over `axes`, which stay with size 1 if `keepDim`; NaN where there is nothing to
  /// average.
  default Tensor mean(boolean keepDim, int... axes) {
    Tensor x = self();
    DType dtype = x.dtype();
    // a sum of halves may be too large for them
    DType wide = dtype.isHalf() ? DType.F32 : dtype.isFloating() ? dtype : DType.I64;
    Tensor sum = reduce("mean", Reduction.SUM, Backend.identity(), wide, keepDim, axes, x);
    Tensor count =
        Tensor.full((double) x.size() / Math.max(1, sum.size()), Shape.SCALAR, wide, x.device());
    Tensor mean = sum.div(count);
    return dtype.isFloating() ? mean.to(dtype) : mean;
  }

  /// The largest element over `axes`, which disappear; over everything without axes. NaN wins. This
  /// is PyTorch's `amax`; with the places it is [Extremes#maxWithIndices].
  ///
  /// @throws ShapeException if there is nothing to choose from
  default Tensor max(int... axes) {
    return max(false, axes);
  }

  /// The largest element over `axes`, which stay with size 1 if `keepDim`.
  default Tensor max(boolean keepDim, int... axes) {
    return reduce("max", Reduction.MAX, Backend.identity(), keepDim, axes, self());
  }

  /// The smallest element over `axes`, which disappear; over everything without axes. NaN wins.
  /// This is PyTorch's `amin`; with the places it is [Extremes#minWithIndices].
  ///
  /// @throws ShapeException if there is nothing to choose from
  default Tensor min(int... axes) {
    return min(false, axes);
  }

  /// The smallest element over `axes`, which stay with size 1 if `keepDim`.
  default Tensor min(boolean keepDim, int... axes) {
    return reduce("min", Reduction.MIN, Backend.identity(), keepDim, axes, self());
  }

  /// The product over `axes`, which disappear; over everything without axes. An empty product is 1.
  default Tensor prod(int... axes) {
    return prod(false, axes);
  }

  /// The product over `axes`, which stay with size 1 if `keepDim`.
  default Tensor prod(boolean keepDim, int... axes) {
    return reduce("prod", Reduction.PROD, Backend.identity(), keepDim, axes, self());
  }

  static Tensor sumOf(Program map, boolean keepDim, int[] axes, Tensor... inputs) {
    return reduce("sum", Reduction.SUM, map, keepDim, axes, inputs);
  }

  static List<Tensor> mapRows(RowProgram program, int[] axes, Tensor... inputs) {
    Device device = Tensor.commonDevice("mapRows", inputs);
    DType dtype = Tensor.promote("mapRows", inputs);
    if (!dtype.isFloating()) {
      throw new DTypeException("mapRows", "needs floating inputs, found " + dtype, Shape.SCALAR);
    }
    Shape shape = Shape.SCALAR;
    for (Tensor input : inputs) {
      shape = Shape.broadcast("mapRows", shape, input.shape());
    }
    Shape kept = kept(shape, axes);
    Shape column = shape;
    for (int axis = 0; axis < shape.rank(); axis++) {
      column = kept.get(axis) == 1 ? column : column.with(axis, 1);
    }
    Tensor[] expanded = new Tensor[inputs.length];
    for (int i = 0; i < inputs.length; i++) {
      expanded[i] = inputs[i].expand(shape);
    }
    int count = program.sums().stream().mapToInt(List::size).sum();
    Tensor output = Tensor.uninitialized(shape, dtype, device);
    Tensor[] results = new Tensor[1 + count];
    Tensor[] sums = new Tensor[count];
    results[0] = output;
    for (int s = 0; s < count; s++) {
      // a sum of halves may be too large for them
      DType wide = dtype.isHalf() ? DType.F32 : dtype;
      Shape left = s < count - program.columns().size() ? kept : column;
      results[1 + s] =
          shape.size() == 0
              ? Tensor.zeros(left, wide, device)
              : Tensor.uninitialized(left, wide, device);
      sums[s] = results[1 + s].expand(shape);
    }
    if (shape.size() > 0) {
      device.backend().mapRows(program, expanded, sums, output);
    }
    return List.of(results);
  }

  /// I32: the index of the largest element along `axis`, which disappears. The first of equals, the
  /// first NaN if there is one.
  default Tensor argmax(int axis) {
    Tensor x = self();
    int a = x.shape().axis(axis);
    if (x.size(a) == 0) {
      throw nothingToChoose("argmax", x.shape());
    }
    Shape shape = x.layout().select(a, 0).shape();
    Tensor result = Tensor.uninitialized(shape, DType.I32, x.device());
    x.device().backend().argmax(x, a, result);
    return result;
  }

  /// One formula of the broadcast `inputs` joined over `axes`.
  static Tensor reduce(
      String operation,
      Reduction reduction,
      Program map,
      boolean keepDim,
      int[] axes,
      Tensor... inputs) {
    DType mapped = Elementwise.resultOf(map, Tensor.promote(operation, inputs));
    DType dtype = map.outputs().get(0).isTruth() ? DType.BOOL : mapped;
    boolean counts = reduction == Reduction.SUM || reduction == Reduction.PROD;
    DType result = counts && !dtype.isFloating() ? DType.I64 : dtype;
    return reduce(operation, reduction, map, result, keepDim, axes, inputs);
  }

  /// Joins the values of `map` and rounds what comes out once, to `dtype`.
  private static Tensor reduce(
      String operation,
      Reduction reduction,
      Program map,
      DType dtype,
      boolean keepDim,
      int[] axes,
      Tensor... inputs) {
    Device device = Tensor.commonDevice(operation, inputs);
    Shape shape = Shape.SCALAR;
    for (Tensor input : inputs) {
      shape = Shape.broadcast(operation, shape, input.shape());
    }
    boolean[] reduced = reducedAxes(shape, axes);
    int[] kept = shape.toArray();
    int count = 1;
    for (int axis = 0; axis < kept.length; axis++) {
      if (reduced[axis]) {
        count *= kept[axis];
        kept[axis] = 1;
      }
    }
    Shape keptShape = Shape.of(kept);
    if (count == 0 && (reduction == Reduction.MAX || reduction == Reduction.MIN)) {
      throw nothingToChoose(operation, shape);
    }
    Tensor result;
    if (shape.size() == 0) {
      double nothing = keptShape.size() == 0 ? 0 : reduction.identity();
      result = Tensor.full(nothing, keptShape, dtype, device);
    } else {
      result = Tensor.uninitialized(keptShape, dtype, device);
      Tensor[] expanded = new Tensor[inputs.length];
      for (int i = 0; i < inputs.length; i++) {
        expanded[i] = inputs[i].expand(shape);
      }
      device.backend().reduce(map, reduction, expanded, result.expand(shape));
    }
    return keepDim ? result : dropAxes(result, reduced);
  }

  private static boolean[] reducedAxes(Shape shape, int[] axes) {
    boolean[] reduced = new boolean[shape.rank()];
    if (axes.length == 0) {
      java.util.Arrays.fill(reduced, true);
    }
    for (int axis : axes) {
      int a = shape.axis(axis);
      if (reduced[a]) {
        throw new ShapeException(
            Message.of("reduce", "axis " + axis + " is named twice").row("shape", shape), shape);
      }
      reduced[a] = true;
    }
    return reduced;
  }

  /// The shape with the size 1 along the reduced `axes`.
  static Shape kept(Shape shape, int... axes) {
    boolean[] reduced = reducedAxes(shape, axes);
    Shape kept = shape;
    for (int axis = 0; axis < reduced.length; axis++) {
      kept = reduced[axis] ? kept.with(axis, 1) : kept;
    }
    return kept;
  }

  /// A result of reducing `shape` that kept its axes, without them.
  static Tensor dropAxes(Tensor result, Shape shape, int... axes) {
    return dropAxes(result, reducedAxes(shape, axes));
  }

  /// The dtype of a mean and its like: that of the tensor, F64 for whole numbers and truth.
  static DType floatingResult(Tensor x) {
    return floatingResult(x.dtype());
  }

  static DType floatingResult(DType dtype) {
    return dtype.isFloating() ? dtype : DType.F64;
  }

  private static Tensor dropAxes(Tensor result, boolean[] reduced) {
    Layout layout = result.layout();
    for (int axis = reduced.length - 1; axis >= 0; axis--) {
      if (reduced[axis]) {
        layout = layout.squeeze(axis);
      }
    }
    return result.view(layout);
  }

  private static ShapeException nothingToChoose(String operation, Shape shape) {
    return new ShapeException(
        Message.of(operation, "there is nothing to choose from")
            .row("shape", shape)
            .row("rule", "an axis of size 0 has no extreme"),
        shape);
  }
}
